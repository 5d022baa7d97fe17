/** Which setting decides about a rule in a file, and where it was made. */
import type { Rule } from "#lint"
import type { Reported, Why } from "#report"
import { matcher } from "../files.ts"
import type { CheckedProject } from "../run.ts"
import { selectable, selected } from "../selectors.ts"
import type { Settings } from "../settings.ts"

export function levelsOf(
  { settings }: CheckedProject,
  { path, rules }: { path: string; rules: readonly Rule[] },
  found: readonly Pick<Reported, "rule" | "level">[],
): Pick<Why, "settings" | "ignores"> {
  const known = selectable(rules)
  const byRule = new Map(found.map((one) => [one.rule, one.level]))
  const ignores = settings.perFileIgnores
    .filter(({ pattern }) => matcher([pattern], settings.prefix)(path))
    .map(({ pattern, selectors }) => ({
      selectors: selectors.join(", "),
      from: `${originOf(settings, `per-file-ignores.${pattern}`)}, for ${pattern}`,
    }))
  return {
    settings: [...byRule].map(([id, level]) => ({
      rule: id,
      level,
      from: decides(settings, id, path, (selector) => selected(selector, known)?.ids.includes(id) ?? false),
    })),
    ignores,
  }
}

const originOf = ({ origins }: Settings, key: string): string => origins.get(key) ?? "default"

/** The first of the settings, from the most to the least precise, that speaks of a rule in a file. */
function decides(settings: Settings, id: string, path: string, isNamed: (selector: string) => boolean): string {
  const override = settings.overrides.findLastIndex(
    ({ files, rules }) => rules.get(id)?.level !== undefined && matcher(files, settings.prefix)(path),
  )
  if (override >= 0) return `overrides in ${originOf(settings, `overrides[${override}]`)}`
  if (settings.rules.get(id)?.level !== undefined) return `rules in ${originOf(settings, `rules.${id}`)}`
  for (const key of ["select", "extend-select"] as const) {
    const list = key === "select" ? settings.select : settings.extendSelect
    if (list?.some(isNamed)) return `${key} in ${originOf(settings, key)}, level by the rule itself`
  }
  const from = originOf(settings, "preset")
  return `preset ${settings.preset} (${from}), level by the rule itself`
}
