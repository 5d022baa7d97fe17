import { isAgent } from "std-env"
import { type Checked, fails, listFiles, type RunRequest, run } from "#engine"
import { type ComparedWith, comparedLines, disarmed, type formats, oneLine, visible } from "#report"
import { comparedWith, pruneBaselines } from "./compared.ts"
import { crashText } from "./crashes.ts"
import type { FixFlags } from "./fix.ts"
import { writeStepSummary } from "./github-job.ts"
import {
  annotationFormat,
  checkTargets,
  defaultFormat,
  formatOf,
  type Report,
  render,
  renderSummary,
  reportOf,
  writeReport,
} from "./output.ts"
import type { Paths } from "./paths.ts"
import { misuse } from "./problems.ts"
import { progress, type Timings } from "./progress.ts"
import { type ConfigFlags, type ReadingFlags, runRequest, type SelectionFlags } from "./requests.ts"
import { statisticsText } from "./statistics.ts"
import { timingsText } from "./timings.ts"
import { unhurried } from "./unhurried.ts"

export interface CheckFlags extends ConfigFlags, SelectionFlags, ReadingFlags, FixFlags {
  format?: string
  outputFormat?: string
  outputFile?: string
  report?: string[]
  exitZero?: boolean
  paths?: Paths
  since?: string
  strictBaseline?: boolean
  allowEmpty?: boolean
  stdinFilename?: string
  respectGitignore: boolean
  showFiles?: boolean
  statistics?: boolean
  showAll?: boolean
  timings?: boolean
  watch?: boolean
  quiet?: boolean
  verbose?: boolean
}

/** `fastlint check`: findings on stdout, everything about the run itself on stderr. */
export async function check(paths: string[], flags: CheckFlags): Promise<void> {
  const begun = performance.now()
  unhurried()
  const request = await requestOf(paths, flags)
  if (flags.showFiles) {
    process.stdout.write(
      listFiles(request)
        .map((path) => `${disarmed(visible(path))}\n`)
        .join(""),
    )
    return
  }
  const extra = (flags.report ?? []).map(reportOf)
  const asked = flags.format ?? flags.outputFormat
  const format = asked === undefined ? undefined : formatOf(asked, "--format")
  checkTargets([...extra, ...(flags.outputFile === undefined ? [] : [{ path: flags.outputFile }])])
  if (flags.watch) {
    const alien = (["fix", "unsafeFixes", "diff", "report", "outputFile", "statistics"] as const).find((name) => flags[name])
    if (alien)
      throw misuse(`--watch prints what it finds, and takes no --${alien.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
    return (await import("./watch.ts")).watch(request, format ?? "concise")
  }

  const steps = progress(process.stderr)
  let checked = await run({ ...request, onStep: flags.timings ? steps.step : (step) => steps.step(step) }).finally(steps.done)
  if (flags.fix || flags.unsafeFixes || flags.diff) {
    const { diffText, fixAll, fixedText } = await import("./fix.ts")
    if (flags.diff) {
      const { diff, refused } = await diffText(checked, flags)
      process.stderr.write(refused)
      process.stdout.write(diff)
      process.exitCode = diff === "" ? 0 : 1
      return
    }
    const fixed = await fixAll(request, flags, checked)
    process.stderr.write(fixedText(fixed))
    checked = fixed.checked
  }
  const exitCode = exitCodeOf(checked, flags)
  steps.step("report")
  const isOwnConfig = !flags.isolated && !flags.config
  const pruned = isOwnConfig && !flags.strictBaseline && !request.stdin ? pruneBaselines(checked) : undefined
  const facts = {
    exitCode,
    durationMs: Math.round(performance.now() - begun),
    comparedWith: comparedWith(checked, pruned),
    ...(flags.paths && { paths: flags.paths }),
    ...(flags.showAll && { showAll: true }),
  }

  const main: Report = {
    format: format ?? configuredFormat(checked) ?? defaultFormat(isAgent),
    ...(flags.outputFile ? { path: flags.outputFile } : {}),
  }
  const isSilent = flags.quiet && main.format === "full" && checked.findings.length === 0 && checked.notifications.length === 0
  for (const report of isSilent ? extra : [main, ...extra]) {
    const text =
      flags.statistics && report === main ? statisticsText(checked.findings, main.format === "json") : render(checked, report, facts)
    if (report.path === undefined) process.stdout.write(text)
    else writeReport(report.path, text)
  }
  const annotations = annotationFormat()
  if (main.format === "full" && main.path === undefined && annotations)
    process.stdout.write(render(checked, { format: annotations }, facts))
  writeStepSummary((most) => renderSummary(checked, facts, most))
  steps.done()
  process.stderr.write(aside(checked, facts.comparedWith, main, flags, steps.timings()))
  process.exitCode = exitCode
}

async function requestOf(paths: string[], flags: CheckFlags): Promise<RunRequest> {
  const request = runRequest(paths, flags)
  const isStdin = paths.includes("-")
  if (!isStdin && flags.stdinFilename === undefined) return request
  if (isStdin && paths.length > 1) throw misuse("`-` reads one file from stdin and stands alone")
  if (flags.stdinFilename === undefined)
    throw misuse("`-` needs --stdin-filename, to know which file stdin stands for", "fastlint check - --stdin-filename app/main.py")
  // An editor checks whatever file is open; that it is part of no app is no mistake.
  return { ...request, allowEmpty: true, stdin: { filename: flags.stdinFilename, bytes: await stdin() } }
}

/** All of stdin, however slowly it comes: reading the descriptor at once fails while a pipe is still empty. */
async function stdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** 3 before 1: what an incomplete run did not find says nothing. */
function exitCodeOf(checked: Checked, { exitZero, strictBaseline }: CheckFlags): number {
  if (checked.isIncomplete) return 3
  if (exitZero) return 0
  if (strictBaseline && checked.projects.some(({ compared }) => compared.baseline?.stale.length)) return 1
  const hasFailure = checked.projects.some((project) => project.findings.some((finding) => fails(finding.level, project.settings.failOn)))
  return hasFailure ? 1 : 0
}

/** The environment, then the first project's configuration. */
function configuredFormat(checked: Checked): keyof typeof formats | undefined {
  const { FASTLINT_FORMAT } = process.env
  if (FASTLINT_FORMAT) return formatOf(FASTLINT_FORMAT, "FASTLINT_FORMAT")
  const configured = checked.projects[0]?.settings.outputFormat
  return configured === undefined ? undefined : formatOf(configured, "output-format")
}

/** What goes to stderr: our own failures, what no format shows, and timings. */
function aside(checked: Checked, compared: ComparedWith[], main: Report, flags: CheckFlags, timings: Timings): string {
  const lines: string[] = []
  if (main.format !== "full" || main.path !== undefined) {
    for (const { level, message, path, kind } of checked.notifications) {
      if (kind !== "internal-error") lines.push(oneLine(`${level}: ${path === undefined ? "" : `${path}: `}${message}`))
    }
    for (const [text, command] of comparedLines(compared)) lines.push(oneLine(`fastlint: ${text}${command && `: ${command}`}`))
  }
  lines.push(...crashText(checked))
  if (flags.verbose)
    for (const project of checked.projects)
      lines.push(
        `fastlint: ${project.analysis.records.size} files under ${project.root}, configuration: ${project.settings.file ?? "none"}`,
      )
  if (flags.timings) lines.push(...timingsText(timings))
  return disarmed(lines.map((line) => `${line}\n`).join(""))
}
