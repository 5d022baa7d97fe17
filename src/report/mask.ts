import type { Range } from "./report.ts"
import { linesOf } from "./visible.ts"

/** Letters of a secret that are shown, so that its owner knows which one it is. */
const SHOWN = 3

/**
 * A source text in which the strings of a range are unreadable: a log that quotes the line of a leaked key would leak
 * it once more. The length stays, so that carets stand where they should.
 */
export function masked(source: string, { start, end }: Range): string {
  const lines = linesOf(source)
  for (let number = start.line; number <= Math.min(end.line, lines.length); number++) {
    const points = [...(lines[number - 1] as string)]
    const from = number === start.line ? start.column - 1 : 0
    const to = number === end.line ? end.column - 1 : points.length
    const text = points.slice(from, to).join("")
    lines[number - 1] = points.slice(0, from).join("") + text.replace(STRING, hidden) + points.slice(to).join("")
  }
  return lines.join("\n")
}

const STRING = /(["'])((?:\\.|(?!\1).)+)\1/g

const hidden = (_: string, quote: string, text: string): string =>
  quote + text.slice(0, SHOWN) + "*".repeat(Math.max(0, text.length - SHOWN)) + quote
