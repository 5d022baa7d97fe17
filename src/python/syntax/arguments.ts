import type { Arg, Arguments, Expr, Keyword, TypeParam } from "../nodes.ts"
import { expression } from "./expressions.ts"
import { compact, first, firstNamed, identifier, NONE, namedOf, type Reader, type SyntaxNode, secondNamed } from "./syntax.ts"

/** What a call or a class header holds between its parentheses. */
export function callArguments(reader: Reader, node: SyntaxNode | undefined): { args: Expr[]; keywords: Keyword[] } {
  const args: Expr[] = []
  const keywords: Keyword[] = []
  if (node?.type === "generator_expression") args.push(expression(reader, node, node))
  else if (node) {
    for (let at = 0; at < node.children.length; at++) {
      const child = node.children[at] as SyntaxNode
      if (!child.named) continue
      const { type, start, end } = child
      if (type === "keyword_argument") {
        const arg = identifier(reader, firstNamed(child))
        keywords.push({ kind: "keyword", arg, value: expression(reader, secondNamed(child), child), start, end })
      } else if (type === "dictionary_splat")
        keywords.push({ kind: "keyword", arg: null, value: expression(reader, firstNamed(child), child), start, end })
      else args.push(expression(reader, child, child))
    }
  }
  return { args: compact(args), keywords: compact(keywords) }
}

/** The parameters of a `def` or a `lambda`. `at` is where they would stand when there are none. */
export function parameters(reader: Reader, node: SyntaxNode | undefined, at: number): Arguments {
  const found: Arguments = {
    kind: "arguments",
    posonlyargs: [],
    args: [],
    vararg: null,
    kwonlyargs: [],
    kw_defaults: [],
    kwarg: null,
    defaults: [],
    start: node?.start ?? at,
    end: node?.end ?? at,
  }
  let isKeywordOnly = false
  const add = (arg: Arg, value: Expr | null) => {
    if (isKeywordOnly) {
      found.kwonlyargs.push(arg)
      found.kw_defaults.push(value)
    } else {
      found.args.push(arg)
      if (value) found.defaults.push(value)
    }
  }
  for (const child of node?.children ?? []) {
    if (!child.named) continue
    const [name, ...rest] = child.type === "identifier" ? NONE : namedOf(child)
    switch (child.type) {
      case "identifier":
        add(argument(reader, child, undefined), null)
        break
      case "default_parameter":
        add(argument(reader, name ?? child, undefined), expression(reader, rest[0], child))
        break
      case "typed_default_parameter":
        add(argument(reader, name ?? child, rest[0]), expression(reader, rest[1], child))
        break
      case "typed_parameter":
        if (name?.type === "list_splat_pattern") {
          found.vararg = argument(reader, firstNamed(name) ?? name, rest[0])
          isKeywordOnly = true
        } else if (name?.type === "dictionary_splat_pattern") found.kwarg = argument(reader, firstNamed(name) ?? name, rest[0])
        else add(argument(reader, name ?? child, rest[0]), null)
        break
      case "list_splat_pattern":
        found.vararg = argument(reader, name ?? child, undefined)
        isKeywordOnly = true
        break
      case "dictionary_splat_pattern":
        found.kwarg = argument(reader, name ?? child, undefined)
        break
      case "keyword_separator":
        isKeywordOnly = true
        break
      case "positional_separator":
        found.posonlyargs = found.args
        found.args = []
        break
      default:
        reader.problem(child, "a parameter must be a name")
    }
  }
  return {
    ...found,
    posonlyargs: compact(found.posonlyargs),
    args: compact(found.args),
    kwonlyargs: compact(found.kwonlyargs),
    kw_defaults: compact(found.kw_defaults),
    defaults: compact(found.defaults),
  }
}

function argument(reader: Reader, name: SyntaxNode, type: SyntaxNode | undefined): Arg {
  const annotation = type ? expression(reader, type, type) : null
  return { kind: "arg", arg: identifier(reader, name), annotation, start: name.start, end: type?.end ?? name.end }
}

/** `[T: bound = default, *Ts, **P]` of a `def`, `class` or `type`. */
export function typeParameters(reader: Reader, node: SyntaxNode | undefined): TypeParam[] {
  return node ? namedOf(node).map((child) => typeParameter(reader, child)) : NONE
}

/**
 * Tree-sitter knows no defaults here. They arrive as further `:` (see `disguise.ts`), so `T: int = str` is nested
 * `constrained_type` nodes, and the text says which of their colons is really a `=`.
 */
function typeParameter(reader: Reader, node: SyntaxNode): TypeParam {
  let bound: Expr | null = null
  let defaultValue: Expr | null = null
  const pieces: { sign: string; node: SyntaxNode }[] = []
  flatten(reader, node, "", pieces)
  const [head, ...rest] = pieces
  for (const piece of rest) {
    const value = expression(reader, piece.node, piece.node)
    if (piece.sign === "=") defaultValue = value
    else bound = value
  }
  const subject = head ? unwrap(head.node) : node
  const stars = /^\*{0,2}/.exec(reader.textOf(subject))?.[0].length ?? 0
  const name = stars > 0 ? (first(subject, "identifier") ?? firstNamed(subject) ?? subject) : subject
  const kind = stars === 2 ? "ParamSpec" : stars === 1 ? "TypeVarTuple" : "TypeVar"
  return { kind, name: identifier(reader, name), bound, default_value: defaultValue, start: node.start, end: node.end }
}

function flatten(reader: Reader, node: SyntaxNode, sign: string, found: { sign: string; node: SyntaxNode }[]): void {
  const inner = unwrap(node)
  if (inner.type !== "constrained_type") {
    found.push({ sign, node: inner })
    return
  }
  let next = sign
  for (const child of inner.children) {
    if (child.named) flatten(reader, child, next, found)
    else next = reader.text[child.start] ?? ":"
  }
}

function unwrap(node: SyntaxNode): SyntaxNode {
  let inner = node
  while (inner.type === "type" && inner.children[0]) inner = inner.children[0]
  return inner
}
