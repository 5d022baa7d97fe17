/** Offsets to lines and columns. Positions are computed at the edge, where something is shown. */
import type { Span } from "./nodes.ts"

/** No file is that long. */
const LONGEST_FILE = 2 ** 26

/** A span as one number, for looking things up by it. */
export const spanKey = ({ start, end }: Span): number => start * LONGEST_FILE + end

export interface Position {
  /** 1-based. `\n`, `\r\n` and `\r` end a line, as in Python; a form feed does not. */
  line: number
  /** 1-based, in code points, as ruff and SARIF's `unicodeCodePoints` count. */
  column: number
  /** 1-based, in UTF-16 units, as editors count. */
  utf16: number
}

/** The lines of one text. */
export class Lines {
  readonly text: string
  /** Offset of the first character of each line. */
  readonly starts: number[] = [0]

  constructor(text: string) {
    this.text = text
    for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) this.starts.push(index + end.length)
  }

  /** Where an offset is; offsets past the end are at the end. */
  position(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length))
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] as number) <= clamped) low = middle
      else high = middle - 1
    }
    const start = this.starts[low] as number
    const before = this.text.slice(start, clamped)
    let points = 0
    for (const _ of before) points++
    return { line: low + 1, column: points + 1, utf16: before.length + 1 }
  }

  /** The text of a 1-based line, without its end. */
  line(number: number): string {
    const start = this.starts[number - 1]
    if (start === undefined) return ""
    return this.text.slice(start, this.starts[number] ?? this.text.length).replace(/[\r\n]+$/, "")
  }
}
