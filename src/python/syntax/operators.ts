import type { CmpOp, Expr, Operator } from "../nodes.ts"
import { callArguments } from "./arguments.ts"
import { expression, subscripted } from "./expressions.ts"
import { compact, identifier, type Reader, type SyntaxNode, secondNamed } from "./syntax.ts"

/** Operators by what is written. */
export const OPERATORS: Record<string, Operator> = {
  "+": "Add",
  "-": "Sub",
  "*": "Mult",
  "@": "MatMult",
  "/": "Div",
  "%": "Mod",
  "**": "Pow",
  "<<": "LShift",
  ">>": "RShift",
  "|": "BitOr",
  "^": "BitXor",
  "&": "BitAnd",
  "//": "FloorDiv",
}

const COMPARISONS: Record<string, CmpOp> = {
  "==": "Eq",
  "!=": "NotEq",
  "<>": "NotEq",
  "<": "Lt",
  "<=": "LtE",
  ">": "Gt",
  ">=": "GtE",
  is: "Is",
  "is not": "IsNot",
  in: "In",
  "not in": "NotIn",
}

type Finish = (reader: Reader, node: SyntaxNode, left: Expr, start: number) => Expr

/** Expressions that begin with another expression. `left` is that one, already read; `start` is where it begins. */
const FINISH: Record<string, Finish> = {
  binary_operator: (reader, node, left, start) => {
    const [, sign, right] = node.children
    return { kind: "BinOp", left, op: OPERATORS[sign?.type ?? ""] ?? "Add", right: expression(reader, right, node), start, end: node.end }
  },
  boolean_operator: (reader, node, left, start) => {
    const [before, sign, after] = node.children
    const op = sign?.type === "or" ? "Or" : "And"
    const right = expression(reader, after, node)
    // A run of one operator without parentheses is a single node.
    if (left.kind === "BoolOp" && left.op === op && before?.type === "boolean_operator") {
      left.values.push(right)
      left.end = node.end
      return left
    }
    return { kind: "BoolOp", op, values: [left, right], start, end: node.end }
  },
  comparison_operator: (reader, node, left, start) => {
    const ops: CmpOp[] = []
    const comparators: Expr[] = []
    for (const child of node.children.slice(1)) {
      const op = COMPARISONS[child.type]
      if (op && !child.named) ops.push(op)
      else comparators.push(expression(reader, child, node))
    }
    return { kind: "Compare", left, ops: compact(ops), comparators: compact(comparators), start, end: node.end }
  },
  attribute: (reader, node, value, start) => ({
    kind: "Attribute",
    value,
    attr: identifier(reader, node.children[2]),
    start,
    end: node.end,
  }),
  subscript: (reader, node, value, start) => {
    const open = node.children.findIndex((child) => child.type === "[")
    return { kind: "Subscript", value, slice: subscripted(reader, node.children.slice(open + 1, -1), node), start, end: node.end }
  },
  call: (reader, node, func, start) => ({ kind: "Call", func, ...callArguments(reader, secondNamed(node)), start, end: node.end }),
}

const FINISHERS = new Map(Object.entries(FINISH))

/**
 * Reads `a + b + c`, `a.b().c()[d]` and the like from the inside out with a loop: such chains nest to the left, some
 * thousands deep in generated code, which would overflow the stack.
 */
export function chain(reader: Reader, node: SyntaxNode): Expr {
  const outward: SyntaxNode[] = []
  let inner: SyntaxNode | undefined = node
  while (inner && FINISHERS.has(inner.type)) {
    inner = regroup(inner)
    outward.push(inner)
    inner = inner.children[0]
  }
  let value = expression(reader, inner, outward.at(-1) ?? node)
  let start = inner?.start ?? node.start
  // `*a or b` is `*(a or b)`; tree-sitter lets the star bind tighter.
  const star = value.kind === "Starred" && inner?.type === "list_splat" ? value : undefined
  if (star) {
    value = star.value
    start = value.start
  }
  for (let i = outward.length - 1; i >= 0; i--)
    value = (FINISHERS.get((outward[i] as SyntaxNode).type) as Finish)(reader, outward[i] as SyntaxNode, value, start)
  return star ? { kind: "Starred", value, start: star.start, end: node.end } : value
}

/** `&` binds tighter than `^` in Python; in tree-sitter's grammar it is the other way round. */
function regroup(node: SyntaxNode): SyntaxNode {
  if (node.type !== "binary_operator" || !isBinary(node, "&") || !holdsHat(node)) return node
  const operands: SyntaxNode[] = []
  const signs: SyntaxNode[] = []
  flatten(node, operands, signs)
  let whole: SyntaxNode | undefined
  let hat: SyntaxNode | undefined
  let group = operands[0] as SyntaxNode
  for (const [at, sign] of signs.entries()) {
    const operand = operands[at + 1] as SyntaxNode
    if (sign.type === "&") group = binary(group, sign, operand)
    else {
      whole = whole && hat ? binary(whole, hat, group) : group
      hat = sign
      group = operand
    }
  }
  return whole && hat ? binary(whole, hat, group) : group
}

/** Does a `^` stand among the operands of this run of `&`? */
function holdsHat(node: SyntaxNode): boolean {
  let inner = node
  while (isBinary(inner, "&")) {
    if (isBinary(inner.children[2] as SyntaxNode, "^")) return true
    inner = inner.children[0] as SyntaxNode
  }
  return isBinary(inner, "^")
}

const isBinary = (node: SyntaxNode, ...signs: string[]): boolean =>
  node.type === "binary_operator" && node.children.length === 3 && signs.includes(node.children[1]?.type ?? "")

function flatten(node: SyntaxNode, operands: SyntaxNode[], signs: SyntaxNode[]): void {
  const rightward: SyntaxNode[] = []
  let inner = node
  for (; isBinary(inner, "&", "^"); inner = inner.children[0] as SyntaxNode) rightward.push(inner)
  operands.push(inner)
  for (const { children } of rightward.reverse()) {
    signs.push(children[1] as SyntaxNode)
    flatten(children[2] as SyntaxNode, operands, signs)
  }
}

const binary = (left: SyntaxNode, sign: SyntaxNode, right: SyntaxNode): SyntaxNode => ({
  type: "binary_operator",
  named: true,
  start: left.start,
  end: right.end,
  children: [left, sign, right],
})
