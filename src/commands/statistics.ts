import type { Reported } from "#report"

/** How often each rule was broken, the most frequent first. */
export function statisticsText(findings: readonly Reported[], asJson: boolean): string {
  const counts = new Map<string, { rule: string; level: string; count: number }>()
  for (const { rule, level } of findings) {
    const row = counts.get(rule) ?? { rule, level, count: 0 }
    row.count += 1
    counts.set(rule, row)
  }
  const rows = [...counts.values()].sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1))
  if (asJson) return `${JSON.stringify(rows, null, 2)}\n`
  const width = Math.max(0, ...rows.map((row) => String(row.count).length))
  return rows.map((row) => `${String(row.count).padStart(width)}  ${row.level.padEnd(7)}  ${row.rule}\n`).join("")
}
