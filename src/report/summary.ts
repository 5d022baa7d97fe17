/** The page that GitHub shows of a job: how many problems in how much code, the checklist, and every problem. */
import { checklistTable } from "./checklist/markdown.ts"
import { isComplete, levels } from "./ending.ts"
import { count } from "./layout.ts"
import { codeMarkdown, plainMarkdown, proseMarkdown } from "./markdown.ts"
import { placeText } from "./phrases.ts"
import { assignment, header } from "./questions-toml.ts"
import type { AskedQuestion, Located, Reported, Run } from "./report.ts"
import { authText, changesBetween, type RouteDiff } from "./route-diff.ts"
import type { RouteRow } from "./routes.ts"
import { encodePath } from "./sarif-places.ts"

const MOST_NOTIFICATIONS = 20

/** Markdown of at most so many bytes of UTF-8: problems that do not fit are counted. The run's order is kept. */
export function stepSummary(run: Run, most: number): string {
  const head = [`### fastlint: ${headline(run)}`, "", denominators(run), "", ...notificationLines(run)]
  const unseen = run.unseen.map(({ path, line, what, why }) => `- ${link(path, line, run)} ${plainMarkdown(what)}: ${proseMarkdown(why)}`)
  const page = new Page(most)
  page.add(head)
  const { items } = run.checklist()
  if (items.some(({ result }) => result !== "n/a")) page.add([...checklistTable(items), ""])
  page.addFolded(`Problems (${run.findings.length})`, run.findings, (finding) => problemLines(finding, run), "problem")
  const routes = run.routesSince?.()
  if (routes) page.addFolded(routesTitle(routes), routeLines(routes.diff, run), (line) => [line], "route")
  page.addFolded(`Questions (${run.questions.length})`, run.questions, questionLines, "question")
  page.addFolded(`Not understood (${unseen.length})`, unseen, (line) => [line], "thing")
  return page.text()
}

function headline({ summary, findings }: Run): string {
  const known = summary.baselined ? ` (${summary.baselined} known)` : ""
  const unfinished = `${isComplete(summary) ? "" : ", this run is incomplete"}${known}`
  if (findings.length > 0) return `${levels(summary)}${unfinished}`
  return isComplete(summary) && summary.routes > 0 ? `all clear${known}` : `no problems found${unfinished}`
}

function denominators({ summary }: Run): string {
  const parts = [
    `${count(summary.routes, "route")}, ${count(summary.files, "file")}, ${count(summary.rules, "rule")}`,
    ...(summary.suppressed > 0 ? [`${summary.suppressed} suppressed`] : []),
    ...(summary.unseen > 0 ? [`${count(summary.unseen, "thing")} could not be understood`] : []),
  ]
  return parts.join("; ")
}

function notificationLines({ notifications }: Run): string[] {
  const lines = notifications
    .slice(0, MOST_NOTIFICATIONS)
    .map(({ level, path, message }) => `- **${level}** ${path === undefined ? "" : `${codeMarkdown(path)}: `}${proseMarkdown(message)}`)
  const left = notifications.length - lines.length
  return lines.length > 0 ? [...lines, ...(left > 0 ? [`- and ${left} more`] : []), ""] : []
}

/** What is asked, and the lines of configuration that answer it. */
const questionLines = ({ id, asks, decides, answers }: AskedQuestion): string[] => [
  `- **${id}** ${proseMarkdown(asks)}${decides > 0 ? ` (decides ${count(decides, "route")})` : ""}`,
  ...answers.map(
    (answer) => `  - ${plainMarkdown(answer.says)}: ${codeMarkdown([header(answer), assignment(answer)].filter(Boolean).join(" "))}`,
  ),
]

function routesTitle({ revision, diff: { added, changed, removed } }: { revision: string; diff: RouteDiff }): string {
  const sums = [
    added.length && `${added.length} added`,
    changed.length && `${changed.length} changed`,
    removed.length && `${removed.length} removed`,
  ]
  return `Route changes since ${plainMarkdown(revision)}: ${sums.filter(Boolean).join(", ")}`
}

/** An item for each route that is new, gone or answers otherwise, with what changed. */
function routeLines({ added, changed, removed }: RouteDiff, run: Run): string[] {
  const name = ({ method, path }: RouteRow) => codeMarkdown(`${method} ${path}`)
  const at = ({ handler }: RouteRow) => {
    const [, path, line] = /^(.*):(\d+)$/.exec(handler) ?? []
    return path === undefined ? plainMarkdown(handler) : link(path, Number(line), run)
  }
  const facts = (row: RouteRow) => [authText(row), row.response, row.status].filter((fact) => fact !== "-" && fact !== "").join(", ")
  return [
    ...added.map((row) => `- **added** ${name(row)} ${plainMarkdown(facts(row))} ${at(row)}`),
    ...changed.map(
      ({ before, after }) => `- **changed** ${name(after)} ${changesBetween(before, after).map(plainMarkdown).join(", ")} ${at(after)}`,
    ),
    ...removed.map((row) => `- **removed** ${name(row)}`),
  ]
}

function problemLines(finding: Reported, run: Run): string[] {
  const steps = finding.trace.map(
    (step, i) =>
      `  ${i + 1}. ${placeLink(step, run)} ${step.symbol === undefined ? "" : `${codeMarkdown(step.symbol)} `}${proseMarkdown(step.message)}`,
  )
  const rule = /^https:\/\/[\w./#?=&%-]+$/.test(finding.docs)
    ? `[${plainMarkdown(finding.rule)}](${finding.docs})`
    : plainMarkdown(finding.rule)
  return [`- **${finding.level}** ${placeLink(finding, run)} ${proseMarkdown(finding.message)} ${rule}`, ...steps]
}

const placeLink = ({ path, range }: Located, run: Run) => link(path, range.start.line, run)

/** A link to the line at this commit, for paths inside the repository. */
function link(path: string, line: number, { options }: Run): string {
  const text = plainMarkdown(placeText({ path, range: { start: { line, column: 0 }, end: { line, column: 0 } } }).replace(/:0$/, ""))
  const isInside = !/^(?:\/|[A-Za-z]:[\\/])|(?:^|\/)\.\.(?:\/|$)/.test(path)
  if (options.blobUrl === undefined || !isInside) return text
  const target = encodePath(path.replace(/^(?:\.\/)+/, "")).replace(/[()!'*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
  return `[${text}](${options.blobUrl}${target}#L${line})`
}

// ---------------------------------------------------------------------------- what fits

const encoder = new TextEncoder()
/** Kept free for the line that says what was left out, and for the end of a fold. */
const RESERVE = 200

class Page {
  private blocks: string[] = []
  private room: number

  constructor(most: number) {
    this.room = most
  }

  add(lines: string[]): boolean {
    const text = lines.map((line) => `${line}\n`).join("")
    const size = encoder.encode(text).length
    if (size > this.room) return false
    this.room -= size
    this.blocks.push(text)
    return true
  }

  /** A heading that opens, with as many items as fit. */
  addFolded<T>(title: string, items: readonly T[], linesOf: (item: T) => string[], noun: string): void {
    if (items.length === 0 || this.room < 2 * RESERVE) return
    this.add([`<details><summary>${title}</summary>`, ""])
    this.room -= RESERVE
    const fitting = items.findIndex((item) => !this.add(linesOf(item)))
    this.room += RESERVE
    const left = fitting === -1 ? 0 : items.length - fitting
    this.add([...(left > 0 ? ["", `${count(left, noun)} more; the log has all of them`] : []), "", "</details>", ""])
  }

  text(): string {
    return this.blocks.join("")
  }
}
