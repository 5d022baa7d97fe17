import { realpathSync } from "node:fs"
import { join } from "node:path"
import type { Rule } from "#lint"
import type { AskedQuestion, Notification, Reported, RuleDescription, Summary, UnseenThing } from "#report"
import { type Analysis, analyse, chosen, type Settled } from "./analyse.ts"
import { askedOf, deadAnswerWarnings } from "./asked.ts"
import { readBaseline } from "./baseline.ts"
import { type CachePlace, cachePlace } from "./cache.ts"
import { removeCache } from "./cache-folder.ts"
import { type Compared, compareAnalysis } from "./compare.ts"
import { type ConfigRequest, loadConfig, shownPath } from "./config.ts"
import { deadPatternWarnings } from "./config-typos.ts"
import { crashNotification } from "./crash.ts"
import { describeRules } from "./describe.ts"
import { missingApps, noApp, noFiles, noRules } from "./empty.ts"
import { findFiles } from "./files.ts"
import { importRoots } from "./import-roots.ts"
import { versionsOfProject } from "./loose.ts"
import type { FileRecord } from "./map-file.ts"
import { type MapRequest, mapFiles } from "./map-files.ts"
import { CannotStart, type Problem } from "./problem.ts"
import { type Bytes, readBytes } from "./read.ts"
import { Reporter } from "./reported.ts"
import { analyseRevision, commitOf } from "./revision.ts"
import { isProject, workTree } from "./root.ts"
import { ALWAYS_ON, OWN_FINDINGS, selectable } from "./selectors.ts"
import type { Settings } from "./settings.ts"
import { isNamed, stdinTarget, type Target, targets } from "./targets.ts"
import { lockedPackages } from "./versions.ts"

export interface RunRequest extends ConfigRequest {
  paths: readonly string[]
  rules: readonly Rule[]
  /** Only the model is wanted: configuration is checked against the rules, but none is asked. */
  isModelOnly?: boolean
  respectGitignore: boolean
  /** A file's text that replaces what is on disk; only its findings are shown. */
  stdin?: { filename: string; bytes: Uint8Array }
  /** No file and no app is an answer, not a mistake. */
  allowEmpty: boolean
  /** What was read of each file is kept for the next run: by this build of fastlint, in this folder rather than the configured one. */
  cache?: { build: string; folder?: string }
  /** How many threads to read files in; as many as pay if not given. */
  jobs?: number
  /** Show only what this git revision did not have. */
  since?: string
  /** Do not look for a file of known findings. */
  noBaseline?: boolean
  /** Findings that a comment silences are findings like all others. */
  ignoreSuppressions?: boolean
  /** YYYY-MM-DD. */
  today?: string
  onStep?(step: string, rule?: string): void
}

/** One project, read and judged. */
export interface CheckedProject {
  root: string
  settings: Settings
  cache: CachePlace | undefined
  /** What the user named, relative to the root; empty for all. */
  named: readonly string[]
  analysis: Analysis
  reporter: Reporter
  /** The path that users read. */
  shown(path: string): string
  /** What is found and is not known already. */
  findings: Reported[]
  suppressed: Reported[]
  /** What a baseline or an earlier revision knows. */
  known: Reported[]
  compared: Compared
  notifications: Notification[]
  /** What could not be read for sure: the run is incomplete. */
  isIncomplete: boolean
}

/** Everything that one command line found out. */
export interface Checked {
  projects: CheckedProject[]
  findings: Reported[]
  suppressed: Reported[]
  known: Reported[]
  notifications: Notification[]
  unseen: UnseenThing[]
  questions: AskedQuestion[]
  rules: RuleDescription[]
  summary: Omit<Summary, "durationMs" | "exitCode">
  isIncomplete: boolean
  source(path: string): string | undefined
}

/** The Python files that `check` would read, as users read paths. */
export function listFiles(request: RunRequest): string[] {
  const cwd = realpathSync(request.cwd)
  return targetsOf(request).flatMap((target) => {
    const { settings } = loadConfig(target.root, request, selectable(request.rules))
    const files = findFiles({ ...target, settings, respectGitignore: request.respectGitignore })
    return files.filter((path) => isNamed(path, target.named)).map((path) => shownPath(join(target.root, path), cwd))
  })
}

/** Deletes what earlier runs kept of the projects that the paths belong to; gives back the folders that are gone. */
export function clearCaches(request: Omit<RunRequest, "respectGitignore" | "allowEmpty">): string[] {
  return targets(request.paths, request.cwd).flatMap(({ root }) => {
    const { settings } = loadConfig(root, request, selectable(request.rules))
    const folder = cachePlace(root, settings, request.cache)?.folder
    return folder !== undefined && removeCache(folder) ? [shownPath(folder, request.cwd)] : []
  })
}

/** Reads and judges every project that the paths belong to. Throws `CannotStart` where there is nothing to judge. */
export async function run(request: RunRequest): Promise<Checked> {
  const work = targetsOf(request).map((target) => ({ target, ...loadConfig(target.root, request, selectable(request.rules)) }))
  if (request.since !== undefined) for (const { target } of work) commitOf(target.root, request.since)
  const projects: CheckedProject[] = []
  for (const { target, settings, warnings } of work) projects.push(await checkProject(target, settings, warnings, request))
  const isOwnOn = ({ selection }: Analysis) => OWN_FINDINGS.some(({ id }) => !ALWAYS_ON.includes(id) && selection.isOn(id))
  const idle = projects.filter(({ analysis, settings }) => analysis.ran.length === 0 && settings.preset !== "none" && !isOwnOn(analysis))
  if (idle.length > 0 && !request.isModelOnly && request.rules.length > 0) throw new CannotStart(idle.map(noRules))
  const isEmpty = projects.every((project) => project.analysis.project.apps.length === 0)
  if (isEmpty && !request.allowEmpty) throw new CannotStart(projects.map((project) => noApp(project, request.paths)))
  const missing = projects.flatMap(missingApps)
  if (missing.length > 0) throw new CannotStart(missing)
  return together(projects, request)
}

const targetsOf = (request: RunRequest): Target[] =>
  request.stdin ? [stdinTarget(request.stdin.filename, request.cwd)] : targets(request.paths, request.cwd)

async function checkProject(
  { root, named }: Target,
  settings: Settings,
  warnings: readonly Problem[],
  request: RunRequest,
): Promise<CheckedProject> {
  const cwd = realpathSync(request.cwd)
  const shown = (path: string) => shownPath(join(root, path), cwd)
  request.onStep?.("find files")
  const refused: string[] = []
  const onUnreadable = (folder: string) => void refused.push(folder)
  const paths = findFiles({ root, settings, named, respectGitignore: request.respectGitignore, onUnreadable })
  const overlay = request.stdin && { path: named[0] as string, bytes: request.stdin.bytes }
  if (overlay && !paths.includes(overlay.path)) paths.push(overlay.path)
  const empty = named.filter((one) => !paths.some((path) => isNamed(path, [one])))
  if (!request.allowEmpty && empty.length > 0) throw new CannotStart(empty.map((one) => noFiles(shown(one))))

  const notifications: Notification[] = warnings.map(({ message }) => ({ level: "warning", kind: "configuration", message }))
  for (const folder of refused)
    notifications.push({
      level: "error",
      kind: "unreadable-folder",
      message: "this folder cannot be listed: permission denied",
      path: shown(folder),
    })
  request.onStep?.("read")
  const what = { settings, rules: request.rules, ...(request.isModelOnly && { isModelOnly: true }) }
  const { ran, selection } = chosen(what)
  const cache = cachePlace(root, settings, request.cache)
  const { records, unread } = await recordsOf(root, paths.sort(), overlay, {
    rules: ran,
    options: selection.options,
    cache,
    jobs: request.jobs,
    onStep: request.onStep,
  })
  for (const { path, reason, message } of unread)
    notifications.push({ level: reason === "unreadable" ? "error" : "warning", kind: `${reason}-file`, message, path: shown(path) })
  const isIncomplete = refused.length > 0 || unread.some(({ reason }) => reason === "unreadable")
  const hasGaps = refused.length > 0 || unread.some(({ reason }) => reason !== "dangling")

  const analysis = analyse({
    ...what,
    records,
    named,
    roots: importRoots(root, settings, [...records.keys()]),
    versions: versionsOfProject(root, workTree(root) ?? root),
    locked: lockedPackages(root, workTree(root) ?? root),
    hasGaps,
    ...(request.ignoreSuppressions && { ignoreSuppressions: true }),
    ...(request.today === undefined ? {} : { today: request.today }),
    ...(request.onStep ? { onStep: request.onStep } : {}),
  })
  const reporter = new Reporter(analysis, selectable(request.rules), shown)
  const isShown = ({ verdict }: { verdict: { at: { path: string } } }) => isNamed(verdict.at.path, named)
  notifications.push(...analysis.crashes.map((crash) => crashNotification(crash, shown)))
  if (!hasGaps) notifications.push(...deadAnswerWarnings(analysis, settings))
  if (!hasGaps && isProject(root)) notifications.push(...deadPatternWarnings(root, settings, paths))
  const before = request.since === undefined ? undefined : await revisionOf(root, settings, named, request.since, cache, request)
  const baseline = request.noBaseline ? undefined : readBaseline(root, settings, cwd)
  const compared = compareAnalysis(analysis, baseline, before, hasGaps)
  const shownFindings = analysis.findings.filter(isShown)
  const compare = (baseline || before) !== undefined
  const report = (state: "new" | "known") => (one: Settled) => ({ ...reporter.report(one), ...(compare && { baseline: state }) })
  return {
    root,
    settings,
    cache,
    named,
    analysis,
    reporter,
    shown,
    findings: shownFindings.filter((one) => !compared.isKnown(one)).map(report("new")),
    known: shownFindings.filter(compared.isKnown).map(report("known")),
    compared,
    suppressed: analysis.suppressed.filter(isShown).map((one) => reporter.report(one)),
    notifications,
    isIncomplete: isIncomplete || analysis.crashes.length > 0,
  }
}

interface Unread {
  path: string
  reason: Extract<Bytes, { ok: false }>["reason"]
  message: string
}

/** Reads all files. A function of its own, so that their bytes are gone once their records are made. */
async function recordsOf(
  root: string,
  paths: readonly string[],
  overlay: MapRequest["files"][number] | undefined,
  asked: Omit<MapRequest, "files" | "isKept">,
): Promise<{ records: Map<string, FileRecord>; unread: Unread[] }> {
  const files: { path: string; bytes: Uint8Array }[] = []
  const unread: Unread[] = []
  for (const path of paths) {
    const read: Bytes = overlay?.path === path ? { ok: true, bytes: overlay.bytes } : readBytes(root, path)
    if (read.ok) files.push({ path, bytes: read.bytes })
    else unread.push({ path, reason: read.reason, message: read.message })
  }
  return { records: await mapFiles({ ...asked, files, isKept: (path) => path !== overlay?.path }), unread }
}

/** The same rules on the project as it was. */
async function revisionOf(
  root: string,
  settings: Settings,
  named: readonly string[],
  revision: string,
  cache: CachePlace | undefined,
  { rules, today, jobs, onStep, ignoreSuppressions }: RunRequest,
) {
  onStep?.("comparing")
  const commit = commitOf(root, revision)
  return {
    revision,
    commit,
    analysis: await analyseRevision(root, settings, commit, { rules, named, today, cache, jobs, ignoreSuppressions }),
  }
}

function together(projects: CheckedProject[], { rules }: RunRequest): Checked {
  const findings = projects.flatMap((project) => project.findings)
  const suppressed = projects.flatMap((project) => project.suppressed)
  const known = projects.flatMap((project) => project.known)
  const unseenNow = (): UnseenThing[] =>
    projects.flatMap(({ analysis, reporter, shown }) =>
      analysis.project.unseen.map(({ at, what, why }) => ({ path: shown(at.path), line: reporter.line(at), what, why })),
    )
  const texts = new Map(
    projects.flatMap(({ analysis, shown }) => [...analysis.records.values()].map((record) => [shown(record.path), record.text] as const)),
  )
  const questions = askedOf(projects)
  const count = (level: string) => findings.filter((finding) => finding.level === level).length
  const sum = (of: (project: CheckedProject) => number) => projects.reduce((total, project) => total + of(project), 0)
  return {
    projects,
    findings,
    suppressed,
    known,
    notifications: projects.flatMap((project) => project.notifications),
    get unseen() {
      return unseenNow()
    },
    questions,
    rules: describeRules(
      rules,
      projects.map((project) => project.analysis.selection),
    ),
    summary: {
      files: sum(({ analysis }) => analysis.records.size),
      appFiles: sum(({ analysis }) => [...analysis.records.keys()].filter((path) => analysis.project.role(path) === "app").length),
      routes: sum(({ analysis }) => analysis.project.apps.reduce((total, app) => total + app.routes.length, 0)),
      apps: sum(({ analysis }) => analysis.project.apps.length),
      rules: new Set(projects.flatMap(({ analysis }) => analysis.ran.map((rule) => rule.id))).size,
      errors: count("error"),
      warnings: count("warning"),
      info: count("info"),
      suppressed: suppressed.length,
      baselined: known.length,
      unseen: unseenNow().length,
      questions: questions.length,
    },
    isIncomplete: projects.some((project) => project.isIncomplete),
    source: (path) => texts.get(path),
  }
}
