/** Comments for what is found: the changes of files that silence it, and what no comment can silence. */
import { join } from "node:path"
import { applyEdits, ignoringEdits } from "#lint"
import { parse, readFile } from "#python"
import type { Settled } from "./analyse.ts"
import { ready } from "./grammar.ts"
import type { Change, Refusal } from "./repair.ts"
import type { CheckedProject } from "./run.ts"
import { OWN_FINDINGS } from "./selectors.ts"

export interface Ignoring {
  changes: Change[]
  refused: Refusal[]
  /** Findings that no comment can be written for. */
  left: Settled[]
}

/** What comments with this reason would make of each file that findings are shown of. */
export async function ignoringChanges(project: CheckedProject, findings: readonly Settled[], reason: string): Promise<Ignoring> {
  const { analysis, reporter, shown, root } = project
  const result: Ignoring = { changes: [], refused: [], left: findings.filter(isOwn) }
  const byPath = new Map<string, Settled[]>()
  for (const one of findings) byPath.set(one.verdict.at.path, [...(byPath.get(one.verdict.at.path) ?? []), one])
  if (byPath.size > 0) await ready()
  for (const [path, all] of byPath) {
    const before = analysis.records.get(path)?.text ?? ""
    const unwanted = all
      .filter((one) => !isOwn(one))
      .map((settled) => ({ settled, rule: settled.verdict.rule, start: settled.verdict.at.start }))
    const { edits, homeless } = ignoringEdits(readFile(path, before), unwanted, reason)
    result.left.push(...homeless.map(({ settled }) => settled))
    if (edits.length === 0) continue
    const after = applyEdits(
      before,
      edits.map(({ edit }) => edit),
    )
    if (parse(after).problems.length > parse(before).problems.length) {
      result.refused.push({ path: shown(path), why: "a comment would leave a syntax error" })
      continue
    }
    const repaired = edits.flatMap(({ findings: silenced }) =>
      silenced.map(({ settled: { verdict, fingerprint } }) => ({
        rule: verdict.rule,
        line: reporter.line(verdict.at),
        title: "Ignore",
        safety: "safe" as const,
        fingerprint,
      })),
    )
    result.changes.push({ path: shown(path), file: join(root, path), before, after, repaired })
  }
  return result
}

/** What fastlint says of comments and unreadable files is repaired, and not ignored. */
const isOwn = ({ verdict }: Settled): boolean => OWN_FINDINGS.some(({ id }) => id === verdict.rule)
