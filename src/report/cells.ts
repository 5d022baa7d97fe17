/**
 * A line of source as a terminal draws it. A cell is what takes one place on the screen: a letter, an emoji made of
 * several code points, an expanded tab, a control character written out. Columns of findings count code points, and
 * columns of terminals count cells' widths; this file knows both.
 */
import type { Ink } from "./ink.ts"
import { widthOf } from "./layout.ts"
import { HUES, type Hue } from "./python-colours.ts"
import { visible } from "./visible.ts"

const TAB = 4

interface Cell {
  text: string
  width: number
  /** Code points before it in the line. */
  at: number
  hue: Hue
}

/** A line, or the part of it that fits. */
export interface View {
  /** With colours. */
  text: string
  /** Where a code point (0-based) is drawn, counted from the left edge of `text`. */
  columnOf(codePoint: number): number
}

/** Code points from `from` up to `to` that must be seen. */
export interface Focus {
  from: number
  to: number
}

/** The line in `room` columns; when it is longer, the part around the focus. `hues` are those of the line. */
export function viewOf(line: string, focus: Focus, room: number, ink: Ink, unicode: boolean, hues?: Uint8Array): View {
  const cells = cellsOf(line, unicode, hues)
  const end = cells.at(-1)!.at
  // A place behind the end, as of something missing there, takes a column too.
  if (Math.max(focus.from + 1, focus.to) > end) cells.at(-1)!.width = 1
  const starts = columnsOf(cells)
  const [first, last] = windowOf(cells, starts, focus, room, widthOf(ink.signs.more))
  const before = first > 0 ? ink.signs.more : ""
  const after = last < cells.length ? ink.signs.more : ""
  const shift = starts[first]! - widthOf(before)
  const edge = starts[last]! - shift
  return {
    text: (ink.dim(before) + paint(cells.slice(first, last), ink) + ink.dim(after)).trimEnd(),
    columnOf: (codePoint) => Math.min(edge, Math.max(0, starts[indexOf(cells, codePoint)]! - shift)),
  }
}

/** The last cell is empty and stands for the end of the line. */
function cellsOf(line: string, unicode: boolean, hues?: Uint8Array): Cell[] {
  const cells: Cell[] = []
  let column = 0
  let at = 0
  for (const { segment, index } of new Intl.Segmenter().segment(line)) {
    const text = segment === "\t" ? " ".repeat(TAB - (column % TAB)) : visible(segment, unicode)
    const width = widthOf(text)
    cells.push({ text, width, at, hue: HUES[hues?.[index] ?? 0] })
    column += width
    at += [...segment].length
  }
  cells.push({ text: "", width: 0, at, hue: undefined })
  return cells
}

/** Where each cell begins; one more entry for where the last one ends. */
function columnsOf(cells: Cell[]): number[] {
  const starts = [0]
  for (const cell of cells) starts.push(starts.at(-1)! + cell.width)
  return starts
}

/** The cell that a code point is drawn in. */
function indexOf(cells: Cell[], codePoint: number): number {
  const next = cells.findIndex((cell) => cell.at > codePoint)
  return (next === -1 ? cells.length : next) - 1
}

/** First cell shown, and the one after the last: the focus with as much around it as fits. */
function windowOf(cells: Cell[], starts: number[], focus: Focus, room: number, more: number): [number, number] {
  const total = starts.at(-1)!
  if (total <= room) return [0, cells.length]
  const start = starts[indexOf(cells, focus.from)]!
  const length = Math.max(1, starts[indexOf(cells, focus.to)]! - start)
  const spare = Math.max(0, room - 2 * more - length)
  const wanted = Math.min(start - Math.floor(spare / 2), total - (room - more))
  const first = wanted <= more ? 0 : starts.findIndex((column) => column >= Math.min(wanted, start))
  const left = starts[first]! - (first > 0 ? more : 0)
  if (total - left <= room) return [first, cells.length]
  let last = first
  while (last < cells.length && starts[last + 1]! - left <= room - more) last++
  return [first, last]
}

/** Neighbours of one hue are painted together. */
function paint(cells: Cell[], ink: Ink): string {
  let text = ""
  let run = ""
  cells.forEach((cell, i) => {
    run += cell.text
    if (i + 1 < cells.length && cells[i + 1]!.hue === cell.hue) return
    text +=
      cell.hue === "keyword" ? ink.keyword(run) : cell.hue === "string" ? ink.string(run) : cell.hue === "comment" ? ink.dim(run) : run
    run = ""
  })
  return text
}
