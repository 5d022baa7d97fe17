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

const COMPREHENSIONS = new Set(["ListComp", "SetComp", "DictComp", "GeneratorExp"])

export const isScope = (node: Node): node is ScopeNode =>
  node.kind === "FunctionDef" ||
  node.kind === "AsyncFunctionDef" ||
  node.kind === "ClassDef" ||
  node.kind === "Lambda" ||
  node.kind === "Module" ||
  COMPREHENSIONS.has(node.kind)

/** Every name that a module binds, in whatever scope, with all its bindings. */
export function bindingsOf({ nodes, parents }: NodeTable): Map<string, Binding[]> {
  const found = new Map<string, Binding[]>()
  const bind = (name: string | null, scope: ScopeNode, more: Omit<Binding, "scope"> = {}) => {
    if (!name) return
    const known = found.get(name)
    if (known) known.push({ scope, ...more })
    else found.set(name, [{ scope, ...more }])
  }
  const module = nodes[0] as Module
  /** For each node, the scope that what stands directly in it belongs to. */
  const scopes: ScopeNode[] = []
  for (const [at, node] of nodes.entries()) {
    const scope = scopes[parents[at] as number] ?? module
    bindIn(node, scope, module, bind)
    // Decorators, defaults and the first iterable belong to the scope outside, but they rarely bind: inside is close enough.
    scopes.push(isScope(node) ? node : scope)
  }
  return found
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
      for (const target of node.targets) bindTarget(target, scope, bind, isNone ? { isNone } : {})
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

function bindTarget(target: Expr, scope: ScopeNode, bind: Bind, more: Omit<Binding, "scope"> = {}): void {
  if (target.kind === "Name") bind(target.id, scope, more)
  else if (target.kind === "Tuple" || target.kind === "List") for (const item of target.elts) bindTarget(item, scope, bind)
  else if (target.kind === "Starred") bindTarget(target.value, scope, bind)
}

function bindPattern(pattern: Pattern, scope: ScopeNode, bind: Bind): void {
  if (pattern.kind === "MatchAs" || pattern.kind === "MatchStar") bind(pattern.name, scope)
  if (pattern.kind === "MatchMapping") bind(pattern.rest, scope)
}
