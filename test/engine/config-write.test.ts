import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { withAddition, writeAddition } from "../../src/engine/config-write.ts"
import { CannotStart } from "../../src/engine/problem.ts"

const auth = { table: ["tool", "fastlint", "auth"], key: "dependencies", values: ["app.deps.b"] }

test.each([
  ["no file yet", "", '[tool.fastlint.auth]\ndependencies = ["app.deps.b"]\n'],
  [
    "no table of ours",
    '[project]\nname = "x" # keep\n',
    '[project]\nname = "x" # keep\n\n[tool.fastlint.auth]\ndependencies = ["app.deps.b"]\n',
  ],
  ["no line end", "[project]", '[project]\n\n[tool.fastlint.auth]\ndependencies = ["app.deps.b"]\n'],
  [
    "a table of ours, others behind it",
    '[tool.fastlint]\npreset = "strict" # why\n\n[tool.ruff]\nx = 1\n',
    '[tool.fastlint]\npreset = "strict" # why\n\n[tool.fastlint.auth]\ndependencies = ["app.deps.b"]\n\n[tool.ruff]\nx = 1\n',
  ],
  [
    "the table without the key",
    '[tool.fastlint.auth]\npublic = ["GET /"] # home\n# end\n[x]\n',
    '[tool.fastlint.auth]\npublic = ["GET /"] # home\ndependencies = ["app.deps.b"]\n# end\n[x]\n',
  ],
  ["an empty table", "[tool.fastlint.auth] # ours\n", '[tool.fastlint.auth] # ours\ndependencies = ["app.deps.b"]\n'],
  ["an empty list", "[tool.fastlint.auth]\ndependencies = []\n", '[tool.fastlint.auth]\ndependencies = ["app.deps.b"]\n'],
  [
    "a list on one line",
    "[tool.fastlint.auth]\ndependencies = ['a'] # x\n",
    "[tool.fastlint.auth]\ndependencies = ['a', \"app.deps.b\"] # x\n",
  ],
  [
    "a list on several lines",
    '[tool.fastlint.auth]\ndependencies = [\n  "a", # first\n  # last\n]\n',
    '[tool.fastlint.auth]\ndependencies = [\n  "a", # first\n  # last\n  "app.deps.b",\n]\n',
  ],
  [
    "a list without a comma at its end",
    '[tool.fastlint.auth]\ndependencies = [\n    "a"\n]\n',
    '[tool.fastlint.auth]\ndependencies = [\n    "a",\n    "app.deps.b",\n]\n',
  ],
  [
    "an inline table",
    '[tool.fastlint]\nauth = { public = ["GET /"] }\n',
    '[tool.fastlint]\nauth = { public = ["GET /"], dependencies = ["app.deps.b"] }\n',
  ],
  ["an empty inline table", "[tool.fastlint]\nauth = {}\n", '[tool.fastlint]\nauth = { dependencies = ["app.deps.b"] }\n'],
  [
    "dotted keys",
    '[tool.fastlint]\nauth.public = ["GET /"]\n',
    '[tool.fastlint]\nauth.public = ["GET /"]\nauth.dependencies = ["app.deps.b"]\n',
  ],
  [
    "dotted keys further up",
    "[tool]\nfastlint.auth.public = []\n",
    '[tool]\nfastlint.auth.public = []\nfastlint.auth.dependencies = ["app.deps.b"]\n',
  ],
  [
    "lines that end in CRLF",
    "[tool.fastlint.auth]\r\ndependencies = [\r\n  'a',\r\n]\r\n",
    "[tool.fastlint.auth]\r\ndependencies = [\r\n  'a',\r\n  \"app.deps.b\",\r\n]\r\n",
  ],
  ["a byte order mark", "\uFEFF[x]\n", '\uFEFF[x]\n\n[tool.fastlint.auth]\ndependencies = ["app.deps.b"]\n'],
  [
    "a value that is there",
    "[tool.fastlint.auth]\ndependencies = ['app.deps.b']\n",
    "[tool.fastlint.auth]\ndependencies = ['app.deps.b']\n",
  ],
])("an answer goes into %s", (_, before, after) => {
  expect(withAddition(before, auth)).toBe(after)
})

test("a table above one that is there", () => {
  const apps = { table: ["tool", "fastlint"], key: "apps", values: ["a:app"] }
  expect(withAddition("[tool.fastlint.auth]\npublic = []\n", apps)).toBe(
    '[tool.fastlint.auth]\npublic = []\n\n[tool.fastlint]\napps = ["a:app"]\n',
  )
  expect(withAddition("[tool]\nfastlint.auth.public = []\n", apps)).toBe('[tool]\nfastlint.auth.public = []\nfastlint.apps = ["a:app"]\n')
})

test("the top of a file", () => {
  const apps = { table: [], key: "apps", values: ["a:app", "b:app"] }
  expect(withAddition("", apps)).toBe('apps = ["a:app", "b:app"]\n')
  expect(withAddition('preset = "none"\n\n[auth]\npublic = []\n', apps)).toBe(
    'preset = "none"\napps = ["a:app", "b:app"]\n\n[auth]\npublic = []\n',
  )
  expect(withAddition("# ours\n[auth]\npublic = []\n", apps)).toBe('apps = ["a:app", "b:app"]\n\n# ours\n[auth]\npublic = []\n')
})

test("text that needs escapes is read back as it was", () => {
  expect(withAddition("", { table: ["auth"], key: "public", values: ['GET /"\\\u007f'] })).toBe(
    '[auth]\npublic = ["GET /\\"\\\\\\u007f"]\n',
  )
})

test("a layout that does not take the answer is left alone", () => {
  expect(() => withAddition('[tool.fastlint.auth]\ndependencies = "a"\n', auth)).toThrow(CannotStart)
  expect(() => withAddition("[tool]\nfastlint = { preset = 'none' }\n", auth)).toThrow("could not add `dependencies` to this layout")
})

test("a file is replaced whole, behind a link too, and nothing is left beside it", () => {
  const folder = mkdtempSync(join(tmpdir(), "fastlint-write-"))
  try {
    writeFileSync(join(folder, "real.toml"), "[x]\n")
    symlinkSync("real.toml", join(folder, "pyproject.toml"))
    writeAddition(join(folder, "pyproject.toml"), auth)
    expect(readFileSync(join(folder, "real.toml"), "utf8")).toBe('[x]\n\n[tool.fastlint.auth]\ndependencies = ["app.deps.b"]\n')
    expect(readdirSync(folder).sort()).toEqual(["pyproject.toml", "real.toml"])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
