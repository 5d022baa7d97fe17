import { type Checked, checklistOf, fails, graphOf, run, VERSION } from "#engine"
import {
  type Checklist,
  checklistBadge,
  checklistHtml,
  checklistJson,
  checklistMarkdown,
  checklistText,
  disarmed,
  junitChecklist,
  oneLine,
} from "#report"
import { crashText } from "./crashes.ts"
import { lookOf, plainLook } from "./look.ts"
import { writeReport } from "./output.ts"
import { onlyProjectWord } from "./paths.ts"
import { progress } from "./progress.ts"
import { type ConfigFlags, runRequest, type SelectionFlags } from "./requests.ts"
import { routeRows } from "./route-rows.ts"

export interface ChecklistFlags extends ConfigFlags, Pick<SelectionFlags, "failOn"> {
  format: "text" | "json" | "md" | "html" | "junit-checklist" | "badge"
  outputFile?: string
  exitZero?: boolean
  allowEmpty?: boolean
  verbose?: boolean
}

/** `fastlint checklist`: the items, what passes, what fails, and what nobody could see. */
export async function checklist(path: string, flags: ChecklistFlags): Promise<void> {
  const begun = performance.now()
  const steps = progress(process.stderr)
  const checked = await run({ ...runRequest([path], flags), onStep: steps.step }).finally(steps.done)
  const list = { ...checklistOf(checked), project: onlyProjectWord(checked.projects, process.cwd()) }
  const exitCode = exitCodeOf(checked, list, flags.exitZero ?? false)
  const text = render(list, checked, flags, { version: VERSION, exitCode, durationMs: performance.now() - begun })
  if (flags.outputFile === undefined) process.stdout.write(text)
  else writeReport(flags.outputFile, text)
  for (const { level, message, path: file, kind } of checked.notifications)
    if (kind !== "internal-error")
      process.stderr.write(disarmed(`${oneLine(`${level}: ${file === undefined ? "" : `${file}: `}${message}`)}\n`))
  process.stderr.write(
    crashText(checked)
      .map((line) => `${line}\n`)
      .join(""),
  )
  process.exitCode = exitCode
}

interface Facts {
  version: string
  exitCode: number
  durationMs: number
}

function render(list: Checklist, checked: Checked, { format, outputFile, verbose }: ChecklistFlags, facts: Facts): string {
  if (format === "badge") return checklistBadge(list)
  if (format === "json") return checklistJson(list, facts)
  if (format === "md") return checklistMarkdown(list)
  if (format === "junit-checklist") return junitChecklist(list, facts)
  if (format === "text") return checklistText(list, outputFile === undefined ? lookOf(process.stdout) : plainLook, verbose)
  const { source, rules, unseen, questions } = checked
  const rows = checked.projects.flatMap(routeRows)
  return checklistHtml({ ...facts, checklist: list, rows, graphs: checked.projects.map(graphOf), source, rules, unseen, questions })
}

/** As `check`, over what the items rest on. */
function exitCodeOf(checked: Checked, { items, findings }: Checklist, exitZero: boolean): number {
  if (checked.isIncomplete) return 3
  if (exitZero) return 0
  const failOn = checked.projects[0]?.settings.failOn ?? "error"
  const accused = new Set(
    items.flatMap(({ things }) => things.filter(({ answer }) => answer === "fail").flatMap((thing) => thing.findings)),
  )
  return findings.some(({ id, level, rule }) => (accused.has(id) || !rule.includes("/")) && fails(level, failOn)) ? 1 : 0
}
