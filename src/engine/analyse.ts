import { link, type Project, type Role } from "#fastapi"
import {
  applySuppressions,
  type FileNotes,
  fingerprints,
  type Level,
  type Rule,
  type RuleCrash,
  runProjectRules,
  type Suppressed,
  type Suppression,
  settle,
  type Verdict,
} from "#lint"
import { roleOf } from "#python"
import { matcher } from "./files.ts"
import { type FileRecord, mapFile } from "./map-file.ts"
import { type Selection, selectionOf } from "./selection.ts"
import { selectable } from "./selectors.ts"
import type { Settings } from "./settings.ts"
import type { PinnedVersions } from "./versions.ts"

export interface AnalyseInput {
  /** Every file of the project, with `/`-separated paths relative to its root, in the order of their paths; where `records` says nothing of them. */
  files?: { path: string; bytes: Uint8Array }[]
  settings: Settings
  rules: readonly Rule[]
  /** Only the model is wanted: no rule is asked. */
  isModelOnly?: boolean
  /** What the user named, relative to the root; nothing for all. */
  named?: readonly string[]
  /** Folders that imports start from, relative to the root. */
  roots: string[]
  versions: PinnedVersions
  /** What the lock file installs, where there is one. */
  locked?: ReadonlySet<string> | undefined
  /** True when files are missing from `files` because they could not be read. */
  hasGaps: boolean
  /** What `mapFiles` made of the files, in their order, where somebody has let it; else they are read here. */
  records?: Map<string, FileRecord>
  /** Findings that a comment silences are findings like all others. */
  ignoreSuppressions?: boolean | undefined
  /** YYYY-MM-DD, for suppressions with a last day. */
  today?: string
  /** Told what is being done, for progress and timings. */
  onStep?(step: string, rule?: string): void
}

/** A finding with everything decided but how it is shown. */
export interface Settled {
  verdict: Verdict
  level: Level
  fingerprint: string
  suppressed?: Suppressed
}

export interface Analysis {
  project: Project
  findings: Settled[]
  suppressed: Settled[]
  crashes: RuleCrash[]
  records: Map<string, FileRecord>
  selection: Selection
  /** The rules that were on somewhere. */
  ran: Rule[]
}

/** Who names a folder of examples or scripts wants to hear of them: what lies above it does not count then. */
function roleAsNamed(path: string, text: string, named: readonly string[]): Role {
  const role = roleOf(path, text)
  const under = role === "example" || role === "script" ? named.find((one) => one !== "" && path.startsWith(`${one}/`)) : undefined
  return under === undefined ? role : roleOf(path.slice(under.length + 1), text)
}

/** Which rules are on somewhere, and how they are set. */
export function chosen({ settings, rules, isModelOnly }: Pick<AnalyseInput, "settings" | "rules" | "isModelOnly">): {
  selection: Selection
  ran: Rule[]
} {
  const selection = selectionOf(settings, selectable(rules))
  return { selection, ran: isModelOnly ? [] : rules.filter((rule) => selection.isOn(rule.id)) }
}

/** Map, link, check, settle: from bytes to findings, without touching the disk. */
export function analyse(input: AnalyseInput): Analysis {
  const { selection, ran } = chosen(input)
  const records =
    input.records ??
    new Map((input.files ?? []).map(({ path, bytes }) => [path, mapFile(path, bytes, ran, selection.options, input.onStep)]))

  input.onStep?.("link")
  const project = linkRecords([...records.values()], input)

  input.onStep?.("play")
  if (ran.length > 0) playBodies(project)

  input.onStep?.("rules")
  const judged = runProjectRules(project, ran, notesByRule(records.values()), selection.options, input.onStep)
  const crashes = [...[...records.values()].flatMap((record) => record.crashes), ...judged.crashes]
  const found = [...[...records.values()].flatMap((record) => record.findings), ...judged.findings]

  input.onStep?.("settle")
  return { project, ...settled(found, crashes, project, records, selection, ran, input), crashes, records, selection, ran }
}

/** Bodies are played when they are first asked for; asked here, so that the time is not the first rule's. */
function playBodies(project: Project): void {
  try {
    void project.functions
  } catch {
    // Every rule that asks for them will say so.
  }
}

function linkRecords(records: readonly FileRecord[], { settings, versions, locked, roots, named }: AnalyseInput): Project {
  return link({
    modules: records.flatMap((record) => record.facts ?? []),
    versions,
    ...(locked && { locked }),
    roots,
    role: rolesOf(records, settings, named ?? []),
    auth: settings.auth,
    apps: settings.apps,
  })
}

/** Where tests are is the user's to say; everything else is read from path and text. */
function rolesOf(records: readonly FileRecord[], settings: Settings, named: readonly string[]): (path: string) => Role {
  const isTest = matcher(settings.tests.paths, settings.prefix)
  const roles = new Map(records.map(({ path, text }) => [path, isTest(path) ? ("test" as const) : roleAsNamed(path, text, named)]))
  return (path) => roles.get(path) ?? "app"
}

function notesByRule(records: Iterable<FileRecord>): Record<string, FileNotes<unknown>[]> {
  const byRule: Record<string, FileNotes<unknown>[]> = {}
  for (const { path, notes } of records) {
    for (const [id, left] of Object.entries(notes)) {
      byRule[id] ??= []
      byRule[id].push({ path, notes: left })
    }
  }
  return byRule
}

/** Role, level, suppression, fingerprint: in this order, since each needs the one before. */
function settled(
  found: readonly Verdict[],
  crashes: readonly RuleCrash[],
  project: Project,
  records: ReadonlyMap<string, FileRecord>,
  selection: Selection,
  ran: readonly Rule[],
  { settings, hasGaps, today, rules, ignoreSuppressions }: AnalyseInput,
): Pick<Analysis, "findings" | "suppressed"> {
  const roleOf = (path: string) => project.role(path)
  const levelOf = (verdict: Verdict) => selection.levelIn(verdict.rule, verdict.at.path, verdict.level)
  const shown = settle(found, ran, roleOf).filter((verdict) => levelOf(verdict) !== undefined)
  const crashed = new Set(crashes.map((crash) => crash.rule))
  const isWhole = !hasGaps && crashes.length === 0 && [...records.values()].every((record) => record.facts?.problems.length === 0)

  const suppressions = new Map<string, Suppression[]>([...records].map(([path, record]) => [path, record.suppressions]))
  const applied = applySuppressions(shown, suppressions, selectable(rules).map(withEquivalents), {
    ran: (id, path) => selection.levelIn(id, path) !== undefined && !crashed.has(id),
    complete: isWhole,
    requireReason: settings.requireReason,
    respectNoqa: settings.respectNoqa,
    ...(today === undefined ? {} : { today }),
  })
  const { problems } = applied
  const silenced = applied.suppressed.map((one) => one.finding)
  const { kept, suppressed } = ignoreSuppressions ? { kept: [...applied.kept, ...silenced], suppressed: [] } : applied
  const comments = settle(problems, ran, roleOf).filter((verdict) => levelOf(verdict) !== undefined)

  // Numbered together, so that a suppression does not rename the finding beside it.
  const bySuppressed = new Map(suppressed.map((one) => [one.finding, one]))
  const all = settle([...kept, ...comments, ...suppressed.map((one) => one.finding)], ran, roleOf)
  const prints = fingerprints(all, (path) => records.get(path)?.text ?? "")
  const results = all.map((verdict, index): Settled => {
    const by = bySuppressed.get(verdict)
    return {
      verdict,
      level: levelOf(verdict) as Level,
      fingerprint: prints[index] as string,
      ...(by ? { suppressed: by } : {}),
    }
  })
  return { findings: results.filter((one) => !one.suppressed), suppressed: results.filter((one) => one.suppressed) }
}

const withEquivalents = <T extends { equivalents?: string[] }>(rule: T) => ({ ...rule, equivalents: rule.equivalents ?? [] })
