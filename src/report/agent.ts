/** For coding agents: what `concise` says, and on the same line how it comes about and what to do. No frames, a status line at the end. */
import { conciseLine } from "./concise.ts"
import { disarmed } from "./disarm.ts"
import { levels } from "./ending.ts"
import { count } from "./layout.ts"
import { perRule } from "./per-rule.ts"
import { placeText } from "./phrases.ts"
import type { Reported, Run } from "./report.ts"
import { oneLine } from "./visible.ts"

/** More would fill an agent's context, and it repairs them in turn anyway. */
const MOST = 50

export function agent(run: Run): string {
  const { findings, summary } = run
  const { shown } = perRule(run)
  const lines = shown.slice(0, MOST).map((finding) => disarmed([conciseLine(finding, ""), ...details(finding)].join(" ")))
  const left = findings.length - Math.min(shown.length, MOST)
  if (left > 0) lines.push(`... ${left} more: fastlint check --format jsonl`)
  return `${[...lines, status(run)].join("\n")}\n`

  function status({ summary: { exitCode, files, routes } }: Run): string {
    const asked = summary.questions > 0 ? `, ${count(summary.questions, "question")}` : ""
    const known = summary.baselined ? `, ${summary.baselined} known` : ""
    const unseen = `${known}${summary.unseen > 0 ? `, ${summary.unseen} not understood` : ""}${asked}`
    if (findings.length === 0 && exitCode === 0) return `fastlint: ok, ${count(files, "file")}, ${count(routes, "route")}${unseen}`
    return `fastlint: ${levels(summary) || "0 problems"}${unseen}; exit ${exitCode}; details: fastlint explain RULE`
  }
}

function details(finding: Reported): string[] {
  const way = finding.trace.filter((step) => step.path !== finding.path || step.range.start.line !== finding.range.start.line)
  return [
    ...(way.length > 0 ? [`trace: ${way.map((step) => placeText(step)).join(" > ")}`] : []),
    ...(finding.fix ? [`fix(${finding.fix.safety}): ${oneLine(finding.fix.title)}`] : []),
    ...(finding.help !== "" ? [`${finding.fix ? "best" : "fix"}: ${oneLine(finding.help)}`] : []),
    ...(finding.notes ?? []).flatMap(({ name, text }) => (name === "or" ? [`or: ${oneLine(text)}`] : [])),
  ]
}
