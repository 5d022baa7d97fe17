/** What became of the routes: one line for each that is new, gone, or answers otherwise than before. */
import { type Ink, inkOf, type Signs } from "./ink.ts"
import { columns, count } from "./layout.ts"
import type { Look } from "./report.ts"
import type { RouteRow } from "./routes.ts"
import { visible } from "./visible.ts"

export interface RouteDiff {
  added: RouteRow[]
  /** In the order of the new routes. */
  changed: { before: RouteRow; after: RouteRow }[]
  removed: RouteRow[]
}

/** Routes are told apart by method and path; of several with one name the first answers, and is compared. */
export function diffRoutes(before: readonly RouteRow[], after: readonly RouteRow[]): RouteDiff {
  const [old, now] = [byName(before), byName(after)]
  return {
    added: [...now].flatMap(([name, row]) => (old.has(name) ? [] : [row])),
    changed: [...now].flatMap(([name, row]) => {
      const was = old.get(name)
      return was && changesOf(was, row, plain).some(Boolean) ? [{ before: was, after: row }] : []
    }),
    removed: [...old].flatMap(([name, row]) => (now.has(name) ? [] : [row])),
  }
}

function byName(rows: readonly RouteRow[]): Map<string, RouteRow> {
  const found = new Map<string, RouteRow>()
  for (const row of rows) if (!found.has(`${row.method} ${row.path}`)) found.set(`${row.method} ${row.path}`, row)
  return found
}

/** What changed of authentication, response and status, as `before -> after`. */
export const changesBetween = (before: RouteRow, after: RouteRow): string[] => changesOf(before, after, authText).filter(Boolean)

/** `auth none`, `auth get_user`, `auth unknown: why`, for prose. */
export const authText = ({ auth }: RouteRow): string =>
  auth.answer === "unknown" ? `auth unknown: ${auth.text}` : `auth ${auth.answer === "no" ? "none" : auth.text}`

type Say = (row: RouteRow) => string
const plain: Say = ({ auth }) => `${auth.answer} ${auth.text}`
const authWith =
  (signs: Signs): Say =>
  ({ auth }) =>
    ({ yes: "", no: `${signs.no} `, unknown: `${signs.unsure} ` })[auth.answer] + auth.text

/** `before -> after` of authentication, response and status; empty where nothing changed. */
const changesOf = (before: RouteRow, after: RouteRow, auth: Say): string[] =>
  [auth, ({ response }: RouteRow) => response, ({ status }: RouteRow) => status].map((say) =>
    say(before) === say(after) ? "" : `${say(before)} -> ${say(after)}`,
  )

/** Lines that start with `+`, `~` or `-`, and a sum. */
export function routeDiffText({ added, changed, removed }: RouteDiff, look: Look): string {
  const ink = inkOf(look)
  const auth = authWith(ink.signs)
  const lines: [paint: (text: string) => string, cells: string[]][] = [
    ...added.map((row): [Ink["help"], string[]] => [
      ink.help,
      ["+", row.method, row.path, auth(row), row.response, row.status, row.handler],
    ]),
    ...changed.map(({ before, after }): [Ink["help"], string[]] => [
      ink.level.warning,
      ["~", after.method, after.path, ...changesOf(before, after, auth), after.handler],
    ]),
    ...removed.map((row): [Ink["help"], string[]] => [ink.level.error, ["-", row.method, row.path, "", "", "", ""]]),
  ]
  if (lines.length === 0) return " No route changed.\n"
  const texts = columns(
    lines.map(([, cells]) => cells.map((cell) => visible(cell, look.unicode))),
    " ",
  )
  const sum = ` ${count(added.length, "route")} added, ${changed.length} changed, ${removed.length} removed.`
  return `${[...texts.map((text, i) => lines[i]?.[0](text.trimEnd()) ?? text), sum].join("\n")}\n`
}
