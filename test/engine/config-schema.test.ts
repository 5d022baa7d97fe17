/** The schema that editors check with, against what fastlint itself accepts. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { Ajv } from "ajv"
import { parse } from "smol-toml"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { CannotStart, configJsonSchema, loadConfig, newConfig, selectable } from "#engine"
import { rules } from "#rules"
import { KEY_HELP } from "../../src/engine/config-keys.ts"
import { keysAt } from "../../src/engine/config-schema.ts"

const root = join(dirname(fileURLToPath(import.meta.url)), "../..")
const schema = configJsonSchema(rules)
const validate = new Ajv({ strict: true, strictTypes: false }).compile(schema)

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fastlint-schema-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What fastlint itself says of a `fastlint.toml`. */
function problemsOf(toml: string): string[] {
  writeFileSync(join(folder, "fastlint.toml"), toml)
  try {
    loadConfig(folder, { cwd: folder }, selectable(rules))
    return []
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error
    return error.problems.map(({ message }) => message)
  }
}

const isValid = (toml: string) => ({ schema: validate(parse(toml)), errors: validate.errors ?? [] })

describe("our own examples", () => {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
  ]
  const examples = pages
    .filter((page) => page.endsWith(".md"))
    .flatMap((page) =>
      [...readFileSync(join(root, page), "utf8").matchAll(/^```toml\n(.*?)^```/gms)].map(([, text]) => ({ page, text: text as string })),
    )
    .flatMap(({ page, text }) => {
      const { tool } = parse(text) as { tool?: { fastlint?: object } }
      return tool?.fastlint ? [{ page, value: tool.fastlint }] : []
    })

  test("there are some", () => expect(examples.length).toBeGreaterThan(0))

  test.each(examples)("of $page", ({ value }) => {
    expect({ valid: validate(value), errors: validate.errors ?? [] }).toEqual({ valid: true, errors: [] })
  })

  test("of every key", () => {
    for (const [key, { example }] of Object.entries(KEY_HELP)) {
      if (example === "") continue
      const toml = example.includes(" = ") && !example.startsWith("[") ? `[${key}]\n${example}\n` : `${key} = ${example}\n`
      expect(isValid(toml)).toEqual({ schema: true, errors: [] })
      if (key !== "extend") expect(problemsOf(toml)).toEqual([])
    }
  })
})

test("every key is explained", () => {
  const keys = [...keysAt([]), ...keysAt(["auth"]).map((key) => `auth.${key}`), ...keysAt(["tests"]).map((key) => `tests.${key}`)]
  expect(Object.keys(KEY_HELP).sort()).toEqual(keys.sort())
})

test.each([
  ["selct = []", "an unknown key"],
  ['preset = "all"', "an unknown preset"],
  ["fail-on = 1", "a wrong type"],
  ['include = [""]', "an empty pattern"],
  ['target-python = "three"', "no version"],
  ["[auth]\nopen = []", "an unknown key in a table"],
  ['[rules]\n"async/blocking-call" = "loud"', "an unknown level"],
  ["[[overrides]]\nfiles = []", "a missing key"],
])("both refuse %j: %s", (toml) => {
  expect(isValid(toml).schema).toBe(false)
  expect(problemsOf(toml)).not.toEqual([])
})

test("rules and their options are known to it", () => {
  const withOptions = rules.find(({ options }) => Object.keys(options ?? {}).length > 0)
  const [name, option] = Object.entries(withOptions?.options ?? {})[0] ?? []
  const value = (key: string, given: unknown) => ({ rules: { [withOptions?.id as string]: { level: "error", [key]: given } } })
  expect(validate(value(name as string, option?.default))).toBe(true)
  expect(validate(value("no-such-option", 1))).toBe(false)
})

describe("config init", () => {
  const shown = (path: string) => path
  const uncommented = (text: string) => text.replace(/^# (?=[\w"[])(?=.*(?:=|\]$))/gm, "")

  test("a file of its own, where there is no pyproject.toml: valid as it is, and with every comment taken off", () => {
    const { path, text } = newConfig(folder, ["app.main:app"], shown)
    expect(path).toBe(join(folder, "fastlint.toml"))
    expect(Object.keys(parse(text))).toEqual(["edition", "required-version"])
    const all = uncommented(text)
    expect(parse(all)).toMatchObject({ apps: ["app.main:app"], preset: "recommended", rules: {}, auth: { public: expect.any(Array) } })
    for (const toml of [text, all]) {
      expect(isValid(toml)).toEqual({ schema: true, errors: [] })
      expect(problemsOf(toml)).toEqual([])
    }
  })

  test("at the end of pyproject.toml, with its line ends and nothing else changed", () => {
    const before = '[project]\r\nname = "shop"\r\n'
    writeFileSync(join(folder, "pyproject.toml"), before)
    const { path, text } = newConfig(folder, [], shown)
    expect(path).toBe(join(folder, "pyproject.toml"))
    expect(text.startsWith(`${before}\r\n[tool.fastlint]\r\n`)).toBe(true)
    expect(text.replaceAll("\r\n", "")).not.toContain("\n")
    expect(parse(text)).toMatchObject({ project: { name: "shop" }, tool: { fastlint: { edition: expect.any(String) } } })
    expect(parse(uncommented(text))).toMatchObject({ tool: { fastlint: { rules: {}, "per-file-ignores": {}, auth: {} } } })
  })

  test.each([
    ["fastlint.toml", "select = []\n"],
    [".fastlint.toml", ""],
    ["pyproject.toml", "[tool.fastlint.rules]\n"],
  ])("does not touch what %s says already", (name, text) => {
    writeFileSync(join(folder, name), text)
    expect(() => newConfig(folder, [], shown)).toThrow("configures fastlint already")
  })

  test("does not add to a pyproject.toml that is broken", () => {
    writeFileSync(join(folder, "pyproject.toml"), "[project\n")
    expect(() => newConfig(folder, [], shown)).toThrow("not valid TOML")
  })
})
