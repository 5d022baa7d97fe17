import { CACHE_FOLDER } from "./cache-folder.ts"
import type { Settings } from "./settings.ts"

/** One line of `fastlint config --show`. */
export interface ConfigRow {
  key: string
  /** As TOML would write it; `-` where nothing is set. */
  value: string
  /** `default`, `pyproject.toml:12`, `--select`. */
  origin: string
}

/** Every key with its value and where it comes from, in the order of the documentation. */
export function configRows(settings: Settings): ConfigRow[] {
  const rows: ConfigRow[] = []
  const row = (key: string, value: unknown) => rows.push({ key, value: toml(value), origin: settings.origins.get(key) ?? "default" })
  row("edition", settings.edition)
  row("preset", settings.preset)
  row("required-version", settings.requiredVersion)
  row("apps", settings.apps)
  row("src", settings.src)
  row("target-python", settings.targetPython)
  row("include", settings.include)
  row("extend-exclude", settings.extendExclude)
  row("force-exclude", settings.forceExclude)
  row("fail-on", settings.failOn)
  row("respect-noqa", settings.respectNoqa)
  row("require-reason", settings.requireReason)
  row("output-format", settings.outputFormat)
  row("cache-dir", settings.cacheDir ?? CACHE_FOLDER)
  row("select", settings.select)
  row("extend-select", settings.extendSelect)
  row("ignore", settings.ignore)
  for (const [id, { level, options }] of settings.rules) {
    row(`rules.${id}`, Object.keys(options).length === 0 ? level : { ...(level === undefined ? {} : { level }), ...options })
  }
  for (const { pattern, selectors } of settings.perFileIgnores) row(`per-file-ignores.${pattern}`, selectors)
  for (const [index, { files, rules }] of settings.overrides.entries()) {
    row(`overrides[${index}]`, { files, rules: Object.fromEntries([...rules].map(([id, setting]) => [id, setting.level ?? "-"])) })
  }
  row("auth.dependencies", settings.auth.dependencies)
  row("auth.not-auth", settings.auth.notAuth)
  row("auth.public", settings.auth.public)
  row("tests.paths", settings.tests.paths)
  return rows
}

function toml(value: unknown): string {
  if (value === undefined) return "-"
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)} = ${toml(inner)}`)
      .join(", ")} }`
  }
  return JSON.stringify(value)
}
