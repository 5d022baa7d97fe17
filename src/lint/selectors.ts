/** Selectors, as written on the command line, in the configuration and in comments: an id, `section/*`, `all`. */
import { distance } from "fastest-levenshtein"

/** What a selector needs to know of a rule. */
export interface Selectable {
  id: string
  /** Names it had before: they select it forever. */
  formerly?: string[]
}

/** What a selector picks, or what its author may have meant. */
export type Selection = { found: true; ids: string[] } | { found: false; selector: string; meant?: string }

/**
 * The rules that a selector picks, sorted by id. A name without its section is enough when one rule bears it
 * (`blocking-call`).
 */
export function select(selector: string, rules: readonly Selectable[]): Selection {
  const ids = rules.filter((rule) => picks(selector, rule)).map((rule) => rule.id)
  if (ids.length > 0) return { found: true, ids: ids.sort() }
  const named = rules.filter((rule) => nameOf(rule.id) === selector)
  if (named.length === 1) return { found: true, ids: [named[0]!.id] }
  const meant = nearest(selector, selectorsOf(rules))
  return meant === undefined ? { found: false, selector } : { found: false, selector, meant }
}

/** True when the selector names this rule, now or formerly, or its section, or everything. */
export function picks(selector: string, rule: Selectable): boolean {
  if (selector.toLowerCase() === "all") return true
  if (selector.endsWith("/*")) return [rule.id, ...(rule.formerly ?? [])].some((id) => sectionOf(id) === selector.slice(0, -2))
  return selector === rule.id || (rule.formerly ?? []).includes(selector)
}

/** `http` of `http/shadowed-route`. */
export const sectionOf = (id: string): string => id.slice(0, Math.max(0, id.indexOf("/")))

/** `shadowed-route` of `http/shadowed-route`. */
export const nameOf = (id: string): string => id.slice(id.indexOf("/") + 1)

/** The candidate that a misspelt word most probably meant; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.ceil(word.length / 3)) + 1
  for (const candidate of candidates) {
    const away = Math.min(distance(word, candidate), distance(word, nameOf(candidate)))
    if (away < least) {
      best = candidate
      least = away
    }
  }
  return best
}

const selectorsOf = (rules: readonly Selectable[]): Set<string> =>
  new Set(rules.flatMap((rule) => [rule.id, `${sectionOf(rule.id)}/*`]).concat("all"))
