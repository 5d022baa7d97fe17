import type { ModuleFacts } from "./facts.ts"
import type { Module, Node, Stmt, SyntaxProblem } from "./nodes.ts"
import { children, fieldsOf } from "./walk.ts"

/** Longer texts are no paths, names or messages that anyone asks for. */
const LONGEST_TEXT = 2_000

/**
 * Deeper chains (`a + b + ...` a thousand times over) are cut: facts pass through JSON and through walks that recurse.
 */
const DEEPEST_FACTS = 500

/** What is kept of a file for linking: its tree without what nobody reads later. The file's own tree is left as it is. */
export function distil(file: { path: string; module: Module; problems: readonly SyntaxProblem[] }): ModuleFacts {
  return {
    path: file.path,
    tree: trim(file.module, 0) as Module,
    problems: [...file.problems],
    mentions: mentionsIn(file.module),
  }
}

/** The node itself where nothing below it is trimmed, else a copy. */
function trim(node: Node, depth: number): Node {
  if (node.kind === "Constant") {
    const { value } = node
    return typeof value === "string" && value.length > LONGEST_TEXT ? { ...node, value: value.slice(0, LONGEST_TEXT) } : node
  }
  let changed: Record<string, unknown> | undefined
  for (const field of fieldsOf(node.kind)) {
    const before = (node as unknown as Record<string, unknown>)[field]
    const after = Array.isArray(before) ? trimList(before, depth) : before ? trimOne(before as Node, depth) : before
    if (after === before) continue
    changed ??= { ...node }
    changed[field] = after
  }
  const kept = (changed ?? node) as Node
  return hasDocstring(kept) && !isShown(kept) ? withoutDocstring(kept) : kept
}

function trimList(list: (Node | null)[], depth: number): (Node | null)[] {
  let changed: (Node | null)[] | undefined
  for (const [at, item] of list.entries()) {
    const after = item && trimOne(item, depth)
    if (after === item) continue
    changed ??= [...list]
    changed[at] = after
  }
  return changed ?? list
}

/** What is too deep becomes a name that nothing binds, or `pass`. */
function trimOne(node: Node, depth: number): Node {
  if (depth < DEEPEST_FACTS || children(node).length === 0) return trim(node, depth + 1)
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

type Documented = Extract<Node, { kind: "Module" | "FunctionDef" | "AsyncFunctionDef" | "ClassDef" }>

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

/** Every identifier of a tree, sorted. Dotted names count by their parts. */
function mentionsIn(module: Module): string[] {
  const found = new Set<string>()
  const stack: Node[] = [module]
  for (let node = stack.pop(); node; node = stack.pop()) {
    for (const name of namesOf(node)) if (name) found.add(name)
    for (const child of children(node)) stack.push(child)
  }
  return [...found].sort()
}

function namesOf(node: Node): readonly (string | null | undefined)[] {
  switch (node.kind) {
    case "Name":
      return [node.id]
    case "Attribute":
      return [node.attr]
    case "FunctionDef":
    case "AsyncFunctionDef":
    case "ClassDef":
    case "ExceptHandler":
    case "MatchAs":
    case "MatchStar":
    case "TypeVar":
    case "ParamSpec":
    case "TypeVarTuple":
      return [node.name]
    case "arg":
    case "keyword":
      return [node.arg]
    case "alias":
      return [...node.name.split("."), node.asname]
    case "ImportFrom":
      return node.module?.split(".") ?? []
    case "Global":
    case "Nonlocal":
      return node.names
    case "MatchClass":
      return node.kwd_attrs
    case "MatchMapping":
      return [node.rest]
    default:
      return []
  }
}
