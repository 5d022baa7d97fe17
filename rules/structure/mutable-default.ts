import {
  type AsyncFunctionDef,
  type Expr,
  type FileNotes,
  type FunctionDef,
  type Node,
  type Project,
  type PyFile,
  quote,
  rule,
  type Span,
} from "#rule"

export default rule({
  summary: "A default that is one object for all calls, and that the function changes or gives away",
  why: `
A default is made once, when \`def\` runs. A list or dict that a function appends to, or hands out, is the same one on the
next call: what one request leaves in it the next one finds, another user's data included.
`,
  help: "Write `= None`, and make the list or dict in the body",
  concern: "correctness",
  level: "warning",
  docs: "https://docs.python.org/3/faq/programming.html#why-are-default-values-shared-between-objects",
  equivalents: ["B006"],
  exemptions: [
    "defaults that are only read",
    "parameters that the body binds anew first (`items = items or []`)",
    "endpoints and dependencies: FastAPI copies their defaults for each request; fields of Pydantic models, which are copied too",
  ],
  examples: [
    {
      bad: `
        def render(template: str, context={}): # expect: \`context\` of \`render\` is one dict for all calls, and \`render\` changes it
            context["site"] = "shop"
            return template.format(**context)
      `,
      good: `
        def render(template: str, context=None):
            context = dict(context or {})
            context["site"] = "shop"
            return template.format(**context)

        def total(prices=[]):
            return sum(prices)
      `,
    },
    {
      bad: `
        class Basket:
            def __init__(self, lines=[]): # expect: \`lines\` of \`__init__\` is one list for all calls, and \`__init__\` keeps it in \`self.lines\`
                self.lines = lines
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items")
        def read_items(tags: list[str] = []):
            tags.append("all")
            return tags
      `,
    },
  ],

  notes: (file) => {
    const found = [...sharedIn(file)]
    return found.length > 0 ? found : undefined
  },

  *project(project, _, notes: FileNotes<Shared[]>[]) {
    const copied = copiedDefaults(project)
    for (const { path, notes: shared } of notes) {
      for (const { fn, name, parameter, kind, how, start, end } of shared) {
        if (copied.has(`${path}:${fn.start}`)) continue
        yield {
          at: { path, start, end },
          level: how === CHANGED ? "warning" : "info",
          message: `${quote(parameter)} of ${quote(name)} is one ${kind} for all calls, and ${quote(name)} ${how}`,
          discriminator: parameter,
        }
      }
    }
  },
})

const CHANGED = "changes it"

interface Shared extends Span {
  /** The name in the `def` line. */
  fn: Span
  name: string
  parameter: string
  kind: string
  how: string
}

/** Functions that FastAPI calls itself, with a copy of each default. */
function copiedDefaults(project: Project): Set<string> {
  const called = project.routes.flatMap(({ endpoint, dependencies }) => [endpoint, ...dependencies.map(({ call }) => call)])
  return new Set(called.flatMap((fn) => (fn ? [`${fn.at.path}:${fn.at.start}`] : [])))
}

function* sharedIn(file: PyFile): Generator<Shared> {
  for (const node of file.all("FunctionDef", "AsyncFunctionDef")) {
    for (const { arg, value } of defaultsOf(node)) {
      const kind = kindOf(file, value)
      const how = kind === undefined ? undefined : useOf(file, node, arg)
      if (kind === undefined || how === undefined) continue
      yield { fn: node.name_span, name: node.name, parameter: arg, kind, how, start: value.start, end: value.end }
    }
  }
}

function* defaultsOf({ args }: FunctionDef | AsyncFunctionDef): Generator<{ arg: string; value: Expr }> {
  const positional = [...args.posonlyargs, ...args.args]
  const first = positional.length - args.defaults.length
  for (const [i, value] of args.defaults.entries()) yield { arg: positional[first + i]?.arg ?? "", value }
  for (const [i, value] of args.kw_defaults.entries()) if (value) yield { arg: args.kwonlyargs[i]?.arg ?? "", value }
}

function kindOf(file: PyFile, value: Expr): string | undefined {
  if (value.kind === "List" || value.kind === "ListComp") return "list"
  if (value.kind === "Dict" || value.kind === "DictComp") return "dict"
  if (value.kind === "Set" || value.kind === "SetComp") return "set"
  const name = value.kind === "Call" ? file.qualified(value.func) : undefined
  return name === undefined ? undefined : MADE[name]
}

const MADE: Readonly<Record<string, string>> = {
  "builtins.list": "list",
  "builtins.dict": "dict",
  "builtins.set": "set",
  "collections.defaultdict": "dict",
  "collections.OrderedDict": "dict",
  "collections.deque": "deque",
}

const CHANGES = new Set("append extend insert add update setdefault pop popitem remove discard clear sort reverse appendleft".split(" "))

/** What the body does to the object; undefined where it only reads it, or binds the name anew. */
function useOf(file: PyFile, fn: FunctionDef | AsyncFunctionDef, name: string): string | undefined {
  const isIt = (expr: Expr | null): boolean => expr?.kind === "Name" && expr.id === name
  let how: string | undefined
  for (const node of fn.body.flatMap((statement) => [...file.walk(statement, { nested: false })])) {
    if (boundBy(node).some((target) => holdsName(target, name))) return undefined
    how ??= changeBy(node, isIt)
  }
  return how
}

function changeBy(node: Node, isIt: (expr: Expr | null) => boolean): string | undefined {
  const isItem = (target: Expr): boolean => target.kind === "Subscript" && isIt(target.value)
  switch (node.kind) {
    case "Assign": {
      if (node.targets.some(isItem)) return CHANGED
      const [kept] = node.targets
      const isKept = kept?.kind === "Attribute" && kept.value.kind === "Name" && kept.value.id === "self" && isIt(node.value)
      return isKept ? `keeps it in ${quote(`self.${kept.attr}`)}` : undefined
    }
    case "AugAssign":
      return isIt(node.target) || isItem(node.target) ? CHANGED : undefined
    case "Delete":
      return node.targets.some(isItem) ? CHANGED : undefined
    case "Call":
      return node.func.kind === "Attribute" && isIt(node.func.value) && CHANGES.has(node.func.attr) ? CHANGED : undefined
    case "Return":
      return isIt(node.value) ? "returns it" : undefined
    default:
      return undefined
  }
}

/** What a statement or expression binds: another object under the same name. */
function boundBy(node: Node): Expr[] {
  switch (node.kind) {
    case "Assign":
      return node.targets
    case "AnnAssign":
    case "NamedExpr":
    case "For":
    case "AsyncFor":
    case "comprehension":
      return [node.target]
    case "withitem":
      return node.optional_vars ? [node.optional_vars] : []
    default:
      return []
  }
}

const holdsName = (target: Expr, name: string): boolean =>
  target.kind === "Name"
    ? target.id === name
    : (target.kind === "Tuple" || target.kind === "List") && target.elts.some((item) => holdsName(item, name))
