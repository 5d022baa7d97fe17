/** Runs rules, and makes one orderly list of what they say. */

import type { Project } from "#fastapi"
import type { PyFile, Role } from "#python"
import { optionValues } from "./option.ts"
import { CONCERNS, type FileNotes, type Finding, type Rule, type Verdict } from "./rule.ts"
import { enclosingName } from "./whereabouts.ts"

/** What the user set of a rule's options, by rule id. */
export type OptionsByRule = Readonly<Record<string, Record<string, unknown>>>

/** A rule that threw: a bug of fastlint, reported beside the findings of the other rules. */
export interface RuleCrash {
  rule: string
  /** The file it was looking at; absent for project rules. */
  path?: string
  error: unknown
}

/** Told what is being done, and which rule does it, by those who keep the time. */
export type OnStep = (step: string, rule?: string) => void

export interface FileJudgement {
  findings: Verdict[]
  /** What the rules with notes left, by rule id: JSON. */
  notes: Record<string, unknown>
  crashes: RuleCrash[]
}

/** Runs the rules that look at syntax on one file: their findings and notes can be cached with it. */
export function runFileRules(file: PyFile, rules: readonly Rule[], optionsByRule: OptionsByRule = {}, onStep?: OnStep): FileJudgement {
  const findings: Verdict[] = []
  const notes: Record<string, unknown> = {}
  const crashes: RuleCrash[] = []
  for (const { rule, options } of fileRulesOf(file.role, rules, optionsByRule)) {
    if (!saysOne(rule, file)) continue
    const { file: checkFile, notes: takeNotes } = rule
    onStep?.("file rules", rule.id)
    try {
      if (checkFile) for (const finding of checkFile(file, options)) findings.push(verdict(rule, finding, file.module))
      const left = takeNotes?.(file, options)
      if (left !== undefined) notes[rule.id] = left
    } catch (error) {
      crashes.push({ rule: rule.id, path: file.path, error })
    }
  }
  return { findings, notes, crashes }
}

/** Does a rule look at this file? */
export const isAsked = (rule: Pick<Rule, "files">, file: PyFile): boolean => isForRole(rule, file.role) && saysOne(rule, file)

const isForRole = ({ files }: Pick<Rule, "files">, role: Role): boolean => files?.roles?.includes(role) ?? true

function saysOne({ files }: Pick<Rule, "files">, file: PyFile): boolean {
  if (!files?.words) return true
  for (const word of files.words) if (file.names.has(word)) return true
  return false
}

type Asked = { rule: Rule; options: ReturnType<typeof optionValues> }[]
let lastAsked: { rules: readonly Rule[]; optionsByRule: OptionsByRule; byRole: Map<Role, Asked> } | undefined

/** The rules that look at files of a role, with their options. The same for all files of a run, so it is remembered. */
function fileRulesOf(role: Role, rules: readonly Rule[], optionsByRule: OptionsByRule): Asked {
  if (lastAsked?.rules !== rules || lastAsked.optionsByRule !== optionsByRule) lastAsked = { rules, optionsByRule, byRole: new Map() }
  let asked = lastAsked.byRole.get(role)
  if (!asked) {
    asked = rules
      .filter((rule) => (rule.file || rule.notes) && isForRole(rule, role))
      .map((rule) => ({ rule, options: optionValues(rule.options, optionsByRule[rule.id]) }))
    lastAsked.byRole.set(role, asked)
  }
  return asked
}

/** Runs the rules that look at the whole project. `notes` holds, by rule id, what each left per file. */
export function runProjectRules(
  project: Project,
  rules: readonly Rule[],
  notes: Readonly<Record<string, FileNotes<unknown>[]>> = {},
  optionsByRule: OptionsByRule = {},
  onStep?: OnStep,
): { findings: Verdict[]; crashes: RuleCrash[] } {
  const findings: Verdict[] = []
  const crashes: RuleCrash[] = []
  const trees = new Map([...project.modules.values()].map((facts) => [facts.path, facts.tree]))
  for (const rule of rules) {
    if (!rule.project) continue
    onStep?.("rules", rule.id)
    const options = optionValues(rule.options, optionsByRule[rule.id])
    try {
      for (const finding of rule.project(project, options, notes[rule.id] ?? []))
        findings.push(verdict(rule, finding, trees.get(finding.at.path)))
    } catch (error) {
      crashes.push({ rule: rule.id, error })
    }
  }
  return { findings, crashes }
}

const verdict = (rule: Rule, finding: Finding, tree: PyFile["module"] | undefined): Verdict => ({
  ...finding,
  rule: rule.id,
  scope: finding.scope ?? (tree ? enclosingName(tree, finding.at.start) : ""),
})

/** From what rules said to what is shown: only accusable files, each cause once, in a fixed order. */
export function settle(findings: readonly Verdict[], rules: readonly Rule[], roleOf: Project["role"]): Verdict[] {
  return merge(
    inOrder(
      findings.filter((finding) => isAccusable(finding, roleOf)),
      rules,
    ),
  )
}

/** Tests, migrations, examples and vendored code are read, not judged; only rules about tests speak of tests, and some of scripts. */
function isAccusable({ rule, at, alsoInScripts }: Verdict, roleOf: Project["role"]): boolean {
  const role = roleOf(at.path)
  return rule.startsWith("testing/") || role === "app" || (role === "script" && alsoInScripts === true)
}

/** Several routes may reach one cause: that is one finding, told by the shortest way, which comes first. */
function merge(findings: readonly Verdict[]): Verdict[] {
  const byCause = new Map<string, Verdict>()
  for (const finding of findings) {
    const { at, rule, discriminator = "" } = finding
    const cause = [rule, at.path, at.start, at.end, discriminator].join("\0")
    const before = byCause.get(cause)
    byCause.set(cause, before ? together(before, finding) : finding)
  }
  return [...byCause.values()]
}

function together(a: Verdict, b: Verdict): Verdict {
  const routes = [...new Set([...(a.routes ?? []), ...(b.routes ?? [])])]
  return routes.length > 0 ? { ...a, routes } : a
}

/** By place; at one place, in the order in which an architect decides. The same for every way of running. */
function inOrder(findings: readonly Verdict[], rules: readonly Rule[]): Verdict[] {
  const weight = new Map(rules.map((rule) => [rule.id, CONCERNS.indexOf(rule.concern)]))
  return [...findings].sort(
    (a, b) =>
      compare(a.at.path, b.at.path) ||
      a.at.start - b.at.start ||
      (weight.get(a.rule) ?? 0) - (weight.get(b.rule) ?? 0) ||
      compare(a.rule, b.rule) ||
      a.at.end - b.at.end ||
      (a.trace?.length ?? 0) - (b.trace?.length ?? 0) ||
      compare(a.message, b.message),
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
