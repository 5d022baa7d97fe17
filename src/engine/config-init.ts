/** A configuration to begin with: the edition and the version fixed, everything else as a comment that may be taken off. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import writeFileAtomic from "write-file-atomic"
import { findConfigIn } from "./config.ts"
import { CONFIG_SCHEMA_URL } from "./config-json-schema.ts"
import { KEY_HELP } from "./config-keys.ts"
import { NEWEST } from "./editions.ts"
import { CannotStart } from "./problem.ts"
import { readToml } from "./toml.ts"
import { VERSION } from "./version.ts"

export interface NewConfig {
  /** Absolute. */
  path: string
  /** What is added, at the end of what the file holds already. */
  added: string
  text: string
}

/** Keys that a project decides first; the others are in the schema. */
const SHOWN = ["preset", "apps", "extend-exclude", "fail-on", "ignore"]
const TABLES = ["rules", "per-file-ignores"]
const AUTH = ["auth.dependencies", "auth.not-auth", "auth.public"]

/** The configuration to write into a folder. Throws `CannotStart` where there is one: nobody's choices are overwritten. */
export function newConfig(root: string, apps: readonly string[], shown: (path: string) => string): NewConfig {
  const there = findConfigIn(root)
  if (there !== undefined)
    throw new CannotStart([
      {
        severity: "error",
        message: `${shown(there)} configures fastlint already`,
        notes: [["help", "fastlint config --show prints what it says"]],
      },
    ])
  const pyproject = join(root, "pyproject.toml")
  if (!existsSync(pyproject)) {
    const added = `#:schema ${CONFIG_SCHEMA_URL}\n${configText("", apps)}`
    return { path: join(root, "fastlint.toml"), added, text: added }
  }
  const before = readFileSync(pyproject, "utf8")
  const eol = before.includes("\r\n") ? "\r\n" : "\n"
  const added = configText("tool.fastlint", apps).replaceAll("\n", eol)
  const text = `${before.trimEnd()}${before.trim() === "" ? "" : eol + eol}${added}`
  try {
    readToml(text.replace(/^\uFEFF/, ""))
  } catch {
    throw new CannotStart([{ severity: "error", message: `${shown(pyproject)} is not valid TOML, and is left as it is` }])
  }
  return { path: pyproject, added, text }
}

/** Writes it; the file is whole at every moment. */
export function writeConfig({ path, text }: NewConfig): void {
  try {
    writeFileAtomic.sync(path, text)
  } catch (error) {
    throw new CannotStart([
      { severity: "error", message: `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}` },
    ])
  }
}

/** The lines, under a table of this name or at the top of a file. */
export function configText(table: string, apps: readonly string[]): string {
  const examples: Record<string, string> = apps.length > 0 ? { apps: `[${apps.map((app) => JSON.stringify(app)).join(", ")}]` } : {}
  const assigned = (key: string) => `${key.split(".").at(-1)} = ${examples[key] ?? KEY_HELP[key]?.example}`
  const row = (code: string, key: string) => {
    const { says = "", words } = KEY_HELP[key] ?? {}
    return `${code.padEnd(38)} # ${says}${words ? ` (${words.join(", ")})` : ""}`
  }
  const header = (name: string) => `[${[table, name].filter((part) => part !== "").join(".")}]`
  const block = (name: string, lines: string[]) => [`# ${header(name)}`, ...lines]
  return [
    ...(table === "" ? [] : [header("")]),
    row(`edition = ${JSON.stringify(NEWEST)}`, "edition"),
    row(`required-version = "${VERSION}"`, "required-version"),
    ...SHOWN.map((key) => row(`# ${assigned(key)}`, key)),
    ...TABLES.flatMap((name) => ["", `# ${KEY_HELP[name]?.says}`, ...block(name, [`# ${KEY_HELP[name]?.example}`])]),
    "",
    `# ${KEY_HELP.auth?.says}`,
    ...block(
      "auth",
      AUTH.map((key) => row(`# ${assigned(key)}`, key)),
    ),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join("")
}
