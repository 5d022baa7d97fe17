/** What `config upgrade` says where an edition is out that the project does not name yet. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest"
import { loadGrammarForTests } from "../grammar.ts"

vi.mock("../../src/engine/editions.ts", () => ({
  EDITIONS: ["2027", "2028"],
  NEWEST: "2028",
  isInEdition: ({ edition: since }: { edition?: string }, edition = "2028") => since === undefined || since <= edition,
}))
vi.mock("#rules", async (original) => {
  const { rules } = await original<typeof import("#rules")>()
  return { rules: rules.map((rule) => (rule.id === "async/blocking-call" ? { ...rule, edition: "2028" } : rule)) }
})

const { configUpgrade } = await import("../../src/commands/config-upgrade.ts")
const folder = mkdtempSync(join(tmpdir(), "fastlint-upgrade-"))
const config = join(folder, "fastlint.toml")

let printed = ""
beforeAll(async () => {
  await loadGrammarForTests()
  vi.spyOn(process, "cwd").mockReturnValue(folder)
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text
    return true
  })
  mkdirSync(join(folder, "app"))
  writeFileSync(
    join(folder, "app", "main.py"),
    'import time\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\nasync def read() -> None:\n    time.sleep(1)\n',
  )
})
beforeEach(() => {
  printed = ""
  process.exitCode = undefined
  writeFileSync(config, '# ours\nedition = "2027"\n')
})
afterAll(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  rmSync(folder, { recursive: true })
})

const ADDED =
  "Edition 2028 finds 1 problem more: 1 async/blocking-call\n  fastlint baseline create   begin with them as known, so that only new problems fail\n"

test("--dry-run shows the change and what it would find, and writes nothing", async () => {
  await configUpgrade(".", { dryRun: true, cache: false } as never)
  expect(printed).toContain('-edition = "2027"\n+edition = "2028"\n')
  expect(printed).toContain(`fastlint.toml would change, and was not written\n  edition 2027 -> 2028\n${ADDED}`)
  expect(process.exitCode).toBe(1)
  expect(readFileSync(config, "utf8")).toBe('# ours\nedition = "2027"\n')
})

test("without it the file is written, and a second time there is nothing to do", async () => {
  await configUpgrade(".", {})
  expect(printed).toBe(`Wrote fastlint.toml\n  edition 2027 -> 2028\n${ADDED}`)
  expect(process.exitCode).toBeUndefined()
  expect(readFileSync(config, "utf8")).toBe('# ours\nedition = "2028"\n')
  printed = ""
  await configUpgrade(".", {})
  expect(printed).toBe("fastlint.toml is up to date: edition 2028\n")
})
