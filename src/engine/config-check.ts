import * as v from "valibot"
import { nearest } from "#lint"
import type { KeyPath, Layer } from "./config-layer.ts"
import { alternatives, configSchema, keysAt, RULE_LEVELS, type RuleEntry } from "./config-schema.ts"
import type { Problem } from "./problem.ts"
import { BY_NAME, type Selectable, selected, selectorNames } from "./selectors.ts"

/** Everything that is wrong with one layer: unknown keys, wrong types, unknown rules, options that a rule does not have. */
export function checkLayer(layer: Layer, rules: readonly Selectable[]): Problem[] {
  const result = v.safeParse(configSchema, layer.config)
  const issues = result.success ? [] : result.issues
  const sound = issues.length === 0 ? layer : without(layer, new Set(issues.map((issue) => issue.path?.[0]?.key)))
  return [...issues.map((issue) => issueProblem(issue, layer)), ...checkSelectors(sound, rules), ...checkRules(sound, rules)].sort(
    (a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0),
  )
}

/** The keys that have the right shape: their names are judged in the same run, so that nobody repairs one mistake at a time. */
const without = (layer: Layer, keys: ReadonlySet<unknown>): Layer => ({
  ...layer,
  config: Object.fromEntries(Object.entries(layer.config).filter(([key]) => !keys.has(key))),
})

function issueProblem(issue: v.BaseIssue<unknown>, layer: Layer): Problem {
  const path = (issue.path ?? []).map((part) => part.key as string | number)
  const key = path.at(-1)
  if (issue.type === "strict_object" && issue.expected === "never") {
    const known = keysAt(path.slice(0, -1))
    const guess = nearest(String(key), known)
    return {
      severity: "error",
      message: `unknown key \`${key}\` in ${tableName(layer, path.slice(0, -1))}`,
      ...place(layer, path, "key"),
      ...(guess ? { label: `did you mean \`${guess}\`?` } : {}),
      notes: [["keys", known.toSorted().join(", ")]],
    }
  }
  const input = typeof issue.input === "string" ? issue.input : undefined
  const words = quotedWords(issue.message)
  const guess = input === undefined ? undefined : (words.find((word) => input !== "" && word.startsWith(input)) ?? nearest(input, words))
  return {
    severity: "error",
    message: `\`${pathName(path)}\` ${issue.message}`,
    ...place(layer, path, "value"),
    ...(guess ? { label: `did you mean "${guess}"?` } : {}),
  }
}

/** `select`, `ignore`, `per-file-ignores`: every name must be a rule or a section. */
function* checkSelectors(layer: Layer, rules: readonly Selectable[]): Generator<Problem> {
  const { config } = layer
  for (const key of ["select", "extend-select", "ignore"] as const) yield* checkList(config[key], [key])
  for (const [pattern, list] of Object.entries(config["per-file-ignores"] ?? {})) yield* checkList(list, ["per-file-ignores", pattern])

  function* checkList(list: readonly string[] | undefined, path: KeyPath): Generator<Problem> {
    for (const [index, selector] of (list ?? []).entries()) {
      if (!selected(selector, rules)) yield unknownRule(selector, layer, [...path, index], selectorNames(rules))
    }
  }
}

function* checkRules(layer: Layer, rules: readonly Selectable[]): Generator<Problem> {
  yield* checkTable(layer.config.rules, ["rules"])
  for (const [index, override] of (layer.config.overrides ?? []).entries()) yield* checkTable(override.rules, ["overrides", index, "rules"])

  function* checkTable(table: Record<string, RuleEntry> | undefined, base: KeyPath): Generator<Problem> {
    for (const [name, entry] of Object.entries(table ?? {})) {
      const found = selected(name, rules)
      const path = [...base, name]
      if (!found) yield unknownRule(name, layer, path, selectorNames(rules))
      else if (typeof entry === "object")
        yield* checkOptions(entry, path, found.precision === BY_NAME ? ruleOf(found.ids[0], rules) : undefined)
    }
  }

  function* checkOptions(entry: Record<string, unknown>, path: KeyPath, rule: Selectable | undefined): Generator<Problem> {
    for (const [name, value] of Object.entries(entry)) {
      if (name === "level") continue
      const option = rule?.options?.[name]
      if (option) {
        if (option.check(value)) continue
        yield {
          severity: "error",
          message: `\`${name}\` of ${path.at(-1)} must be ${schemaWords(option.schema)}`,
          ...place(layer, [...path, name], "value"),
          label: option.says,
        }
        continue
      }
      const known = ["level", ...Object.keys(rule?.options ?? {})]
      const guess = nearest(name, known)
      yield {
        severity: "error",
        message: rule ? `rule ${rule.id} has no option \`${name}\`` : `a section has a level and no options: \`${name}\``,
        ...place(layer, [...path, name], "key"),
        ...(guess ? { label: `did you mean \`${guess}\`?` } : {}),
        notes: [["options", known.join(", ")]],
      }
    }
  }
}

const ruleOf = (id: string | undefined, rules: readonly Selectable[]): Selectable | undefined => rules.find((rule) => rule.id === id)

function unknownRule(name: string, layer: Layer, path: KeyPath, names: readonly string[]): Problem {
  const guess = nearest(name, names)
  const at = place(layer, path, "key")
  const hint = guess ? `did you mean \`${guess}\`?` : undefined
  return {
    severity: "error",
    message: at.at ? `unknown rule \`${name}\`` : `unknown rule \`${name}\` in ${layer.origin(path)}`,
    ...at,
    ...(hint && at.at ? { label: hint } : {}),
    notes: [...(hint && !at.at ? ([["help", hint]] as [string, string][]) : []), ["help", "fastlint rules lists all rules"]],
  }
}

function place(layer: Layer, path: KeyPath, part: "key" | "value"): Pick<Problem, "at"> {
  const at = layer.locate(path, part)
  return at ? { at } : {}
}

/** `[tool.fastlint.auth]`, `fastlint.toml`. */
const tableName = (layer: Layer, path: KeyPath): string => {
  const names = path.filter((part) => typeof part === "string")
  if (names.length === 0) return layer.name
  return layer.name.startsWith("[") ? `${layer.name.slice(0, -1)}.${names.join(".")}]` : `[${names.join(".")}] of ${layer.name}`
}

const pathName = (path: KeyPath): string =>
  path
    .map((part) => (typeof part === "number" ? `[${part}]` : part))
    .join(".")
    .replaceAll(".[", "[")

const quotedWords = (message: string): string[] => [...message.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "")

const schemaWords = (schema: Record<string, unknown>): string => {
  if (Array.isArray(schema.enum)) return alternatives(schema.enum.map(String))
  const words: Record<string, string> = { array: "a list of texts", number: "a number", boolean: "true or false", string: "text" }
  return words[String(schema.type)] ?? alternatives(RULE_LEVELS)
}
