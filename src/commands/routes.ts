import { type Checked, run } from "#engine"
import { describeApp, type Project, type Route, type RouteDescription, requestsTo, testedBy } from "#fastapi"
import type { Place } from "#python"
import { disarmed, disarmedJson, oneLine, type RouteRow, type RoutesTable, routesText, visible } from "#report"
import { lookOf } from "./look.ts"
import { misuse } from "./problems.ts"
import { type ConfigFlags, type ReadingFlags, runRequest } from "./requests.ts"
import { routeDiff } from "./route-diff.ts"
import { routeFilter } from "./route-filter.ts"
import { routeRows } from "./route-rows.ts"
import { shortened } from "./route-words.ts"

export interface RoutesFlags extends ConfigFlags, ReadingFlags {
  format: "text" | "json" | "md" | "csv"
  allowEmpty?: boolean
  filter?: string[]
  problems?: boolean
  limit?: number
  diff?: string
}

/** `fastlint routes`: what each app serves, and what could not be understood. */
export async function routes(path: string, flags: RoutesFlags): Promise<void> {
  const isChosen = routeFilter(flags.filter ?? [])
  const { format } = flags
  if (flags.diff !== undefined && format !== "text" && format !== "json")
    throw misuse(`--diff is printed as text or json, not as ${format}`)
  const request = runRequest([path], flags)
  // Rules are run only where somebody asks what they found.
  const checked = await run({ ...request, ...(!flags.problems && { isModelOnly: true }) })
  if (flags.diff !== undefined && (format === "text" || format === "json")) {
    process.stdout.write(await routeDiff(checked, flags.diff, format, isChosen))
    return
  }
  if (format === "json") {
    process.stdout.write(json(checked, isChosen, flags.filter !== undefined))
    return
  }
  const all = checked.projects.flatMap(routeRows)
  if (flags.filter?.some((one) => one.startsWith("tested=")) && all.every(({ tests }) => tests === undefined))
    process.stderr.write(
      "fastlint: no test sends a request that could be read, so `tested` is unknown for every route ([tool.fastlint.tests] paths)\n",
    )
  const rows = all.filter((row) => isChosen(row) && (!flags.problems || row.problems)).slice(0, flags.limit)
  const chosen = [...(flags.problems ? ["problems"] : []), ...(flags.filter ?? [])].join(", ")
  process.stdout.write(disarmed(RENDERERS[format]({ rows, all, unseen: checked.unseen, ...(chosen && { chosen: `with ${chosen}` }) })))
}

/** The model itself, under the field names that `test/oracle/dump_app.py` prints of a running app. */
function json(checked: Checked, isChosen: ReturnType<typeof routeFilter>, hasFilter: boolean): string {
  const apps = checked.projects.flatMap(({ analysis, reporter }) =>
    analysis.project.apps.map((app) => {
      const described = describeApp(app, (at) => reporter.line(at), analysis.project, testsIn(analysis.project))
      return hasFilter ? { ...described, routes: chosenOf(described.routes, isChosen) } : described
    }),
  )
  return disarmedJson(`${JSON.stringify({ schemaVersion: 1, apps, unseen: checked.unseen }, null, 2)}\n`)
}

/** What the tests ask of each route; nothing where no test sends a request that could be read. */
function testsIn(project: Project): ((route: Route) => { calls: number | null; requests: Place[] }) | undefined {
  if (project.requests.length === 0) return undefined
  return (route) => {
    const calls = testedBy(project, route)
    return { calls: calls === "unknown" ? null : calls, requests: requestsTo(project, route).map(({ at }) => at) }
  }
}

/** The routes that a filter lets through: FastAPI's own pages never, mounts for what is below them. */
function chosenOf(routes: RouteDescription[], isChosen: ReturnType<typeof routeFilter>): RouteDescription[] {
  return routes.flatMap((route) => {
    if (route.framework) return []
    if (route.routes) return [{ ...route, routes: chosenOf(route.routes, isChosen) }]
    const methods = Array.isArray(route.methods) ? route.methods : ["?"]
    const path = typeof route.full_path === "string" ? route.full_path : "?"
    const answer = (route.auth?.answer ?? "no") as RouteRow["auth"]["answer"]
    const tests = route.tests?.calls
    const row = { path, auth: { answer, text: "" }, ...(typeof tests === "number" && { tests }) }
    return methods.some((method) => isChosen({ ...row, method })) ? [route] : []
  })
}

const RENDERERS: Record<Exclude<RoutesFlags["format"], "json">, (table: RoutesTable) => string> = {
  text: (table) => routesText({ ...table, rows: table.rows.map(shortened) }, lookOf(process.stdout)),
  md: (table) =>
    [HEADS, HEADS.map(() => "--"), ...table.rows.map(cells)].map((row) => `| ${row.map(markdownCell).join(" | ")} |\n`).join(""),
  csv: (table) =>
    [HEADS.map((head) => head.toLowerCase()), ...table.rows.map(cells)]
      .map((row) => `${row.map((cell) => quoted(visible(cell))).join(",")}\n`)
      .join(""),
}

/** `Tests`: how many calls of the route the tests make. */
const HEADS = ["Method", "Path", "Auth", "Response", "Status", "Handler", "Tests"]

const cells = (row: RouteRow): string[] => [
  row.method,
  row.path,
  row.auth.answer === "unknown" ? `unknown: ${row.auth.text}` : row.auth.text,
  row.response,
  row.status,
  row.handler,
  row.tests === undefined ? "unknown" : String(row.tests),
]

/** Readable as it is, and nothing but text where it is drawn: no columns, tags, code, links or mentions that strangers wrote. */
const markdownCell = (cell: string): string =>
  oneLine(cell)
    .replaceAll("|", "\\|")
    .replace(/[<`]|(?<=\])\(|!(?=\[)|@(?=\w)|https?(?=:)/g, (text) => (text.length > 1 ? `${text}&#8203;` : `&#${text.charCodeAt(0)};`))

/** RFC 4180. */
const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
