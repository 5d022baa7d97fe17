import { relative } from "node:path"
import { CACHE_FOLDER } from "./cache-folder.ts"
import { matcher } from "./files.ts"
import { selectionOf } from "./selection.ts"
import { type Selectable, selected } from "./selectors.ts"
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
  row("baseline", settings.baseline === undefined ? undefined : relative(settings.root, settings.baseline).replaceAll("\\", "/"))
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

/** Rules whose level in one file is not their level elsewhere, and the table that says so. */
export function levelRows(settings: Settings, known: readonly Selectable[], path: string): ConfigRow[] {
  const selection = selectionOf(settings, known)
  return known.flatMap(({ id }) => {
    const [here, elsewhere] = [selection.levelIn(id, path) ?? "off", selection.levelIn(id, "") ?? "off"]
    if (here === elsewhere) return []
    const ignored = settings.perFileIgnores.find(
      ({ pattern, selectors }) =>
        matcher([pattern], settings.prefix)(path) && selectors.some((one) => selected(one, known)?.ids.includes(id)),
    )
    const index = settings.overrides.findLastIndex(
      ({ files, rules }) => rules.get(id)?.level !== undefined && matcher(files, settings.prefix)(path),
    )
    const key = ignored ? `per-file-ignores.${ignored.pattern}` : `overrides[${index}]`
    return [{ key: `rules.${id}`, value: JSON.stringify(here), origin: `${key}, ${settings.origins.get(key) ?? "default"}` }]
  })
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
