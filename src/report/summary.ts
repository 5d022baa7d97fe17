/** The page that GitHub shows of a job: how many problems in how much code, by section, and every one of them. */
import type { Level } from "#lint"
import { isComplete, levels } from "./ending.ts"
import { count } from "./layout.ts"
import { codeMarkdown, plainMarkdown, proseMarkdown } from "./markdown.ts"
import { placeText } from "./phrases.ts"
import type { Located, Reported, Run } from "./report.ts"
import { encodePath } from "./sarif-places.ts"

const LEVELS = ["error", "warning", "info"] as const
const MOST_NOTIFICATIONS = 20

/** Markdown of at most so many bytes of UTF-8: problems that do not fit are counted. The run's order is kept. */
export function stepSummary(run: Run, most: number): string {
  const head = [`### fastlint: ${headline(run)}`, "", denominators(run), "", ...notificationLines(run), ...sectionTable(run)]
  const unseen = run.unseen.map(({ path, line, what, why }) => `- ${link(path, line, run)} ${plainMarkdown(what)}: ${proseMarkdown(why)}`)
  const page = new Page(most)
  page.add(head)
  page.addFolded(`Problems (${run.findings.length})`, run.findings, (finding) => problemLines(finding, run), "problem")
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

/** A row for each section with problems, and the names of those that have none. */
function sectionTable({ findings, rules }: Run): string[] {
  const found = new Map<string, Record<Level, number>>()
  for (const { rule, level } of findings) {
    const section = sectionOf(rule)
    const counts = found.get(section) ?? { error: 0, warning: 0, info: 0 }
    counts[level]++
    found.set(section, counts)
  }
  const clean = [...new Set(rules.filter(({ enabled }) => enabled !== false).map(({ id }) => sectionOf(id)))].filter(
    (name) => !found.has(name),
  )
  const rows = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([section, counts]) => `| ${plainMarkdown(section)} | ${LEVELS.map((level) => counts[level]).join(" | ")} |`)
  return [
    ...(rows.length > 0 ? ["| section | errors | warnings | info |", "|--|--:|--:|--:|", ...rows, ""] : []),
    ...(clean.length > 0 && rows.length > 0 ? [`Nothing found in ${clean.sort().map(plainMarkdown).join(", ")}.`, ""] : []),
  ]
}

/** What is found before any rule runs has no section: files that cannot be read. */
const sectionOf = (rule: string) => (rule.includes("/") ? rule.slice(0, rule.indexOf("/")) : "files")

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
