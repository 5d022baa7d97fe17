import type { Span, SyntaxProblem } from "../nodes.ts"

/** What a look at brackets, strings, comments and line ends alone tells of a text. */
export interface Brackets {
  /** The first bracket or quote that has no partner, or header of a block without its `:`, if any. */
  problem: SyntaxProblem | undefined
  /** The text of the same length that stands at `problem` no more, so that the lines around it can be read. */
  repaired: string
  /** Line ends (with a `\` before them) inside brackets. */
  breaks: Span[]
  /** Comments inside brackets, and those between a decorator and what it decorates. */
  comments: Span[]
}

const CLOSES: Record<string, string> = { ")": "(", "]": "[", "}": "{" }
const OPENS: Record<string, string> = { "(": ")", "[": "]", "{": "}" }
const TOKEN = /#[^\r\n]*|(?:\\)?(?:\r\n|\r|\n)|[([{]|[)\]}]|[A-Za-z_]\w*|"""|'''|"|'|:/g
const HEADER = /^(?:async|class|def|elif|else|except|finally|for|if|try|while|with)$/

/** Used for texts that tree-sitter could not read, so the odd f-string with quotes inside quotes may be misread. */
export function readBrackets(text: string): Brackets {
  const found: Brackets = { problem: undefined, repaired: text, breaks: [], comments: [] }
  const open: { sign: string; at: number }[] = []
  const token = new RegExp(TOKEN)
  let prefix = ""
  // Of the line at hand: its first word, and whether a `:` stands outside of brackets.
  let header: Span | undefined
  let lineStart = 0
  let hasColon = false
  let isDecorated = false
  const blame = (start: number, end: number, message: string, stub = "") => {
    if (found.problem) return
    found.problem = { start, end, message }
    const fits = stub.length <= end - start ? stub : ""
    found.repaired = text.slice(0, start) + fits.padEnd(end - start) + text.slice(end)
  }
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [sign] = match
    const at = match.index
    if (/^[A-Za-z_]/.test(sign)) {
      prefix = text[at + sign.length] === '"' || text[at + sign.length] === "'" ? sign : ""
      if (HEADER.test(sign) && text.slice(lineStart, at).trim() === "") header = { start: at, end: at + sign.length }
      continue
    }
    const span = { start: at, end: at + sign.length }
    if (sign === ":" && open.length === 0) hasColon = true
    if (open.length === 0 && /^[\r\n]/.test(sign)) {
      if (header && !hasColon) blame(header.start, lineEnd(text, header.start), "expected `:`", "if 1:")
      header = undefined
      hasColon = false
      isDecorated = /^\s*@/.test(text.slice(lineStart, at)) || (isDecorated && /^\s*(#|$)/.test(text.slice(lineStart, at)))
      lineStart = span.end
    }
    if (sign[0] === "#") {
      if (open.length > 0 || isDecorated) found.comments.push(span)
    } else if (/[\r\n]$/.test(sign)) {
      if (open.length > 0) found.breaks.push(span)
    } else if (sign === ":") continue
    else if ("([{".includes(sign)) open.push({ sign, at })
    else if (sign in CLOSES) {
      const last = open.pop()
      if (!last) blame(at, at + 1, `unmatched \`${sign}\``)
      else if (last.sign !== CLOSES[sign]) blame(at, at + 1, `\`${sign}\` does not match \`${last.sign}\``, OPENS[last.sign])
    } else {
      const end = endOfString(text, at + sign.length, sign)
      if (end === undefined)
        blame(at - prefix.length, lineEnd(text, at), sign.length === 3 ? "unterminated triple-quoted string" : "unterminated string", "0")
      token.lastIndex = end ?? lineEnd(text, at)
      if (end === undefined && sign.length === 3) break
    }
    prefix = ""
  }
  // The innermost one, as CPython says.
  const last = open.at(-1)
  if (last) blame(last.at, last.at + 1, `\`${last.sign}\` was never closed`)
  return found
}

function endOfString(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === "\\") at += text.startsWith("\r\n", at + 1) ? 2 : 1
    else if (quote.length === 1 && (character === "\n" || character === "\r")) return undefined
    else if (text.startsWith(quote, at)) return at + quote.length
  }
  return undefined
}

const lineEnd = (text: string, from: number): number => {
  const found = text.slice(from).search(/[\r\n]/)
  return found === -1 ? text.length : from + found
}

/** The text with blanks for all that these spans hold: offsets stay. */
export function blanked(text: string, spans: readonly Span[]): string {
  const out: string[] = []
  let at = 0
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    out.push(text.slice(at, start), " ".repeat(end - start))
    at = end
  }
  return out.join("") + text.slice(at)
}
