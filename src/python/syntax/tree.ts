import { isQuote, type Reader, type SyntaxNode } from "./syntax.ts"

/** What is known of a node by its kind alone. */
export interface Kind {
  type: string
  named: boolean
  /** Nobody reads its children, if it has any. */
  leaf: boolean
}

/**
 * Tree-sitter's tree in one table, in the order of the text, outer nodes before inner ones. Each row is four numbers:
 * the kind with flags, where the node starts and ends, and the first row behind all that is inside of it.
 */
export interface Table {
  rows: Uint32Array
  kinds: readonly Kind[]
}

const WIDTH = 4
const KIND = 0xffff
const MISSING = 1 << 16
const HAS_ERROR = 2 << 16

/** Named nodes whose children, if any, nobody reads. */
const LEAVES = new Set(
  (
    "identifier integer float true false none ellipsis comment line_continuation string_start string_end string_content " +
    "type_conversion wildcard_import positional_separator keyword_separator pass_statement break_statement continue_statement"
  ).split(" "),
)

export const kindOf = (type: string, named: boolean): Kind => ({ type, named, leaf: !named || LEAVES.has(type) })

const ERROR: Kind = { type: "ERROR", named: true, leaf: false }

export const hasError = ({ rows }: Table): boolean => ((rows[0] as number) & HAS_ERROR) !== 0

/** Makes nodes of a table, puts comments aside and tells of errors. Uses no recursion: the tree may be thousands of levels deep. */
export function nodesOf(table: Table, reader: Reader): SyntaxNode {
  const { rows, kinds } = table
  const isBroken = hasError(table)
  const root: SyntaxNode = { type: "module", named: true, start: rows[1] as number, end: rows[2] as number, children: [] }
  if (isBroken && ((rows[0] as number) & KIND) === KIND) reader.failure(errorSpan(reader, root), describeError(reader, root))
  // The nodes around the row at hand, the row behind each, and where its children begin among those that wait for their parent.
  const outer: SyntaxNode[] = [root]
  const ends: number[] = [rows.length]
  const waiting: SyntaxNode[] = []
  let waits = 0
  const begins: number[] = [0]
  let inner = root
  let end = rows.length
  // A list that grows would keep room for a dozen more children.
  const leave = () => {
    const from = begins.pop() as number
    inner.children = waiting.slice(from, waits)
    waits = from
    outer.pop()
    ends.pop()
    inner = outer[outer.length - 1] as SyntaxNode
    end = ends[ends.length - 1] as number
  }
  for (let at = WIDTH; at < rows.length; ) {
    while (at >= end) leave()
    const { type, named, leaf } = kinds[(rows[at] as number) & KIND] ?? ERROR
    const node: SyntaxNode = { type, named, start: rows[at + 1] as number, end: rows[at + 2] as number, children: NO_CHILDREN }
    const after = (rows[at + 3] as number) * WIDTH
    if (type === "comment") reader.comments.push({ start: node.start, end: node.end, text: reader.textOf(node) })
    else if (type !== "line_continuation" && !(isBroken && isLost(node, ((rows[at] as number) & MISSING) !== 0, inner, reader))) {
      waiting[waits++] = node
      if (after > at + WIDTH && !leaf && (type !== "string" || isFormatted(reader.text, node.start))) {
        inner = node
        end = after
        outer.push(node)
        ends.push(after)
        begins.push(waits)
        at += WIDTH
        continue
      }
    }
    at = after
  }
  while (outer.length > 0) leave()
  return root
}

/** Only f-strings and t-strings have anything inside that is not read from the text. */
function isFormatted(text: string, start: number): boolean {
  return !isQuote(text.charCodeAt(start)) && FORMATTED.test(text.slice(start, start + 3))
}

const FORMATTED = /^[A-Za-z]?[fFtT]/

const NO_CHILDREN: SyntaxNode[] = []
const HOLDS_STATEMENTS = new Set(["module", "block", "ERROR"])

/** Tells of what is wrong with a node of a text with errors. True for one that stands where nobody can use it. */
function isLost(node: SyntaxNode, isMissing: boolean, inside: SyntaxNode, reader: Reader): boolean {
  const isError = node.type === "ERROR"
  if (isError) reader.failure(errorSpan(reader, node), describeError(reader, node))
  else if (isMissing && node.start === node.end) reader.failure({ start: node.start, end: node.end }, `missing ${describeMissing(node)}`)
  return isError && !HOLDS_STATEMENTS.has(inside.type)
}

/** An error may span half the file; its first line shows where it begins. */
function errorSpan(reader: Reader, { start, end }: SyntaxNode): { start: number; end: number } {
  const lineEnd = reader.text.slice(start, end).search(/[\r\n]/)
  return { start, end: lineEnd > 0 ? start + lineEnd : end }
}

function describeError(reader: Reader, { start, end }: SyntaxNode): string {
  const text =
    reader.text
      .slice(start, Math.min(end, start + 30))
      .trim()
      .split(/[\r\n]/)[0] ?? ""
  return text === "" ? "invalid syntax" : `invalid syntax at \`${text}\``
}

function describeMissing({ type, named }: SyntaxNode): string {
  if (!named) return `\`${type}\``
  return type === "identifier" ? "a name" : `a ${type.replaceAll("_", " ")}`
}
