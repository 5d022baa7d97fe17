/** How often a rule was right on real projects, as a sentence. */
import { count } from "./layout.ts"

/** What came of running a rule on open-source projects, and of reading its findings one by one in their code. */
export interface Precision {
  /** `2026-11-25` */
  on: string
  /** On how many projects the rule was run. */
  projects: number
  /** How many findings it had there, and in how many of them. */
  found: number
  foundIn: number
  /** How many of these were read, and in how many projects; debatable ones count as read and not as true. */
  read: number
  readIn: number
  true: number
}

/** "11 of 12 findings read in 5 open-source projects were true (2026-11-25)" */
export function precisionText(precision: Precision): string {
  const { on, projects, found, foundIn, read, readIn } = precision
  if (found === 0) return `never found yet in the ${projects} open-source projects it was run on (${on})`
  if (read === 0) return `${count(found, "finding")} in ${foundIn} of ${projects} open-source projects, none of them read yet (${on})`
  const verb = read === 1 ? "was" : "were"
  return `${precision.true} of ${count(read, "finding")} read in ${count(readIn, "open-source project")} ${verb} true (${on})`
}
