import type { NodeTable } from "./node-table.ts"
import type { Arguments, Expr, Module, Node, Pattern } from "./nodes.ts"

/** Nodes that have names of their own. */
export type ScopeNode = Extract<
  Node,
  { kind: "Module" | "FunctionDef" | "AsyncFunctionDef" | "ClassDef" | "Lambda" | "ListComp" | "SetComp" | "DictComp" | "GeneratorExp" }
>

/** One place that gives a name its meaning. */
export interface Binding {
  scope: ScopeNode
  /** Set for imports: the dotted name that is imported; relative ones begin with dots. */
  origin?: string
  /** `x = None`, which in `except ImportError:` says that the import may have failed. */
  isNone?: boolean
}

const SCOPES: ReadonlySet<string> = new Set<ScopeNode["kind"]>([
  "Module",
  "FunctionDef",
  "AsyncFunctionDef",
  "ClassDef",
  "Lambda",
  "ListComp",
  "SetComp",
  "DictComp",
  "GeneratorExp",
])

export const isScope = (node: Node): node is ScopeNode => SCOPES.has(node.kind)

/** All that gives one name a meaning. */
export interface Bound {
  all: Binding[]
  hasImport: boolean
  /** The one import that all bindings agree on, or null where they do not; unset until somebody asks. */
  origin?: string | null
}

/** The kinds that bind names: other nodes, which are most, are not looked at. */
const BINDERS = [
  "Import",
  "ImportFrom",
  "FunctionDef",
  "AsyncFunctionDef",
  "ClassDef",
  "Lambda",
  "Assign",
  "AnnAssign",
  "AugAssign",
  "For",
  "AsyncFor",
  "comprehension",
  "NamedExpr",
  "withitem",
  "ExceptHandler",
  "TypeAlias",
  "Global",
  "Nonlocal",
  "MatchAs",
  "MatchStar",
  "MatchMapping",
] as const

/** Every name that a module binds, in whatever scope, with all its bindings. */
export function bindingsOf(table: NodeTable): Map<string, Bound> {
  const { nodes, parents } = table
  const found = new Map<string, Bound>()
  const bind: Bind = (name, scope, more) => {
    if (!name) return
    const hasImport = Boolean(more?.origin)
    const known = found.get(name)
    if (!known) found.set(name, { all: [{ scope, ...more }], hasImport })
    else {
      known.all.push({ scope, ...more })
      known.hasImport ||= hasImport
    }
  }
  const module = nodes[0] as Module
  for (const kind of BINDERS)
    for (const at of table.placesOf(kind)) bindIn(nodes[at] as Node, scopeAround(at, nodes, parents), module, bind)
  return found
}

/**
 * The scope that a node belongs to. Decorators, defaults and the first iterable belong to the scope outside, but they
 * rarely bind: inside is close enough.
 */
function scopeAround(place: number, nodes: readonly Node[], parents: readonly number[]): ScopeNode {
  for (let at = parents[place] as number; at !== -1; at = parents[at] as number) {
    const node = nodes[at] as Node
    if (isScope(node)) return node
  }
  return nodes[0] as Module
}

type Bind = (name: string | null, scope: ScopeNode, more?: Omit<Binding, "scope">) => void

function bindIn(node: Node, scope: ScopeNode, module: Module, bind: Bind): void {
  switch (node.kind) {
    case "Import":
      for (const { name, asname } of node.names) {
        const top = name.split(".")[0] as string
        bind(asname ?? top, scope, { origin: asname ? name : top })
      }
      break
    case "ImportFrom": {
      const from = ".".repeat(node.level) + (node.module ?? "")
      for (const { name, asname } of node.names)
        if (name !== "*") bind(asname ?? name, scope, { origin: from === "" || from.endsWith(".") ? from + name : `${from}.${name}` })
      break
    }
    case "FunctionDef":
    case "AsyncFunctionDef":
      bind(node.name, scope)
      bindArguments(node.args, node, bind)
      for (const parameter of node.type_params) bind(parameter.name, node)
      break
    case "ClassDef":
      bind(node.name, scope)
      for (const parameter of node.type_params) bind(parameter.name, node)
      break
    case "Lambda":
      bindArguments(node.args, node, bind)
      break
    case "Assign": {
      const isNone = node.value.kind === "Constant" && node.value.value === null
      for (const target of node.targets) bindTarget(target, scope, bind, isNone ? { isNone } : undefined)
      break
    }
    case "AnnAssign":
    case "AugAssign":
    case "For":
    case "AsyncFor":
    case "comprehension":
      bindTarget(node.target, scope, bind)
      break
    case "NamedExpr":
      // A comprehension binds it outside; as a name that something binds it is found either way.
      bindTarget(node.target, scope, bind)
      break
    case "withitem":
      if (node.optional_vars) bindTarget(node.optional_vars, scope, bind)
      break
    case "ExceptHandler":
      bind(node.name, scope)
      break
    case "TypeAlias":
      bind(node.name.id, scope)
      break
    case "Global":
      for (const name of node.names) bind(name, module)
      break
    case "Nonlocal":
      for (const name of node.names) bind(name, scope)
      break
    case "MatchAs":
    case "MatchStar":
    case "MatchMapping":
      bindPattern(node, scope, bind)
  }
}

function bindArguments(args: Arguments, scope: ScopeNode, bind: Bind): void {
  for (const arg of [...args.posonlyargs, ...args.args, ...args.kwonlyargs]) bind(arg.arg, scope)
  bind(args.vararg?.arg ?? null, scope)
  bind(args.kwarg?.arg ?? null, scope)
}

function bindTarget(target: Expr, scope: ScopeNode, bind: Bind, more?: Omit<Binding, "scope">): void {
  if (target.kind === "Name") bind(target.id, scope, more)
  else if (target.kind === "Tuple" || target.kind === "List") for (const item of target.elts) bindTarget(item, scope, bind)
  else if (target.kind === "Starred") bindTarget(target.value, scope, bind)
}

function bindPattern(pattern: Pattern, scope: ScopeNode, bind: Bind): void {
  if (pattern.kind === "MatchAs" || pattern.kind === "MatchStar") bind(pattern.name, scope)
  if (pattern.kind === "MatchMapping") bind(pattern.rest, scope)
}
