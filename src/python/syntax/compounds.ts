import type { ClassDef, ExceptHandler, Expr, If, MatchCase, Stmt, WithItem } from "../nodes.ts"
import { callArguments, parameters, typeParameters } from "./arguments.ts"
import { expression, expressions } from "./expressions.ts"
import { casePattern } from "./patterns.ts"
import { statements } from "./statements.ts"
import { first, firstNamed, has, identifier, NONE, namedOf, type Reader, type SyntaxNode } from "./syntax.ts"

/** A statement that has a body, or undefined for any other node. */
export function compound(reader: Reader, node: SyntaxNode): Stmt | undefined {
  switch (node.type) {
    case "if_statement":
      return conditional(reader, node)
    case "for_statement":
      return loop(reader, node)
    case "while_statement": {
      const body = bodyOf(reader, node)
      const orelse = bodyOf(reader, first(node, "else_clause"))
      return {
        kind: "While",
        test: expression(reader, head(node), node),
        body,
        orelse,
        start: node.start,
        end: endOf(reader, node, body, orelse),
      }
    }
    case "try_statement":
      return attempt(reader, node)
    case "with_statement": {
      const body = bodyOf(reader, node)
      const kind = has(node, "async") ? "AsyncWith" : "With"
      return { kind, items: withItems(reader, first(node, "with_clause")), body, start: node.start, end: endOf(reader, node, body) }
    }
    case "function_definition":
      return functionDefinition(reader, node, NONE)
    case "class_definition":
      return classDefinition(reader, node, NONE)
    case "decorated_definition":
      return decorated(reader, node)
    case "match_statement":
      return match(reader, node)
    default:
      return undefined
  }
}

/** The condition or subject: the first named thing that is no body. */
const head = (node: SyntaxNode): SyntaxNode | undefined => namedOf(node).find((child) => child.type !== "block")

const bodyOf = (reader: Reader, node: SyntaxNode | undefined): Stmt[] => {
  if (!node) return NONE
  const block = first(node, "block")
  const body = statements(reader, block)
  if (body.length === 0 && block) reader.problem({ start: node.start, end: block.start }, "expected an indented block")
  return body
}

/** A compound statement ends where its last statement ends, or at the `;` behind it; tree-sitter's nodes may reach over comments. */
function endOf(reader: Reader, node: SyntaxNode, ...bodies: { end: number }[][]): number {
  const end = bodies.findLast((body) => body.length > 0)?.at(-1)?.end
  if (end === undefined) return node.end
  let at = end
  while (reader.text[at] === " " || reader.text[at] === "\t") at++
  return reader.text[at] === ";" ? at + 1 : end
}

/** `elif` is an `if` in the `else` of the one before it. */
function conditional(reader: Reader, node: SyntaxNode): If {
  const clauses = [node, ...node.children.filter((child) => child.type === "elif_clause")]
  let orelse: Stmt[] = bodyOf(reader, first(node, "else_clause"))
  const read = clauses.map((clause) => ({ clause, test: expression(reader, head(clause), clause), body: bodyOf(reader, clause) }))
  for (const { clause, test, body } of read.reverse())
    orelse = [{ kind: "If", test, body, orelse, start: clause.start, end: endOf(reader, clause, body, orelse) }]
  return orelse[0] as If
}

function loop(reader: Reader, node: SyntaxNode): Stmt {
  const at = node.children.findIndex((child) => child.type === "in")
  const target = node.children.slice(0, at).find((child) => child.named)
  const iter = node.children.slice(at + 1).find((child) => child.named && child.type !== "block")
  const body = bodyOf(reader, node)
  const orelse = bodyOf(reader, first(node, "else_clause"))
  return {
    kind: has(node, "async") ? "AsyncFor" : "For",
    target: expression(reader, target, node),
    iter: expression(reader, iter, node),
    body,
    orelse,
    start: node.start,
    end: endOf(reader, node, body, orelse),
  }
}

function attempt(reader: Reader, node: SyntaxNode): Stmt {
  const body = bodyOf(reader, node)
  const clauses = node.children.filter((child) => child.type === "except_clause")
  const handlers = clauses.map((clause) => handler(reader, clause))
  const orelse = bodyOf(reader, first(node, "else_clause"))
  const finalbody = bodyOf(reader, first(node, "finally_clause"))
  const kind = clauses.some((clause) => has(clause, "*")) ? "TryStar" : "Try"
  if (handlers.length === 0 && finalbody.length === 0)
    reader.problem({ start: node.start, end: node.start + 3 }, "expected `except` or `finally` block")
  return { kind, body, handlers, orelse, finalbody, start: node.start, end: endOf(reader, node, body, handlers, orelse, finalbody) }
}

function handler(reader: Reader, node: SyntaxNode): ExceptHandler {
  const body = bodyOf(reader, node)
  const colon = node.children.findIndex((child) => child.type === ":")
  const header = node.children.slice(1, colon).filter((child) => child.type !== "*")
  const as = header.findIndex((child) => child.type === "as")
  const [value, target] = as === -1 ? (header[0] ? splitAs(header[0]) : []) : [undefined, header[as + 1]]
  const types = as === -1 ? [...(value ? [value] : []), ...header.slice(1)] : header.slice(0, as)
  const type = types.length === 0 ? null : expressions(reader, types, node)
  const name = target ? identifier(reader, target) : null
  return { kind: "ExceptHandler", type, name, body, start: node.start, end: endOf(reader, node, body) }
}

/** `value as target`. To tree-sitter `a if b else c as d` ends with `c as d`; the `as` is taken out of there. */
function splitAs(node: SyntaxNode): [value: SyntaxNode, target?: SyntaxNode] {
  if (node.type === "as_pattern") {
    const [value = node, target] = namedOf(node)
    return target ? [value, target] : [value]
  }
  if (node.type !== "conditional_expression" && node.type !== "lambda") return [node]
  const last = node.children.at(-1)
  const [value, target] = last ? splitAs(last) : []
  if (!value || !target) return [node]
  return [{ ...node, end: value.end, children: [...node.children.slice(0, -1), value] }, target]
}

/**
 * `with (a, b):` is two items to Python since 3.9, and one tuple when something in it can be no item of its own
 * (`*a`, `x := a`, `yield`) or when more follows the parentheses.
 */
function withItems(reader: Reader, clause: SyntaxNode | undefined): WithItem[] {
  const items = clause ? clause.children.filter((child) => child.type === "with_item") : []
  if (clause && has(clause, "(") && has(clause, ",") && items.some((item) => NO_ITEM.has(firstNamed(item)?.type ?? ""))) {
    const elts = items.map((item) => expression(reader, firstNamed(item), item))
    const span = { start: clause.start, end: clause.end }
    return [
      {
        kind: "withitem",
        context_expr: { kind: "Tuple", elts, start: span.start, end: span.end },
        optional_vars: null,
        start: span.start,
        end: span.end,
      },
    ]
  }
  const [only] = items
  const inner = items.length === 1 && only ? firstNamed(only) : undefined
  if (inner?.type === "tuple" && namedOf(inner).length > 0 && namedOf(inner).every((child) => !NO_ITEM.has(child.type)))
    return namedOf(inner).map((child) => withItem(reader, child))
  const single = inner?.type === "parenthesized_expression" ? firstNamed(inner) : undefined
  if (single && splitAs(single)[1]) return [withItem(reader, single)]
  return items.map((item) => withItem(reader, firstNamed(item) ?? item))
}

const NO_ITEM = new Set(["list_splat", "named_expression", "yield"])

function withItem(reader: Reader, node: SyntaxNode): WithItem {
  const [value, target] = splitAs(node)
  return {
    kind: "withitem",
    context_expr: expression(reader, value, node),
    optional_vars: target ? expression(reader, target, node) : null,
    start: node.start,
    end: node.end,
  }
}

function decorated(reader: Reader, node: SyntaxNode): Stmt | undefined {
  const decorators = node.children
    .filter((child) => child.type === "decorator")
    .map((child) => expression(reader, firstNamed(child), child))
  const definition = node.children.at(-1)
  if (definition?.type === "class_definition") return classDefinition(reader, definition, decorators)
  return definition?.type === "function_definition" ? functionDefinition(reader, definition, decorators) : undefined
}

function functionDefinition(reader: Reader, node: SyntaxNode, decorator_list: Expr[]): Stmt {
  const name = first(node, "identifier")
  const returns = first(node, "type")
  const body = bodyOf(reader, node)
  return {
    kind: has(node, "async") ? "AsyncFunctionDef" : "FunctionDef",
    name: identifier(reader, name),
    name_span: { start: name?.start ?? node.start, end: name?.end ?? node.start },
    args: parameters(reader, first(node, "parameters"), name?.end ?? node.start),
    body,
    decorator_list,
    returns: returns ? expression(reader, returns, node) : null,
    type_params: typeParameters(reader, first(node, "type_parameter")),
    start: node.start,
    end: endOf(reader, node, body),
  }
}

function classDefinition(reader: Reader, node: SyntaxNode, decorator_list: Expr[]): ClassDef {
  const name = first(node, "identifier")
  const { args, keywords } = callArguments(reader, first(node, "argument_list"))
  const body = bodyOf(reader, node)
  return {
    kind: "ClassDef",
    name: identifier(reader, name),
    name_span: { start: name?.start ?? node.start, end: name?.end ?? node.start },
    bases: args,
    keywords,
    body,
    decorator_list,
    type_params: typeParameters(reader, first(node, "type_parameter")),
    start: node.start,
    end: endOf(reader, node, body),
  }
}

function match(reader: Reader, node: SyntaxNode): Stmt {
  const colon = node.children.findIndex((child) => child.type === ":")
  const subject = expressions(reader, node.children.slice(1, colon), node)
  const clauses = first(node, "block")?.children.filter((child) => child.type === "case_clause") ?? []
  const cases = clauses.map((clause) => matchCase(reader, clause))
  return { kind: "Match", subject, cases, start: node.start, end: endOf(reader, node, cases) }
}

function matchCase(reader: Reader, node: SyntaxNode): MatchCase {
  const guard = first(node, "if_clause")
  const stop = node.children.findIndex((child) => child === guard || child.type === ":")
  const body = bodyOf(reader, node)
  return {
    kind: "match_case",
    pattern: casePattern(reader, node.children.slice(1, stop), node.start),
    guard: guard ? expression(reader, firstNamed(guard), guard) : null,
    body,
    start: node.start,
    end: endOf(reader, node, body),
  }
}
