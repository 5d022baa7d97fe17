import { expect, test } from "vitest"
import type { CheckedThing, Reported } from "#report"
import { causesOf } from "../../src/engine/checklist/causes.ts"
import { sharedText } from "../../src/report/checklist/words.ts"

const found = (id: string, line: number): Reported =>
  ({ id, rule: `http/${id}`, path: "app/deps.py", range: { start: { line, column: 1 }, end: { line, column: 2 } } }) as Reported
const thing = (name: string, ...findings: string[]): CheckedThing => ({
  kind: "route",
  name,
  path: "app/main.py",
  line: 1,
  answer: findings.length > 0 ? "fail" : "pass",
  findings,
})
const FINDINGS = [found("own", 3), found("guard", 5), found("session", 7), found("other", 9)]

test("findings that fail the same routes are one cause, and what is left without it is counted", () => {
  const things = [
    thing("a", "guard", "session"),
    thing("b", "session", "guard"),
    thing("c", "guard", "session", "own"),
    thing("d", "other"),
    thing("e"),
  ]
  expect(causesOf(things, FINDINGS)).toEqual([
    { findings: ["guard", "session"], rule: "http/guard", path: "app/deps.py", line: 5, fails: 3, left: 2 },
    { findings: ["own"], rule: "http/own", path: "app/deps.py", line: 3, fails: 1, left: 4 },
    { findings: ["other"], rule: "http/other", path: "app/deps.py", line: 9, fails: 1, left: 3 },
  ])
})

test("a question is no cause", () => {
  expect(causesOf([{ ...thing("a", "guard"), answer: "unsure" }], FINDINGS)).toEqual([])
})

const item = (things: CheckedThing[], first?: { path: string; line: number }) =>
  ({
    things,
    causes: causesOf(things, FINDINGS),
    fail: things.filter(({ answer }) => answer === "fail").length,
    unit: "route",
    section: "http",
    ...(first && { first }),
  }) as never

test.each<[string, CheckedThing[], { path: string; line: number } | undefined, string]>([
  [
    "half of what fails",
    ["a", "b", "c"].map((name) => thing(name, "guard")).concat(thing("d", "own"), thing("e", "other"), thing("f", "own", "other")),
    undefined,
    "3 of these 6 routes fail by one finding at app/deps.py:5; without it 3 would",
  ],
  [
    "all of it, where one looks first anyway",
    ["a", "b", "c"].map((name) => thing(name, "guard", "own")),
    { path: "app/deps.py", line: 3 },
    "All 3 routes fail by the same 2 findings; without them none would",
  ],
  [
    "less than half",
    ["a", "b", "c"].map((name) => thing(name, "guard")).concat(["d", "e", "f", "g"].map((name) => thing(name, name))),
    undefined,
    "",
  ],
  ["few", ["a", "b"].map((name) => thing(name, "guard")), undefined, ""],
  ["nothing", [thing("a")], undefined, ""],
])("%s", (_, things, first, text) => {
  expect(sharedText(item(things, first))).toBe(text)
})
