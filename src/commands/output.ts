import { randomUUID } from "node:crypto"
import { mkdirSync, statSync, writeFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { type Checked, checklistOf, VERSION } from "#engine"
import { CONCERNS, LEVELS, nearest } from "#lint"
import { type ComparedWith, type Format, formats, type Look, type Reported, type Run, stepSummary } from "#report"
import { CannotWrite } from "./cannot-write.ts"
import { comparedWith as comparedWithOf } from "./compared.ts"
import { placeInRepository } from "./github-job.ts"
import { lookOf, plainLook } from "./look.ts"
import { checkoutRoot, defaultPaths, onlyProjectWord, type Paths, rebased } from "./paths.ts"
import { misuse } from "./problems.ts"
import { routesSince } from "./route-diff.ts"

/** The format of a name, or a mistake with a suggestion. `from` is the flag or key that named it. */
export function formatOf(name: string, from: string): Format {
  if (Object.hasOwn(formats, name)) return name as Format
  const near = nearest(name, Object.keys(formats))
  throw misuse(`unknown format \`${name}\` in ${from}`, near ? `did you mean \`${near}\`?` : `formats: ${Object.keys(formats).join(", ")}`)
}

/** The format where nobody asked for one: agents read lines, people read frames. */
export const defaultFormat = (isAgent: boolean): Format => (isAgent ? "agent" : "full")

export interface Report {
  format: Format
  /** A file; stdout where it is missing. */
  path?: string
}

/** `sarif=out.sarif`, as given to `--report`. */
export function reportOf(value: string): Report {
  const at = value.indexOf("=")
  if (at < 1 || at === value.length - 1) throw misuse(`--report wants FORMAT=PATH, and got \`${value}\``, "--report sarif=out.sarif")
  return { format: formatOf(value.slice(0, at), "--report"), path: value.slice(at + 1) }
}

/** What the run itself does not know: how it ends, and how long it took. */
export interface Facts {
  exitCode: number
  durationMs: number
  /** What findings were compared with; asked of the run where it is not given. */
  comparedWith?: ComparedWith[]
  /** What paths are relative to; where it is not given, the format decides. */
  paths?: Paths
  showAll?: boolean
  maxPerRule?: number
}

/** What is printed at the end, for one format and one place to print to. */
export function render(checked: Checked, report: Report, facts: Facts): string {
  const isOnGithub = Boolean(process.env.GITHUB_ACTIONS) && report.path === undefined
  const order = report.format === "full" ? byWeight : undefined
  const paths = facts.paths ?? defaultPaths(report.format)
  const base = paths === "root" ? checkoutRoot(process.cwd()) : undefined
  const options = {
    ...(facts.showAll && { showAll: true }),
    ...(facts.maxPerRule !== undefined && { maxPerRule: facts.maxPerRule }),
    ...(isOnGithub && report.format === "full" ? { stopToken: randomUUID() } : {}),
    ...(report.format === "github" && paths === "cwd" ? placeInRepository(process.cwd()) : {}),
    ...(base === undefined ? {} : { rootUri: `${pathToFileURL(base).href}/` }),
  }
  const run = runOf(checked, facts, lookFor(report), options, order)
  return formats[report.format](paths === "cwd" ? run : rebased(run, base, process.cwd()))
}

/** The page for GitHub's job summary, of at most so many bytes. */
export function renderSummary(checked: Checked, facts: Facts, most: number): string {
  return stepSummary(runOf(checked, facts, plainLook, placeInRepository(process.cwd()), byWeight), most)
}

function runOf(
  checked: Checked,
  { comparedWith = comparedWithOf(checked), exitCode, durationMs }: Facts,
  look: Look,
  options: Partial<Run["options"]> | undefined,
  order?: (a: Reported, b: Reported) => number,
): Run {
  return {
    tool: { name: "fastlint", version: VERSION },
    summary: { ...checked.summary, exitCode, durationMs },
    findings: order ? checked.findings.toSorted(order) : checked.findings,
    suppressed: checked.suppressed,
    known: checked.known,
    comparedWith,
    notifications: checked.notifications,
    rules: checked.rules,
    unseen: checked.unseen,
    questions: checked.questions,
    checklist: () => ({ ...checklistOf(checked), project: onlyProjectWord(checked.projects, process.cwd()) }),
    routesSince: () => routesSince(checked),
    source: checked.source,
    options: {
      ...look,
      project: onlyProjectWord(checked.projects, process.cwd()),
      rootUri: `${pathToFileURL(process.cwd()).href}/`,
      ...(process.env.GITHUB_STEP_SUMMARY ? { stepSummary: true } : {}),
      ...options,
    },
  }
}

/** What a build server understands beside the log for people, when we run on one. */
export function annotationFormat(env: NodeJS.ProcessEnv = process.env): Format | undefined {
  if (env.GITHUB_ACTIONS) return "github"
  if (env.TF_BUILD) return "azure"
  return env.TEAMCITY_VERSION ? "teamcity" : undefined
}

/** Line formats are read by matchers, which escape codes break: coloured only where a person looks and no runner listens. */
function lookFor({ format, path }: Report): Look {
  if (path !== undefined) return plainLook
  const look = lookOf(process.stdout)
  return format === "full" || (process.stdout.isTTY && !process.env.GITHUB_ACTIONS) ? look : { ...look, color: false, links: false }
}

/** In the order in which people should read: level, then the architect's order, then place. */
const byWeight = (a: Reported, b: Reported): number =>
  LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || CONCERNS.indexOf(a.concern) - CONCERNS.indexOf(b.concern)

/** Mistakes in where reports go, found before anything is checked: an empty name, a folder, two reports in one file. */
export function checkTargets(reports: readonly { path?: string }[]): void {
  const seen = new Set<string>()
  for (const { path } of reports) {
    if (path === undefined) continue
    const target = resolve(process.cwd(), path)
    if (path === "" || isFolder(target)) throw misuse(path === "" ? "--output-file is empty" : `cannot write ${path}: it is a folder`)
    if (seen.has(target) && !target.startsWith("/dev/")) throw misuse(`two reports would be written to ${path}`)
    seen.add(target)
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Writes a report to its file, making folders on the way. Throws `CannotWrite` where that fails. */
export function writeReport(path: string, text: string): void {
  const target = resolve(process.cwd(), path)
  try {
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  } catch (error) {
    throw new CannotWrite(path, error)
  }
}
