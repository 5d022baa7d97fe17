/** All that is known of one line: what stands there, who gets there, what was found, what was silenced, and which settings hold. */
import type { Reported } from "../report.ts"

export interface Why {
  path: string
  line: number
  /** `app` files are judged, all others only read. */
  role: string
  /** The function that the line stands in. */
  fn?: {
    name: string
    async: boolean
    at: string
    /** When it runs: for a `request`, at `startup`, ... */
    running: string
  }
  /** What is called on the line. */
  calls: { at: string; name: string; facts: string[] }[]
  /** Routes that are added or handled here. */
  routes: { name: string; facts: [name: string, text: string][] }[]
  /** Findings here, and those whose trace passes here. */
  findings: WhyFinding[]
  /** For each route that leads here, the shortest way. */
  ways: WhyWay[]
  /** Who gets here too, and is not judged. */
  uncounted: { at: string; why: string }[]
  /** Comments that cover the line. */
  comments: { at: string; text: string; effect: string }[]
  /** Of each rule that found something here or is silenced here: its level, and which setting says so. */
  settings: { rule: string; level: string; from: string }[]
  /** Selectors that keep rules from this file. */
  ignores: { selectors: string; from: string }[]
}

export interface WhyFinding {
  finding: Reported
  /** What the line is to the finding. */
  part: "here" | "on the trace" | "beside it"
}

export interface WhyWay {
  route: string
  runs: "event loop" | "thread"
  steps: { at: string; text: string }[]
}
