import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import type { AskedQuestion } from "#report"
import { ask } from "../../src/commands/ask.ts"

const folder = mkdtempSync(join(tmpdir(), "fastlint-ask-"))
const file = join(folder, "pyproject.toml")
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const table = ["tool", "fastlint", "auth"]
const question = (id: string, name: string): AskedQuestion => ({
  id,
  kind: "dependency",
  asks: `Does \`${name}\` authenticate the caller?`,
  at: { path: "app/deps.py", range: { start: { line: 3, column: 5 }, end: { line: 3, column: 9 } } },
  evidence: [],
  for: [],
  against: [],
  routes: [],
  decides: 1,
  answers: [
    { says: "yes", table, key: "dependencies", values: [`app.deps.${name}`] },
    { says: "no", table, key: "not-auth", values: [`app.deps.${name}`] },
  ],
  file,
})

test("each answer is written at once; what is not understood is asked again; quitting keeps what was said", async () => {
  writeFileSync(file, "# ours\n[tool.fastlint]\nedition = '2027' # frozen\n")
  const typed = ["y", "perhaps", "NO", "", "q"]
  const prompts: string[] = []
  const shown: string[] = []
  await ask(
    ["a", "b", "c", "d", "e"].map((name, i) => question(`Q${i + 1}`, name)),
    {
      look: { color: false, unicode: true, width: 80, links: false },
      write: (text) => void shown.push(text),
      read: async (prompt) => {
        prompts.push(prompt)
        return typed.shift() as string
      },
    },
  )
  expect(readFileSync(file, "utf8")).toBe(
    [
      "# ours",
      "[tool.fastlint]",
      "edition = '2027' # frozen",
      "",
      "[tool.fastlint.auth]",
      'dependencies = ["app.deps.a"]',
      'not-auth = ["app.deps.b"]',
      "",
    ].join("\n"),
  )
  expect(prompts).toEqual(Array(5).fill("     yes, no, skip, quit? [skip] "))
  const said = shown.join("")
  expect(said).toContain("Does `d` authenticate the caller?")
  expect(said).not.toContain("Does `e` authenticate the caller?")
  expect(said).toMatch(/2 of 5 answered\. An answer may raise another question: fastlint questions\n$/)
})
