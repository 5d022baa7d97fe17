import type { Level, OptionsByRule } from "#lint"
import type { Preset } from "./config-schema.ts"
import { isInEdition } from "./editions.ts"
import { matcher } from "./files.ts"
import { ALWAYS_ON, BY_NAME, OWN_FINDINGS, type Selectable, selected } from "./selectors.ts"
import type { RuleSetting, Settings } from "./settings.ts"

/** Which rules run, and how loud each is. */
export interface Selection {
  /** Is the rule on for at least one file? */
  isOn(id: string): boolean
  /** The level of a rule's findings in a file: the user's, else the finding's own, else the rule's. Undefined: off there. */
  levelIn(id: string, path: string, own?: Level): Level | undefined
  /** What the user set of each rule's options. */
  options: OptionsByRule
}

export function selectionOf(settings: Settings, known: readonly Selectable[]): Selection {
  const byId = new Map(known.map((rule) => [rule.id, rule]))
  const base = new Map(known.map((rule) => [rule.id, isSelected(rule, settings, known)]))
  const ignores = settings.perFileIgnores.map(({ pattern, selectors }) => ({
    matches: matcher([pattern], settings.prefix),
    ids: new Set(selectors.flatMap((selector) => selected(selector, known)?.ids ?? [])),
  }))
  const spoken = (rules: ReadonlyMap<string, RuleSetting>) =>
    new Map([...rules].filter(([id, { isNamed }]) => isNamed || isInEdition(byId.get(id) ?? {}, settings.edition)))
  const overrides = settings.overrides.map(({ files, rules }) => ({ matches: matcher(files, settings.prefix), rules: spoken(rules) }))

  return {
    isOn: (id) => base.get(id) === true || overrides.some(({ rules }) => rules.get(id)?.turnsOn),
    levelIn(id, path, own) {
      if (ignores.some((ignore) => ignore.ids.has(id) && ignore.matches(path))) return undefined
      const override = overrides.findLast((one) => one.rules.get(id)?.level !== undefined && one.matches(path))?.rules.get(id)?.level
      if (override !== undefined) return override === "off" ? undefined : override
      if (!base.get(id)) return undefined
      const given = settings.rules.get(id)?.level
      return given === "off" ? undefined : (given ?? own ?? byId.get(id)?.level)
    },
    options: Object.fromEntries([...settings.rules].map(([id, { options }]) => [id, options])),
  }
}

/**
 * The most precise word decides (a rule before its section before everything); between equals, `ignore` does. A rule of
 * a later edition hears its own name only.
 */
function isSelected(rule: Selectable, settings: Settings, known: readonly Selectable[]): boolean {
  const setting = settings.rules.get(rule.id)
  if (setting?.level === "off") return false
  const on = precisionOf(rule.id, [...(settings.select ?? []), ...settings.extendSelect], known)
  if (!isInEdition(rule, settings.edition) && on < BY_NAME && !(setting?.turnsOn && setting.isNamed)) return false
  const off = precisionOf(rule.id, settings.ignore, known)
  if (off >= 0 && off >= on) return false
  if (on >= 0 || setting?.turnsOn || ALWAYS_ON.includes(rule.id)) return true
  return settings.select === undefined && isInPreset(rule, settings.preset)
}

const precisionOf = (id: string, selectors: readonly string[], known: readonly Selectable[]): number =>
  Math.max(-1, ...selectors.map((selector) => selected(selector, known)).map((found) => (found?.ids.includes(id) ? found.precision : -1)))

/** What each preset switches on. fastlint's own findings are of the `recommended` and the `strict` preset. */
export function isInPreset(rule: Selectable, preset: Preset): boolean {
  if (preset === "none") return false
  if (preset === "security") return rule.concern === "security" && !OWN_FINDINGS.some(({ id }) => id === rule.id)
  return preset === "strict" || !rule.optIn
}
