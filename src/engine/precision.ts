/** How often each rule was right on real projects. */
import type { Precision } from "#report"
import { COUNTS, MEASURED_ON, PROJECTS } from "./precision-data.ts"

/** What was measured of a rule; nothing of one that is younger than the measuring, or not ours. */
export function precisionOf(rule: string): Precision | undefined {
  const counts = COUNTS[rule]
  if (!counts) return undefined
  const [found, foundIn, read, readIn, right] = counts
  return { on: MEASURED_ON, projects: PROJECTS, found, foundIn, read, readIn, true: right }
}
