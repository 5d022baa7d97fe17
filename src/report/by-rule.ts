/** How many of each rule, in one line that stays short. */

/** How many rules are named before the others are only counted. */
const NAMED = 6

/** `29 testing/x, 9 http/y`, the most frequent first; of many rules the rest as `and 12 more by 8 other rules`. */
export function byRule(counts: ReadonlyMap<string, number>, { withCounts = true } = {}): string {
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  // One more is named as quickly as it is counted.
  const named = sorted.length > NAMED + 1 ? sorted.slice(0, NAMED) : sorted
  const left = sorted.slice(named.length)
  const words = named.map(([rule, count]) => (withCounts ? `${count} ${rule}` : rule))
  const sum = left.reduce((total, [, count]) => total + count, 0)
  return `${words.join(", ")}${left.length > 0 ? `, and ${withCounts ? `${sum} more by ` : ""}${left.length} other rules` : ""}`
}

/** Counted once for each time that a rule is named. */
export function countedRules(rules: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return counts
}
