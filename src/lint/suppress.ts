/** Applies suppressions to findings, and judges the suppressions themselves. */

import type { Selector } from "./directive.ts"
import { HOUSEKEEPING, type HousekeepingId } from "./housekeeping.ts"
import type { Suppression } from "./ignore.ts"
import type { Concern, Edit, Finding, Verdict } from "./rule.ts"
import { type Selectable, select } from "./selectors.ts"

/** What applying needs of a rule. */
export interface Suppressible extends Selectable {
  equivalents: string[]
  concern?: Concern
}

export interface SuppressionOptions {
  /** Was this rule switched on, and did it run to its end, for this file? */
  ran(rule: string, path: string): boolean
  /** The whole project was read, without syntax errors or crashes: only then can a comment be called unused. */
  complete: boolean
  requireReason: boolean
  /** Which comments of other linters count: those with the code of an equivalent rule, none, or blanket ones too. */
  respectNoqa: "codes" | "none" | "all"
  /** YYYY-MM-DD. Without it nothing ever expires. */
  today?: string
}

export interface Suppressed {
  finding: Verdict
  by: Suppression
  /** "fastlint: ignore[async/blocking-call]", "noqa ASYNC210". */
  via: string
}

export interface Settled {
  kept: Verdict[]
  suppressed: Suppressed[]
  /** What is wrong with the comments themselves. */
  problems: Verdict[]
}

/**
 * Sorts findings into those that are shown and those that a comment silences, at their own place or at any step
 * of their trace, and says which comments are unused, unexplained, misspelt or expired.
 */
export function applySuppressions(
  findings: readonly Verdict[],
  byPath: ReadonlyMap<string, readonly Suppression[]>,
  rules: readonly Suppressible[],
  options: SuppressionOptions,
): Settled {
  const given = new Set(rules.map((rule) => rule.id))
  const meanings = new Meanings([...rules, ...HOUSEKEEPING.filter((own) => !given.has(own.id)).map((own) => ({ ...own, equivalents: [] }))])
  const used = new Set<Selector | Suppression>()
  const kept: Verdict[] = []
  const suppressed: Suppressed[] = []

  const silence = (finding: Verdict): Suppressed | undefined => {
    let first: Suppressed | undefined
    const places = [finding.at, ...(finding.trace ?? []).map((step) => step.at)]
    for (const [i, place] of places.entries()) {
      for (const by of byPath.get(place.path) ?? []) {
        if (!by.covers.some((range) => range.start <= place.start && place.start <= Math.max(range.start, range.end - 1))) continue
        if (by.kind === "skip-file" && i > 0) continue
        const via = meanings.match(by, finding.rule, options.respectNoqa)
        if (!via) continue
        for (const one of via.used) used.add(one)
        first ??= { finding, by, via: via.words }
      }
    }
    return first
  }

  for (const finding of findings) {
    const silenced = silence(finding)
    if (silenced) suppressed.push(silenced)
    else kept.push(finding)
  }
  const problems: Verdict[] = []
  for (const suppression of [...byPath.values()].flat()) {
    if (suppression.tool !== "fastlint") continue
    for (const problem of judge(suppression, meanings, used, options)) {
      const silenced = silence(problem)
      if (silenced) suppressed.push(silenced)
      else problems.push(problem)
    }
  }
  return { kept, suppressed, problems }
}

/** What selectors and codes mean, each looked up once. */
class Meanings {
  private readonly rules: readonly Suppressible[]
  private readonly selections = new Map<string, ReturnType<typeof select>>()
  private readonly codes: Map<string, Set<string>>

  constructor(rules: readonly Suppressible[]) {
    this.rules = rules
    this.codes = new Map(rules.map((rule) => [rule.id, new Set(rule.equivalents)]))
  }

  of(selector: string) {
    let selection = this.selections.get(selector)
    if (!selection) {
      selection = select(selector, this.rules)
      this.selections.set(selector, selection)
    }
    return selection
  }

  /** How a comment that covers a finding silences its rule, if it does. */
  match(
    by: Suppression,
    rule: string,
    respectNoqa: SuppressionOptions["respectNoqa"],
  ): { words: string; used: (Selector | Suppression)[] } | undefined {
    if (by.kind === "skip-file") return { words: "fastlint: skip-file", used: [by] }
    if (by.tool !== "fastlint") {
      if (respectNoqa === "none") return undefined
      if (by.selectors.length === 0) return respectNoqa === "all" && by.kind !== "invalid" ? { words: by.tool, used: [] } : undefined
      const code = by.selectors.find((selector) => this.codes.get(rule)?.has(selector.text))
      return code && { words: `${by.tool} ${code.text}`, used: [] }
    }
    const matching = by.selectors.filter((selector) => {
      const selection = this.of(selector.text)
      return selection.found && selection.ids.includes(rule)
    })
    return matching[0] && { words: `fastlint: ${by.kind}[${matching[0].text}]`, used: matching }
  }
}

/** Whether these speak is known only after all comments are judged, so a comment for them is never called unused. */
const isOwn = (id: string): boolean => !id.includes("/")

/** What is wrong with one of our comments. */
function* judge(
  by: Suppression,
  meanings: Meanings,
  used: ReadonlySet<Selector | Suppression>,
  options: SuppressionOptions,
): Generator<Verdict> {
  const { path } = by
  const problem = (rule: HousekeepingId, at: { start: number; end: number }, message: string, fix?: Finding["fix"]): Verdict => ({
    rule,
    at: { path, start: at.start, end: at.end },
    message,
    ...(fix ? { fix } : {}),
  })
  if (by.mistake !== undefined) yield problem("invalid-suppression", by, by.mistake)
  if (by.kind === "invalid") return

  if (options.requireReason && by.reason === undefined) {
    const edit: Edit = { path, start: by.reasonAt, end: by.reasonAt, text: " TODO: reason" }
    yield problem("suppression-without-reason", by, "This comment does not say why the finding is right to ignore", {
      title: "Leave room for the reason",
      safety: "safe",
      edits: [edit],
    })
  }
  if (by.until !== undefined && options.today !== undefined && options.today > by.until) {
    yield problem("expired-suppression", by, `This comment was meant to go after ${by.until}`)
  }
  const idle: Selector[] = []
  for (const selector of by.selectors) {
    const selection = meanings.of(selector.text)
    if (selection.found) {
      const ids = selection.ids.filter((id) => !isOwn(id))
      if (ids.length > 0 && !used.has(selector) && options.complete && ids.every((id) => options.ran(id, path))) idle.push(selector)
      continue
    }
    const meant = selection.meant
    const message = `No rule is called \`${selector.text}\`${meant === undefined ? "" : `; did you mean \`${meant}\`?`}`
    const edits = meant === undefined ? [] : [{ path, start: selector.start, end: selector.end, text: meant }]
    yield problem(
      "unknown-rule-in-suppression",
      selector,
      message,
      meant === undefined ? undefined : { title: `Write \`${meant}\``, safety: "suggestion", edits },
    )
  }
  if (by.mistake !== undefined || idle.length === 0) return
  if (idle.length === by.selectors.length) {
    const cut: Edit = { path, ...by.cut, text: "" }
    yield problem("unused-suppression", by, `${by.selectors.length === 1 ? "This rule finds" : "These rules find"} nothing here`, {
      title: "Delete the comment",
      safety: "safe",
      edits: [cut],
    })
    return
  }
  for (const selector of idle) {
    const edits = [{ path, ...without(selector, by.selectors), text: "" }]
    yield problem("unused-suppression", selector, `\`${selector.text}\` finds nothing here`, {
      title: `Take \`${selector.text}\` out`,
      safety: "safe",
      edits,
    })
  }
}

/** The range to cut so that the list of selectors stays a list. */
function without(selector: Selector, all: readonly Selector[]): { start: number; end: number } {
  const i = all.indexOf(selector)
  const before = all[i - 1]
  return before ? { start: before.end, end: selector.end } : { start: selector.start, end: all[i + 1]?.start ?? selector.end }
}
