import { readFileSync } from "node:fs"
import { Ajv } from "ajv"
import { describe, expect, test } from "vitest"
import { checklistJson } from "../../src/report/checklist/json.ts"
import { junitChecklist } from "../../src/report/checklist/junit.ts"
import { checklistMarkdown } from "../../src/report/checklist/markdown.ts"
import { checklistText } from "../../src/report/checklist/text.ts"
import { BLOCKING, checklist, finding, run } from "./sample.ts"
import { azureCommands, githubCommands, teamcityCommands } from "./servers.ts"
import { readJunit } from "./xml.ts"

const look = run().options

test("the table of items, with where to look first", async () => {
  await expect(checklistText(checklist(), look)).toMatchFileSnapshot("expected/checklist.txt")
})

test("on a narrow terminal each place has a line of its own, whole", () => {
  const lines = checklistText(checklist(), { ...look, width: 60 }).split("\n")
  expect(lines).toContain("     app/api/users.py:19")
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60)
})

test("in full: what fails, what is unsure and why, what is not counted, what no rule can see", async () => {
  await expect(checklistText(checklist(), { ...look, width: 80 }, true)).toMatchFileSnapshot("expected/checklist-verbose.txt")
})

test("ASCII terminals get ASCII", () => {
  expect(checklistText(checklist(), { ...look, unicode: false }, true)).toMatch(/^[\x20-\x7e\n]*$/)
})

test("as Markdown", async () => {
  await expect(checklistMarkdown(checklist())).toMatchFileSnapshot("expected/checklist.md")
})

test("as JSON, in the shape that is documented", () => {
  const schema = JSON.parse(readFileSync(new URL("../../docs/checklist.schema.json", import.meta.url), "utf8"))
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)
  const document = JSON.parse(checklistJson(checklist(), { version: "1.4.0", exitCode: 1 }))
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  expect(document.items.map(({ result, checked }: { result: string; checked: number }) => [result, checked])).toEqual([
    ["fail", 2],
    ["unsure", 1],
    ["pass", 1],
    ["n/a", 0],
    ["fail", 1],
  ])
})

describe("as JUnit", () => {
  test("a suite per item, a test per route: what passes is seen, what is unsure is skipped with its question", () => {
    const { attributes, suites, cases } = readJunit(junitChecklist(checklist(), { durationMs: 1312 }))
    expect(attributes).toEqual({ name: "fastlint checklist", tests: "6", failures: "2", errors: "0", time: "1.312" })
    expect(suites.map(({ name, tests, failures, skipped }) => [name, tests, failures, skipped])).toEqual([
      ["1 Async/sync boundaries are correct", "2", "1", "0"],
      ["2 Authentication is correct", "1", "0", "1"],
      ["3 Statuses are correct", "1", "0", "0"],
      ["4 Queries are optimised", "1", "0", "1"],
      ["Critical paths are tested", "1", "1", "0"],
    ])
    expect(cases.map(({ attributes: { name }, outcome }) => [name, outcome?.kind, outcome?.message])).toEqual([
      ["POST /users", undefined, undefined],
      ["GET /users/{user_id}/profile", "failure", BLOCKING.message],
      ["POST /users", "skipped", "Q2: `verify_link` may ask who is calling"],
      ["POST /users", undefined, undefined],
      ["nothing to check", "skipped", "there is no route that it is about"],
      ["app/main.py", "failure", BLOCKING.message],
    ])
  })
})

test("names from strangers command nothing", () => {
  const name = "x\n::error::y ##[error]z ##vso[task.complete]\u001b[2J <script>alert(1)</script>"
  const list = checklist([finding({ path: name, message: name })])
  for (const item of list.items) {
    item.first = { path: name, line: 1 }
    for (const thing of item.things) Object.assign(thing, { name, path: name, why: name })
  }
  const texts = [
    checklistText(list, look, true),
    checklistMarkdown(list),
    checklistJson(list, { version: "1", exitCode: 0 }),
    junitChecklist(list, { durationMs: 0 }),
  ]
  for (const text of texts) expect([...githubCommands(text), ...azureCommands(text), ...teamcityCommands(text)]).toEqual([])
  expect(texts[0]).not.toContain("\u001b")
  expect(texts[1]).not.toContain("<script>")
})
