/** Azure Pipelines' logging commands: https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands */
import type { Level } from "#lint"
import { disarmed } from "./disarm.ts"
import { wayOf, weightiestFirst } from "./phrases.ts"
import type { Reported, Run } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

/** Azure knows no third type. */
const TYPE: Record<Level, string> = { error: "error", warning: "warning", info: "warning" }

/** One command per finding. Azure's overview keeps ten errors and ten warnings of a step, so the weightiest come first. */
export function azure(run: Run): string {
  return (["error", "warning", "info"] as const)
    .flatMap((level) => weightiestFirst(run.findings.filter((finding) => finding.level === level)))
    .map((finding) => `${issue(finding)}\n`)
    .join("")
}

function issue(finding: Reported): string {
  const { line, column } = finding.range.start
  const properties = {
    type: TYPE[finding.level],
    sourcepath: visible(finding.path),
    linenumber: line,
    columnnumber: column,
    code: finding.rule,
  }
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escaped(String(value))};`)
  const way = wayOf(finding)
  return `##vso[task.logissue ${list.join("")}]${escaped(oneLine(`${finding.message}${way && ` (${way})`}`))}`
}

/** Undone by the agent in the opposite order, so percent signs come first. */
const escaped = (text: string) =>
  disarmed(text).replaceAll("%", "%AZP25").replaceAll(";", "%3B").replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll("]", "%5D")
