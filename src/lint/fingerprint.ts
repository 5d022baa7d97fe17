/**
 * The identity of a finding from one run to the next, for baselines, SARIF and GitLab. It holds no line, no column
 * and no message, so edits above, reformatting and better words leave it as it is.
 */
import xxhash from "xxhash-wasm"
import type { Verdict } from "./rule.ts"

const { h64ToString } = await xxhash()

/** The fingerprint of one finding: 16 hexadecimal digits. `text` is that of the file it points into. */
export function fingerprint(finding: Verdict, text: string): string {
  const { rule, at, scope = "", discriminator = "" } = finding
  // A short password can be guessed from its hash, and baselines are committed: where a secret stands names it, not what it is.
  const tokens = tokensOf(text.slice(at.start, at.end), rule.startsWith("secrets/") ? "without texts" : "whole")
  return h64ToString(["v1", rule, at.path, scope, tokens, discriminator].join("\0"))
}

/** Fingerprints that are unique within a run: the second of equal ones ends in `~2`. Findings come in the order of the text. */
export function fingerprints(findings: readonly Verdict[], textOf: (path: string) => string): string[] {
  const seen = new Map<string, number>()
  return findings.map((finding) => {
    const print = fingerprint(finding, textOf(finding.at.path))
    const count = (seen.get(print) ?? 0) + 1
    seen.set(print, count)
    return count === 1 ? print : `${print}~${count}`
  })
}

const TOKEN =
  /(?<comment>#[^\r\n]*)|(?<blank>[\s\\]+)|(?<string>(?<prefix>[A-Za-z]{0,2})(?:"""(?<a>(?:\\.|[^\\])*?)"""|'''(?<b>(?:\\.|[^\\])*?)'''|"(?<c>(?:\\.|[^"\\\r\n])*)"|'(?<d>(?:\\.|[^'\\\r\n])*)'))|(?<word>[\p{L}\p{N}_.]+)|(?<sign>.)/gsu

/**
 * The tokens of a piece of Python, without what a formatter may change: blanks, comments, line joins, quotes, the
 * joining of neighbouring strings, trailing commas, parentheses.
 */
export function tokensOf(source: string, texts: "whole" | "without texts" = "whole"): string {
  const tokens: string[] = []
  let stringBefore: string | undefined
  for (const { groups = {} } of source.matchAll(TOKEN)) {
    if (groups.comment !== undefined || groups.blank !== undefined) continue
    if (groups.string !== undefined) {
      const prefix = groups.prefix!.toLowerCase()
      const content = texts === "without texts" ? "" : (groups.a ?? groups.b ?? groups.c ?? groups.d ?? "").replace(/\\(["'])/g, "$1")
      if (stringBefore === prefix) tokens.push(`${tokens.pop()}${content}`)
      else tokens.push(`${prefix}"${content}`)
      stringBefore = prefix
      continue
    }
    const token = groups.word ?? groups.sign!
    // Parentheses come and go with the length of a line; so does the comma before a closing bracket.
    if (token === "(") continue
    if (/[)\]}]/.test(token) && tokens.at(-1) === ",") tokens.pop()
    if (token === ")") continue
    tokens.push(token)
    stringBefore = undefined
  }
  if (tokens.at(-1) === ",") tokens.pop()
  return tokens.join(" ")
}
