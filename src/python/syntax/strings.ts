import type { Constant, Expr, FormattedValue, Interpolation, JoinedStr, Span, TemplateStr } from "../nodes.ts"
import { expression } from "./expressions.ts"
import { isQuote, namedOf, type Reader, type SyntaxNode } from "./syntax.ts"

/** The letters before the opening quote, in lower case. */
function prefixOf({ text }: Reader, { start }: SyntaxNode): string {
  // Most have none.
  if (isQuote(text.charCodeAt(start))) return ""
  return (/^[A-Za-z]*/.exec(text.slice(start, start + 3))?.[0] ?? "").toLowerCase()
}

/** A string literal, or several that Python joins: what `ast` makes of it. */
export function string(reader: Reader, node: SyntaxNode): Expr {
  if (node.type === "string" && isQuote(reader.text.charCodeAt(node.start)))
    return { kind: "Constant", type: "str", value: plain(reader, node), start: node.start, end: node.end }
  const literals = node.type === "concatenated_string" ? node.children.filter((child) => child.type === "string") : [node]
  const prefixes = literals.map((literal) => prefixOf(reader, literal))
  const span = { start: node.start, end: node.end }
  if (prefixes.every((prefix) => !/[ft]/.test(prefix))) {
    const type = prefixes[0]?.includes("b") ? "bytes" : "str"
    return { kind: "Constant", type, value: literals.map((literal) => plain(reader, literal)).join(""), start: span.start, end: span.end }
  }
  const pieces = literals.flatMap((literal): Expr[] =>
    /[ft]/.test(prefixOf(reader, literal))
      ? formatted(reader, literal)
      : [{ kind: "Constant", type: "str", value: plain(reader, literal), start: literal.start, end: literal.end }],
  )
  const values = merged(pieces)
  const isTemplate = prefixes.some((prefix) => prefix.includes("t"))
  return isTemplate
    ? ({ kind: "TemplateStr", values, start: span.start, end: span.end } satisfies TemplateStr)
    : ({ kind: "JoinedStr", values, start: span.start, end: span.end } satisfies JoinedStr)
}

/** Neighbouring texts become one and empty ones go, as CPython does it. */
function merged(pieces: Expr[]): Expr[] {
  const values: Expr[] = []
  for (const piece of pieces) {
    if (piece.kind !== "Constant") {
      values.push(piece)
      continue
    }
    if (piece.value === "") continue
    const last = values.at(-1)
    if (last?.kind === "Constant") values[values.length - 1] = { ...last, value: `${last.value}${piece.value}`, end: piece.end }
    else values.push(piece)
  }
  return values
}

/**
 * Where the text between the quotes stands. Read from the text, since plain literals come without children, and since
 * tree-sitter's `string_end` begins too early behind the `\\` of `r"\\"`.
 */
function inside(reader: Reader, node: SyntaxNode): Span {
  const { text } = reader
  let open = node.start
  while (open < node.end && !isQuote(text.charCodeAt(open))) open++
  const quote = text.startsWith('"""', open) || text.startsWith("'''", open) ? text.slice(open, open + 3) : (text[open] ?? "")
  const start = open + quote.length
  const isClosed = node.end - quote.length >= start && text.startsWith(quote, node.end - quote.length)
  return { start: Math.min(start, node.end), end: isClosed ? node.end - quote.length : node.end }
}

function plain(reader: Reader, node: SyntaxNode): string {
  const prefix = prefixOf(reader, node)
  const text = newlines(reader.textOf(inside(reader, node)))
  if (prefix.includes("r") || !text.includes("\\")) return text
  return prefix.includes("b") ? decodeBytes(text) : decodeText(text)
}

/** The pieces of one f-string or t-string. */
function formatted(reader: Reader, node: SyntaxNode): Expr[] {
  const prefix = prefixOf(reader, node)
  return pieces(reader, node.children, inside(reader, node), prefix.includes("r"), prefix.includes("t"))
}

/** Literal text between the `{...}` among `children`, and what stands in those. */
function pieces(reader: Reader, children: SyntaxNode[], span: Span, raw: boolean, template: boolean): Expr[] {
  const found: Expr[] = []
  let at = span.start
  const literal = (end: number) => {
    if (end <= at) return
    const text = newlines(reader.text.slice(at, end))
    const value = raw ? text.replace(/\{\{|\}\}/g, (pair) => pair[0] as string) : decodeFormat(text)
    if (value !== "") found.push({ kind: "Constant", type: "str", value, start: at, end } satisfies Constant)
  }
  for (const child of children) {
    if (child.type !== "interpolation" && child.type !== "format_expression") continue
    literal(child.start)
    interpolation(reader, child, raw, template, found)
    at = child.end
  }
  literal(span.end)
  return found
}

function interpolation(reader: Reader, node: SyntaxNode, raw: boolean, template: boolean, found: Expr[]): void {
  const close = node.children.at(-1)
  const end = close?.type === "}" ? close.start : node.end
  let value: SyntaxNode | undefined
  let equals: SyntaxNode | undefined
  let conversion = -1
  let spec: SyntaxNode | undefined
  let after = end
  for (const child of node.children) {
    if (child.type === "type_conversion") {
      conversion = reader.text.charCodeAt(child.start + 1)
      after = Math.min(after, child.start)
    } else if (child.type === "format_specifier") {
      spec = child
      after = Math.min(after, child.start)
    } else if (child.type === "=") equals = child
    else if (child.named && !value) value = child
  }
  // Without parentheses `f"{x:=10}"` is `x` in the format `=10`, and no assignment.
  if (value?.type === "named_expression") {
    const [name, width] = namedOf(value)
    const colon = value.children.find((child) => child.type === ":=")
    const nested = width?.type === "set" ? [{ ...width, type: "format_expression" }] : []
    if (colon) spec = { ...colon, children: [...nested, ...(spec?.children ?? [])] }
    value = name
  }
  const text = { start: node.start + 1, end: after }
  if (equals) {
    found.push({ kind: "Constant", type: "str", value: newlines(withoutComments(reader, text)), ...text })
    if (conversion === -1 && !spec) conversion = 114
  }
  const read = {
    value: expression(reader, value, node),
    conversion,
    format_spec: spec ? formatSpec(reader, spec, end, raw) : null,
    start: node.start,
    end: node.end,
  }
  if (template) {
    const str = reader.text.slice(text.start, equals ? equals.start : after).trimEnd()
    found.push({ kind: "Interpolation", str, ...read } satisfies Interpolation)
  } else found.push({ kind: "FormattedValue", ...read } satisfies FormattedValue)
}

/** The text that `f"{x=}"` shows: the source, without comments. */
function withoutComments(reader: Reader, span: Span): string {
  const text = reader.textOf(span)
  if (!text.includes("#")) return text
  const inner = reader.comments.filter((comment) => comment.start >= span.start && comment.end <= span.end)
  return inner.reduceRight((kept, comment) => kept.slice(0, comment.start - span.start) + kept.slice(comment.end - span.start), text)
}

/** What follows the `:`. Its text is taken from the source, since tree-sitter drops blanks at its ends. */
function formatSpec(reader: Reader, node: SyntaxNode, end: number, raw: boolean): JoinedStr {
  const values = merged(pieces(reader, node.children, { start: node.start + 1, end }, raw, false))
  return { kind: "JoinedStr", values, start: node.start, end }
}

// ---------------------------------------------------------------------------- escapes

/** Python reads every line end as `\n`, inside literals too. */
const newlines = (text: string): string => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text)

const SIMPLE: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
}

const TEXT_ESCAPE = /\\(?:N\{[^}]*\}|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g
const FORMAT_ESCAPE = new RegExp(`${TEXT_ESCAPE.source}|\\{\\{|\\}\\}`, "g")
const BYTES_ESCAPE = /\\(?:[0-7]{1,3}|x[0-9a-fA-F]{2}|[\s\S])/g

/** `\N{...}` stays as it is: a table of all of Unicode's names is not worth its size. */
function decodeEscape(written: string): string {
  const kind = written[1] as string
  const simple = SIMPLE[kind]
  if (simple !== undefined) return simple
  if (kind >= "0" && kind <= "7") return String.fromCodePoint(Number.parseInt(written.slice(1), 8))
  if (written.length > 2 && kind !== "N") {
    const code = Number.parseInt(written.slice(2), 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : written
  }
  return written
}

const decodeText = (text: string): string => text.replace(TEXT_ESCAPE, decodeEscape)

const decodeFormat = (text: string): string =>
  /[\\{}]/.test(text) ? text.replace(FORMAT_ESCAPE, (found) => (found[0] === "\\" ? decodeEscape(found) : (found[0] as string))) : text

const decodeBytes = (text: string): string =>
  text.replace(BYTES_ESCAPE, (written) => {
    const decoded = decodeEscape(written)
    // Octal escapes beyond a byte wrap around, as in CPython.
    return decoded.length === 1 && written.length > 2 ? String.fromCharCode(decoded.charCodeAt(0) & 0xff) : decoded
  })
