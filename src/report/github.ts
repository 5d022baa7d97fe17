/** Workflow commands: GitHub shows them beside the changed lines of a pull request. */
import type { Level } from "#lint"
import { traceLines, weightiestFirst } from "./phrases.ts"
import type { Reported, Run } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

/** GitHub keeps the first ten of each level per step and drops the rest without a word. */
const MOST = 10
const COMMANDS = { error: "error", warning: "warning", info: "notice" } as const
const LEVELS = Object.keys(COMMANDS) as Level[]

/** The ten weightiest of each level, security before the rest; then a notice that says what was left out. */
export function github(run: Run): string {
  const byLevel = LEVELS.map((level) => ({ level, all: weightiestFirst(run.findings.filter((finding) => finding.level === level)) }))
  const tooMany = byLevel.filter(({ all }) => all.length > MOST)
  const lines = byLevel.flatMap(({ level, all }) =>
    all.slice(0, level === "info" && tooMany.length > 0 ? MOST - 1 : MOST).map((finding) => annotation(finding, run)),
  )
  if (tooMany.length > 0) lines.push(leftOut(tooMany, run))
  return lines.map((line) => `${line}\n`).join("")
}

/** One notice for all levels, since notices are limited too. */
function leftOut(tooMany: { level: Level; all: Reported[] }[], { options }: Run): string {
  const shown = tooMany.map(
    ({ level, all }) => `${level === "info" ? MOST - 1 : MOST} of ${all.length} ${level === "info" ? "notices" : `${level}s`}`,
  )
  return command(
    "notice",
    { title: "fastlint" },
    `showing ${shown.join(", ")}; all are in the ${options.stepSummary ? "job summary" : "log"}`,
  )
}

function annotation(finding: Reported, { options }: Run): string {
  const { start, end } = finding.range
  const oneLineRange = start.line === end.line
  const properties = {
    file: visible(isAbsolute(finding.path) ? finding.path : `${options.below ?? ""}${finding.path}`),
    line: start.line,
    endLine: Math.max(start.line, end.line),
    // Columns of a range that spans lines are dropped by the runner.
    ...(oneLineRange ? { col: start.column, endColumn: Math.max(start.column, end.column) } : {}),
    title: `fastlint ${finding.rule}`,
  }
  const help = finding.help === "" ? [] : [oneLine(finding.help)]
  return command(COMMANDS[finding.level], properties, [oneLine(finding.message), ...traceLines(finding), ...help].join("\n"))
}

const isAbsolute = (path: string) => /^(?:\/|[A-Za-z]:\/)/.test(path)

/** `::error file=app/main.py,line=3::message`, with everything escaped that would end a part of it. */
export function command(name: string, properties: Record<string, string | number>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
  return `::${name} ${list.join(",")}::${escapeData(message)}`
}

const escapeData = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")
const escapeProperty = (text: string) => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C")
