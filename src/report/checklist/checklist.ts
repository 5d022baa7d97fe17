/** The quality checklist of a project: for each item what was checked, what passed, what failed, and what nobody could see. */
import type { Reported } from "../report.ts"

export type Answer = "pass" | "fail" | "unsure"

export interface Checklist {
  /** `app.main:app`, the largest first. */
  apps: string[]
  routes: number
  files: number
  edition?: string
  /** What a hint adds to a command so that it finds the project: ` services/api`. */
  project?: string
  items: ChecklistItem[]
  /** All that the items rest on, by the order of the run. */
  findings: Reported[]
  /** Findings that belong to no item: files that Python cannot read, comments that silence nothing. */
  others: Reported[]
  /** Routes that wait for the answer to a question. */
  waiting: number
}

export interface ChecklistItem {
  /** 1 to 9; unset for what the architect's principles add. */
  number?: number
  /** The section of rules that answers it. */
  section: string
  /** A few words, for tables. */
  title: string
  /** The item in full. */
  item: string
  /** `n/a`: nothing was checked, which is no pass. */
  result: Answer | "n/a"
  /** What is counted. */
  unit: "route" | "file"
  pass: number
  fail: number
  unsure: number
  things: CheckedThing[]
  /** What it fails by, what fails most things first. */
  causes: Cause[]
  /** What was seen and deliberately not counted, by reason. */
  outside: { count: number; why: string }[]
  /** The gravest failure, or what is unsure. */
  first?: { path: string; line: number }
  /** `Q1`: the question that decides most of what is unsure. */
  question?: string
  rules: { on: string[]; off: string[] }
  /** Of its findings, how many a comment silences with a reason. */
  suppressed: number
  /** What the item promises and no rule that is on looks at. */
  unchecked: string[]
  /** What the item promises and no rule can see. */
  blind: string
}

/** Findings that fail exactly the same things of an item. */
export interface Cause {
  /** Their ids. */
  findings: string[]
  /** Of the first. */
  rule: string
  path: string
  line: number
  /** How many things fail by it, be it among others. */
  fails: number
  /** How many would still fail if it were repaired. */
  left: number
}

/** One thing that was looked at. */
export interface CheckedThing {
  /** `place`: something that a finding is about and no route or file of the count stands for. */
  kind: "route" | "file" | "place"
  /** `GET /users/{id}`, or a path. */
  name: string
  path: string
  line: number
  answer: Answer
  /** Why nobody knows. */
  why?: string
  question?: string
  /** Ids of the findings that it fails by. */
  findings: string[]
}
