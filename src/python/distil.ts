import type { ModuleFacts } from "./facts.ts"
import type { NodeTable } from "./node-table.ts"
import type { Constant, Module, Node, Stmt, SyntaxProblem } from "./nodes.ts"
import { children, fieldsOf } from "./walk.ts"
import { saidIn } from "./worth.ts"

/** Longer texts are no paths, names or messages that anyone asks for. */
const LONGEST_TEXT = 2_000

/**
 * Deeper chains (`a + b + ...` a thousand times over) are cut: facts pass through JSON and through walks that recurse.
 */
const DEEPEST_FACTS = 500

/** What is kept of a file for linking: its tree without what nobody reads later. The file's own tree is left as it is. */
export function distil({ path, module, problems, names, nodes }: DistilledFile): ModuleFacts {
  const tree = trim(module, touched(nodes), 0) as Module
  const mentions = [...names.keys()]
  return { path, tree, problems: [...problems], mentions, says: saidIn(module, nodes, mentions) }
}

interface DistilledFile {
  path: string
  module: Module
  problems: readonly SyntaxProblem[]
  names: ReadonlyMap<string, string>
  nodes: NodeTable
}

/** The nodes that are trimmed themselves, and those around them: all others are kept as they are. */
function touched(table: NodeTable): Set<Node> {
  const { nodes, parents } = table
  const found = new Set<Node>()
  for (const at of [...longTexts(table), ...docstrings(table), ...(table.depth > DEEPEST_FACTS ? tooDeep(table) : [])])
    for (let up = at; up !== -1 && !found.has(nodes[up] as Node); up = parents[up] as number) found.add(nodes[up] as Node)
  return found
}

const longTexts = (table: NodeTable): number[] => table.placesOf("Constant").filter((at) => isLong(table.nodes[at] as Node))

const docstrings = (table: NodeTable): number[] =>
  DOCUMENTED.flatMap((kind) =>
    table.placesOf(kind).filter((at) => {
      const node = table.nodes[at] as Node
      return hasDocstring(node) && !isShown(node)
    }),
  )

function tooDeep({ nodes, parents }: NodeTable): number[] {
  const depths = new Uint32Array(nodes.length)
  const found: number[] = []
  for (let at = 1; at < nodes.length; at++) {
    depths[at] = (depths[parents[at] as number] as number) + 1
    if ((depths[at] as number) > DEEPEST_FACTS) found.push(at)
  }
  return found
}

const isLong = (node: Node): node is Constant =>
  node.kind === "Constant" && typeof node.value === "string" && node.value.length > LONGEST_TEXT

/** The node itself where nothing below it is trimmed, else a copy. */
function trim(node: Node, touched: ReadonlySet<Node>, depth: number): Node {
  if (!touched.has(node)) return node
  if (isLong(node)) return { ...node, value: (node.value as string).slice(0, LONGEST_TEXT) }
  const trimmed: Record<string, unknown> = { ...node }
  for (const field of fieldsOf(node.kind)) {
    const before = trimmed[field]
    if (Array.isArray(before)) trimmed[field] = before.map((item: Node | null) => item && trimOne(item, touched, depth))
    else if (before) trimmed[field] = trimOne(before as Node, touched, depth)
  }
  const kept = trimmed as unknown as Node
  return hasDocstring(kept) && !isShown(kept) ? withoutDocstring(kept) : kept
}

/** What is too deep becomes a name that nothing binds, or `pass`. */
function trimOne(node: Node, touched: ReadonlySet<Node>, depth: number): Node {
  if (depth < DEEPEST_FACTS || children(node).length === 0) return trim(node, touched, depth + 1)
  const span = { start: node.start, end: node.end }
  return STATEMENTS.has(node.kind) ? { kind: "Pass", ...span } : { kind: "Name", id: "", ...span }
}

const STATEMENTS: ReadonlySet<string> = new Set<Stmt["kind"]>([
  "FunctionDef",
  "AsyncFunctionDef",
  "ClassDef",
  "Return",
  "Delete",
  "Assign",
  "TypeAlias",
  "AugAssign",
  "AnnAssign",
  "For",
  "AsyncFor",
  "While",
  "If",
  "With",
  "AsyncWith",
  "Match",
  "Raise",
  "Try",
  "TryStar",
  "Assert",
  "Import",
  "ImportFrom",
  "Global",
  "Nonlocal",
  "Expr",
])

const DOCUMENTED = ["Module", "FunctionDef", "AsyncFunctionDef", "ClassDef"] as const
type Documented = Extract<Node, { kind: (typeof DOCUMENTED)[number] }>

function hasDocstring(node: Node): node is Documented {
  if (node.kind !== "Module" && node.kind !== "FunctionDef" && node.kind !== "AsyncFunctionDef" && node.kind !== "ClassDef") return false
  const first = node.body[0]
  return first?.kind === "Expr" && first.value.kind === "Constant" && first.value.type === "str" && first.value.value !== ""
}

/** What decorates a function may publish its docstring, as a route does. */
const isShown = (node: Documented): boolean =>
  (node.kind === "FunctionDef" || node.kind === "AsyncFunctionDef") && node.decorator_list.length > 0

/** That there is a docstring stays known; what it says goes. */
function withoutDocstring(node: Documented): Documented {
  const [first, ...rest] = node.body
  if (first?.kind !== "Expr" || first.value.kind !== "Constant") return node
  return { ...node, body: [{ ...first, value: { ...first.value, value: "" } }, ...rest] }
}
