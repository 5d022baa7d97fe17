/** The first findings of each rule, where somebody asked for no more; what is left out is always counted. */
import { byRule } from "./by-rule.ts"
import { count } from "./layout.ts"
import type { Reported, Run } from "./report.ts"

export interface PerRule {
  shown: Reported[]
  /** How many of each rule are not shown. */
  left: Map<string, number>
}

/** In the order of the run. Without a limit all are shown. */
export function perRule({ findings, options: { maxPerRule } }: Pick<Run, "findings"> & { options: { maxPerRule?: number } }): PerRule {
  if (maxPerRule === undefined) return { shown: [...findings], left: new Map() }
  const counts = new Map<string, number>()
  const shown = findings.filter(({ rule }) => {
    const seen = (counts.get(rule) ?? 0) + 1
    counts.set(rule, seen)
    return seen <= maxPerRule
  })
  return { shown, left: new Map([...counts].flatMap(([rule, seen]) => (seen > maxPerRule ? [[rule, seen - maxPerRule]] : []))) }
}

/** `12 more problems are not shown (9 http/x, 3 auth/y)`; nothing where all are. */
export function leftText({ left }: PerRule): string {
  const sum = [...left.values()].reduce((total, n) => total + n, 0)
  if (sum === 0) return ""
  return `${count(sum, "more problem")} ${sum === 1 ? "is" : "are"} not shown (${byRule(left)})`
}
