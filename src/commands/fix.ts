import { createTwoFilesPatch } from "diff"
import { type Change, type Checked, changesOf, type Refusal, type RunRequest, refusalOf, run, write } from "#engine"
import { disarmed, visible } from "#report"

export interface FixFlags {
  fix?: boolean
  unsafeFixes?: boolean
  diff?: boolean
  fixOnly?: boolean
  showFixes?: boolean
}

/** A fix may uncover another, but not for ever. */
const MOST_PASSES = 10

export interface Fixed {
  checked: Checked
  repaired: { path: string; line: number; rule: string; title: string; safety: string }[]
  refused: Refusal[]
}

/** Applies fixes and checks again, until there is nothing left to apply. A fix that does not remove its finding is taken back. */
export async function fixAll(request: RunRequest, flags: FixFlags, first: Checked): Promise<Fixed> {
  const fixed: Fixed = { checked: first, repaired: [], refused: [] }
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const { changes, refused } = await planned(fixed.checked, flags)
    fixed.refused = refused
    const written = changes.filter((change) => {
      const refusal = write(change)
      if (refusal) fixed.refused.push(refusal)
      return !refusal
    })
    if (written.length === 0) return fixed
    const checked = await run(request)
    const left = new Set(checked.projects.flatMap((project) => project.analysis.findings.map((finding) => finding.fingerprint)))
    const useless = written.filter((change) => change.repaired.some(({ fingerprint }) => left.has(fingerprint)))
    for (const change of useless) {
      write({ ...change, before: change.after, after: change.before })
      fixed.refused.push({ path: change.path, why: "a fix did not remove its finding, and was taken back" })
    }
    for (const change of written)
      if (!useless.includes(change)) fixed.repaired.push(...change.repaired.map((one) => ({ path: change.path, ...one })))
    fixed.checked = useless.length > 0 ? await run(request) : checked
    if (useless.length > 0) return fixed
  }
  return fixed
}

/** What fixing would change, as a unified diff (empty when nothing would), and what it would not. */
export async function diffText(checked: Checked, flags: FixFlags): Promise<{ diff: string; refused: string }> {
  const { changes, refused } = await planned(checked, flags)
  const refusals = [...refused, ...changes.flatMap((change) => refusalOf(change) ?? [])]
  const diff = changes
    .filter((change) => !refusalOf(change))
    .map(({ path, before, after }) =>
      // Git's readers know the two file lines; the rule above them is of the library's own taste.
      createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, { context: 3 }).replace(/^=+\n/, ""),
    )
    .join("")
  return { diff, refused: fixedText({ repaired: [], refused: refusals }) }
}

async function planned(checked: Checked, { unsafeFixes }: FixFlags): Promise<{ changes: Change[]; refused: Refusal[] }> {
  const safeties = new Set(unsafeFixes ? (["safe", "unsafe"] as const) : (["safe"] as const))
  const plans = await Promise.all(checked.projects.map((project) => changesOf(project, safeties, project.named)))
  return { changes: plans.flatMap((plan) => plan.changes), refused: plans.flatMap((plan) => plan.refused) }
}

/** How many repairs are named before the rest is only counted. */
const MOST_NAMED = 20

/** What was done, for stderr. */
export function fixedText({ repaired, refused }: Omit<Fixed, "checked">, { showFixes }: FixFlags = {}): string {
  const named = showFixes ? repaired : repaired.slice(0, MOST_NAMED)
  const files = new Set(repaired.map(({ path }) => path)).size
  const head =
    repaired.length > 0
      ? [`Fixed ${repaired.length} ${repaired.length === 1 ? "problem" : "problems"} in ${files} ${files === 1 ? "file" : "files"}`]
      : []
  const width = Math.max(0, ...named.map(({ path, line }) => `${path}:${line}`.length))
  return [
    ...head,
    ...named.map(({ path, line, rule, title, safety }) => `  ${`${path}:${line}`.padEnd(width)}  ${rule}  ${title}  (${safety})`),
    ...(repaired.length > named.length ? [`  and ${repaired.length - named.length} more (--show-fixes)`] : []),
    ...refused.map(({ path, why }) => `not fixed: ${path}: ${why}`),
  ]
    .map((line) => `${disarmed(visible(line))}\n`)
    .join("")
}

/** What each safety asks of the user. */
const HOW = { safe: "--fix", unsafe: "--unsafe-fixes", suggestion: "a suggestion: decide, and do it by hand" } as const

/** Every repair that could be made, a line each; where there is none, that is said. */
export function fixableText({ findings }: Checked): string {
  const fixable = findings.flatMap(({ path, range, rule, fix }) => (fix ? [{ place: `${path}:${range.start.line}`, rule, ...fix }] : []))
  const width = Math.max(0, ...fixable.map(({ place }) => place.length))
  const lines = fixable.map(({ place, rule, title, safety }) => `  ${place.padEnd(width)}  ${rule}  ${title}  (${HOW[safety]})`)
  const head = `${lines.length === 0 ? "No repair" : lines.length === 1 ? "1 repair" : `${lines.length} repairs`} could be made`
  return [head, ...lines].map((line) => `${disarmed(visible(line))}\n`).join("")
}
