/** Something that keeps fastlint from starting, or that a user should know of how it was set up. */
export interface Problem {
  severity: "error" | "warning"
  /** One sentence, no trailing period. */
  message: string
  /** The text that is wrong, with the path as users should read it. */
  at?: { path: string; text: string; start: number; end: number }
  /** Written under the marked text. */
  label?: string
  /** Further lines, each with a word in front: `["help", "fastlint check ./services/api"]`. */
  notes?: [word: string, text: string][]
}

/** Thrown when nothing can be checked; the process ends with status 2. */
export class CannotStart extends Error {
  readonly problems: Problem[]

  constructor(problems: Problem[]) {
    super(problems.map((problem) => problem.message).join("; "))
    this.problems = problems
  }
}
