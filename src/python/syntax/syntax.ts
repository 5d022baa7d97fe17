import type { Comment, Name, Span, SyntaxProblem } from "../nodes.ts"

/**
 * A node of tree-sitter's tree as the converters read it: comments and line continuations are gone, and so are
 * `ERROR` nodes, except between statements.
 */
export interface SyntaxNode extends Span {
  type: string
  /** False for keywords and punctuation. */
  named: boolean
  children: SyntaxNode[]
}

/** More problems than this in one file say nothing new: the first one usually causes the rest. */
const MOST_PROBLEMS = 5

/**
 * How deep expressions and blocks may nest. CPython's own bounds are 200 brackets and 100 indents; everything that
 * walks our trees relies on a bound, and chains (`a + b + c`, `a.b().c()`) do not count.
 */
export const DEEPEST = 400

/** What the converters share while one file is converted. */
export class Reader {
  /** The text whose offsets the nodes hold. */
  readonly text: string
  readonly comments: Comment[] = []
  readonly problems: SyntaxProblem[] = []
  private isExplained = false
  /** Every identifier that was read, as it is written and as Python compares it: the key is one of the two, the value the latter. */
  readonly names = new Map<string, string>()
  private depth = 0
  private isTooDeep = false

  constructor(text: string) {
    this.text = text
  }

  textOf(span: Span): string {
    return this.text.slice(span.start, span.end)
  }

  /** Notes what tree-sitter's own errors follow from: those are not told any more. */
  blame(problem: SyntaxProblem): void {
    this.problems.push(problem)
    this.isExplained = true
  }

  /** Notes an error of tree-sitter's, whose words tell less than anything else. */
  failure(span: Span, message: string): void {
    if (!this.isExplained) this.problem(span, message)
  }

  /** Notes a place that Python does not allow. */
  problem(span: Span, message: string): void {
    if (this.problems.length >= MOST_PROBLEMS) return
    if (this.problems.some((known) => known.start === span.start)) return
    this.problems.push({ start: span.start, end: span.end, message })
  }

  /** Reads a node one level deeper, or gives `otherwise` where the bound is reached. */
  deeper<N extends Span, T>(node: N, read: (reader: Reader, node: N) => T, otherwise: (node: N) => T): T {
    if (this.depth >= DEEPEST) {
      if (!this.isTooDeep) this.problem(node, "too deeply nested to read")
      this.isTooDeep = true
      return otherwise(node)
    }
    this.depth++
    const result = read(this, node)
    this.depth--
    return result
  }

  /** Python compares identifiers in NFKC. Equal ones are one string: a file says `self` a hundred times. */
  identifier(span: Span): string {
    const text = this.text.slice(span.start, span.end)
    const known = this.names.get(text)
    if (known !== undefined) return known
    const normal = /^[\x00-\x7f]*$/.test(text) ? text : text.normalize("NFKC")
    this.names.set(text, normal)
    if (normal !== text) this.names.set(normal, normal)
    return normal
  }
}

/** The one empty list of all nodes: trees are only read. */
export const NONE: never[] = []

/**
 * A list without the room to grow that V8 leaves for more than a dozen further items. Trees of a whole project are kept,
 * and most of their lists hold one item or none.
 */
export const compact = <T>(list: T[]): T[] => (list.length === 0 ? NONE : list.slice())

/** Stands where an expression is missing: a name that nothing binds. */
export const nothing = (at: number): Name => ({ kind: "Name", id: "", start: at, end: at })

/** The first child that is neither a keyword nor punctuation. */
export const firstNamed = (node: SyntaxNode): SyntaxNode | undefined => nthNamed(node, 0)

/** The second one. */
export const secondNamed = (node: SyntaxNode): SyntaxNode | undefined => nthNamed(node, 1)

/** Asked for every node of a project, so without an iterator, which makes an object for each child. */
function nthNamed({ children }: SyntaxNode, n: number): SyntaxNode | undefined {
  let left = n
  for (let at = 0; at < children.length; at++) {
    const child = children[at] as SyntaxNode
    if (child.named && left-- === 0) return child
  }
  return undefined
}

export const namedOf = (node: SyntaxNode): SyntaxNode[] => node.children.filter((child) => child.named)

export const has = (node: SyntaxNode, type: string): boolean => first(node, type) !== undefined

export function first({ children }: SyntaxNode, type: string): SyntaxNode | undefined {
  for (let at = 0; at < children.length; at++) {
    const child = children[at] as SyntaxNode
    if (child.type === type) return child
  }
  return undefined
}

export const identifier = (reader: Reader, node: Span | undefined): string => (node ? reader.identifier(node) : "")

/** Does a string begin here, without letters before it? Asked of the code of a character. */
export const isQuote = (code: number): boolean => code === QUOTE || code === APOSTROPHE

const QUOTE = 34
const APOSTROPHE = 39

/** A dotted name without the blanks that Python allows around its dots. */
export function dottedName(reader: Reader, node: SyntaxNode): string {
  if (node.children.length === 1) return identifier(reader, firstNamed(node))
  return namedOf(node)
    .map((part) => identifier(reader, part))
    .join(".")
}
