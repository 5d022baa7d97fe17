/**
 * `primaryLocationLineHash`, as GitHub's `upload-sarif` computes it where a tool leaves it out: a rolling hash over the
 * hundred characters from a line's start on, spaces and tabs skipped, modulo 2^64, and the ordinal of equal hashes.
 * GitHub warns when a tool's own value differs, so every detail matters.
 */

const WINDOW = 100
const BASE = 37n
const END = 65_535
/** What the oldest character of the window counts: BASE^WINDOW. */
const OLDEST = BigInt.asUintN(64, BASE ** BigInt(WINDOW))

/** The hashes of all lines of a text; the first line is at index 0. */
export function lineHashes(text: string): string[] {
  const hashes: string[] = []
  const seen = new Map<string, number>()
  const characters = new Array<number>(WINDOW).fill(0)
  /** For each place in the window, the line that begins there. */
  const lines = new Array<number>(WINDOW).fill(-1)
  let hash = 0n
  let at = 0
  let line = 0
  let isLineStart = true

  for (const character of significant(text)) {
    settle()
    if (isLineStart) lines[at] = line++
    isLineStart = character === 10
    push(character)
  }
  for (let i = 0; i < WINDOW; i++) {
    settle()
    push(0)
  }
  return hashes

  /** The window is about to lose a line's first character, so it holds exactly what that line's hash is made of. */
  function settle(): void {
    if (lines[at] === -1) return
    const value = hash.toString(16)
    const ordinal = (seen.get(value) ?? 0) + 1
    seen.set(value, ordinal)
    hashes[lines[at]!] = `${value}:${ordinal}`
    lines[at] = -1
  }

  function push(character: number): void {
    hash = BigInt.asUintN(64, BASE * hash + BigInt(character) - OLDEST * BigInt(characters[at]!))
    characters[at] = character
    at = (at + 1) % WINDOW
  }
}

/** UTF-16 units without spaces and tabs, line ends as LF, and one mark for the end of the file. */
function* significant(text: string): Generator<number> {
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!
    if (character === " " || character === "\t") continue
    if (character === "\n" && text[i - 1] === "\r") continue
    yield character === "\r" ? 10 : text.charCodeAt(i)
  }
  yield END
}
