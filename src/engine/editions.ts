/**
 * Editions: what a project pins, so that an update of fastlint turns no green build red. A release adds no rule to an
 * edition that is out; a new rule names the next one, and until that is out it runs only for those who name it.
 */
import type { Selectable } from "./selectors.ts"

/** Those that are out, the oldest first. They are years, so their order is that of their names. */
export const EDITIONS: readonly string[] = ["2027"]

/** The edition of a project that pins none. */
export const NEWEST = EDITIONS.at(-1) as string

/** Does an edition's choice of rules know this one? */
export const isInEdition = ({ edition: since }: Pick<Selectable, "edition">, edition: string = NEWEST): boolean =>
  since === undefined || since <= edition
