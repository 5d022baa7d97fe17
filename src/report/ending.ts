/** The last lines of a run: how many problems in how much code, and what was hidden or not understood. */
import { comparedLines } from "./compared.ts"
import type { Ink } from "./ink.ts"
import { count, hang, pad, seconds, widthOf } from "./layout.ts"
import { leftText, perRule } from "./per-rule.ts"
import type { Notification, Reported, Run, Summary } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

/** Sums with their denominators. "All clear" is only said of a complete run that saw routes. */
export function ending(run: Run, ink: Ink): string[] {
  const lines = run.notifications.flatMap((notification) => notificationLines(notification, run, ink))
  return [...lines, ...hang("", headline(run, ink), run.options.width), ...remarks(run, ink)]
}

/** `2 errors, 1 warning`. Levels that did not occur are left out. */
export function levels({ errors, warnings, info }: Pick<Summary, "errors" | "warnings" | "info">): string {
  const parts = [errors && count(errors, "error"), warnings && count(warnings, "warning"), info && `${info} info`]
  return parts.filter(Boolean).join(", ")
}

/** Exit code 3 says that something went wrong on our side, 2 that we could not start. */
export const isComplete = (summary: Summary) => summary.exitCode < 2

function headline(run: Run, ink: Ink): string {
  const { summary, findings } = run
  const time = seconds(summary.durationMs)
  const unfinished = isComplete(summary) ? "" : ". This run is incomplete"
  if (findings.length > 0) {
    const where = `in ${new Set(findings.map((finding) => finding.path)).size} of ${count(summary.files, "file")}`
    const found = ink.bold(`Found ${count(findings.length, "problem")}`)
    return `${found} (${levels(summary)}) ${where}, ${count(summary.routes, "route")}, ${time}${unfinished}`
  }
  const scope = `${count(summary.routes, "route")}, ${count(summary.files, "file")}, ${count(summary.rules, "rule")}, ${time}${unfinished}`
  return isComplete(summary) && summary.routes > 0 ? `${ink.help("All clear")}: ${scope}` : `No problems found: ${scope}`
}

function remarks(run: Run, ink: Ink): string[] {
  const { summary, findings, options, comparedWith = [] } = run
  const fixes = fixesText(findings)
  const left = leftText(perRule(run))
  const rows = [
    ...(left === "" ? [] : [[left, ""]]),
    ...(fixes === "" ? [] : [[fixes, ""]]),
    ...comparedLines(comparedWith),
    ...(summary.suppressed > 0 ? [[`${summary.suppressed} suppressed`, ""]] : []),
    ...(summary.unseen > 0
      ? [[`${count(summary.unseen, "thing")} could not be understood`, `fastlint routes${options.project ?? ""}`]]
      : []),
    ...(summary.questions > 0
      ? [
          [
            `${count(summary.questions, "question")} ${summary.questions === 1 ? "limits" : "limit"} what could be checked`,
            `fastlint questions${options.project ?? ""}`,
          ],
        ]
      : []),
  ]
  const width = Math.max(...rows.flatMap(([text, command]) => (command ? [widthOf(text!)] : [])))
  const widest = Math.max(...rows.map(([text, command]) => (command ? Math.max(width, widthOf(text!)) + widthOf(command) + 7 : 0)))
  // Commands stand below each other where there is room for that.
  const between = (text: string) => (widest > options.width ? `${text}  ` : `${pad(text, width)}     `)
  return rows.flatMap(([text, command]) =>
    hang("  ", command ? between(text!) + ink.dim(oneLine(command, options.unicode)) : text!, options.width),
  )
}

function fixesText(findings: Reported[]): string {
  const number = (safety: string) => findings.filter((finding) => finding.fix?.safety === safety).length
  const [safe, unsafe, suggestions] = [number("safe"), number("unsafe"), number("suggestion")]
  const parts = [
    safe && `${count(safe, "fix", "fixes")} with --fix`,
    unsafe && `${count(unsafe, "fix", "fixes")} with --unsafe-fixes`,
    suggestions && count(suggestions, "suggestion"),
  ]
  return parts.filter(Boolean).join(", ")
}

function notificationLines({ level, message, path, line }: Notification, { options }: Run, ink: Ink): string[] {
  const place = path === undefined ? "" : `${visible(path, options.unicode)}${line === undefined ? "" : `:${line}`}: `
  return hang("", `${ink.level[level](level)}: ${place}${oneLine(message, options.unicode)}`, options.width)
}
