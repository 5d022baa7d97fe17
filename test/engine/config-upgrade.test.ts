import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { upgradeOf } from "../../src/engine/config-upgrade.ts"
import { CannotStart } from "../../src/engine/problem.ts"
import type { Selectable } from "../../src/engine/selectors.ts"

const folder = mkdtempSync(join(tmpdir(), "fastlint-upgrade-"))
afterAll(() => rmSync(folder, { recursive: true }))

const rules = [{ id: "http/new-name", formerly: ["http/old-name", "web/older"] }, { id: "http/other" }] as Selectable[]

function upgraded(file: "fastlint.toml" | "pyproject.toml", text: string): { text: string; changes: string[] } {
  writeFileSync(join(folder, file), text)
  const { after, changes } = upgradeOf(join(folder, file), rules, { edition: "2028", version: "1.4.0" })
  return { text: after, changes }
}

test.each<[name: string, before: string, after: string, changes: string[]]>([
  ["an older edition", '# ours\nedition = "2027" # frozen\n', '# ours\nedition = "2028" # frozen\n', ["edition 2027 -> 2028"]],
  ["nothing to do", 'edition = "2028"\n', 'edition = "2028"\n', []],
  [
    "no edition",
    '#:schema x\n\nselect = ["http"]\n',
    '#:schema x\nedition = "2028"\n\nselect = ["http"]\n',
    ["edition 2028, which was not named"],
  ],
  ["an empty file", "", 'edition = "2028"\n', ["edition 2028, which was not named"]],
  ["a mark at the beginning", "\uFEFFignore = []\r\n", '\uFEFFedition = "2028"\r\nignore = []\r\n', ["edition 2028, which was not named"]],
  [
    "an exact version",
    'edition = "2028"\nrequired-version = "1.3.0"\n',
    'edition = "2028"\nrequired-version = "1.4.0"\n',
    ["required-version 1.3.0 -> 1.4.0"],
  ],
  [
    "a range that is over",
    'edition = "2028"\nrequired-version = ">=1,<1.4"\n',
    'edition = "2028"\nrequired-version = ">=1.4.0"\n',
    ["required-version >=1,<1.4 -> >=1.4.0"],
  ],
  ["a range that holds", 'edition = "2028"\nrequired-version = ">=1,<2"\n', 'edition = "2028"\nrequired-version = ">=1,<2"\n', []],
  [
    "rules by their old names, wherever they stand",
    [
      'edition = "2028"',
      "select = ['http/old-name', 'http/other']",
      "ignore = ['web/older']",
      "[rules]",
      '"http/old-name" = { level = "error" }',
      "[per-file-ignores]",
      "'a.py' = ['http/old-name']",
      "[[overrides]]",
      "files = ['b.py']",
      "rules = { 'web/older' = 'off' }",
      "",
    ].join("\n"),
    [
      'edition = "2028"',
      `select = ["http/new-name", 'http/other']`,
      'ignore = ["http/new-name"]',
      "[rules]",
      '"http/new-name" = { level = "error" }',
      "[per-file-ignores]",
      `'a.py' = ["http/new-name"]`,
      "[[overrides]]",
      "files = ['b.py']",
      "rules = { \"http/new-name\" = 'off' }",
      "",
    ].join("\n"),
    ["rule http/old-name -> http/new-name", "rule web/older -> http/new-name"],
  ],
])("%s", (_, before, after, changes) => {
  expect(upgraded("fastlint.toml", before)).toEqual({ text: after, changes })
})

test.each([
  ["below its header", "[tool.fastlint] # ours\nignore = []\n", '[tool.fastlint] # ours\nedition = "2028"\nignore = []\n'],
  ["a header at the very end", "[project]\n[tool.fastlint]", '[project]\n[tool.fastlint]\nedition = "2028"\n'],
  [
    "above the first of its subtables",
    '[project]\nname = "x"\n\n[tool.fastlint.auth]\npublic = []\n',
    '[project]\nname = "x"\n\n[tool.fastlint]\nedition = "2028"\n\n[tool.fastlint.auth]\npublic = []\n',
  ],
])("pyproject.toml: %s", (_, before, after) => {
  expect(upgraded("pyproject.toml", before).text).toBe(after)
})

test("a layout that does not take it is left alone", () => {
  expect(() => upgraded("pyproject.toml", "tool.fastlint.ignore = []\n")).toThrow(CannotStart)
})
