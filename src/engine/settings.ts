import type { Level } from "#lint"
import type { FailOn, Preset, RespectNoqa, RuleLevel } from "./config-schema.ts"

/** Where a value comes from, as shown by `fastlint config --show`: `default`, `pyproject.toml:12`, `--select`. */
export type Origin = string

/** Everything that can be set, resolved: no key is missing. Patterns and folders are relative to `root`. */
export interface Settings {
  /** The folder that patterns are relative to: the topmost that any part of the configuration speaks from. */
  root: string
  /** What to put before a path of the project to make it relative to `root`: `""` or `services/api/`. */
  prefix: string
  /** The file that was read, if any. */
  file?: string
  edition?: string
  preset: Preset
  requiredVersion?: string
  apps: string[]
  src: string[]
  targetPython?: string
  include: string[]
  extendExclude: string[]
  forceExclude: boolean
  failOn: FailOn
  respectNoqa: RespectNoqa
  requireReason: boolean
  outputFormat?: string
  /** The file of known findings, absolute; where none is set, the one at the project's root. */
  baseline?: string
  /** Where the cache is, instead of at the root of the project; relative to `root`. */
  cacheDir?: string
  /** Replaces the preset when given. */
  select?: string[]
  extendSelect: string[]
  ignore: string[]
  rules: Map<string, RuleSetting>
  perFileIgnores: { pattern: string; selectors: string[] }[]
  overrides: { files: string[]; rules: Map<string, RuleSetting> }[]
  auth: { dependencies: string[]; notAuth: string[]; public: string[] }
  tests: { paths: string[] }
  /** For every key, where its value comes from. */
  origins: Map<string, Origin>
}

export interface RuleSetting {
  level?: RuleLevel
  /** Its level switches it on even outside the preset; not where a later `select` chose without it. */
  turnsOn: boolean
  /** It was set by its own name, and not with its section. */
  isNamed: boolean
  options: Record<string, unknown>
}

export const DEFAULT_INCLUDE = ["**/*.py", "**/*.pyi"]

/** The settings of a project that sets nothing. */
export const defaultSettings = (root: string, prefix = ""): Settings => ({
  root,
  prefix,
  preset: "recommended",
  apps: [],
  src: [prefix === "" ? "." : prefix.slice(0, -1)],
  include: DEFAULT_INCLUDE,
  extendExclude: [],
  forceExclude: false,
  failOn: "error",
  respectNoqa: "codes",
  requireReason: true,
  extendSelect: [],
  ignore: [],
  rules: new Map(),
  perFileIgnores: [],
  overrides: [],
  auth: { dependencies: [], notAuth: [], public: [] },
  tests: { paths: [] },
  origins: new Map(),
})

const RANK: Record<Level, number> = { error: 3, warning: 2, info: 1 }

/** Does a finding of this level fail the run? */
export const fails = (level: Level, failOn: FailOn): boolean => failOn !== "never" && RANK[level] >= RANK[failOn]
