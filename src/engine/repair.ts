/**
 * Applies fixes. A file is read again before it is written, parsed again after it was changed, and left alone when
 * anything is not as it was: a linter may miss a repair, it may not break a program.
 */
import { lstatSync, readFileSync } from "node:fs"
import { join } from "node:path"
import writeFileAtomic from "write-file-atomic"
import { applyEdits, type Fix, overlaps } from "#lint"
import { decode, parse } from "#python"
import { ready } from "./grammar.ts"
import type { CheckedProject } from "./run.ts"
import { isNamed } from "./targets.ts"

export interface Change {
  /** As users read it. */
  path: string
  /** On disk. */
  file: string
  before: string
  after: string
  repaired: { rule: string; line: number; title: string; safety: Fix["safety"]; fingerprint: string }[]
}

export interface Refusal {
  path: string
  why: string
}

/** What the fixes of the allowed safeties would make of each file. Of two fixes that overlap, the first stands; run again for the other. */
export async function changesOf(
  project: CheckedProject,
  safeties: ReadonlySet<Fix["safety"]>,
  named: readonly string[],
): Promise<{ changes: Change[]; refused: Refusal[] }> {
  const { analysis, reporter, shown, root } = project
  const byPath = new Map<string, { fix: Fix; repaired: Change["repaired"][number] }[]>()
  for (const { verdict, fingerprint } of analysis.findings) {
    const { fix, at } = verdict
    if (!fix || !safeties.has(fix.safety) || !isNamed(at.path, named) || fix.edits.some((edit) => edit.path !== at.path)) continue
    const fixes = byPath.get(at.path) ?? []
    byPath.set(at.path, fixes)
    if (fixes.some((other) => other.fix.edits.some((one) => fix.edits.some((edit) => overlaps(one, edit))))) continue
    fixes.push({ fix, repaired: { rule: verdict.rule, line: reporter.line(at), title: fix.title, safety: fix.safety, fingerprint } })
  }
  if (byPath.size > 0) await ready()
  const changes: Change[] = []
  const refused: Refusal[] = []
  for (const [path, fixes] of byPath) {
    const before = analysis.records.get(path)?.text ?? ""
    const after = applyEdits(
      before,
      fixes.flatMap(({ fix }) => fix.edits),
    )
    if (after === before) continue
    const isBroken = parse(after).problems.length > parse(before).problems.length
    if (isBroken) refused.push({ path: shown(path), why: "the fix would leave a syntax error; please report it" })
    else changes.push({ path: shown(path), file: join(root, path), before, after, repaired: fixes.map(({ repaired }) => repaired) })
  }
  return { changes, refused }
}

/** Why a change would not be written; nothing where it would. */
export function refusalOf({ file, path, before }: Change): Refusal | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  if (!stat) return { path, why: "it is gone" }
  if (stat.isSymbolicLink()) return { path, why: "it is a link; fix the file that it leads to" }
  const decoded = decode(readFileSync(file))
  if ("undecodable" in decoded || decoded.text !== before) return { path, why: "it changed on disk meanwhile" }
  return decoded.encoding === "utf-8" ? undefined : { path, why: `it is written in ${decoded.encoding}` }
}

/** Writes a change, atomically and with its byte order mark; says why not where it does not. */
export function write(change: Change): Refusal | undefined {
  const { file, path, after } = change
  const refusal = refusalOf(change)
  if (refusal) return refusal
  const hasMark = readFileSync(file).subarray(0, 3).equals(Buffer.from("\uFEFF"))
  try {
    writeFileAtomic.sync(file, (hasMark ? "\uFEFF" : "") + after)
    return undefined
  } catch (error) {
    return { path, why: error instanceof Error ? error.message : String(error) }
  }
}
