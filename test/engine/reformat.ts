/** Changes how Python looks, and nothing else: what formatters and people do to a file that they do not mean to change. */

const TOKEN =
  /#[^\n]*|[A-Za-z]{0,2}(?:"""(?:\\.|[^\\])*?"""|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\\\n|\n|[ \t]+|[\w.]+|./gsu

/** Where a choice is made: a whole number from 0 up to, but not including, `n`. */
export type Choose = (n: number) => number

/** The same choices for the same seed (a xorshift generator), so that a failure can be seen again. */
export function chooser(seed: number): Choose {
  let state = seed | 0 || 1
  return (n) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return Math.abs(state) % n
  }
}

/** The file with other blank lines, comments, line breaks within brackets, and quotes. */
export function reformatted(source: string, choose: Choose): string {
  let depth = 0
  let out = ""
  let isLineStart = true
  for (const [token] of source.matchAll(TOKEN)) {
    if (isLineStart && depth === 0 && token !== "\n") out += between(choose, /^[ \t]+$/.test(token) ? token : "")
    isLineStart = false
    if (/^[([{]$/.test(token)) {
      depth += 1
      out += token + broken(choose)
    } else if (/^[)\]}]$/.test(token)) {
      depth -= 1
      out += (choose(4) === 0 ? "\n    " : "") + token
    } else if (token === "," && depth > 0) out += token + broken(choose)
    else if (token === "\n") {
      out += depth === 0 && choose(6) === 0 && !/\\$/.test(out) ? "  # why not\n" : "\n"
      isLineStart = true
    } else out += requoted(token, choose)
  }
  return out
}

const between = (choose: Choose, indent: string): string =>
  ["", "", "", "\n", `${indent}# a comment, of no importance\n`, `\n\n${indent}# another (one)\n`][choose(6)] as string

const broken = (choose: Choose): string => ["", "", "\n        ", "  # here\n    "][choose(4)] as string

/** `'a'` for `"a"`, where neither quotes nor escapes stand within. */
const requoted = (token: string, choose: Choose): string =>
  /^"[^"'\\{}]*"$/.test(token) && choose(3) === 0 ? `'${token.slice(1, -1)}'` : token
