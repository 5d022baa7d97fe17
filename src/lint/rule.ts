/** What a rule is, and the few words it is written with. Rules import from `#rule` and nothing else. */

import type { Project, Route } from "#fastapi"
import type { Place, PyFile, Role } from "#python"
import type { Options, ValuesOf } from "./option.ts"

/** The order in which an architect decides, and the order in which findings of equal level are shown. */
export const CONCERNS = ["correctness", "security", "performance", "maintainability", "simplicity"] as const
export type Concern = (typeof CONCERNS)[number]

export const LEVELS = ["error", "warning", "info"] as const
export type Level = (typeof LEVELS)[number]

export interface Edit extends Place {
  text: string
}

/** A change that repairs a finding. `safe` changes neither behaviour nor API contract; `unsafe` may; a `suggestion` needs a decision. */
export interface Fix {
  title: string
  safety: "safe" | "unsafe" | "suggestion"
  edits: Edit[]
}

/** One step of a trace, from the route down to the cause. */
export interface Step {
  at: Place
  /** What happens here: "calls `fetch_json`". */
  message: string
  /** The function that the step stands in. */
  symbol?: string
}

/** A line below the code: what was looked at, what else could be done. */
export interface Note {
  /** One short word: `saw`, `peers`, `or`. */
  name: string
  text: string
  /** Told behind the text. */
  at?: Place
}

/** What a rule yields: a place and one sentence. `why` and `help` belong to the rule. */
export interface Finding {
  at: Place
  /** One sentence, no trailing period. */
  message: string
  /** How it comes about, in call order; the last step is the cause. */
  trace?: Step[]
  /** Other places worth showing. */
  related?: { at: Place; message: string }[]
  /** Further lines, where the sentence has no room for what speaks for it. */
  notes?: Note[]
  /** Instead of the rule's `level`, when this finding is graver or lighter than its kind. A level set by the user wins. */
  level?: Level
  /** Instead of the rule's `help`, when this finding has a better answer. */
  help?: string
  /** The route it concerns, or several routes that reach one cause. */
  routes?: Route[]
  /** Qualified name or `METHOD /path`: where in the program it is, for the fingerprint. */
  scope?: string
  /** Tells apart findings of one rule in one scope (the sink, the parameter's name). */
  discriminator?: string
  fix?: Fix
  /** True for what harms also whoever runs a script: files from elsewhere that are opened there. */
  alsoInScripts?: true
}

export interface Example {
  /** Yields exactly the findings marked `# expect`. Several files: each begins with `# file: app/main.py`. */
  bad: string
  /** Yields none. */
  good: string
  /** What `bad` becomes when every fix is applied. */
  fixed?: string
}

/** A finding that a rule was heard on: what judges, comments, baselines and reports deal with. */
export interface Verdict extends Finding {
  /** The id of its rule. */
  rule: string
}

export interface Prose<O extends Options> {
  /** One line: what is wrong. Reads well after "ignore". */
  summary: string
  /** Why anyone should care: a short paragraph of Markdown. */
  why: string
  /** What to do, as a command. */
  help: string
  concern: Concern
  level: Level
  /** The page of FastAPI's (or another) documentation that settles it. */
  docs: string
  /** Codes of other linters that say the same: `ASYNC210`, `S608`. */
  equivalents: string[]
  /** Weakness numbers for security findings: `CWE-798`. */
  cwe?: string[]
  /** When it stays silent on purpose, one line each. */
  exemptions?: string[]
  /** Foreseen start-up error of FastAPI. */
  startup?: boolean
  /** Off in the `recommended` preset: a matter of taste, or one that other linters settle. `strict` or its name turns it on. */
  optIn?: boolean
  /** The first edition that chooses it; unset for those of the first of all. Until that edition is out, only its own name turns it on. */
  edition?: string
  /** Names it had before. */
  formerly?: string[]
  options?: O
  /** Of which files `file` or `notes` is asked; of all if not given. */
  files?: FilesAsked
  examples: Example[]
}

/** Most rules concern few files, and this is told without running them: a file that is not asked could have said nothing. */
export interface FilesAsked {
  /** What the file is for: one of these. */
  roles?: readonly Role[]
  /** Identifiers (names, attributes, keywords, parts of what is imported): the file says one of these. Not for words within texts. */
  words?: readonly string[]
}

/** JSON that a rule leaves per file, cached with the file. */
export type Notes = unknown

export interface FileNotes<N> {
  path: string
  notes: N
}

/**
 * Three shapes, and the types allow no fourth.
 * - `file` sees one file's nodes; its findings are cached with the file.
 * - `project` sees the linked model; it runs every time and never sees syntax.
 * - `notes` + `project` leaves its own JSON per file and judges all of it at the end.
 */
export type RuleSpec<O extends Options = Options, N = any> = Prose<O> &
  (
    | { file(file: PyFile, options: ValuesOf<O>): Iterable<Finding>; project?: never; notes?: never }
    | { project(project: Project, options: ValuesOf<O>): Iterable<Finding>; file?: never; notes?: never }
    | {
        notes(file: PyFile, options: ValuesOf<O>): N | undefined
        project(project: Project, options: ValuesOf<O>, notes: FileNotes<N>[]): Iterable<Finding>
        file?: never
      }
  )

export type RuleBody = RuleSpec

/** A rule with its id, `section/name`, which is its path under `rules/`. */
export type Rule = RuleBody & { id: string }

export const rule = <const O extends Options = {}, N = never>(spec: RuleSpec<O, N>): RuleBody => spec as unknown as RuleBody

export type * from "#fastapi"
export {
  ancestryOf,
  annotated,
  bare,
  brokenPattern,
  catchesHTTPError,
  covers,
  declarations,
  endsAt,
  errorAnswer,
  exceptionClass,
  executionOf,
  foreignHTTPExceptions,
  genericName,
  guardCallsOf,
  HTTPErrors,
  handedText,
  hasPydantic2,
  hasStarlette1,
  hiddenRoutes,
  isAsWritten,
  isCoroutine,
  isDepends,
  isEnum,
  isField,
  isFieldCall,
  isGoneFromPydantic,
  isGuarded,
  isHTTPError,
  isHTTPException,
  isKindOf,
  isModel,
  isPlaceholder,
  isQueryable,
  isResponse,
  isResponseClass,
  isSameCallable,
  isScalar,
  isScheme,
  isSchemeClass,
  isSpecial,
  isSubclass,
  issuedKey,
  looksChosen,
  looksRandom,
  markerName,
  mayAsk,
  mayBeAtLeast,
  mayBeNone,
  members,
  misfit,
  modelFields,
  mountPattern,
  needsTag,
  PathIndex,
  passed,
  passwordInUrl,
  patternOf,
  permissionsIn,
  placeOf,
  playedWith,
  publicWord,
  relationshipsOf,
  remembered,
  remoteOrigin,
  requestFlows,
  requestsTo,
  responseClass,
  rightsOf,
  routerOf,
  SHORTEST_KEY,
  SIGNATURES_UNTIL,
  SIGNERS,
  secretKind,
  shapeOf,
  shownFields,
  signatureOf,
  signer,
  sqlSink,
  statusIn,
  statusOf,
  supportsBothPydantics,
  testedBy,
  tokenReader,
  tokenWriter,
  traced,
  typeOf,
  typeOnlyName,
  unfitPart,
  uniqueColumnsOf,
  unreadParameters,
  unsupportedInRust,
  waits,
  weakPathChecks,
} from "#fastapi"
export type * from "#python"
export { argument, blocks, isNone, knownBoolean, knownNumber, knownText, options, parameterBehind, same } from "#python"
export { chainFinding } from "./chain-finding.ts"
export { gathered } from "./gather.ts"
export { isLastTurn } from "./last-turn.ts"
export { functionAt, notedSpans, notedStarts, PlaceMap } from "./noted.ts"
export { guardOf, openRouteNotes } from "./open-route.ts"
export { option } from "./option.ts"
export { requestFinding } from "./request-finding.ts"
export * from "./uses.ts"
export * from "./words.ts"
