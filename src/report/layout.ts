/** Fitting text into columns, measured as terminals draw it: CJK and emoji take two, combining marks none. */
import stringWidth from "string-width"
import wrapAnsi from "wrap-ansi"

/**
 * Signs of our own that take one column, like a letter. A letter stands for them while they are measured: before anything
 * but ASCII is measured for the first time, the list of all emoji is made ready, which takes longer than to read some
 * thousand lines of Python.
 */
const SIGNS = /[·×‘’“”–—…→│─╭╮╰╯├└✓✗]/g

/** Columns that a text takes; escape codes take none. */
export function widthOf(text: string): number {
  return stringWidth(text.replace(SIGNS, "x"))
}

/** Filled with spaces up to a width; longer text stays as it is. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)))
}

/** Cut to a width, with `more` at the end of what was cut. */
export function cut(text: string, width: number, more: string): string {
  if (widthOf(text) <= width) return text
  const room = width - widthOf(more)
  let kept = ""
  let used = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += widthOf(segment)
    if (used > room) break
    kept += segment
  }
  return room < 0 ? "" : kept + more
}

/** Cut to a width at its beginning, with `more` before what is left: of a path the file matters most. */
export function cutStart(text: string, width: number, more: string): string {
  if (widthOf(text) <= width) return text
  const room = width - widthOf(more)
  let kept = ""
  let used = 0
  for (const { segment } of [...new Intl.Segmenter().segment(text)].reverse()) {
    used += widthOf(segment)
    if (used > room) break
    kept = segment + kept
  }
  return room < 0 ? "" : more + kept
}

/** Lines no wider than `width`; words longer than that are broken. */
export function wrap(text: string, width: number): string[] {
  const signs = text.match(SIGNS) ?? []
  const letter = ["~", "^", "|", "@", "%"].find((one) => !text.includes(one))
  const isPlain = signs.length === 0 || letter === undefined
  const wrapped = wrapAnsi(isPlain ? text : text.replace(SIGNS, letter), Math.max(2, width), { hard: true })
  // No sign is lost or moved behind another.
  return (isPlain ? wrapped : wrapped.replaceAll(letter, () => signs.shift() as string)).split("\n").map((line) => line.trimEnd())
}

/** `first` before the first line, and as much room before the others. */
export function hang(first: string, text: string, width: number): string[] {
  const indent = widthOf(first)
  return wrap(text, width - indent).map((line, i) => ((i === 0 ? first : " ".repeat(indent)) + line).trimEnd())
}

/** Rows as columns that are two spaces apart. Cells may be painted already, since colours take no room. */
export function columns(rows: string[][], indent = ""): string[] {
  const widths = rows.reduce<number[]>((widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, widthOf(cell))), [])
  return rows.map((row) => (indent + row.map((cell, i) => pad(cell, widths[i]!)).join("  ")).trimEnd())
}

/** `1 route`, `2 routes`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

/** `1.3 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
