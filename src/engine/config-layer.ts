import type { Config } from "./config-schema.ts"
import type { Problem } from "./problem.ts"
import { readToml, type Toml, TomlSyntaxError } from "./toml.ts"

export type KeyPath = readonly (string | number)[]

/** One place that sets keys: a file, a `--config KEY=VALUE`, the flags. Later layers win. */
export interface Layer {
  config: Config
  /** The folder that paths and patterns in it are relative to. */
  folder: string
  /** Where a key was set, for `config --show`: `pyproject.toml:12`. */
  origin(path: KeyPath): string
  /** Where the text of a key (or of its value) stands, for a frame. */
  locate(path: KeyPath, part: "key" | "value"): Problem["at"]
  /** How messages call the place: `[tool.fastlint]`, `fastlint.toml`, `--select`. */
  name: string
}

/** A layer from TOML text, not yet checked. `table` is where fastlint's keys stand in it. */
export function tomlLayer(input: { text: string; path: string; folder: string; table: readonly string[]; name: string }): Layer | Problem {
  const { text, path, folder, table, name } = input
  let toml: Toml
  try {
    toml = readToml(text)
  } catch (error) {
    if (!(error instanceof TomlSyntaxError)) throw error
    return { severity: "error", message: `${path} is not valid TOML`, at: { path, text, ...error.at }, label: lowerFirst(error.message) }
  }
  let config: unknown = toml.value
  for (const key of table) config = (config as Record<string, unknown> | undefined)?.[key]
  const locate: Layer["locate"] = (keyPath, part) => {
    const whole = [...table, ...keyPath]
    const span = part === "value" ? (toml.valueSpan(whole) ?? toml.keySpan(whole)) : toml.keySpan(whole)
    return span && { path, text, ...span }
  }
  return {
    config: (config ?? {}) as Config,
    folder,
    name,
    locate,
    origin(keyPath) {
      const at = locate(keyPath, "key")
      return at ? `${path}:${text.slice(0, at.start).split("\n").length}` : path
    },
  }
}

/** A layer from values that were given as flags; every key comes from the flag of its own name. */
export function flagLayer(config: Config, folder: string): Layer {
  return { config, folder, name: "the command line", locate: () => undefined, origin: ([key]) => `--${key}` }
}

const lowerFirst = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1)
