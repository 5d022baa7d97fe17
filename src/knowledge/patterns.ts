/**
 * Regular expressions that an engine refuses. Only what is certain: a pattern that no check here refuses may still be wrong.
 *
 * Source: Python's `re`, and the `regex` crate that Pydantic 2 uses, each tried on the patterns of the tests.
 */

/** What a pattern is made of, as far as the checks need it. */
interface Piece {
  text: string
  inClass: boolean
}

/** Splits a pattern into escapes, group openings and single characters. */
function* pieces(pattern: string): Generator<Piece> {
  let depth = 0
  for (let i = 0; i < pattern.length; ) {
    const rest = pattern.slice(i)
    const text = /^\\.?/su.exec(rest)?.[0] ?? (depth === 0 ? /^\(\?(?:P?[<=!>][=!]?|[#(])?/.exec(rest)?.[0] : undefined) ?? rest.charAt(0)
    // The bracket itself, a `^` behind it, and a `]` right after those are one piece.
    const opening = depth === 0 ? /^\[\^?\]?/.exec(text === "[" ? rest : "")?.[0] : undefined
    yield { text: opening ?? text, inClass: depth > 0 }
    if (opening) depth = 1
    else if (depth > 0 && text === "]") depth--
    i += (opening ?? text).length
  }
  if (depth > 0) yield { text: "", inClass: true }
}

/** Why no engine takes a pattern: brackets that do not match, a trailing backslash, nothing to repeat. */
export function brokenPattern(pattern: string): string | undefined {
  let groups = 0
  let before: string | undefined
  for (const { text, inClass } of pieces(pattern)) {
    if (text === "") return "a character class is not closed"
    if (text === "\\") return "it ends in a backslash"
    if (!inClass) {
      if (text.startsWith("(")) groups++
      if (text === ")" && --groups < 0) return "a `)` closes nothing"
      if (/^[*+?]$/.test(text) && (before === undefined || before === "(" || before === "|")) return `nothing stands before \`${text}\``
    }
    before = text
  }
  return groups > 0 ? "a `(` is not closed" : undefined
}

/** What Pydantic's engine does not know, for a pattern that Python's takes. */
export function unsupportedInRust(pattern: string): string | undefined {
  for (const { text, inClass } of pieces(pattern)) {
    if (/^\\[0-9]$/.test(text)) return "a backreference"
    if (inClass) continue
    if (/^\(\?<?[=!]$/.test(text)) return text.includes("<") ? "a look-behind" : "a look-ahead"
    if (text === "(?P=") return "a backreference"
    if (text === "(?>") return "an atomic group"
    if (text === "(?(") return "a conditional group"
    if (text === "(?#") return "a comment"
    if (text === "\\Z") return "`\\Z`"
  }
  return undefined
}
