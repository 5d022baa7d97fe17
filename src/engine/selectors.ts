import { HOUSEKEEPING, type Housekeeping, type Rule, sectionOf, select } from "#lint"

/** A file that is no text: an engine's finding, because no rule ever sees such a file. */
const UNDECODABLE: Housekeeping = {
  id: "undecodable-file",
  summary: "A file whose bytes are not text",
  why: "Python refuses to import a file that is not in its declared encoding, and nothing in it was checked.",
  help: "Save the file as UTF-8, or declare its encoding in the first line",
  level: "error",
  concern: "correctness",
}

/** What can be selected, silenced and given a level: the rules, and what fastlint itself has to say. */
export type Selectable = Housekeeping & Partial<Pick<Rule, "formerly" | "options" | "equivalents" | "docs" | "cwe" | "optIn" | "edition">>

export const OWN_FINDINGS: readonly Housekeeping[] = [...HOUSEKEEPING, UNDECODABLE]

/** Findings that say "this was not checked": no selection hides them, only their own name does. */
export const ALWAYS_ON: readonly string[] = ["syntax-error", UNDECODABLE.id]

/** Everything that a selector may name. */
export const selectable = (rules: readonly Rule[]): Selectable[] => [...rules, ...OWN_FINDINGS]

/** The precision of a rule's own name. */
export const BY_NAME = 2

/** What one selector names: ids, and how precisely it names them (a rule beats its section). */
export interface Selected {
  ids: string[]
  precision: number
}

/**
 * The rules that a selector names in configuration or on the command line. Comments know the same words; here a
 * section may stand without its `/*`, as in `select = ["async"]`. Undefined where it names nothing.
 */
export function selected(selector: string, known: readonly Selectable[]): Selected | undefined {
  const isSection = selector !== "" && known.some(({ id }) => sectionOf(id) === selector)
  const selection = select(isSection ? `${selector}/*` : selector, known)
  if (!selection.found) return undefined
  const precision = selector === "all" ? 0 : isSection || selector.endsWith("/*") ? 1 : BY_NAME
  return { ids: selection.ids, precision }
}

/** Everything that may stand in a selector, for "did you mean". */
export const selectorNames = (known: readonly Selectable[]): string[] => [
  ...known.map(({ id }) => id),
  ...new Set(known.map(({ id }) => sectionOf(id)).filter((section) => section !== "")),
  "all",
]
