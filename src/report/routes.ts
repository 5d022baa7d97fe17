/** The table of routes: who may call what, what comes back, and whether a test does it. */
import { type Ink, inkOf, type Paint, type Signs } from "./ink.ts"
import { columns, count, cut, cutStart, hang, pad, widthOf } from "./layout.ts"
import type { Look, UnseenThing } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

/** One route, in words. */
export interface RouteRow {
  method: string
  path: string
  auth: { answer: "yes" | "no" | "unknown"; text: string }
  response: string
  /** Nothing is declared where something should be. */
  responseMissing?: boolean
  status: string
  /** How many calls of it the tests make; unset when nobody can tell. */
  tests?: number
  /** `app/api/users.py:39`. */
  handler: string
  problems?: string[]
}

export interface RoutesTable {
  /** The rows to show. */
  rows: RouteRow[]
  /** All routes, for the sums. */
  all: RouteRow[]
  /** What the rows have in common: "with problems". */
  chosen?: string
  unseen: UnseenThing[]
}

interface Column {
  title: string
  text(row: RouteRow, signs: Signs): string
  paint?(row: RouteRow, ink: Ink): Paint | undefined
  /** On narrow screens it gives way to the first of these widths; where that is not enough, to the second, to the third. */
  least?: [number, number, number]
  /** Its end says more than its beginning. */
  keepsEnd?: boolean
}

const METHOD: Column = { title: "METHOD", text: (row) => row.method }
const PATH: Column = { title: "PATH", text: (row) => row.path, least: [32, 20, 16] }
const AUTH: Column = {
  title: "AUTH",
  text: ({ auth }, signs) => ({ yes: "", no: `${signs.no} `, unknown: `${signs.unsure} ` })[auth.answer] + auth.text,
  paint: ({ auth }, ink) => ({ yes: undefined, no: ink.level.error, unknown: ink.level.info })[auth.answer],
  least: [18, 10, 8],
}
const RESPONSE: Column = {
  title: "RESPONSE",
  text: (row, signs) => (row.responseMissing ? `${signs.no} ${row.response}` : row.response),
  paint: (row, ink) => (row.responseMissing ? ink.level.warning : undefined),
  least: [14, 10, 8],
}
const STATUS: Column = { title: "STATUS", text: (row) => row.status }
const TEST: Column = {
  title: "TEST",
  text: ({ tests }, signs) => (tests === undefined ? signs.unsure : `${tests > 0 ? signs.yes : signs.no} ${tests}`),
  paint: ({ tests }, ink) => (tests === 0 ? ink.level.warning : undefined),
}
/** Cut last of all, so that a terminal can make a link of it; on narrow screens the folder that all share is said once, below. */
const HANDLER: Column = {
  title: "HANDLER",
  text: (row) => row.handler,
  least: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 12],
  keepsEnd: true,
}

/** Whoever gives way first stands first. */
const YIELDING = [RESPONSE, AUTH, PATH, HANDLER]

/** Rows, rules above and below, sums, and what could not be understood. */
export function routesText(given: RoutesTable, look: Look): string {
  const ink = inkOf(look)
  const { table, folder } = withoutSharedFolder(given, look)
  const shown = [METHOD, PATH, AUTH, RESPONSE, STATUS, ...(knowsTests(table) ? [TEST] : []), HANDLER]
  const texts = table.rows.map((row) => shown.map((column) => visible(column.text(row, ink.signs), look.unicode)))
  const widths = fitted(shown, texts, look.width - 1)
  const shorten = (column: Column, text: string, width: number) => (column.keepsEnd ? cutStart : cut)(text, width, ink.signs.more)
  const cells = texts.map((row, i) =>
    row.map((text, j) => (shown[j]!.paint?.(table.rows[i]!, ink) ?? String)(shorten(shown[j]!, text, widths[j]!))),
  )
  const [head, ...body] = columns([shown.map((column, i) => ink.bold(cut(column.title, widths[i]!, ink.signs.more))), ...cells], " ")
  const rule = ink.dim(` ${"-".repeat(Math.min(look.width, Math.max(widthOf(head!), ...body.map(widthOf))) - 1)}`)
  const rows = body.flatMap((line, i) => [line, ...problemLines(table.rows[i]!, " ".repeat(widths[0]! + 3), ink, look)])
  const drawn = rows.length > 0 ? [head!, rule, ...rows, rule] : []
  return `${[...drawn, ...sums(table, look), ...(folder ? hang(" ", `HANDLER is below ${visible(folder, look.unicode)}`, look.width) : []), ...unseenLines(table.unseen, ink, look)].join("\n")}\n`
}

/** Wide tables say the folder of all handlers once. */
function withoutSharedFolder(table: RoutesTable, look: Look): { table: RoutesTable; folder: string } {
  const widest = Math.max(
    0,
    ...table.rows.map((row) => widthOf(row.path) + widthOf(row.handler) + widthOf(row.auth.text) + widthOf(row.response)),
  )
  const folder = widest + 30 > look.width ? sharedFolder(table.rows.map((row) => row.handler)) : ""
  return { table: { ...table, rows: table.rows.map((row) => ({ ...row, handler: row.handler.slice(folder.length) })) }, folder }
}

/** The folder that all paths are in, with a `/` at its end; empty where there is none. */
export function sharedFolder(paths: string[]): string {
  const [first = "", ...others] = paths
  let shared = first.slice(0, first.lastIndexOf("/") + 1)
  while (shared && !others.every((path) => path.startsWith(shared)))
    shared = shared.slice(0, shared.lastIndexOf("/", shared.length - 2) + 1)
  return shared
}

const knowsTests = ({ all }: RoutesTable) => all.some((row) => row.tests !== undefined)

/** Widths of the columns: as wide as their text, less what the screen does not have. */
function fitted(shown: Column[], texts: string[][], room: number): number[] {
  const widths = shown.map((column, i) => Math.max(column.title.length, ...texts.map((row) => widthOf(row[i]!))))
  let excess = widths.reduce((sum, width) => sum + width + 2, -2) - room
  for (const turn of [0, 1, 2])
    for (const column of YIELDING) {
      const i = shown.indexOf(column)
      const given = Math.max(0, Math.min(excess, widths[i]! - column.least![turn]!))
      widths[i]! -= given
      excess -= given
    }
  return widths
}

function problemLines({ problems = [] }: RouteRow, indent: string, ink: Ink, look: Look): string[] {
  return problems.flatMap((problem) => hang(indent, `${ink.signs.no} ${oneLine(problem, look.unicode)}`, look.width).map(ink.level.warning))
}

function sums(table: RoutesTable, look: Look): string[] {
  const { rows, all, chosen } = table
  const auth = (answer: RouteRow["auth"]["answer"]) => all.filter((row) => row.auth.answer === answer).length
  const tested = all.filter((row) => row.tests !== undefined && row.tests > 0).length
  const untested = all.filter((row) => row.tests === 0).length
  const howMany =
    rows.length === all.length ? count(all.length, "route") : `${rows.length} of ${count(all.length, "route")}${chosen ? ` ${chosen}` : ""}`
  const tests = [
    `tested: ${tested} ok, ${untested} no, ${all.length - tested - untested} unsure`,
    "TEST counts calls that the tests make to that method and path: called, not asserted.",
  ]
  const lines = [
    `${howMany}.   auth: ${auth("yes")} ok, ${auth("no")} none, ${auth("unknown")} unsure`,
    ...(knowsTests(table) ? tests : []),
  ]
  return lines.flatMap((line) => hang(" ", line, look.width))
}

function unseenLines(unseen: UnseenThing[], ink: Ink, look: Look): string[] {
  if (unseen.length === 0) return []
  const places = unseen.map(({ path, line, what }) => [visible(`${path}:${line}`, look.unicode), what])
  const width = Math.max(...places.map(([place]) => widthOf(place!)))
  const kinds = Math.max(...places.map(([, what]) => what!.length))
  return [
    "",
    ` ${count(unseen.length, "thing")} could not be understood, and so ${unseen.length === 1 ? "was" : "were"} not judged:`,
    ...unseen.flatMap(({ why }, i) => {
      const [place, what] = places[i]!
      return hang(
        `   ${pad(place!, width)}  ${ink.dim(pad(what!, kinds))}  `,
        oneLine(why, look.unicode),
        Math.max(look.width, width + kinds + 30),
      )
    }),
  ]
}
