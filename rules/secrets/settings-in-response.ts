import {
  type AsyncFunctionDef,
  dotted,
  type Expr,
  enclosingFunction,
  type FileNotes,
  type Finding,
  type FunctionDef,
  functionAt,
  isTextConstant,
  lastName,
  type Node,
  type PyFile,
  quote,
  routeNames,
  rule,
  secretKind,
} from "#rule"

export default rule({
  summary: "A route that answers with all settings, secrets among them",
  why: `
\`vars(args)\`, \`settings.model_dump()\` and \`dict(os.environ)\` are everything that the program was started with: also the
password of the database, the signing key and whatever is added next year. What is shown to a client is listed field by field.
`,
  help: "Answer with a model that names the fields which clients need, or keep secrets as `SecretStr`",
  concern: "security",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/api/types/#pydantic.types.Secret",
  equivalents: [],
  cwe: ["CWE-200", "CWE-522"],
  exemptions: [
    "objects of which the file reads nothing that is named like a secret",
    "dumps that say what is left out or in, and those that are changed before they are sent",
    "functions that are not handlers themselves, and routes with a model that names what they show",
  ],
  files: { roles: ["app"], words: ["vars", "__dict__", "model_dump", "dict", "environ", "asdict"] },
  examples: [
    {
      bad: `
        import argparse
        from fastapi import FastAPI

        args = argparse.Namespace(password="", port=80)
        app = FastAPI()

        def check(given: str) -> bool:
            return given == args.password

        @app.get("/args")
        def read_args() -> dict[str, object]:
            return vars(args) # expect: \`GET /args\` answers with all of \`args\`, \`password\` included
      `,
      good: `
        import argparse
        from fastapi import FastAPI

        args = argparse.Namespace(password="", port=80)
        app = FastAPI()

        def check(given: str) -> bool:
            return given == args.password

        @app.get("/args")
        def read_args() -> dict[str, object]:
            shown = dict(vars(args))
            shown.pop("password", None)
            return shown
      `,
    },
  ],

  notes: dumpsIn,

  *project(project, _, notes: FileNotes<Dump[]>[]) {
    for (const { path, notes: own } of notes)
      for (const { start, end, inside, of, secret } of own) {
        const fn = functionAt(project, path, inside)
        const routes = fn ? project.reach.routesTo(fn) : []
        // A response model leaves out what it does not name.
        const [first] = routes.filter(({ response }) => response.type?.value.is !== "class")
        // What a helper makes may be looked through before it is sent; what the handler sends is sent.
        if (!fn || !first || !routes.some(({ endpoint }) => endpoint?.id === fn.id)) continue
        yield {
          at: { path, start, end },
          message: `${routeNames([first])} answers with all of ${quote(of)}, ${quote(secret)} included`,
          scope: fn.id,
          discriminator: of,
          routes,
        } satisfies Finding
      }
  },
})

/** What gives all fields of an object. */
const WHOLE = new Set(["vars", "dict", "asdict"])

/** Names of what a program was started with. */
const SETTINGS = /^_?(?:app_?|cli_?)?(?:args|arguments|opts|options|settings?|config(?:uration)?|conf|cfg)$/i

interface Dump {
  start: number
  end: number
  /** Where the name of the function around it stands. */
  inside: number
  of: string
  secret: string
}

function dumpsIn(file: PyFile): Dump[] | undefined {
  const found: Dump[] = []
  for (const node of file.all("Call", "Attribute")) {
    const of = wholeOf(file, node)
    const fn = of === undefined ? undefined : enclosingFunction(node, file)
    if (of === undefined || !fn) continue
    const secret = of === "os.environ" ? "every secret of the environment" : secretOf(file, of)
    if (secret !== undefined && isSent(file, fn, node))
      found.push({ start: node.start, end: node.end, inside: fn.name_span.start, of, secret })
  }
  return found.length > 0 ? found : undefined
}

/** The object all of whose fields an expression holds: `self.args` of `vars(self.args)`. */
function wholeOf(file: PyFile, node: Node): string | undefined {
  const of = objectOf(file, node)
  const name = of && dotted(of)
  if (!of || name === undefined) return undefined
  return name === "os.environ" || SETTINGS.test(lastName(of)) ? name : undefined
}

function objectOf(file: PyFile, node: Node): Expr | undefined {
  if (node.kind === "Attribute" && node.attr === "__dict__") return node.value
  if (node.kind !== "Call") return undefined
  const { func, args, keywords } = node
  if (func.kind === "Attribute" && /^(?:model_dump|dict)$/.test(func.attr) && args.length === 0)
    return keywords.some(({ arg }) => arg === null || /^(?:exclude|include)$/.test(arg)) ? undefined : func.value
  const [first] = args
  // Under a name of the file's own stands only what was imported.
  if (!WHOLE.has(lastName(func)) && !file.names.has("asdict")) return undefined
  const called = file.qualified(func)
  if (called === "builtins.vars" || called === "dataclasses.asdict") return first
  return called === "builtins.dict" && first && dotted(first) === "os.environ" && keywords.length === 0 ? first : undefined
}

/** What the file itself reads of the object and that is named like a secret. */
function secretOf(file: PyFile, of: string): string | undefined {
  for (const node of file.all("Attribute"))
    if (dotted(node.value) === of && secretKind(node.attr) !== undefined && !isVeiled(file, node)) return node.attr
  return undefined
}

/** `settings.password.get_secret_value()`: a `SecretStr` shows stars. */
function isVeiled(file: PyFile, node: Node): boolean {
  for (const around of file.around(node)) return around.kind === "Attribute" && around.attr === "get_secret_value"
  return false
}

/** Is it returned as it is: right there, or by a name that nothing changes? */
function isSent(file: PyFile, fn: FunctionDef | AsyncFunctionDef, node: Node): boolean {
  let name = ""
  for (const around of file.around(node)) {
    if (around.kind === "Return") return isHandedOn(file, node, around)
    if (around.kind === "Assign" && around.targets.length === 1) {
      if (!isHandedOn(file, node, around)) return false
      name = lastName(around.targets[0] as Expr)
      break
    }
    if (around.kind === "FunctionDef" || around.kind === "AsyncFunctionDef") return false
  }
  if (name === "") return false
  let isReturned = false
  for (const other of file.walk(fn)) {
    if (other.start < fn.start) continue
    if (changes(other, name)) return false
    if (other.kind === "Name" && other.id === name)
      for (const around of file.around(other)) {
        if (around.kind !== "Return") continue
        isReturned ||= isHandedOn(file, other, around)
      }
  }
  return isReturned
}

/** Between a value and the statement stand only what hands it on: responses, displays, \`vars(x)[item]\`. */
function isHandedOn(file: PyFile, node: Node, statement: Node): boolean {
  for (const around of file.around(node)) {
    if (around === statement) return true
    if (around.kind === "Dict" || around.kind === "Await" || around.kind === "keyword") continue
    if (around.kind === "Subscript") {
      if (isTextConstant(around.slice)) return false
      continue
    }
    if (around.kind === "Call" && /Response$|^jsonable_encoder$|^dict$/.test(lastName(around.func))) continue
    return false
  }
  return false
}

/** `shown["password"] = "***"`, `del shown["key"]`, `shown.pop("key")`, another value for the name. */
function changes(node: Node, name: string): boolean {
  const isIts = (of: Node): boolean => of.kind === "Subscript" && of.value.kind === "Name" && of.value.id === name
  if (node.kind === "Assign") return node.targets.some(isIts)
  if (node.kind === "Delete") return node.targets.some(isIts)
  return (
    node.kind === "Call" &&
    node.func.kind === "Attribute" &&
    /^(?:pop|update|clear|popitem)$/.test(node.func.attr) &&
    node.func.value.kind === "Name" &&
    node.func.value.id === name
  )
}
