/** Tells what is new from what a baseline lists or a revision had already. */
import { compareWithKnown, type KnownFinding, knownFrom, type Verdict } from "#lint"
import type { Analysis, Settled } from "./analyse.ts"
import type { Baseline } from "./baseline.ts"
import { OWN_FINDINGS } from "./selectors.ts"

/** What is known of one project, and from where. */
export interface Compared {
  isKnown(one: Settled): boolean
  baseline?: {
    file: Baseline
    /** How many findings of now it knows. */
    known: number
    /** What it lists and nobody finds any more, where this run can tell. */
    stale: KnownFinding[]
  }
  since?: { revision: string; commit: string; known: number; analysis: Analysis }
}

/** First the baseline, then the revision: what either knows is known. */
export function compareAnalysis(
  analysis: Analysis,
  baseline: Baseline | undefined,
  before: { revision: string; commit: string; analysis: Analysis } | undefined,
  hasGaps: boolean,
): Compared {
  const known = new Set<Settled>()
  const textOf = textsOf(analysis)
  const compared: Compared = { isKnown: (one) => known.has(one) }
  const against = (entries: readonly KnownFinding[]) => {
    const open = analysis.findings.filter((one) => !known.has(one))
    const result = compareWithKnown(
      open.map((one) => one.verdict),
      textOf,
      entries,
    )
    const hits = open.filter((_, i) => result.known[i])
    for (const hit of hits) known.add(hit)
    return { known: hits.length, gone: result.gone }
  }
  if (baseline) {
    const { known: count, gone } = against(baseline.entries)
    compared.baseline = { file: baseline, known: count, stale: gone.filter((entry) => !hasGaps && wasLookedFor(entry, analysis)) }
  }
  if (before) {
    const { revision, commit } = before
    const verdicts = before.analysis.findings.map((one) => one.verdict)
    const { known: count } = against(knownFrom(verdicts, textsOf(before.analysis)))
    compared.since = { revision, commit, known: count, analysis: before.analysis }
  }
  return compared
}

/** What of an analysis a baseline would list. */
export const baselineEntries = (analysis: Analysis, isWanted: (verdict: Verdict) => boolean): KnownFinding[] =>
  knownFrom(analysis.findings.map((one) => one.verdict).filter(isWanted), textsOf(analysis))

const textsOf =
  ({ records }: Analysis) =>
  (path: string): string =>
    records.get(path)?.text ?? ""

/** Only what was looked for and not found is gone: its rule ran to its end, and its file could be read to its end. */
function wasLookedFor({ rule, path }: KnownFinding, { ran, crashes, records }: Analysis): boolean {
  const isOwn = OWN_FINDINGS.some((own) => own.id === rule)
  const record = records.get(path)
  if (crashes.length > 0 || (!isOwn && !ran.some(({ id, formerly }) => id === rule || formerly?.includes(rule)))) return false
  return record === undefined || isOwn || record.facts?.problems.length === 0
}
