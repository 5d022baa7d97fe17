import {
  type AsyncFunctionDef,
  type Edit,
  type Expr,
  type FileNotes,
  type Finding,
  type Fn,
  type FunctionDef,
  functionName,
  list,
  type PyFile,
  plural,
  quote,
  rule,
  type Span,
} from "#rule"

export default rule({
  summary: "A parameter that is declared by its default instead of `Annotated`",
  why: `
\`db: Session = Depends(get_db)\` says that the default of \`db\` is a \`Depends\` object. Called by a test or another function
without that argument, the function gets this object. With \`Annotated\` a default is a default, an argument that is missing
is an error that a type checker sees, and the declaration has a name that can be shared: \`SessionDep\`.
`,
  help: "Write `db: Annotated[Session, Depends(get_db)]`",
  optIn: true,
  concern: "maintainability",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/#share-annotated-dependencies",
  equivalents: ["FAST002", "S8410"],
  exemptions: [
    "FastAPI before 0.95",
    "parameters without a type, and those whose marker cannot stand in `Annotated` as it is",
    "functions that other code calls, which may count on the default",
  ],
  files: { words: ["fastapi"] },
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI, Query

        app = FastAPI()

        def get_db() -> object: ...

        @app.get("/items")
        def read_items(db: object = Depends(get_db), word: str = Query("", max_length=20)): # expect: \`read_items\` declares \`db\` and \`word\` by a default
            return [db, word]

        @app.get("/item")
        def read_item(size: int = 1, name: str = Query(...)): # expect: \`read_item\` declares \`name\` by a default
            return [size, name]
      `,
      good: `
        from typing import Annotated
        from fastapi import Depends, FastAPI, Query

        app = FastAPI()

        def get_db() -> object: ...

        @app.get("/items")
        def read_items(db: Annotated[object, Depends(get_db)], word: Annotated[str, Query(max_length=20)] = ""):
            return [db, word]
      `,
    },
    {
      bad: `
        from typing import Annotated
        from fastapi import Depends, FastAPI, Query

        app = FastAPI()

        def get_db() -> object: ...

        @app.get("/items")
        def read_items(size: int = 1, db: object = Depends(get_db), word: str = Query("", max_length=20)): # expect: by a default
            return [size, db, word]
      `,
      good: `
        # with: fastapi==0.90.0
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_db() -> object: ...

        @app.get("/items")
        def read_items(db: object = Depends(get_db)):
            return [db]
      `,
      fixed: `
        from typing import Annotated
        from fastapi import Depends, FastAPI, Query

        app = FastAPI()

        def get_db() -> object: ...

        @app.get("/items")
        def read_items(size: int = 1, *, db: Annotated[object, Depends(get_db)], word: Annotated[str, Query(max_length=20)] = ""):
            return [size, db, word]
      `,
    },
  ],

  notes: (file) => {
    const functions = [...declaringIn(file)]
    return functions.length > 0 ? { functions, importing: importOf(file) } : undefined
  },

  *project(project, _, notes: FileNotes<Notes>[]) {
    if (!project.versions.atLeast("fastapi", "0.95.0")) return
    const called = new Map<string, Fn>()
    for (const { endpoint, dependencies } of project.routes)
      for (const fn of [endpoint, ...dependencies.map(({ call }) => call)]) if (fn) called.set(`${fn.at.path}:${fn.at.start}`, fn)
    for (const { path, notes: found } of notes)
      for (const declaring of found.functions) {
        const fn = called.get(`${path}:${declaring.fn}`)
        if (fn?.role !== "app" || project.reach.callersOf(fn).length > 0) continue
        yield finding(path, fn, declaring, found.importing)
      }
  },
})

function finding(path: string, fn: Fn, { parameters, isFixable, star }: Declaring, importing: Insertion | undefined): Finding {
  const names = parameters.map(({ name }) => quote(name))
  const first = parameters[0]!
  const insert = ({ at, text }: Insertion): Edit => ({ path, start: at, end: at, text })
  const shown = names.length > 3 ? [...names.slice(0, 2), plural(names.length - 2, "other")] : names
  return {
    at: { path, start: first.start, end: first.end },
    message: `${quote(functionName(fn))} declares ${list(shown)} by a default, not by ${quote("Annotated")}`,
    scope: fn.id,
    related: parameters.slice(1).map(({ name, start, end }) => ({ at: { path, start, end }, message: `${quote(name)} as well` })),
    ...(isFixable && {
      fix: {
        title: `Write ${quote("Annotated")}`,
        safety: "safe" as const,
        edits: [
          ...(importing ? [insert(importing)] : []),
          ...(star === undefined ? [] : [insert({ at: star, text: "*, " })]),
          ...parameters.map(({ start, end, text }) => ({ path, start, end, text })),
        ],
      },
    }),
  }
}

interface Insertion {
  at: number
  text: string
}

interface Notes {
  functions: Declaring[]
  /** What brings `Annotated` into the file; unset where it is there. */
  importing: Insertion | undefined
}

interface Declaring {
  /** Where the name in the `def` line starts. */
  fn: number
  parameters: Parameter[]
  isFixable: boolean
  /** Where a `*` must stand, so that what is required may follow what has a default. */
  star: number | undefined
}

/** A parameter and what it becomes. */
interface Parameter extends Span {
  name: string
  text: string
  hasDefault: boolean
}

const MARKER = /^fastapi\.(?:param_functions\.)?(Depends|Security|Query|Path|Header|Cookie|Body|Form|File)$/

function* declaringIn(file: PyFile): Generator<Declaring> {
  for (const node of file.all("FunctionDef", "AsyncFunctionDef")) {
    const slots = slotsOf(node)
    const rewritten = new Map(slots.map((slot) => [slot, rewrite(file, slot)]))
    const parameters = [...rewritten.values()].filter((one) => one !== undefined)
    if (parameters.length === 0) continue
    // What is required may not follow what has a default, unless it is given by name.
    let isOptional = false
    let star: number | undefined
    for (const slot of slots) {
      if (slot.isKeywordOnly) continue
      const hasDefault = rewritten.get(slot)?.hasDefault ?? slot.given !== undefined
      if (isOptional && !hasDefault) star ??= slot.arg.start
      isOptional ||= hasDefault
    }
    const hasStar = node.args.vararg !== null || node.args.kwonlyargs.length > 0
    const isPlain = !parameters.some(({ start, end }) => file.text.slice(start, end).includes("#"))
    const isBehind = star !== undefined && (hasStar || node.args.posonlyargs.some(({ start }) => start >= star))
    yield { fn: node.name_span.start, parameters, isFixable: isPlain && !isBehind, star }
  }
}

interface Slot {
  arg: FunctionDef["args"]["args"][number]
  given: Expr | undefined
  isKeywordOnly: boolean
}

function slotsOf({ args }: FunctionDef | AsyncFunctionDef): Slot[] {
  const positional = [...args.posonlyargs, ...args.args]
  const first = positional.length - args.defaults.length
  return [
    ...positional.map((arg, i) => ({ arg, given: args.defaults[i - first], isKeywordOnly: false })),
    ...args.kwonlyargs.map((arg, i) => ({ arg, given: args.kw_defaults[i] ?? undefined, isKeywordOnly: true })),
  ]
}

/** `x: T = Query(1, ge=0)` -> `x: Annotated[T, Query(ge=0)] = 1`. */
function rewrite(file: PyFile, { arg, given }: Slot): Parameter | undefined {
  if (!arg.annotation || given?.kind !== "Call") return undefined
  const marker = MARKER.exec(file.qualified(given.func) ?? "")?.[1]
  const isAnnotated = arg.annotation.kind === "Subscript" && /Annotated$/.test(file.source(arg.annotation.value))
  if (marker === undefined || isAnnotated || given.keywords.some(({ arg: name }) => name === null)) return undefined
  const asks = marker === "Depends" || marker === "Security"
  const keyword = asks ? undefined : given.keywords.find(({ arg: name }) => name === "default")
  const value = asks ? undefined : (given.args[0] ?? keyword?.value)
  if (given.args.some(({ kind }) => kind === "Starred") || (!asks && given.args.length > 1)) return undefined
  const hasDefault = value !== undefined && !(value.kind === "Constant" && value.type === "ellipsis")
  if (marker === "Path" && hasDefault) return undefined
  const left = [...(asks ? given.args : []), ...given.keywords.filter((one) => one !== keyword)].map((one) => file.source(one)).join(", ")
  const type = file.source(arg.annotation)
  return {
    name: arg.arg,
    start: arg.start,
    end: given.end,
    text: `${arg.arg}: Annotated[${type}, ${file.source(given.func)}(${left})]${hasDefault && value ? ` = ${file.source(value)}` : ""}`,
    hasDefault,
  }
}

/** Beside the other names of `typing`, else above the first import that is not of the future. */
function importOf(file: PyFile): Insertion | undefined {
  const imports = file.module.body.filter((node) => node.kind === "Import" || node.kind === "ImportFrom")
  const from = imports.filter((node) => node.kind === "ImportFrom")
  if (from.some(({ names }) => names.some(({ name, asname }) => name === "Annotated" && asname === null))) return undefined
  const typing = from.find(({ module, level }) => module === "typing" && level === 0)
  const name = typing?.names[0]
  if (name) return { at: name.start, text: "Annotated, " }
  const first = imports.find((node) => !(node.kind === "ImportFrom" && node.module === "__future__")) ?? file.module.body[0]
  return first && { at: first.start, text: "from typing import Annotated\n" }
}
