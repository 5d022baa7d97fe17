/** What a configuration would say in the words of this version: the newest edition, a version that is installed, rules by their present names. */
import { readFileSync } from "node:fs"
import { dirname } from "node:path"
import { valid } from "@renovatebot/pep440"
import writeFileAtomic from "write-file-atomic"
import { tomlLayer } from "./config-layer.ts"
import { isRequiredVersion } from "./config-version.ts"
import { NEWEST } from "./editions.ts"
import { CannotStart } from "./problem.ts"
import type { Selectable } from "./selectors.ts"
import { readToml } from "./toml.ts"
import { VERSION } from "./version.ts"

export interface Upgrade {
  /** Absolute. */
  path: string
  before: string
  after: string
  /** `edition "2027" -> "2028"`; nothing where the file is up to date. */
  changes: string[]
}

interface Edit {
  start: number
  end: number
  text: string
  says: string
}

/** The upgrade of a configuration file. Its layout and comments stay; files that it extends are not touched. */
export function upgradeOf(path: string, rules: readonly Selectable[], to: { edition: string; version: string } = CURRENT): Upgrade {
  const before = readFileSync(path, "utf8")
  const mark = before.startsWith("\uFEFF") ? "\uFEFF" : ""
  const text = before.slice(mark.length)
  const table = path.endsWith("pyproject.toml") ? ["tool", "fastlint"] : []
  const layer = tomlLayer({ text, path, folder: dirname(path), table, name: path })
  if (!("config" in layer)) throw new CannotStart([layer])
  const { config } = layer
  const edits: Edit[] = []
  const replace = (key: readonly (string | number)[], part: "key" | "value", value: string, says: string) => {
    const at = layer.locate(key, part)
    if (at) edits.push({ start: at.start, end: at.end, text: JSON.stringify(value), says })
  }

  const { edition, "required-version": required } = config
  if (edition === undefined) edits.push(newEdition(text, table, to.edition))
  else if (edition !== to.edition) replace(["edition"], "value", to.edition, `edition ${edition} -> ${to.edition}`)
  if (required !== undefined && isOutdated(required, to.version)) {
    const next = /^\s*(==)?\s*\d[\d.]*\s*$/.test(required) ? to.version : `>=${to.version}`
    replace(["required-version"], "value", next, `required-version ${required} -> ${next}`)
  }

  const renamed = new Map(rules.flatMap(({ id, formerly = [] }) => formerly.map((old) => [old, id] as const)))
  const rename = (name: string, key: readonly (string | number)[], part: "key" | "value") => {
    const id = renamed.get(name)
    if (id !== undefined) replace(key, part, id, `rule ${name} -> ${id}`)
  }
  const list = (names: readonly string[] = [], key: readonly (string | number)[]) => {
    for (const [i, name] of names.entries()) rename(name, [...key, i], "value")
  }
  for (const key of ["select", "extend-select", "ignore"] as const) list(config[key], [key])
  for (const name of Object.keys(config.rules ?? {})) rename(name, ["rules", name], "key")
  for (const [pattern, names] of Object.entries(config["per-file-ignores"] ?? {})) list(names, ["per-file-ignores", pattern])
  for (const [i, override] of (config.overrides ?? []).entries())
    for (const name of Object.keys(override.rules)) rename(name, ["overrides", i, "rules", name], "key")

  edits.sort((a, b) => a.start - b.start)
  const after = edits.reduceRight((all, { start, end, text: piece }) => all.slice(0, start) + piece + all.slice(end), text)
  mustRead(after, [...table, "edition"], to.edition, path)
  return { path, before, after: mark + after, changes: [...new Set(edits.map(({ says }) => says))] }
}

const CURRENT = { edition: NEWEST, version: VERSION }

/** A bare version means that one and no other; a range is left alone while the new version is in it. */
const isOutdated = (required: string, version: string): boolean =>
  valid(required) ? required !== version : !isRequiredVersion(required, version)

/** A line of its own: below the header of our table, above the first of its subtables, or below the comments at the top of our file. */
function newEdition(text: string, table: readonly string[], edition: string): Edit {
  const eol = text.includes("\r\n") ? "\r\n" : "\n"
  const line = `edition = ${JSON.stringify(edition)}${eol}`
  const says = `edition ${edition}, which was not named`
  if (table.length === 0) {
    const at = /^(?:[ \t]*#[^\n]*\n)*/.exec(text)?.[0].length ?? 0
    return { start: at, end: at, text: line, says }
  }
  const header = /^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*fastlint[ \t]*\][^\n]*(?:\n|$)/m.exec(text)
  if (header) {
    const at = header.index + header[0].length
    return { start: at, end: at, text: `${header[0].endsWith("\n") ? "" : eol}${line}`, says }
  }
  const below = /^[ \t]*\[{1,2}[ \t]*tool[ \t]*\.[ \t]*fastlint[ \t]*\./m.exec(text)
  const at = below?.index ?? text.length
  return { start: at, end: at, text: `[tool.fastlint]${eol}${line}${eol}`, says }
}

/** Nothing is written that would not be read again as it was meant. */
function mustRead(text: string, path: readonly string[], edition: string, file: string): void {
  try {
    let value: unknown = readToml(text).value
    for (const part of path) value = (value as Record<string, unknown> | undefined)?.[part]
    if (value === edition) return
  } catch {
    // Told below.
  }
  throw new CannotStart([
    { severity: "error", message: `could not write the edition into the layout of ${file}`, notes: [["help", `edition = "${edition}"`]] },
  ])
}

/** Writes it; the file is whole at every moment. */
export function writeUpgrade({ path, after }: Upgrade): void {
  try {
    writeFileAtomic.sync(path, after)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CannotStart([{ severity: "error", message: `cannot write ${path}: ${why}` }])
  }
}
