/** Which findings were there before: what a baseline file lists, or what a revision had. */
import { fingerprint } from "./fingerprint.ts"
import type { Verdict } from "./rule.ts"

/** A finding that was there before, and how often. */
export interface KnownFinding {
  rule: string
  path: string
  scope: string
  fingerprint: string
  count: number
}

export interface Comparison {
  /** For each finding, in order: was it there before? */
  known: boolean[]
  /** What was there before and is not there now. */
  gone: KnownFinding[]
}

/** The findings as a list of what is known, equal ones counted. */
export function knownFrom(findings: readonly Verdict[], textOf: (path: string) => string): KnownFinding[] {
  const byPrint = new Map<string, KnownFinding>()
  for (const finding of findings) {
    const print = fingerprint(finding, textOf(finding.at.path))
    const before = byPrint.get(print)
    if (before) before.count += 1
    else byPrint.set(print, { rule: finding.rule, path: finding.at.path, scope: finding.scope ?? "", fingerprint: print, count: 1 })
  }
  return [...byPrint.values()]
}

/**
 * Takes what was there before from what is there now. First by fingerprint, each as often as it was counted; then what
 * is left over of both sides is compared without the path and its module, so that code which moved to another file
 * stays known.
 */
export function compareWithKnown(
  findings: readonly Verdict[],
  textOf: (path: string) => string,
  before: readonly KnownFinding[],
): Comparison {
  const left = new Map<string, KnownFinding>()
  for (const one of before) {
    const same = left.get(one.fingerprint)
    left.set(one.fingerprint, { ...one, count: one.count + (same?.count ?? 0) })
  }
  const take = (print: string): boolean => {
    const one = left.get(print)
    if (!one || one.count === 0) return false
    one.count -= 1
    return true
  }
  const known = findings.map((finding) => take(fingerprint(finding, textOf(finding.at.path))))

  const movable = new Map<string, KnownFinding[]>()
  for (const one of left.values()) {
    if (one.count === 0) continue
    const key = placeless(one.rule, one.scope)
    movable.set(key, [...(movable.get(key) ?? []), one])
  }
  if (movable.size > 0)
    for (const [i, finding] of findings.entries()) {
      if (known[i]) continue
      const text = textOf(finding.at.path)
      known[i] = (movable.get(placeless(finding.rule, finding.scope ?? "")) ?? []).some(
        ({ path, scope, fingerprint: print }) =>
          path !== finding.at.path && fingerprint({ ...finding, at: { ...finding.at, path }, scope }, text) === print && take(print),
      )
    }
  return { known, gone: [...left.values()].filter(({ count }) => count > 0) }
}

/** A rule and the name of a function without its module: what stays of both when a file is moved. */
const placeless = (rule: string, scope: string): string => `${rule}\0${scope.replace(/^[\w.]+:/, "")}`
