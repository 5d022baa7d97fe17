import { existsSync, readFileSync, statSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { checkLayer } from "./config-check.ts"
import { flagLayer, type Layer, tomlLayer } from "./config-layer.ts"
import type { Config } from "./config-schema.ts"
import { settle } from "./config-settle.ts"
import { misspeltTables } from "./config-typos.ts"
import { checkEdition, checkRequiredVersion } from "./config-version.ts"
import { CannotStart, type Problem } from "./problem.ts"
import type { Selectable } from "./selectors.ts"
import type { Settings } from "./settings.ts"

/** What the command line says about the configuration. */
export interface ConfigRequest {
  /** Where paths in messages are relative to. */
  cwd: string
  /** `--config`, each a path or `KEY=VALUE`. */
  config?: readonly string[]
  /** `--isolated`: read no file. */
  isolated?: boolean
  /** Flags that set keys. */
  flags?: Config
  /** The version that the project requires is about to be changed. */
  anyVersion?: boolean
}

export interface LoadedConfig {
  settings: Settings
  warnings: Problem[]
}

const OWN_FILES = ["fastlint.toml", ".fastlint.toml"]

/**
 * The settings for a project folder: defaults, then the nearest configuration file (looking up from there), then
 * `--config KEY=VALUE`, then flags. Throws `CannotStart` with every mistake found.
 */
export function loadConfig(from: string, request: ConfigRequest, rules: readonly Selectable[]): LoadedConfig {
  const warnings: Problem[] = []
  const given = (request.config ?? []).filter((item) => !isKeyValue(item))
  const inline = (request.config ?? []).filter(isKeyValue)
  if (given.length > 1) throw new CannotStart([{ severity: "error", message: "--config takes one file only" }])

  const path =
    given[0] !== undefined ? resolve(request.cwd, given[0]) : request.isolated ? undefined : findConfig(from, request.cwd, warnings)
  if (given[0] !== undefined && path !== undefined) mustBeFile(path, given[0] === "" ? "--config is empty" : undefined, given[0])
  const layers = path === undefined ? [] : fileLayers(path, request.cwd)
  for (const item of inline)
    layers.push(must(tomlLayer({ text: quotedWord(item), path: "--config", folder: request.cwd, table: [], name: "--config" })))
  if (request.flags) layers.push(flagLayer(request.flags, request.cwd))

  const problems = layers.flatMap((layer) => checkLayer(layer, rules))
  if (problems.length === 0) {
    for (const layer of layers) problems.push(...(request.anyVersion ? [] : checkRequiredVersion(layer)), ...checkEdition(layer))
  }
  if (problems.length > 0) throw new CannotStart(problems)
  if (!request.isolated) warnings.push(...misspeltTables(from, request.cwd))
  const settings = settle(from, layers, rules)
  return { settings: path === undefined ? settings : { ...settings, file: path }, warnings }
}

/** `a.b = 1`, and not a path that happens to hold `=`. */
const isKeyValue = (item: string): boolean => item.includes("=") && !existsSync(item)

/** The nearest file that configures fastlint, looking up from a folder. */
export function findConfig(from: string, cwd: string, warnings: Problem[] = []): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const here = OWN_FILES.filter((name) => isFile(join(folder, name)))
    const pyproject = join(folder, "pyproject.toml")
    if (isFile(pyproject) && hasTable(pyproject, cwd)) here.push("pyproject.toml")
    const [first, ...shadowed] = here
    if (first !== undefined) {
      for (const name of shadowed) {
        const shown = shownPath(join(folder, name), cwd)
        const what = name === "pyproject.toml" ? `[tool.fastlint] in ${shown}` : shown
        warnings.push({ severity: "warning", message: `${what} is not used, because ${shownPath(join(folder, first), cwd)} is there too` })
      }
      return join(folder, first)
    }
    if (dirname(folder) === folder) return undefined
  }
}

/** The file of this very folder that configures fastlint. */
export function findConfigIn(folder: string): string | undefined {
  const found = findConfig(folder, folder)
  return found !== undefined && dirname(found) === folder ? found : undefined
}

/** `[tool.fastlint]`, `[[tool.fastlint.overrides]]`, `tool.fastlint.select = ...`. By its text, since a broken pyproject.toml without it is not ours to judge. */
const hasTable = (path: string, cwd: string): boolean => /^\s*\[*\s*tool\s*\.\s*["']?fastlint\b/m.test(textOf(path, cwd))

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/** The text of a configuration file. What cannot be read may say anything, so nothing is checked without it. */
function textOf(path: string, cwd: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === "EACCES" || code === "EPERM" ? "permission denied" : message
    throw new CannotStart([{ severity: "error", message: `cannot read ${shownPath(path, cwd)}: ${why}` }])
  }
}

function mustBeFile(path: string, mistake: string | undefined, shown: string): void {
  const what = mistake ?? (existsSync(path) ? (isFile(path) ? undefined : `--config wants a file, and ${shown} is none`) : undefined)
  const message = what ?? (existsSync(path) ? undefined : `no configuration file at ${shown}`)
  if (message === undefined) return
  const example: [string, string] = ["help", "--config path/to/fastlint.toml, or --config KEY=VALUE"]
  throw new CannotStart([{ severity: "error", message, notes: [example] }])
}

/** A file and what it extends, the furthest first. */
function fileLayers(path: string, cwd: string, seen: string[] = []): Layer[] {
  const shown = shownPath(path, cwd)
  if (seen.includes(path))
    throw new CannotStart([
      { severity: "error", message: `${shown} extends itself, by way of ${seen.map((p) => shownPath(p, cwd)).join(", ")}` },
    ])
  const isPyproject = path.endsWith("pyproject.toml")
  const table = isPyproject ? ["tool", "fastlint"] : []
  const text = textOf(path, cwd).replace(/^\uFEFF/, "")
  const layer = must(tomlLayer({ text, path: shown, folder: dirname(path), table, name: isPyproject ? "[tool.fastlint]" : shown }))
  const { extend } = layer.config
  if (typeof extend !== "string") return [layer]
  const base = resolve(dirname(path), extend)
  if (isFile(base)) return [...fileLayers(base, cwd, [...seen, path]), layer]
  const at = layer.locate(["extend"], "value")
  throw new CannotStart([
    {
      severity: "error",
      message:
        extend === ""
          ? `${shown} extends nothing`
          : `${shown} extends ${existsSync(base) ? "what is no file" : "a file that does not exist"}`,
      ...(at ? { at } : {}),
      label: extend === "" ? "name a file, or take this line out" : `no file at ${shownPath(base, cwd)}`,
    },
  ])
}

function must(layer: Layer | Problem): Layer {
  if ("config" in layer) return layer
  throw new CannotStart([layer])
}

/** A path as users should read it: relative to where they stand, with `/` everywhere; absolute where that would climb far. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path)
  const shown = near.startsWith("../../..") ? path : near
  return (shown === "" ? "." : shown).replaceAll("\\", "/")
}

/** `fail-on=warning` as TOML: shells take the quotes away that people type around a word. */
function quotedWord(item: string): string {
  const [, key, word] = /^([^=]+)=\s*([a-z][\w./*-]*)\s*$/i.exec(item) ?? []
  return word === undefined || ["true", "false", "inf", "nan"].includes(word) ? item : `${key}="${word}"`
}
