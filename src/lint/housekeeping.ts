/** What fastlint itself has to say: of files that it cannot read, and of the comments that silence it. */
import type { Concern, Level } from "./rule.ts"

export interface Housekeeping {
  id: string
  summary: string
  why: string
  help: string
  level: Level
  concern: Concern
}

/** These have no section and no file under `rules/`; they may be silenced and re-levelled like any rule. */
export const HOUSEKEEPING = [
  {
    id: "syntax-error",
    summary: "A file that Python cannot read",
    why: "Python refuses to import the file, and fastlint sees only a part of it: what it holds may be missing from every other finding.",
    help: "Repair the syntax",
    level: "error",
    concern: "correctness",
  },
  {
    id: "suppression-without-reason",
    summary: "A suppression that does not say why",
    why: "A finding that is ignored without a reason cannot be told apart from one that nobody looked at. The next reader has to judge it anew.",
    help: "Write the reason after the bracket",
    level: "warning",
    concern: "maintainability",
  },
  {
    id: "unused-suppression",
    summary: "A suppression that silences nothing",
    why: "The finding it was written for is gone. Left in place, the comment will hide the next one.",
    help: "Delete the comment",
    level: "warning",
    concern: "simplicity",
  },
  {
    id: "unknown-rule-in-suppression",
    summary: "A suppression of a rule that does not exist",
    why: "A misspelt rule silences nothing, while its author believes that it does.",
    help: "Correct the name of the rule; `fastlint rules` lists them",
    level: "warning",
    concern: "correctness",
  },
  {
    id: "invalid-suppression",
    summary: "A suppression that is not well formed",
    why: "A comment that cannot be read silences nothing, or more than its author wanted.",
    help: "Write `# fastlint: ignore[section/rule] reason`",
    level: "warning",
    concern: "correctness",
  },
  {
    id: "expired-suppression",
    summary: "A suppression that was to be gone by now",
    why: "Its author gave it a last day with `until=`, and that day is over. It still silences, so that no pipeline turns red overnight.",
    help: "Repair what it hides, or agree on a new date",
    level: "warning",
    concern: "maintainability",
  },
] as const satisfies Housekeeping[]

export type HousekeepingId = (typeof HOUSEKEEPING)[number]["id"]
