/** One place in a helper or a dependency may fail many routes: what a repair of it would be worth. */
import type { Cause, CheckedThing, Reported } from "#report"

/**
 * What things fail by: findings that fail exactly the same things are one cause, since they stand on the same way. The
 * cause that most fail by comes first; of two that weigh the same, the one whose first finding is earlier in `findings`.
 */
export function causesOf(things: readonly CheckedThing[], findings: readonly Reported[]): Cause[] {
  const failing = things.filter(({ answer }) => answer === "fail")
  const failed = new Map<string, number[]>()
  for (const [i, thing] of failing.entries())
    for (const id of new Set(thing.findings)) {
      const known = failed.get(id)
      if (known) known.push(i)
      else failed.set(id, [i])
    }
  const groups = new Map<string, Reported[]>()
  for (const finding of findings) {
    const key = failed.get(finding.id)?.join()
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  return [...groups.values()]
    .map((group): Cause => {
      const [first] = group as [Reported]
      const ids = new Set(group.map(({ id }) => id))
      const own = failed.get(first.id) ?? []
      const repaired = own.filter((i) => failing[i]?.findings.every((id) => ids.has(id))).length
      return {
        findings: [...ids],
        rule: first.rule,
        path: first.path,
        line: first.range.start.line,
        fails: own.length,
        left: failing.length - repaired,
      }
    })
    .sort((a, b) => b.fails - a.fails)
}
