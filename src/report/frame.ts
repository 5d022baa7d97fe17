/** A code frame: the lines of a file that matter, marked under the text, no line wider than the terminal. */
import type { Level } from "#lint"
import { type View, viewOf } from "./cells.ts"
import type { Ink, Paint } from "./ink.ts"
import { widthOf, wrap } from "./layout.ts"
import { huesOf } from "./python-colours.ts"
import type { Look, Range } from "./report.ts"
import { linesOf, oneLine } from "./visible.ts"

export interface Mark {
  range: Range
  kind: "primary" | "secondary"
  label?: string
}

export interface Frame {
  path: string
  source: string
  marks: Mark[]
}

/** How many digits the line numbers of these frames need. */
export function gutterOf(frames: Frame[]): number {
  return Math.max(1, ...frames.map((frame) => String(Math.max(0, ...shownLines(linesOf(frame.source), frame.marks))).length))
}

/** The bar that opens, closes and parts what belongs to one finding. */
export function bar(gutter: number, ink: Ink): string {
  return `${" ".repeat(gutter + 1)}${ink.gutter("|")}`
}

/** The frame without the bars around it. Empty when no marked line is in the source. */
export function frameLines(frame: Frame, gutter: number, level: Level, look: Look, ink: Ink): string[] {
  const lines = linesOf(frame.source)
  const hues = look.color && frame.path.endsWith(".py") ? huesOf(frame.source) : undefined
  const starts = hues ? startsOf(frame.source, lines) : []
  const room = roomOf(look, gutter)
  const out: string[] = []
  let previous: number | undefined
  for (const number of shownLines(lines, frame.marks)) {
    if (previous !== undefined && number > previous + 1) out.push(`${" ".repeat(gutter - 1)}${ink.gutter(": |")}`)
    previous = number
    const line = lines[number - 1]!
    const spans = frame.marks.filter((mark) => mark.range.start.line === number).map((mark) => spanOf(mark, line))
    const focus = focusOf(spans, room)
    const view = viewOf(line, focus, room, ink, look.unicode, hues?.subarray(starts[number - 1]!, starts[number - 1]! + line.length))
    out.push(`${ink.gutter(`${String(number).padStart(gutter)} |`)} ${view.text}`.trimEnd())
    for (const row of markRows(spans, view, room, level, ink, look)) out.push(`${bar(gutter, ink)} ${row}`.trimEnd())
  }
  return out
}

/** Columns left for source text. Below forty columns a frame says nothing, so it does not try. */
function roomOf(look: Look, gutter: number): number {
  return Math.max(40, look.width) - gutter - 3
}

/** Where each line begins, in UTF-16 units. */
export function startsOf(source: string, lines: readonly string[]): number[] {
  let at = 0
  return lines.map((line) => {
    const start = at
    at += line.length
    at += source.startsWith("\r\n", at) ? 2 : 1
    return start
  })
}

// ---------------------------------------------------------------------------- which lines

/**
 * Marked lines, and what is needed to read them: the decorators of a marked `def`, the `def` under a marked decorator;
 * for a lone mark elsewhere one line above and one below. A gap of one line is filled, since its `:` would take as much room.
 */
export function shownLines(lines: readonly string[], marks: readonly Mark[]): number[] {
  const marked = [...new Set(marks.map((mark) => mark.range.start.line))].filter((n) => n >= 1 && n <= lines.length)
  const shown = new Set(marked)
  const text = (n: number) => (lines[n - 1] ?? "").trim()
  for (const n of marked) {
    if (/^(async\s+def|def|class)\b/.test(text(n))) for (let up = n - 1; up >= n - 2 && text(up).startsWith("@"); up--) shown.add(up)
    else if (text(n).startsWith("@")) addDefinition(n)
    else if (marked.length === 1) for (const near of [n - 1, n + 1]) if (text(near) !== "") shown.add(near)
  }
  for (const n of [...shown]) if (!shown.has(n + 1) && shown.has(n + 2)) shown.add(n + 1)
  return [...shown].sort((a, b) => a - b)

  function addDefinition(decorator: number): void {
    for (let down = decorator + 1; down <= decorator + 2; down++) {
      if (!/^(@|async\s+def\b|def\b|class\b)/.test(text(down))) return
      shown.add(down)
      if (!text(down).startsWith("@")) return
    }
  }
}

// ---------------------------------------------------------------------------- marks under a line

export interface Span {
  mark: Mark
  /** Code points, 0-based. */
  from: number
  to: number
}

/** A mark on its first line: the rest of a longer range is not drawn. */
export function spanOf(mark: Mark, line: string): Span {
  const length = [...line.trimEnd()].length
  const from = Math.max(0, Math.min(mark.range.start.column - 1, length))
  const to = mark.range.end.line > mark.range.start.line ? length : Math.min(mark.range.end.column - 1, Math.max(length, from + 1))
  return { mark, from, to: Math.max(to, from + 1) }
}

/** All marks of the line if they can be seen together, else the primary one. */
function focusOf(spans: Span[], room: number): { from: number; to: number } {
  if (spans.length === 0) return { from: 0, to: 1 }
  const from = Math.min(...spans.map((span) => span.from))
  const to = Math.max(...spans.map((span) => span.to))
  if (to - from <= room / 2) return { from, to }
  const primary = spans.find((span) => span.mark.kind === "primary") ?? spans[0]!
  return { from: primary.from, to: primary.to }
}

interface Drawn {
  start: number
  end: number
  sign: string
  paint: Paint
  label: string
}

/** One row of carets and dashes, with the label of the rightmost mark behind it; then the other labels, each under its mark. */
function markRows(spans: Span[], view: View, room: number, level: Level, ink: Ink, look: Look): string[] {
  if (spans.length === 0) return []
  const drawn = spans.map((span) => draw(span, view, room, level, ink, look))
  const rightToLeft = [...drawn].sort((a, b) => b.start - a.start || Number(a.sign === "-") - Number(b.sign === "-"))
  const secondaryFirst = [...drawn].sort((a, b) => Number(a.sign === "^") - Number(b.sign === "^"))
  const row = new Row()
  for (const { start, end, sign, paint } of secondaryFirst) row.put(start, sign.repeat(end - start), paint)
  const waiting = rightToLeft.filter((mark) => mark.label !== "")
  const rightmost = rightToLeft[0]!
  if (rightmost.label !== "" && row.length + 1 + widthOf(rightmost.label) <= room) {
    row.put(row.length + 1, rightmost.label, rightmost.paint)
    waiting.shift()
  }
  return [row.text(), ...waiting.flatMap((mark, i) => labelRows(mark, waiting.slice(i + 1), room))]
}

function draw({ mark, from, to }: Span, view: View, room: number, level: Level, ink: Ink, look: Look): Drawn {
  const primary = mark.kind === "primary"
  const start = Math.min(view.columnOf(from), room - 1)
  return {
    start,
    end: Math.min(room, Math.max(start + 1, view.columnOf(to))),
    sign: primary ? "^" : "-",
    paint: primary ? ink.level[level] : ink.secondary,
    label: oneLine(mark.label ?? "", look.unicode),
  }
}

/** A label under its mark, moved to the left where it would not fit; the marks that still wait are drawn as `|`. */
function labelRows(mark: Drawn, waiting: Drawn[], room: number): string[] {
  const wanted = Math.min(widthOf(mark.label), Math.floor(room * 0.6))
  const column = Math.min(mark.start, room - wanted)
  return wrap(mark.label, room - column).map((line) => {
    const row = new Row()
    for (const other of waiting) if (other.start < column) row.put(other.start, "|", other.paint)
    return row.put(column, line, mark.paint).text()
  })
}

/** Text put down at columns, each piece in its colour; later pieces cover earlier ones. */
class Row {
  private pieces: { start: number; text: string; paint: Paint }[] = []
  length = 0

  put(start: number, text: string, paint: Paint): this {
    const end = start + widthOf(text)
    this.pieces = this.pieces.flatMap((piece) => [
      { ...piece, text: piece.text.slice(0, Math.max(0, start - piece.start)) },
      { ...piece, start: Math.max(piece.start, end), text: piece.text.slice(Math.max(0, end - piece.start)) },
    ])
    this.pieces.push({ start, text, paint })
    this.pieces = this.pieces.filter((piece) => piece.text !== "").sort((a, b) => a.start - b.start)
    this.length = Math.max(this.length, end)
    return this
  }

  text(): string {
    let text = ""
    let column = 0
    for (const piece of this.pieces) {
      text += " ".repeat(Math.max(0, piece.start - column)) + piece.paint(piece.text)
      column = piece.start + widthOf(piece.text)
    }
    return text
  }
}
