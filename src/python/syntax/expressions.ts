import type { Comprehension, Expr, Name, Slice, Starred } from "../nodes.ts"
import { parameters } from "./arguments.ts"
import { number } from "./numbers.ts"
import { chain } from "./operators.ts"
import { string } from "./strings.ts"
import { compact, first, firstNamed, has, identifier, namedOf, nothing, type Reader, type SyntaxNode, secondNamed } from "./syntax.ts"

type Convert = (reader: Reader, node: SyntaxNode) => Expr

/** An expression of tree-sitter's tree as `ast` has it. Where there is none, a nameless name at the end of `parent`. */
export function expression(reader: Reader, node: SyntaxNode | undefined, parent: SyntaxNode): Expr {
  if (!node) return nothing(parent.end)
  const convert = CONVERTERS.get(node.type)
  if (!convert) {
    reader.problem(node, "invalid syntax")
    return nothing(node.start)
  }
  return node.children.length === 0 ? convert(reader, node) : reader.deeper(node, convert, nothingAt)
}

const nothingAt = (node: SyntaxNode): Expr => nothing(node.start)

/** Siblings with commas between them are a tuple without parentheses, whose span includes a last comma. */
export function expressions(reader: Reader, nodes: SyntaxNode[], parent: SyntaxNode): Expr {
  const head = nodes[0]
  if (nodes.length === 1 && head?.named) return expression(reader, head, parent)
  if (!head || !nodes.some((node) => node.type === ",")) return expression(reader, nodes.find((node) => node.named) ?? head, parent)
  return { kind: "Tuple", elts: elements(reader, nodes), start: head.start, end: nodes.at(-1)?.end ?? head.end }
}

const elements = (reader: Reader, nodes: SyntaxNode[]): Expr[] =>
  nodes.filter((node) => node.named).map((node) => expression(reader, node, node))

const only: Convert = (reader, node) => expression(reader, firstNamed(node), node)

const name: Convert = (reader, node): Name => ({ kind: "Name", id: identifier(reader, node), start: node.start, end: node.end })

const starred: Convert = (reader, node): Starred => ({
  kind: "Starred",
  value: expression(reader, firstNamed(node), node),
  start: node.start,
  end: node.end,
})

const list: Convert = (reader, node) => ({ kind: "List", elts: elements(reader, node.children), start: node.start, end: node.end })

const tuple: Convert = (reader, node) => {
  const inner = namedOf(node)
  // `(a) = 1` is a tuple pattern to tree-sitter.
  if (inner.length === 1 && !has(node, ",")) return expression(reader, inner[0], node)
  return { kind: "Tuple", elts: elements(reader, inner), start: node.start, end: node.end }
}

const CONVERT: Record<string, Convert> = {
  identifier: name,
  attribute: chain,
  subscript: chain,
  call: chain,
  binary_operator: chain,
  boolean_operator: chain,
  comparison_operator: chain,
  string,
  concatenated_string: string,
  integer: number,
  float: number,
  true: (_, node) => ({ kind: "Constant", type: "bool", value: true, start: node.start, end: node.end }),
  false: (_, node) => ({ kind: "Constant", type: "bool", value: false, start: node.start, end: node.end }),
  none: (_, node) => ({ kind: "Constant", type: "NoneType", value: null, start: node.start, end: node.end }),
  ellipsis: (_, node) => ({ kind: "Constant", type: "ellipsis", value: null, start: node.start, end: node.end }),
  not_operator: (reader, node) => ({ kind: "UnaryOp", op: "Not", operand: only(reader, node), start: node.start, end: node.end }),
  unary_operator: (reader, node) => {
    const sign = node.children[0]?.type
    return {
      kind: "UnaryOp",
      op: sign === "-" ? "USub" : sign === "+" ? "UAdd" : "Invert",
      operand: only(reader, node),
      start: node.start,
      end: node.end,
    }
  },
  await: awaited,
  lambda,
  conditional_expression: conditional,
  named_expression: (reader, node) => {
    const [target, value] = namedOf(node)
    return {
      kind: "NamedExpr",
      target: name(reader, target ?? node) as Name,
      value: expression(reader, value, node),
      start: node.start,
      end: node.end,
    }
  },
  yield: (reader, node) => {
    const value = firstNamed(node)
    if (has(node, "from")) return { kind: "YieldFrom", value: expression(reader, value, node), start: node.start, end: node.end }
    return { kind: "Yield", value: value ? expression(reader, value, node) : null, start: node.start, end: node.end }
  },
  list,
  list_pattern: list,
  tuple,
  tuple_pattern: tuple,
  set: (reader, node) => ({ kind: "Set", elts: elements(reader, node.children), start: node.start, end: node.end }),
  expression_list: (reader, node) => ({ kind: "Tuple", elts: elements(reader, node.children), start: node.start, end: node.end }),
  pattern_list: (reader, node) => ({ kind: "Tuple", elts: elements(reader, node.children), start: node.start, end: node.end }),
  list_splat: starred,
  list_splat_pattern: starred,
  splat_type: starred,
  parenthesized_expression: parenthesized,
  dictionary,
  list_comprehension: (reader, node) => ({
    kind: "ListComp",
    elt: only(reader, node),
    generators: generators(reader, node),
    start: node.start,
    end: node.end,
  }),
  set_comprehension: (reader, node) => ({
    kind: "SetComp",
    elt: only(reader, node),
    generators: generators(reader, node),
    start: node.start,
    end: node.end,
  }),
  generator_expression: (reader, node) => ({
    kind: "GeneratorExp",
    elt: only(reader, node),
    generators: generators(reader, node),
    start: node.start,
    end: node.end,
  }),
  dictionary_comprehension: (reader, node) => {
    const pair = firstNamed(node)
    const [key, value] = pair ? namedOf(pair) : []
    return {
      kind: "DictComp",
      key: expression(reader, key, node),
      value: expression(reader, value, node),
      generators: generators(reader, node),
      start: node.start,
      end: node.end,
    }
  },
  slice,
  as_pattern: only,
  as_pattern_target: only,
  keyword_argument: (reader, node) => {
    reader.problem(node, "invalid syntax")
    return expression(reader, secondNamed(node), node)
  },
  // Annotations have a small grammar of their own in tree-sitter.
  type: only,
  generic_type: (reader, node) => {
    const [head, parameters] = namedOf(node)
    const inner = parameters ? parameters.children.slice(1, -1) : []
    return {
      kind: "Subscript",
      value: expression(reader, head, node),
      slice: subscripted(reader, inner, node),
      start: node.start,
      end: node.end,
    }
  },
  union_type: union,
  constrained_type: slice,
  member_type: (reader, node) => {
    const [value, attribute] = namedOf(node)
    return {
      kind: "Attribute",
      value: expression(reader, value, node),
      attr: identifier(reader, attribute),
      start: node.start,
      end: node.end,
    }
  },
}

const CONVERTERS = new Map(Object.entries(CONVERT))

/** `list[A] | B | C`: in annotations tree-sitter groups to the right what Python groups to the left. */
function union(reader: Reader, node: SyntaxNode): Expr {
  const members: SyntaxNode[] = []
  const pending = [node]
  for (let member = pending.pop(); member; member = pending.pop()) {
    const isUnion = member.type === "union_type" || (member.type === "binary_operator" && member.children[1]?.type === "|")
    if (isUnion || member.type === "type") pending.push(...namedOf(member).reverse())
    else members.push(member)
  }
  return members
    .map((member) => ({ left: expression(reader, member, node), start: member.start, end: member.end }))
    .reduce(({ left, start }, next) => ({
      left: { kind: "BinOp", left, op: "BitOr", right: next.left, start, end: next.end },
      start,
      end: next.end,
    })).left
}

/** `await x ** 2` is `(await x) ** 2`, which tree-sitter reads the other way round. */
function awaited(reader: Reader, node: SyntaxNode): Expr {
  const inner = firstNamed(node)
  if (inner?.type === "binary_operator" && inner.children[1]?.type === "**") {
    const [base, , exponent] = inner.children
    const value = expression(reader, base, inner)
    const left: Expr = { kind: "Await", value, start: node.start, end: base?.end ?? inner.end }
    return { kind: "BinOp", left, op: "Pow", right: expression(reader, exponent, inner), start: node.start, end: node.end }
  }
  return { kind: "Await", value: expression(reader, inner, node), start: node.start, end: node.end }
}

function lambda(reader: Reader, node: SyntaxNode): Expr {
  const signature = first(node, "lambda_parameters")
  const body = namedOf(node).find((child) => child !== signature)
  const args = parameters(reader, signature, node.start + "lambda".length)
  return { kind: "Lambda", args, body: expression(reader, body, node), start: node.start, end: node.end }
}

/** `x := a if b else c` gives `x` the conditional; tree-sitter binds `:=` tighter. The same with `*a if b else c`. */
function conditional(reader: Reader, node: SyntaxNode): Expr {
  const [bodyNode, test, orelse] = namedOf(node)
  const body = expression(reader, bodyNode, node)
  const rest = { test: expression(reader, test, node), orelse: expression(reader, orelse, node), end: node.end }
  const isBare = bodyNode?.type === "named_expression" || bodyNode?.type === "list_splat"
  if (isBare && (body.kind === "NamedExpr" || body.kind === "Starred"))
    return { ...body, value: { kind: "IfExp", body: body.value, start: body.value.start, ...rest }, end: node.end }
  return { kind: "IfExp", body, start: node.start, ...rest }
}

/** Parentheses leave no trace, however many. */
function parenthesized(reader: Reader, node: SyntaxNode): Expr {
  let inner: SyntaxNode | undefined = node
  let depth = 0
  while (inner?.type === "parenthesized_expression") {
    inner = firstNamed(inner)
    // CPython's own bound.
    if (++depth > 200) {
      reader.problem(node, "too deeply nested to read")
      return nothing(node.start)
    }
  }
  return expression(reader, inner, node)
}

function dictionary(reader: Reader, node: SyntaxNode): Expr {
  const keys: (Expr | null)[] = []
  const values: Expr[] = []
  for (const entry of node.children) {
    if (!entry.named) continue
    if (entry.type === "dictionary_splat") {
      keys.push(null)
      values.push(expression(reader, firstNamed(entry), entry))
    } else {
      keys.push(expression(reader, firstNamed(entry), entry))
      values.push(expression(reader, secondNamed(entry), entry))
    }
  }
  return { kind: "Dict", keys: compact(keys), values: compact(values), start: node.start, end: node.end }
}

function generators(reader: Reader, node: SyntaxNode): Comprehension[] {
  const found: Comprehension[] = []
  for (const clause of node.children) {
    if (clause.type === "if_clause") found.at(-1)?.ifs.push(expression(reader, firstNamed(clause), clause))
    if (clause.type !== "for_in_clause") continue
    const at = clause.children.findIndex((child) => child.type === "in")
    const target = clause.children.slice(0, at).find((child) => child.named)
    found.push({
      kind: "comprehension",
      target: expression(reader, target, clause),
      iter: expressions(reader, clause.children.slice(at + 1), clause),
      ifs: [],
      is_async: has(clause, "async") ? 1 : 0,
      start: clause.start,
      end: clause.end,
    })
  }
  return found
}

function slice(reader: Reader, node: SyntaxNode): Slice {
  const bounds: (Expr | null)[] = [null, null, null]
  let at = 0
  for (const child of node.children) {
    if (child.type === ":") at++
    else if (child.named) bounds[at] = expression(reader, child, node)
  }
  return { kind: "Slice", lower: bounds[0] ?? null, upper: bounds[1] ?? null, step: bounds[2] ?? null, start: node.start, end: node.end }
}

/** What stands between the brackets of `x[...]`. A lone `*a` is a tuple too. */
export function subscripted(reader: Reader, nodes: SyntaxNode[], parent: SyntaxNode): Expr {
  const read = expressions(reader, nodes, parent)
  return read.kind === "Starred" ? { kind: "Tuple", elts: [read], start: read.start, end: read.end } : read
}
