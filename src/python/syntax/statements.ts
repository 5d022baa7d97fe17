import type { Alias, Expr, ImportFrom, Name, Stmt } from "../nodes.ts"
import { typeParameters } from "./arguments.ts"
import { compound } from "./compounds.ts"
import { expression, expressions } from "./expressions.ts"
import { OPERATORS } from "./operators.ts"
import { compact, dottedName, first, firstNamed, has, identifier, namedOf, nothing, type Reader, type SyntaxNode } from "./syntax.ts"

/** The statements of a module or block, in order. Of what tree-sitter could not place, those that are whole. */
export function statements(reader: Reader, block: SyntaxNode | undefined): Stmt[] {
  const found: Stmt[] = []
  for (const child of block?.children ?? []) {
    if (child.type === "ERROR") found.push(...statements(reader, child))
    else {
      const read = statement(reader, child, block?.type === "ERROR")
      if (read) found.push(read)
    }
  }
  return compact(found)
}

function statement(reader: Reader, node: SyntaxNode, isBroken: boolean): Stmt | undefined {
  const simple = CONVERTERS.get(node.type)
  if (simple) return simple(reader, node)
  const block = reader.deeper(node, compound, () => undefined)
  if (block || !node.named) return block
  // Pieces of a statement that was left unfinished: a call is worth keeping, a stray name is not.
  if (isBroken && node.type === "call") return { kind: "Expr", value: expression(reader, node, node), start: node.start, end: node.end }
  return undefined
}

/** The value of `return`, `del` and the like, which may be several with commas. */
const value = (reader: Reader, node: SyntaxNode): Expr | null => {
  const inner = firstNamed(node)
  return inner ? expression(reader, inner, node) : null
}

const SIMPLE: Record<string, (reader: Reader, node: SyntaxNode) => Stmt> = {
  expression_statement: (reader, node) => {
    const inner = node.children[0]
    if (inner?.type === "assignment") return assignment(reader, inner)
    if (inner?.type === "augmented_assignment") return augmented(reader, inner)
    return { kind: "Expr", value: expressions(reader, node.children, node), start: node.start, end: node.end }
  },
  // Between statements that could not be read, these stand without their `expression_statement`.
  assignment: (reader, node) => assignment(reader, node),
  augmented_assignment: (reader, node) => augmented(reader, node),
  return_statement: (reader, node) => ({ kind: "Return", value: value(reader, node), start: node.start, end: node.end }),
  delete_statement: (reader, node) => {
    const inner = firstNamed(node)
    const targets = inner?.type === "expression_list" ? namedOf(inner) : inner ? [inner] : []
    return { kind: "Delete", targets: targets.map((target) => expression(reader, target, node)), start: node.start, end: node.end }
  },
  raise_statement: (reader, node) => {
    const from = node.children.findIndex((child) => child.type === "from")
    const cause = from === -1 ? undefined : node.children[from + 1]
    const exc = node.children.slice(1, from === -1 ? undefined : from).find((child) => child.named)
    return {
      kind: "Raise",
      exc: exc ? expression(reader, exc, node) : null,
      cause: cause ? expression(reader, cause, node) : null,
      start: node.start,
      end: node.end,
    }
  },
  assert_statement: (reader, node) => {
    const [test, msg] = namedOf(node)
    return {
      kind: "Assert",
      test: expression(reader, test, node),
      msg: msg ? expression(reader, msg, node) : null,
      start: node.start,
      end: node.end,
    }
  },
  pass_statement: (_, node) => ({ kind: "Pass", start: node.start, end: node.end }),
  break_statement: (_, node) => ({ kind: "Break", start: node.start, end: node.end }),
  continue_statement: (_, node) => ({ kind: "Continue", start: node.start, end: node.end }),
  global_statement: (reader, node) => ({ kind: "Global", names: names(reader, node), start: node.start, end: node.end }),
  nonlocal_statement: (reader, node) => ({ kind: "Nonlocal", names: names(reader, node), start: node.start, end: node.end }),
  import_statement: (reader, node) => ({ kind: "Import", names: aliases(reader, node.children), start: node.start, end: node.end }),
  future_import_statement: (reader, node) => ({
    kind: "ImportFrom",
    module: "__future__",
    names: aliases(reader, node.children),
    level: 0,
    start: node.start,
    end: node.end,
  }),
  import_from_statement: importFrom,
  type_alias_statement: typeAlias,
  print_statement: print,
  exec_statement: (reader, node) => {
    reader.problem(node, "`exec` is a function in Python 3: missing parentheses")
    return { kind: "Expr", value: call("exec", reader, node), start: node.start, end: node.end }
  },
}

const CONVERTERS = new Map(Object.entries(SIMPLE))

const names = (reader: Reader, node: SyntaxNode): string[] => namedOf(node).map((name) => identifier(reader, name))

function aliases(reader: Reader, nodes: SyntaxNode[]): Alias[] {
  const found: Alias[] = []
  for (const node of nodes) {
    if (node.type === "wildcard_import") found.push({ kind: "alias", name: "*", asname: null, start: node.start, end: node.end })
    else if (node.type === "dotted_name")
      found.push({ kind: "alias", name: dottedName(reader, node), asname: null, start: node.start, end: node.end })
    else if (node.type === "aliased_import") {
      const [name, asname] = namedOf(node)
      found.push({
        kind: "alias",
        name: name ? dottedName(reader, name) : "",
        asname: identifier(reader, asname),
        start: node.start,
        end: node.end,
      })
    }
  }
  return compact(found)
}

function importFrom(reader: Reader, node: SyntaxNode): ImportFrom {
  const at = node.children.findIndex((child) => child.type === "import")
  const origin = node.children.slice(0, at).find((child) => child.named)
  const isRelative = origin?.type === "relative_import"
  const name = isRelative ? first(origin, "dotted_name") : origin
  const prefix = isRelative ? first(origin, "import_prefix") : undefined
  return {
    kind: "ImportFrom",
    module: name ? dottedName(reader, name) : null,
    names: aliases(reader, node.children.slice(at + 1)),
    level: prefix ? reader.textOf(prefix).replace(/[^.]/g, "").length : 0,
    start: node.start,
    end: node.end,
  }
}

/** `a = b = c` is nested to the right in tree-sitter's tree and flat in ours. */
function assignment(reader: Reader, node: SyntaxNode): Stmt {
  const left = node.children[0]
  if (node.children[1]?.type === ":") {
    const [, , type, , right] = node.children
    const target = expression(reader, left, node)
    const simple = target.kind === "Name" && left?.type === "identifier" ? 1 : 0
    return {
      kind: "AnnAssign",
      target,
      annotation: expression(reader, type, node),
      value: right ? expression(reader, right, node) : null,
      simple,
      start: node.start,
      end: node.end,
    }
  }
  const targets = [expression(reader, left, node)]
  let right = node.children[2]
  while (right?.type === "assignment") {
    const [next, equals, value] = right.children
    if (equals?.type !== "=") reader.problem(right, "invalid syntax")
    targets.push(expression(reader, next, right))
    right = value
  }
  if (right?.type === "augmented_assignment") {
    reader.problem(right, "invalid syntax")
    right = right.children[2]
  }
  return { kind: "Assign", targets, value: expression(reader, right, node), start: node.start, end: node.end }
}

function augmented(reader: Reader, node: SyntaxNode): Stmt {
  const [target, sign, right] = node.children
  const op = OPERATORS[(sign?.type ?? "").slice(0, -1)] ?? "Add"
  if (right?.type === "assignment" || right?.type === "augmented_assignment") reader.problem(right, "invalid syntax")
  const value = right && /assignment$/.test(right.type) ? nothing(right.start) : expression(reader, right, node)
  return { kind: "AugAssign", target: expression(reader, target, node), op, value, start: node.start, end: node.end }
}

function typeAlias(reader: Reader, node: SyntaxNode): Stmt {
  const types = node.children.filter((child) => child.named)
  let left = types[0]
  while (left?.type === "type") left = left.children[0]
  const isGeneric = left?.type === "generic_type"
  if (left && !isGeneric && left.type !== "identifier") {
    const target = typeTarget(left, node.children[0] ?? left)
    return {
      kind: "Assign",
      targets: [expression(reader, target, node)],
      value: expression(reader, types[1], node),
      start: node.start,
      end: node.end,
    }
  }
  const subject = isGeneric ? firstNamed(left as SyntaxNode) : left
  const name: Name = { kind: "Name", id: identifier(reader, subject), start: subject?.start ?? node.start, end: subject?.end ?? node.start }
  const type_params = isGeneric ? typeParameters(reader, first(left as SyntaxNode, "type_parameter")) : []
  return { kind: "TypeAlias", name, type_params, value: expression(reader, types[1], node), start: node.start, end: node.end }
}

/** `type(x).attribute = value` is taken for a `type` statement: gives `type` back to the expression it begins. */
function typeTarget(node: SyntaxNode, type: SyntaxNode): SyntaxNode {
  const start = type.start
  const head: SyntaxNode = { ...type, type: "identifier", named: true }
  if (node.type === "list") return { type: "subscript", named: true, start, end: node.end, children: [head, ...node.children] }
  if (!OPERAND_FIRST.has(node.type))
    return { type: "call", named: true, start, end: node.end, children: [head, { ...node, type: "argument_list" }] }
  const [first, ...rest] = node.children
  return { ...node, start, children: first ? [typeTarget(first, type), ...rest] : [] }
}

const OPERAND_FIRST = new Set(["attribute", "subscript", "call"])

/** `print >> file, x` is an expression in Python 3 too, if not a useful one. Any other `print x` is an error. */
function print(reader: Reader, node: SyntaxNode): Stmt {
  const chevron = first(node, "chevron")
  if (!chevron) {
    reader.problem(node, "`print` is a function in Python 3: missing parentheses")
    return { kind: "Expr", value: call("print", reader, node), start: node.start, end: node.end }
  }
  const left: Name = { kind: "Name", id: "print", start: node.start, end: node.start + "print".length }
  const shift: Expr = {
    kind: "BinOp",
    left,
    op: "RShift",
    right: expression(reader, firstNamed(chevron), chevron),
    start: node.start,
    end: chevron.end,
  }
  if (!has(node, ",")) return { kind: "Expr", value: shift, start: node.start, end: node.end }
  const rest = namedOf(node).filter((child) => child !== chevron)
  const elts = [shift, ...rest.map((child) => expression(reader, child, node))]
  return { kind: "Expr", value: { kind: "Tuple", elts, start: node.start, end: node.end }, start: node.start, end: node.end }
}

/** What a statement of Python 2 meant. */
function call(name: string, reader: Reader, node: SyntaxNode): Expr {
  const args = namedOf(node).map((child) => expression(reader, child, node))
  const func: Name = { kind: "Name", id: name, start: node.start, end: node.start + name.length }
  return { kind: "Call", func, args, keywords: [], start: node.start, end: node.end }
}
