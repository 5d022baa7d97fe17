/** TeamCity's service messages for code inspections: https://www.jetbrains.com/help/teamcity/service-messages.html */
import type { Level } from "#lint"
import { traceLines } from "./phrases.ts"
import type { Reported, Run } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

const SEVERITY: Record<Level, string> = { error: "ERROR", warning: "WARNING", info: "INFO" }
/** TeamCity cuts names and texts that are longer. */
const MOST_OF_NAME = 255
const MOST_OF_TEXT = 4000

/** The kinds that occur, each once and before its first use; then the findings. */
export function teamcity(run: Run): string {
  const kinds = new Map(run.findings.map((finding) => [finding.rule, finding]))
  const lines = [...[...kinds.values()].map((finding) => kind(finding, run)), ...run.findings.map(inspection)]
  return lines.map((line) => `${line}\n`).join("")
}

function kind({ rule, why }: Reported, run: Run): string {
  const name = oneLine(run.rules.find(({ id }) => id === rule)?.summary || rule)
  return message("inspectionType", {
    id: cut(rule, MOST_OF_NAME),
    name: cut(name, MOST_OF_NAME),
    description: cut(oneLine(why) || name, MOST_OF_TEXT),
    category: run.tool.name,
  })
}

function inspection(finding: Reported): string {
  const help = finding.help === "" ? [] : [oneLine(finding.help)]
  return message("inspection", {
    typeId: cut(finding.rule, MOST_OF_NAME),
    message: cut([oneLine(finding.message), ...traceLines(finding), ...help].join("\n"), MOST_OF_TEXT),
    file: cut(visible(finding.path), MOST_OF_TEXT),
    line: String(finding.range.start.line),
    SEVERITY: SEVERITY[finding.level],
  })
}

/** Without the half of a character that a cut may leave. */
const cut = (text: string, most: number) => text.slice(0, most).replace(/[\ud800-\udbff]$/, "")

/** `##teamcity[name key='value']` on one line. */
function message(name: string, values: Record<string, string>): string {
  const list = Object.entries(values).map(([key, value]) => ` ${key}='${escaped(value)}'`)
  return `##teamcity[${name}${list.join("")}]`
}

const ESCAPED: Record<string, string> = { "|": "||", "'": "|'", "\n": "|n", "\r": "|r", "[": "|[", "]": "|]" }

const escaped = (text: string) => text.replace(/[|'\n\r[\]]/g, (character) => ESCAPED[character]!)
