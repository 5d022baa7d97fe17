import type { Expr, MatchClass, MatchMapping, Name, Pattern } from "../nodes.ts"
import { expression } from "./expressions.ts"
import { first, identifier, namedOf, nothing, type Reader, type SyntaxNode } from "./syntax.ts"

/** What stands between `case` and `:` or the guard. With a comma it is a sequence without brackets. */
export function casePattern(reader: Reader, nodes: SyntaxNode[], at: number): Pattern {
  if (!nodes.some((node) => node.type === ",")) return pattern(reader, nodes, at)
  const start = nodes[0]?.start ?? at
  return { kind: "MatchSequence", patterns: listed(reader, nodes), start, end: nodes.at(-1)?.end ?? start }
}

const listed = (reader: Reader, nodes: SyntaxNode[]): Pattern[] =>
  split(nodes, ",").map((group) => pattern(reader, group, group[0]?.start ?? 0))

/** The runs of nodes between separators. */
function split(nodes: SyntaxNode[], separator: string): SyntaxNode[][] {
  const groups: SyntaxNode[][] = []
  let group: SyntaxNode[] = []
  for (const node of nodes) {
    if (node.type !== separator) group.push(node)
    else {
      if (group.length > 0) groups.push(group)
      group = []
    }
  }
  if (group.length > 0) groups.push(group)
  return groups
}

/** One pattern. It may be two siblings in tree-sitter's tree: `-` and a number. */
function pattern(reader: Reader, nodes: SyntaxNode[], at: number): Pattern {
  const [node, next] = nodes
  if (!node) return { kind: "MatchValue", value: nothing(at), start: at, end: at }
  return reader.deeper<SyntaxNode, Pattern>(
    node,
    () => (node.type === "-" && next ? negative(reader, node, next) : single(reader, node)),
    () => ({ kind: "MatchAs", pattern: null, name: null, start: node.start, end: node.end }),
  )
}

function negative(reader: Reader, minus: SyntaxNode, number: SyntaxNode): Pattern {
  const span = { start: minus.start, end: number.end }
  return {
    kind: "MatchValue",
    value: { kind: "UnaryOp", op: "USub", operand: expression(reader, number, number), start: span.start, end: span.end },
    start: span.start,
    end: span.end,
  }
}

function single(reader: Reader, node: SyntaxNode): Pattern {
  const span = { start: node.start, end: node.end }
  const inner = node.children.filter((child) => !"()[]{}".includes(child.type))
  switch (node.type) {
    case "case_pattern":
      return pattern(reader, node.children, node.start)
    case "as_pattern": {
      const name = node.children.at(-1)
      return {
        kind: "MatchAs",
        pattern: pattern(reader, node.children.slice(0, -2), node.start),
        name: identifier(reader, name),
        start: span.start,
        end: span.end,
      }
    }
    case "union_pattern":
      return { kind: "MatchOr", patterns: alternatives(reader, node), start: span.start, end: span.end }
    case "list_pattern":
      return { kind: "MatchSequence", patterns: listed(reader, inner), start: span.start, end: span.end }
    case "tuple_pattern":
      if (inner.length > 0 && !inner.some((child) => child.type === ",")) return pattern(reader, inner, node.start)
      return { kind: "MatchSequence", patterns: listed(reader, inner), start: span.start, end: span.end }
    case "splat_pattern": {
      const name = identifier(reader, node.children.at(-1))
      return { kind: "MatchStar", name: name === "_" ? null : name, start: span.start, end: span.end }
    }
    case "dict_pattern":
      return mapping(reader, node, inner)
    case "class_pattern":
      return classPattern(reader, node)
    case "true":
    case "false":
      return { kind: "MatchSingleton", value: node.type === "true", start: span.start, end: span.end }
    case "none":
      return { kind: "MatchSingleton", value: null, start: span.start, end: span.end }
    case "complex_pattern":
      return { kind: "MatchValue", value: complex(reader, node), start: span.start, end: span.end }
    case "_":
      return { kind: "MatchAs", pattern: null, name: null, start: span.start, end: span.end }
    case "dotted_name": {
      const value = dotted(reader, node)
      if (value.kind !== "Name") return { kind: "MatchValue", value, start: span.start, end: span.end }
      return { kind: "MatchAs", pattern: null, name: value.id === "_" ? null : value.id, start: span.start, end: span.end }
    }
    default:
      return { kind: "MatchValue", value: expression(reader, node, node), start: span.start, end: span.end }
  }
}

/** Nested unions come from tree-sitter's right recursion, never from parentheses: one flat list. */
function alternatives(reader: Reader, node: SyntaxNode): Pattern[] {
  return split(node.children, "|").flatMap((group) => {
    const [only] = group
    return only?.type === "union_pattern" ? alternatives(reader, only) : [pattern(reader, group, node.start)]
  })
}

function dotted(reader: Reader, node: SyntaxNode | undefined): Expr {
  const [head, ...rest] = node ? namedOf(node) : []
  if (!head) return nothing(node?.start ?? 0)
  let value: Expr = { kind: "Name", id: identifier(reader, head), start: head.start, end: head.end } satisfies Name
  for (const part of rest) value = { kind: "Attribute", value, attr: identifier(reader, part), start: head.start, end: part.end }
  return value
}

function complex(reader: Reader, node: SyntaxNode): Expr {
  const isNegative = node.children[0]?.type === "-"
  const [real, sign, imaginary] = isNegative ? node.children.slice(1) : node.children
  let left: Expr = expression(reader, real, node)
  if (isNegative) left = { kind: "UnaryOp", op: "USub", operand: left, start: node.start, end: left.end }
  return {
    kind: "BinOp",
    left,
    op: sign?.type === "-" ? "Sub" : "Add",
    right: expression(reader, imaginary, node),
    start: node.start,
    end: node.end,
  }
}

function mapping(reader: Reader, node: SyntaxNode, inner: SyntaxNode[]): MatchMapping {
  const found: MatchMapping = { kind: "MatchMapping", keys: [], patterns: [], rest: null, start: node.start, end: node.end }
  for (const entry of split(inner, ",")) {
    const [only] = entry
    if (only?.type === "splat_pattern") {
      found.rest = identifier(reader, only.children.at(-1))
      continue
    }
    const [key, value] = split(entry, ":")
    const read = pattern(reader, key ?? [], node.start)
    if (read.kind === "MatchValue") found.keys.push(read.value)
    else if (read.kind === "MatchSingleton") {
      const type = read.value === null ? "NoneType" : "bool"
      found.keys.push({ kind: "Constant", type, value: read.value, start: read.start, end: read.end })
    } else found.keys.push(nothing(read.start))
    found.patterns.push(pattern(reader, value ?? [], node.start))
  }
  return found
}

function classPattern(reader: Reader, node: SyntaxNode): MatchClass {
  const cls = dotted(reader, first(node, "dotted_name"))
  const found: MatchClass = { kind: "MatchClass", cls, patterns: [], kwd_attrs: [], kwd_patterns: [], start: node.start, end: node.end }
  for (const child of namedOf(node)) {
    if (child.type !== "case_pattern") continue
    const [only] = child.children
    if (only?.type === "keyword_pattern") {
      found.kwd_attrs.push(identifier(reader, only.children[0]))
      found.kwd_patterns.push(pattern(reader, only.children.slice(2), only.start))
    } else found.patterns.push(pattern(reader, [child], child.start))
  }
  return found
}
