import { existsSync } from "node:fs"
import {
  type Baseline,
  baselineEntries,
  baselinePath,
  type CheckedProject,
  readBaseline,
  run,
  selectable,
  selected,
  shownPath,
  withoutStale,
  writeBaseline,
} from "#engine"
import { type KnownFinding, nearest, type Verdict } from "#lint"
import { byRule, conciseLine, countedRules, disarmed, hang, oneLine, visible } from "#report"
import { rules } from "#rules"
import { crashText } from "./crashes.ts"
import { lookOf } from "./look.ts"
import { misuse } from "./problems.ts"
import { type ConfigFlags, runRequest } from "./requests.ts"

export interface BaselineFlags extends ConfigFlags {
  baseline?: string
  rule?: string[]
  includeSecurity?: boolean
  force?: boolean
  format?: "text" | "json"
}

type Action = "create" | "update" | "prune" | "show"

/** `fastlint baseline create|update|prune|show`: the problems that are known, so that only new ones fail. */
export async function baseline(action: Action, path: string, flags: BaselineFlags): Promise<void> {
  const isWanted = ruleFilter(flags.rule)
  const request = runRequest([path], flags)
  // Where a baseline is made, none need be there; the flag says where it goes.
  const checked = await run({ ...request, noBaseline: true, allowEmpty: action !== "create" })
  const [project] = checked.projects
  if (!project) return
  const before = existsSync(baselinePath(project.root, project.settings)) ? read(project) : undefined
  const shown = shownPath(baselinePath(project.root, project.settings), process.cwd())
  if (action === "create" && before && !flags.force) throw misuse(`${shown} is there already`, "fastlint baseline update")
  if (action !== "create" && !before) throw misuse(`no baseline at ${shown}`, "fastlint baseline create")
  if (checked.isIncomplete && action !== "show") {
    process.stderr.write(disarmed([...whyIncomplete(project), ...crashText(checked)].map((line) => `${line}\n`).join("")))
    process.stderr.write(`error: this run is incomplete, so ${shown} was not written\n`)
    process.exitCode = 3
    return
  }
  if (action === "show") return show(await compared(path, flags), shown, flags, isWanted)
  if (action === "prune") {
    const { compared: result } = await compared(path, flags)
    const stale = result.baseline?.stale.filter(({ rule }) => isWanted(rule)) ?? []
    if (stale.length > 0) writeBaseline(project.root, withoutStale(before as Baseline, stale), process.cwd())
    const left = sum((before as Baseline).entries) - sum(stale)
    print([
      stale.length > 0 ? `Took ${problems(sum(stale))} out of ${shown}; ${left} left` : `Nothing to take out of ${shown}: ${left} left`,
    ])
    return
  }
  write(project, action, before, shown, flags, isWanted)
}

/** The project's findings, each told apart by whether the baseline knows it. */
async function compared(path: string, flags: BaselineFlags): Promise<CheckedProject> {
  const checked = await run({ ...runRequest([path], flags), allowEmpty: true })
  return checked.projects[0] as CheckedProject
}

const read = ({ root, settings }: CheckedProject): Baseline => readBaseline(root, settings, process.cwd()) as Baseline

function write(
  { root, settings, analysis }: CheckedProject,
  action: "create" | "update",
  before: Baseline | undefined,
  shown: string,
  flags: BaselineFlags,
  isWanted: (rule: string) => boolean,
): void {
  const concerns = new Map(selectable(rules).map(({ id, concern }) => [id, concern]))
  const isSecurity = ({ rule }: { rule: string }) => concerns.get(rule) === "security"
  const old = before?.entries ?? []
  const accepted = new Set(old.filter(isSecurity).map(({ fingerprint }) => fingerprint))
  const found = baselineEntries(analysis, (verdict: Verdict) => isWanted(verdict.rule))
  const isLeftOut = (entry: KnownFinding) => isSecurity(entry) && !flags.includeSecurity && !accepted.has(entry.fingerprint)
  const taken = found.filter((entry) => !isLeftOut(entry))
  const left = found.filter(isLeftOut)
  // With `--rule`, what other rules found stays as it was listed.
  const kept = old.filter(({ rule }) => !isWanted(rule))
  const others = before?.others ?? []
  const edition = settings.edition
  const path = baselinePath(root, settings)
  writeBaseline(root, { path, entries: [...kept, ...taken], others, ...(edition === undefined ? {} : { edition }) }, process.cwd())

  const entries = [...kept, ...taken]
  const files = new Set(entries.map((entry) => entry.path)).size
  const isFirst = action === "create"
  print([
    `Wrote ${shown}: ${problems(sum(entries))} in ${files} ${files === 1 ? "file" : "files"}`,
    ...(entries.length > 0 ? hang("  ", byRule(countsOf(entries)), lookOf(process.stdout).width) : []),
    ...(left.length > 0
      ? [
          `Not included: ${sum(left)} security ${sum(left) === 1 ? "problem" : "problems"} (${byRule(countsOf(left), { withCounts: false })}). Fix ${sum(left) === 1 ? "it" : "them"}, or add --include-security.`,
        ]
      : []),
    ...(isFirst ? ["Commit the file. From now on only new problems fail; fixed ones disappear from it by themselves."] : []),
  ])
}

function show(project: CheckedProject, shown: string, flags: BaselineFlags, isWanted: (rule: string) => boolean): void {
  const known = project.known.filter(({ rule }) => isWanted(rule))
  const stale = project.compared.baseline?.stale.filter(({ rule }) => isWanted(rule)) ?? []
  if (flags.format === "json") {
    const entry = ({ rule, path, scope, fingerprint: fp, count }: KnownFinding) => ({ rule, path: project.shown(path), scope, fp, count })
    const findings = known.map(({ rule, level, message, path, range, fingerprint: fp }) => ({
      rule,
      level,
      message,
      path,
      line: range.start.line,
      fp,
    }))
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, baseline: shown, known: findings, stale: stale.map(entry) }, null, 2)}\n`)
    return
  }
  print([
    ...known.map((finding) => conciseLine(finding)),
    ...(known.length > 0 ? [""] : []),
    `${shown}: ${problems(known.length)}${known.length > 0 ? ` (${byRule(countedRules(known.map(({ rule }) => rule)))})` : ""}`,
    ...(stale.length > 0 ? [`${sum(stale)} ${sum(stale) === 1 ? "entry" : "entries"} fixed by now: fastlint baseline prune`] : []),
    ...stale.map(({ rule, path, scope, count }) => `  ${rule}  ${project.shown(path)}  ${scope}${count > 1 ? `  (${count} times)` : ""}`),
  ])
}

function ruleFilter(selectors: readonly string[] | undefined): (rule: string) => boolean {
  if (!selectors) return () => true
  const known = selectable(rules)
  const ids = selectors.flatMap((selector) => {
    const found = selected(selector, known)
    if (found) return found.ids
    const near = nearest(
      selector,
      known.map(({ id }) => id),
    )
    throw misuse(`unknown rule \`${selector}\``, near ? `did you mean \`${near}\`?` : "fastlint rules lists all rules")
  })
  return (rule) => ids.includes(rule)
}

const whyIncomplete = ({ notifications }: CheckedProject): string[] =>
  notifications
    .filter(({ level, kind }) => level === "error" && kind !== "internal-error")
    .map(({ level, path, message }) => oneLine(`${level}: ${path === undefined ? "" : `${path}: `}${message}`))

function countsOf(entries: readonly { rule: string; count: number }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { rule, count } of entries) counts.set(rule, (counts.get(rule) ?? 0) + count)
  return counts
}

const sum = (entries: readonly { count: number }[]): number => entries.reduce((total, { count }) => total + count, 0)
const problems = (n: number): string => `${n} ${n === 1 ? "problem" : "problems"}`
const print = (lines: readonly string[]): void => void process.stdout.write(disarmed(lines.map((line) => `${visible(line)}\n`).join("")))
