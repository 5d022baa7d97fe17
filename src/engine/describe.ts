import type { Rule } from "#lint"
import type { RuleDescription } from "#report"
import { isInEdition } from "./editions.ts"
import { precisionOf } from "./precision.ts"
import type { Selection } from "./selection.ts"

/** Rules in the words of reports, with their level under the given selections; off where none has them on. */
export function describeRules(rules: readonly Rule[], selections: readonly Selection[]): RuleDescription[] {
  return rules.map((rule) => {
    const precision = precisionOf(rule.id)
    const selection = selections.find((one) => one.isOn(rule.id))
    const options = Object.entries(rule.options ?? {}).map(([name, option]) => ({ name, says: option.says, default: option.default }))
    return {
      id: rule.id,
      summary: rule.summary,
      why: rule.why,
      help: rule.help,
      docs: rule.docs,
      level: selection?.levelIn(rule.id, "") ?? rule.level,
      concern: rule.concern,
      cwe: rule.cwe ?? [],
      equivalents: rule.equivalents,
      enabled: selection !== undefined,
      examples: rule.examples,
      ...(rule.startup ? { startup: true } : {}),
      ...(rule.optIn ? { optIn: true } : {}),
      ...(isInEdition(rule) ? {} : { edition: rule.edition as string }),
      ...(rule.exemptions ? { exemptions: rule.exemptions } : {}),
      ...(rule.formerly ? { formerly: rule.formerly } : {}),
      ...(precision ? { precision } : {}),
      ...(options.length > 0 ? { options } : {}),
    }
  })
}
