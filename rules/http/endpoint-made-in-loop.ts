import {
  type AsyncFor,
  type AsyncFunctionDef,
  type Expr,
  type FileNotes,
  type For,
  type FunctionDef,
  type Node,
  type Place,
  type PyFile,
  quote,
  rule,
} from "#rule"

/** An endpoint in a loop, and the name of the loop that its body reads. */
interface Note {
  name: string
  at: Place
  read: string
  readAt: Place
}

export default rule({
  summary: "Endpoints that are made in a loop and all read its last value",
  why: `
A function looks up the names around it when it is called, not when it is made. Endpoints that a loop defines are called long after
the loop has ended, and every one of them sees the last value.
`,
  help: "Make the endpoint in a function that takes the value, or bind it with `functools.partial`",
  concern: "correctness",
  level: "error",
  docs: "https://docs.python.org/3/faq/programming.html#why-do-lambdas-defined-in-a-loop-with-different-values-all-return-the-same-result",
  equivalents: ["B023"],
  exemptions: ["names that are read in decorators and defaults only: these run in the loop", "functions that no route calls"],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        for name in ["red", "green"]:
            @app.get(f"/{name}")
            def read_colour(): # expect: \`read_colour\` reads \`name\`, and every route that the loop makes sees its last value
                return {"colour": name}
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        def make_endpoint(name: str):
            def read_colour():
                return {"colour": name}

            return read_colour

        for name in ["red", "green"]:
            app.add_api_route(f"/{name}", make_endpoint(name))
      `,
    },
  ],

  notes(file): Note[] | undefined {
    const notes = [...madeInLoops(file)]
    return notes.length > 0 ? notes : undefined
  },

  *project(project, _, files: FileNotes<Note[]>[]) {
    const endpoints = new Set(project.routes.map(({ endpoint }) => endpoint && `${endpoint.path}:${endpoint.at.start}`))
    for (const { notes } of files) {
      for (const { name, at, read, readAt } of notes) {
        if (!endpoints.has(`${at.path}:${at.start}`)) continue
        yield {
          at,
          message: `${quote(name)} reads ${quote(read)}, and every route that the loop makes sees its last value`,
          related: [{ at: readAt, message: `${quote(read)} is read here, when a request comes` }],
          scope: name,
          discriminator: read,
        }
      }
    }
  },
})

function* madeInLoops(file: PyFile): Generator<Note> {
  for (const node of file.all("FunctionDef", "AsyncFunctionDef")) {
    const loop = loopAround(file, node)
    if (!loop || stopsAtOnce(loop)) continue
    const own = boundIn(file, node)
    const given = new Set([...namesIn(loop.target), ...assignedIn(loop)])
    for (const statement of node.body) {
      const read = [...file.walk(statement)].find((one) => one.kind === "Name" && given.has(one.id) && !own.has(one.id))
      if (read?.kind !== "Name") continue
      yield { name: node.name, at: file.at(node.name_span), read: read.id, readAt: file.at(read) }
      break
    }
  }
}

/** The loop that a function is defined in, with no other function in between. */
function loopAround(file: PyFile, def: Node): For | AsyncFor | undefined {
  let inner: Node = def
  for (const outer of file.around(def)) {
    if (outer.kind === "For" || outer.kind === "AsyncFor") return outer.body.includes(inner as never) ? outer : undefined
    if (outer.kind !== "If" && outer.kind !== "With" && outer.kind !== "Try") return undefined
    inner = outer
  }
  return undefined
}

/** A loop whose body always ends it runs once. */
const stopsAtOnce = ({ body }: For | AsyncFor): boolean => body.some((s) => s.kind === "Break" || s.kind === "Return")

function* namesIn(target: Expr): Generator<string> {
  if (target.kind === "Name") yield target.id
  else if (target.kind === "Tuple" || target.kind === "List") for (const part of target.elts) yield* namesIn(part)
  else if (target.kind === "Starred") yield* namesIn(target.value)
}

/** Names that each turn of the loop gives a new value. */
function* assignedIn({ body }: For | AsyncFor): Generator<string> {
  for (const s of body) if (s.kind === "Assign") for (const target of s.targets) yield* namesIn(target)
}

/** Names that are the function's own: parameters, and what it assigns anywhere in it. */
function boundIn(file: PyFile, def: FunctionDef | AsyncFunctionDef): Set<string> {
  const { posonlyargs, args, kwonlyargs, vararg, kwarg } = def.args
  const own = new Set(
    [...posonlyargs, ...args, ...kwonlyargs, ...(vararg ? [vararg] : []), ...(kwarg ? [kwarg] : [])].map(({ arg }) => arg),
  )
  for (const node of file.walk(def)) {
    if (node.kind === "Assign") for (const target of node.targets) for (const name of namesIn(target)) own.add(name)
    if ("target" in node && node.target && typeof node.target === "object") for (const name of namesIn(node.target as Expr)) own.add(name)
    if (node.kind === "withitem" && node.optional_vars) for (const name of namesIn(node.optional_vars)) own.add(name)
    if (node.kind === "arg") own.add(node.arg)
  }
  return own
}
