import * as v from "valibot"

/** The keys of `[tool.fastlint]` and `fastlint.toml`. Unknown keys are errors: a typo must not be obeyed silently. */

const text = (what: string) => v.pipe(v.string(`must be ${what}`), v.nonEmpty(`must be ${what}, and is empty`))
const texts = (what: string) =>
  v.array(v.pipe(v.string(`must hold ${what}, as text`), v.nonEmpty(`must hold ${what}, and is empty`)), `must be a list of ${what}`)
const flag = v.boolean("must be true or false")
const oneOf = <const T extends readonly string[]>(words: T) => v.picklist(words, `must be ${alternatives(words)}`)

export const RULE_LEVELS = ["off", "info", "warning", "error"] as const
export const FAIL_ON = ["error", "warning", "info", "never"] as const
export const PRESETS = ["recommended", "strict", "security", "none"] as const
export const RESPECT_NOQA = ["codes", "all", "none"] as const

const level = oneOf(RULE_LEVELS)
const ruleEntry = v.union(
  [level, v.looseObject({ level: v.optional(level) })],
  `must be ${alternatives(RULE_LEVELS)}, or a table with a level and options`,
)
const rules = v.record(v.string(), ruleEntry, "must be a table of rules")

export const configSchema = v.strictObject({
  edition: v.optional(text("a year, as text")),
  preset: v.optional(oneOf(PRESETS)),
  "required-version": v.optional(text("a version range, as text")),
  extend: v.optional(v.string("must be the path of another configuration file")),
  apps: v.optional(texts("applications, as `package.module:name`")),
  src: v.optional(texts("folders that imports start from")),
  "target-python": v.optional(
    v.pipe(v.string("must be a Python version, as text"), v.regex(/^3(\.\d+){0,2}$/, 'must be a Python version, like "3.12"')),
  ),
  include: v.optional(texts("file patterns")),
  "extend-exclude": v.optional(texts("file patterns")),
  "force-exclude": v.optional(flag),
  "fail-on": v.optional(oneOf(FAIL_ON)),
  "respect-noqa": v.optional(oneOf(RESPECT_NOQA)),
  "require-reason": v.optional(flag),
  "output-format": v.optional(text("the name of a format")),
  baseline: v.optional(text("the path of a file of known problems")),
  "cache-dir": v.optional(text("a folder")),
  select: v.optional(texts("rules or sections")),
  "extend-select": v.optional(texts("rules or sections")),
  ignore: v.optional(texts("rules or sections")),
  rules: v.optional(rules),
  "per-file-ignores": v.optional(v.record(v.string(), texts("rules or sections"), "must be a table of file patterns")),
  overrides: v.optional(
    v.array(
      v.strictObject({ files: texts("file patterns"), rules }, "must be a table with `files` and `rules`"),
      "must be a list of tables",
    ),
  ),
  auth: v.optional(
    v.strictObject(
      {
        dependencies: v.optional(texts("dotted names")),
        "not-auth": v.optional(texts("dotted names")),
        public: v.optional(texts("routes or dotted names")),
      },
      "must be a table",
    ),
  ),
  tests: v.optional(v.strictObject({ paths: v.optional(texts("folders or file patterns")) }, "must be a table")),
})

/** A configuration file as it was written: every key optional. */
export type Config = v.InferOutput<typeof configSchema>
export type RuleEntry = v.InferOutput<typeof ruleEntry>
export type RuleLevel = (typeof RULE_LEVELS)[number]
export type FailOn = (typeof FAIL_ON)[number]
export type Preset = (typeof PRESETS)[number]
export type RespectNoqa = (typeof RESPECT_NOQA)[number]

/** The keys that may stand in a table of the schema, for "did you mean". */
export function keysAt(path: readonly (string | number)[]): string[] {
  const [first, second] = path
  if (path.length === 0) return Object.keys(configSchema.entries)
  if (first === "auth") return Object.keys(configSchema.entries.auth.wrapped.entries)
  if (first === "tests") return Object.keys(configSchema.entries.tests.wrapped.entries)
  if (first === "overrides" && typeof second === "number") return Object.keys(configSchema.entries.overrides.wrapped.item.entries)
  return []
}

/** `"off", "info" or "error"` */
export function alternatives(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`)
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`
}
