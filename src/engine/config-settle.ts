import { dirname, join, relative, resolve } from "node:path"
import type { Layer } from "./config-layer.ts"
import type { Config, RuleEntry } from "./config-schema.ts"
import { isInside } from "./root.ts"
import { BY_NAME, type Selectable, selected } from "./selectors.ts"
import { defaultSettings, type RuleSetting, type Settings } from "./settings.ts"

/**
 * Lays checked layers over the defaults, later over earlier, and keeps where each value came from. A file may stand
 * above the project, and what it extends above that: all patterns are made relative to what they have in common.
 */
export function settle(project: string, layers: readonly Layer[], rules: readonly Selectable[]): Settings {
  const root = commonFolder([project, ...layers.filter(speaksOfPaths).map((layer) => layer.folder)])
  const below = relative(root, project).replaceAll("\\", "/")
  const settings = defaultSettings(root, below === "" ? "" : `${below}/`)
  for (const layer of layers) lay(layer, settings, rules)
  return settings
}

/** Keys whose value replaces the earlier one as it is. */
const PLAIN = {
  preset: "preset",
  edition: "edition",
  "required-version": "requiredVersion",
  apps: "apps",
  "target-python": "targetPython",
  "force-exclude": "forceExclude",
  "fail-on": "failOn",
  "respect-noqa": "respectNoqa",
  "require-reason": "requireReason",
  "output-format": "outputFormat",
  select: "select",
  "extend-select": "extendSelect",
  ignore: "ignore",
} as const satisfies Partial<Record<keyof Config, keyof Settings>>

/** Keys that hold paths or patterns, which are relative to the file that sets them. */
const PATHS = { src: "src", include: "include", "extend-exclude": "extendExclude" } as const satisfies Partial<
  Record<keyof Config, keyof Settings>
>

function lay(layer: Layer, settings: Settings, rules: readonly Selectable[]): void {
  const { config } = layer
  const anchor = anchorOf(layer, settings.root)
  const note = (key: string, path: readonly (string | number)[]) => settings.origins.set(key, layer.origin(path))

  for (const [key, name] of Object.entries(PLAIN) as [keyof typeof PLAIN, (typeof PLAIN)[keyof typeof PLAIN]][]) {
    const value = config[key]
    if (value === undefined) continue
    Object.assign(settings, { [name]: value })
    note(key, [key])
  }
  // A choice on the command line must not be widened by what a file adds to the preset.
  if (config.select !== undefined) {
    if (config["extend-select"] === undefined) settings.extendSelect = []
    for (const setting of settings.rules.values()) setting.turnsOn = false
  }
  for (const [key, name] of Object.entries(PATHS) as [keyof typeof PATHS, (typeof PATHS)[keyof typeof PATHS]][]) {
    const value = config[key]
    if (value === undefined) continue
    settings[name] =
      key === "src"
        ? value.map((folder) => relative(settings.root, join(layer.folder, folder)).replaceAll("\\", "/") || ".")
        : value.map(anchor)
    note(key, [key])
  }
  if (config.baseline !== undefined) {
    settings.baseline = resolve(layer.folder, config.baseline)
    note("baseline", ["baseline"])
  }
  if (config["cache-dir"] !== undefined) {
    settings.cacheDir = relative(settings.root, resolve(layer.folder, config["cache-dir"])).replaceAll("\\", "/") || "."
    note("cache-dir", ["cache-dir"])
  }
  for (const [name, entry] of Object.entries(config.rules ?? {})) {
    const { ids = [], precision } = selected(name, rules) ?? {}
    for (const id of ids) {
      settings.rules.set(id, mergeRule(settings.rules.get(id), entry, precision === BY_NAME))
      note(`rules.${id}`, ["rules", name])
    }
  }
  for (const [pattern, selectors] of Object.entries(config["per-file-ignores"] ?? {})) {
    settings.perFileIgnores.push({ pattern: anchor(pattern), selectors })
    note(`per-file-ignores.${anchor(pattern)}`, ["per-file-ignores", pattern])
  }
  for (const [index, override] of (config.overrides ?? []).entries()) {
    const levels = new Map<string, RuleSetting>()
    for (const [name, entry] of Object.entries(override.rules)) {
      const { ids = [], precision } = selected(name, rules) ?? {}
      for (const id of ids) levels.set(id, mergeRule(levels.get(id), entry, precision === BY_NAME))
    }
    settings.overrides.push({ files: override.files.map(anchor), rules: levels })
    note(`overrides[${settings.overrides.length - 1}]`, ["overrides", index])
  }
  for (const [key, name] of [
    ["dependencies", "dependencies"],
    ["not-auth", "notAuth"],
    ["public", "public"],
  ] as const) {
    const value = config.auth?.[key]
    if (value === undefined) continue
    settings.auth[name] = value
    note(`auth.${key}`, ["auth", key])
  }
  if (config.tests?.paths) {
    settings.tests.paths = config.tests.paths.map(anchor)
    note("tests.paths", ["tests", "paths"])
  }
}

function mergeRule(before: RuleSetting | undefined, entry: RuleEntry, isNamed: boolean): RuleSetting {
  const { level: given, ...options } = typeof entry === "string" ? { level: entry } : entry
  const level = given ?? before?.level
  return {
    turnsOn: given === undefined ? (before?.turnsOn ?? false) : given !== "off",
    isNamed: isNamed || (before?.isNamed ?? false),
    options: { ...before?.options, ...options },
    ...(level === undefined ? {} : { level }),
  }
}

/** Makes a pattern of a layer relative to the settings' root. */
function anchorOf(layer: Layer, root: string): (pattern: string) => string {
  const base = relative(root, layer.folder).replaceAll("\\", "/")
  return (pattern) => {
    if (base === "" || pattern.startsWith("**/")) return pattern
    // A bare name means "anywhere below", and still does from above.
    return join(base, pattern.includes("/") ? pattern : `**/${pattern}`).replaceAll("\\", "/")
  }
}

const speaksOfPaths = ({ config }: Layer): boolean =>
  [config.src, config.include, config["extend-exclude"], config["per-file-ignores"], config.overrides, config.tests].some(
    (value) => value !== undefined,
  )

function commonFolder(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    let shared = common
    while (!isInside(folder, shared)) shared = dirname(shared)
    return shared
  })
}
