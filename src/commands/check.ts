import { isAgent } from "std-env"
import { type Checked, fails, listFiles, type RunRequest, run } from "#engine"
import { type ComparedWith, comparedLines, disarmed, type Format, leftText, oneLine, perRule, visible } from "#report"
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
import { type ConfigFlags, type ReadingFlags, type RunFlags, runRequest, type SelectionFlags } from "./requests.ts"
import { statisticsText } from "./statistics.ts"
import { timingsText } from "./timings.ts"
import { unhurried } from "./unhurried.ts"

export interface CheckFlags extends ConfigFlags, SelectionFlags, ReadingFlags, RunFlags, FixFlags {
  format?: string
  outputFormat?: string
  outputFile?: string
  report?: string[]
  exitZero?: boolean
  paths?: Paths
  strictBaseline?: boolean
  stdinFilename?: string
  showFiles?: boolean
  showSettings?: boolean
  maxPerRule?: number
  /** True where no reason is given. */
  addIgnore?: string | boolean
  statistics?: boolean
  showAll?: boolean
  timings?: boolean
  watch?: boolean
  quiet?: boolean
  silent?: boolean
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
  if (flags.showSettings) {
    const { settingsText } = await import("./config.ts")
    process.stdout.write(request.paths.map((path) => settingsText(request.stdin?.filename ?? path, flags)).join("\n"))
    return
  }
  const extra = (flags.report ?? []).map(reportOf)
  const asked = flags.format ?? flags.outputFormat
  const format = asked === undefined ? undefined : formatOf(asked, "--format")
  checkTargets([...extra, ...(flags.outputFile === undefined ? [] : [{ path: flags.outputFile }])])
  if (flags.watch) {
    const alien = NOT_WATCHED.find((name) => flags[name])
    if (alien)
      throw misuse(`--watch prints what it finds, and takes no --${alien.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
    return (await import("./watch.ts")).watch(request, format ?? "concise")
  }

  const steps = progress(process.stderr)
  let checked = await run({ ...request, onStep: flags.timings ? steps.step : (step) => steps.step(step) }).finally(steps.done)
  if (flags.addIgnore) {
    const { addIgnores } = await import("./add-ignore.ts")
    process.exitCode = await addIgnores(request, checked, flags.addIgnore)
    return
  }
  if (flags.fix || flags.unsafeFixes || flags.diff || flags.fixOnly) {
    const { diffText, fixAll, fixedText } = await import("./fix.ts")
    if (flags.diff) {
      const { diff, refused } = await diffText(checked, flags)
      process.stderr.write(refused)
      // A patch is bytes to apply; in the log of a build server it must not command.
      const shown = annotationFormat() ? disarmed(diff) : diff
      process.stdout.write(shown)
      if (shown !== diff)
        process.stderr.write("fastlint: the diff holds what this build server would obey; it is written out, and does not apply\n")
      process.exitCode = diff === "" ? 0 : 1
      return
    }
    const fixed = await fixAll(request, flags, checked)
    if (!flags.silent) process.stderr.write(fixedText(fixed, flags))
    checked = fixed.checked
    if (flags.fixOnly) {
      process.stderr.write(aside(checked, [], { format: "full" }, flags, steps.timings()))
      process.exitCode = checked.isIncomplete ? 3 : 0
      return
    }
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
    ...(flags.maxPerRule !== undefined && { maxPerRule: flags.maxPerRule }),
  }

  const main: Report = {
    format: format ?? configuredFormat(checked) ?? defaultFormat(isAgent),
    ...(flags.outputFile ? { path: flags.outputFile } : {}),
  }
  if (flags.maxPerRule !== undefined && !FOR_PEOPLE.has(main.format))
    throw misuse(`--max-per-rule leaves problems out, and \`${main.format}\` is for programs, which need all of them`)
  const isNothing = flags.quiet && main.format === "full" && checked.findings.length === 0 && checked.notifications.length === 0
  const isUnheard = flags.silent && main.path === undefined
  for (const report of isNothing || isUnheard ? extra : [main, ...extra]) {
    const text =
      flags.statistics && report === main ? statisticsText(checked.findings, main.format === "json") : render(checked, report, facts)
    if (report.path === undefined) process.stdout.write(text)
    else writeReport(report.path, text)
  }
  const annotations = annotationFormat()
  if (main.format === "full" && main.path === undefined && annotations && !flags.silent)
    process.stdout.write(render(checked, { format: annotations }, facts))
  writeStepSummary((most) => renderSummary(checked, facts, most))
  steps.done()
  if (flags.showFixes && !flags.fix && !flags.unsafeFixes && !flags.silent)
    process.stderr.write((await import("./fix.ts")).fixableText(checked))
  process.stderr.write(aside(checked, facts.comparedWith, main, flags, steps.timings()))
  process.exitCode = exitCode
}

/** What makes no sense while files change. */
const NOT_WATCHED = [
  ...["fix", "unsafeFixes", "fixOnly", "showFixes", "diff", "addIgnore"],
  ...["report", "outputFile", "statistics", "maxPerRule", "silent"],
] as (keyof CheckFlags)[]

/** Formats that may leave something out, as long as they say so. */
const FOR_PEOPLE: ReadonlySet<Format> = new Set(["full", "concise", "agent"])

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
function configuredFormat(checked: Checked): Format | undefined {
  const { FASTLINT_FORMAT } = process.env
  if (FASTLINT_FORMAT) return formatOf(FASTLINT_FORMAT, "FASTLINT_FORMAT")
  const configured = checked.projects[0]?.settings.outputFormat
  return configured === undefined ? undefined : formatOf(configured, "output-format")
}

/** What goes to stderr: our own failures, what no format shows, and timings. */
function aside(checked: Checked, compared: ComparedWith[], main: Report, flags: CheckFlags, timings: Timings): string {
  const lines: string[] = []
  const { maxPerRule, silent } = flags
  if (main.format !== "full" || main.path !== undefined || silent || flags.fixOnly) {
    for (const { level, message, path, kind } of checked.notifications) {
      if (kind === "internal-error" || (silent && level !== "error")) continue
      lines.push(oneLine(`${level}: ${path === undefined ? "" : `${path}: `}${message}`))
    }
  }
  if (silent) return disarmed([...lines, ...crashText(checked)].map((line) => `${line}\n`).join(""))
  if (main.format !== "full" || main.path !== undefined) {
    const left = maxPerRule === undefined ? "" : leftText(perRule({ findings: checked.findings, options: { maxPerRule } }))
    if (left !== "" && main.format === "concise") lines.push(`fastlint: ${left}`)
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
