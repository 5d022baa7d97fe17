/** The checklist for a terminal: a row for each item, where to look first, and on request what each counts and cannot see. */
import { disarmed } from "../disarm.ts"
import { type Ink, inkOf, type Paint } from "../ink.ts"
import { columns, count, cut, hang, pad, widthOf } from "../layout.ts"
import type { Look } from "../report.ts"
import { sharedFolder } from "../routes.ts"
import { oneLine, visible } from "../visible.ts"
import type { CheckedThing, Checklist, ChecklistItem } from "./checklist.ts"
import { causeText, closing, countedText, heading, naReason, resultWord, sharedText, suppressedText, uncheckedText } from "./words.ts"

const HEAD = ["#", "item", "result", "pass", "fail", "unsure", "first place to look"]
const PLACE = HEAD.length - 1
/** Of these, numbers stand at the right. */
const NUMBERS = new Set([0, 3, 4, 5])
/** How many unsure things are named below an item before the rest is only counted. */
const MOST_NAMED = 5

export function checklistText(checklist: Checklist, look: Look, verbose = false): string {
  const ink = inkOf(look)
  const table = tableLines(checklist, look, ink)
  const details = verbose ? checklist.items.flatMap((item) => ["", ...itemLines(item, look, ink)]) : []
  const more = verbose
    ? []
    : hang(
        " ",
        `What fails, and what no rule can see: ${ink.dim(oneLine(`fastlint checklist${checklist.project ?? ""} --verbose`, look.unicode))}`,
        look.width,
      )
  const unchecked = uncheckedText(checklist.items)
  const last = [...closing(checklist), ...(unchecked ? [`No rule looks at: ${unchecked}`] : [])].flatMap((line) =>
    hang(" ", visible(line, look.unicode), look.width),
  )
  return disarmed(`${["", ...hang(" ", heading(checklist, ink), look.width), "", ...table, ...last, ...more, ...details].join("\n")}\n`)
}

function tableLines({ items }: Checklist, look: Look, ink: Ink): string[] {
  const rows = items.map((item) => [
    item.number === undefined ? "+" : String(item.number),
    item.title,
    `${signOf(item, ink)} ${resultWord(item)}`.trim(),
    ...(item.result === "n/a" ? ["-", "-", "-"] : [item.pass, item.fail, item.unsure].map(String)),
  ])
  const { places, folder, below } = placesOf(items, rows, look)
  const table = [HEAD, ...rows.map((row, i) => [...row, places[i]!])].map((row) => (below ? row.slice(0, PLACE) : row))
  const widths = widthsOf(table)
  const cells = table.map((row, i) =>
    row.map((text, j) => {
      const padded = NUMBERS.has(j) ? " ".repeat(widths[j]! - widthOf(text)) + text : pad(text, widths[j]!)
      return i === 0 ? ink.bold(padded) : paintOf(items[i - 1]!, j, ink)(padded)
    }),
  )
  const [titles, ...body] = columns(cells, "  ").map((line) => line.trimEnd())
  const rule = ink.dim(` ${"-".repeat(Math.min(look.width, total(widths)) - 1)}`)
  const principles = items.findIndex(({ number }) => number === undefined)
  const lines = body.flatMap((line, i) => [
    ...(i === principles ? [""] : []),
    line,
    ...(below && places[i] !== "" ? [ink.dim(`     ${places[i]}`)] : []),
    ...sharedLines(items[i]!, ink, look),
  ])
  return [titles!, rule, ...lines, rule, ...(folder ? hang(" ", `Places are below ${visible(folder, look.unicode)}`, look.width) : [])]
}

/** Below a row: that many fail by one cause. */
function sharedLines(item: ChecklistItem, ink: Ink, { width, unicode }: Look): string[] {
  const text = sharedText(item)
  return text === "" ? [] : hang("     ", visible(text, unicode), width).map(ink.dim)
}

/** Where to look first, whole and in one piece: without the folder that all share where room is short, and on lines of their own where even that is too wide. */
function placesOf(items: readonly ChecklistItem[], rows: string[][], look: Look): { places: string[]; folder: string; below: boolean } {
  const places = items.map((item) => placeOf(item, look))
  const fits = (all: string[]) => total(widthsOf([HEAD, ...rows.map((row, i) => [...row, all[i]!])])) <= look.width
  if (fits(places)) return { places, folder: "", below: false }
  const folder = sharedFolder(items.flatMap(({ first }) => first?.path ?? []))
  const short = places.map((place) => (place.startsWith(folder) ? place.slice(folder.length) : place))
  return fits(short) ? { places: short, folder, below: false } : { places, folder: "", below: true }
}

const widthsOf = (table: string[][]): number[] => table[0]!.map((_, i) => Math.max(...table.map((row) => widthOf(row[i]!))))

/** Two spaces before each column. */
const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width + 2, 0)

function paintOf(item: ChecklistItem, column: number, ink: Ink): Paint {
  const { result } = item
  if (result === "n/a") return ink.dim
  if (column === 2) return result === "fail" ? ink.level.error : result === "unsure" ? ink.level.info : ink.help
  if (column === 4 && item.fail > 0) return ink.level.error
  if (column === 5 && item.unsure > 0) return ink.level.info
  return column === 1 ? ink.bold : String
}

const signOf = ({ result }: ChecklistItem, { signs }: Ink): string =>
  ({ fail: signs.no, unsure: signs.unsure, pass: "", "n/a": "" })[result]

function placeOf({ first, question, result }: ChecklistItem, { unicode }: Look): string {
  if (result === "unsure" && question !== undefined) return `fastlint questions (${question})`
  return first ? visible(`${first.path}:${first.line}`, unicode) : ""
}

// ---------------------------------------------------------------------------- --verbose

function itemLines(item: ChecklistItem, look: Look, ink: Ink): string[] {
  const { unicode, width } = look
  const note = (name: string, text: string) => (text === "" ? [] : hang(`    ${ink.dim(pad(name, 9))}`, oneLine(text, unicode), width))
  const title = `${item.number === undefined ? "+" : item.number}  ${item.item}`
  const { on } = item.rules
  return [
    ...hang(" ", ink.bold(title), width),
    ...note(
      "counts",
      item.result === "n/a"
        ? `nothing: ${naReason(item)}`
        : `${countedText(item)}: ${item.pass} pass, ${item.fail} fail, ${item.unsure} unsure`,
    ),
    ...item.outside.flatMap(({ count: n, why }, i) => note(i === 0 ? "not" : "", `${count(n, item.unit)}: ${why}`)),
    ...thingLines(item, ink, look),
    ...causeLines(item, ink, look),
    ...note("rules", on.length === 0 ? "none is on" : on.map((rule) => rule.slice(rule.indexOf("/") + 1)).join(", ")),
    ...note("no rule", item.unchecked.length > 0 ? `looks at ${item.unchecked.join(", ")}` : ""),
    ...note("ignored", suppressedText(item)),
    ...note("blind to", item.blind),
  ]
}

/** What to repair first: findings by what they fail, where one fails several things. */
function causeLines({ causes, unit }: ChecklistItem, ink: Ink, look: Look): string[] {
  if (!causes.some(({ fails }) => fails > 1)) return []
  const shown = causes.slice(0, MOST_NAMED).map((cause) => visible(causeText(cause, unit), look.unicode))
  const left = causes.length - shown.length
  return [...shown, ...(left > 0 ? [`and ${count(left, "more cause")}`] : [])].map(
    (text, i) => `    ${ink.dim(pad(i === 0 ? "by" : "", 9))}${cut(text, look.width - 13, ink.signs.more)}`,
  )
}

function thingLines({ things }: ChecklistItem, ink: Ink, look: Look): string[] {
  const lines = (answer: CheckedThing["answer"], name: string, paint: Paint) => {
    const chosen = things.filter((thing) => thing.answer === answer)
    const shown = chosen.slice(0, MOST_NAMED).map((thing) => {
      const why = thing.question ? `${thing.question}: ${thing.why}` : thing.why
      return `${visible(thing.name, look.unicode)}${thing.name === thing.path ? "" : `  ${visible(`${thing.path}:${thing.line}`, look.unicode)}`}${why ? `  ${oneLine(why, look.unicode)}` : ""}`
    })
    const left = chosen.length - shown.length
    return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].map(
      (text, i) => `    ${paint(pad(i === 0 ? name : "", 9))}${cut(text, look.width - 13, ink.signs.more)}`,
    )
  }
  return [...lines("fail", "fail", ink.level.error), ...lines("unsure", "unsure", ink.level.info)]
}
