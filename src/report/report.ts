/** What the report is made of: findings as the engine settled them, and the run that they belong to. Plain data in, text out. */
import type { Concern, Example, Fix, Level } from "#lint"
import type { Checklist } from "./checklist/checklist.ts"
import type { Precision } from "./precision.ts"
import type { RouteDiff } from "./route-diff.ts"

/** A place in a text, 1-based; columns count code points. `utf16Column` is the same column as editors count it. */
export interface Position {
  line: number
  column: number
  utf16Column?: number
}

/** From `start` up to, but not including, `end`. */
export interface Range {
  start: Position
  end: Position
}

/** A range in a file. The path is as shown to the user, with `/` on every platform. */
export interface Located {
  path: string
  range: Range
}

/** One step of the way from the route down to the cause, in call order. */
export interface TraceStep extends Located {
  message: string
  symbol?: string
}

/** Another place worth showing, and what it has to do with the finding. */
export interface RelatedPlace extends Located {
  message: string
}

export interface ReportedFix {
  safety: Fix["safety"]
  title: string
  edits: (Located & { text: string })[]
}

/** What silenced a finding: a `# fastlint: ignore[...]` comment, or the `# noqa` of an equivalent rule. */
export interface Suppressed {
  by: "comment" | "noqa"
  reason?: string
  at: { path: string; line: number }
}

/** One finding, settled by the engine: levels, paths and columns are final. */
export interface Reported extends Located {
  /** Unique within the run and stable between runs: the fingerprint, with an ordinal where it occurs more than once. */
  id: string
  rule: string
  level: Level
  concern: Concern
  /** One sentence, no trailing period. */
  message: string
  /** `GET /x`; the first is the one that the message speaks of. */
  routes: string[]
  /** How many more routes it concerns than are listed in `routes`. */
  alsoRoutes?: number
  trace: TraceStep[]
  related: RelatedPlace[]
  /** Further lines, each a word and its text. */
  notes?: { name: string; text: string }[]
  why: string
  help: string
  docs: string
  cwe: string[]
  equivalents: string[]
  fingerprint: string
  scope?: string
  fix?: ReportedFix
  suppressed?: Suppressed
  /** Where findings are compared with a baseline or a revision: was it there before? */
  baseline?: "new" | "known"
}

export interface Summary {
  files: number
  appFiles: number
  routes: number
  apps: number
  rules: number
  errors: number
  warnings: number
  info: number
  suppressed: number
  /** Findings that a baseline or an earlier revision knows; they are not counted above. */
  baselined?: number
  unseen: number
  questions: number
  durationMs: number
  exitCode: number
}

/** Something that happened to the run itself: a file that could not be read, a rule that crashed, a hint about the configuration. */
export interface Notification {
  level: Level
  message: string
  path?: string
  line?: number
  /** A kebab-case word; `configuration` where the configuration is meant. */
  kind: string
}

/** Everything that is said of a rule, for SARIF, for `fastlint rules` and for `fastlint explain`. */
export interface RuleDescription {
  id: string
  summary: string
  why: string
  help: string
  docs: string
  level: Level
  concern: Concern
  cwe: string[]
  equivalents: string[]
  /** The rule ran; unset counts as true. */
  enabled?: boolean
  /** The safest repair that it offers. */
  fix?: Fix["safety"]
  startup?: boolean
  /** On only in the `strict` preset or by name. */
  optIn?: boolean
  /** The edition that will choose it, which is not out yet: until then only its own name turns it on. */
  edition?: string
  exemptions?: string[]
  formerly?: string[]
  options?: { name: string; says: string; default: unknown }[]
  examples?: Example[]
  /** How often it was right on real projects. */
  precision?: Precision
}

/** What could not be understood, and so was not judged. */
export interface UnseenThing {
  path: string
  line: number
  what: string
  why: string
}

/** Something that one line of configuration would decide. */
export interface AskedQuestion {
  /** `Q1`: its place in this run, what decides most first. */
  id: string
  kind: string
  asks: string
  at: Located
  /** Lines to look at. */
  evidence: (Located & { text: string })[]
  for: string[]
  against: string[]
  /** `GET /x` for each route that waits for the answer. */
  routes: string[]
  decides: number
  answers: PossibleAnswer[]
  /** The configuration file that an answer belongs into. */
  file: string
}

/** Texts to add to one list of the configuration. */
export interface PossibleAnswer {
  says: string
  /** `["tool", "fastlint", "auth"]`; empty for the top of a file. */
  table: string[]
  key: string
  values: string[]
}

/** What findings were compared with, to tell the new from the known. */
export interface ComparedWith {
  /** The baseline's path, as users read it. */
  baseline?: string
  /** How many findings it hides. */
  known: number
  /** Entries of it that nothing matches any more: what was repaired. */
  stale: number
  /** They were taken out of the file. */
  isPruned?: boolean
  since?: { revision: string; commit: string; known: number }
  /** What a hint adds to a command so that it finds the project: ` services/api`. */
  project?: string
}

/** How to print: everything that depends on the terminal, decided by the caller. */
export interface Look {
  color: boolean
  /** False: `...` for `…`, `x` for `✗`, and so on. */
  unicode: boolean
  /** Columns of the terminal. */
  width: number
  /** Rule ids link to their pages (OSC 8). */
  links: boolean
}

export interface Run {
  tool: { name: string; version: string }
  summary: Summary
  findings: Reported[]
  suppressed: Reported[]
  /** What was there before: not shown to people, part of the documents. */
  known?: Reported[]
  comparedWith?: ComparedWith[]
  notifications: Notification[]
  /** Every rule that ran, whether or not it found anything. */
  rules: RuleDescription[]
  unseen: UnseenThing[]
  questions: AskedQuestion[]
  /** What became of the routes since the revision that findings were compared with; worked out only where a format shows it. */
  routesSince?(): { revision: string; diff: RouteDiff } | undefined
  /** The quality checklist of the run; worked out only where a format shows it. */
  checklist(): Checklist
  /** The text of a file, for code frames and line hashes; `undefined` when it is not at hand. */
  source(path: string): string | undefined
  /** Sets apart the SARIF uploads of several apps in one repository. */
  app?: string
  options: Look & {
    /** Name every route and place, where else the rest is only counted. */
    showAll?: boolean
    /** What a hint adds to a command so that it finds the only project: ` services/api`. */
    project?: string
    /** Print no more findings of one rule than this, and count the rest. */
    maxPerRule?: number
    /** `file:///.../` of the repository's root, with a `/` at the end. */
    rootUri: string
    /** On GitHub: a random word; source code is printed between `::stop-commands::` and this word. */
    stopToken?: string
    /** On GitHub: what leads from the repository's root to where paths begin, empty or with a `/` at the end. */
    below?: string
    /** On GitHub: where paths can be read at this commit, with a `/` at the end. */
    blobUrl?: string
    /** On GitHub: everything is in the job's summary too. */
    stepSummary?: boolean
  }
}
