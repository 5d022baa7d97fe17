import { expect, test } from "vitest"
import { nearest, select } from "../../src/lint/selectors.ts"

const rules = [
  { id: "http/shadowed-route", formerly: ["routes/shadowed"] },
  { id: "http/duplicate-route" },
  { id: "async/blocking-call" },
  { id: "async/unbounded" },
  { id: "database/unbounded" },
]

test.each<[selector: string, ids: string[]]>([
  ["http/shadowed-route", ["http/shadowed-route"]],
  ["routes/shadowed", ["http/shadowed-route"]],
  ["routes/*", ["http/shadowed-route"]],
  ["http/*", ["http/duplicate-route", "http/shadowed-route"]],
  ["blocking-call", ["async/blocking-call"]],
  ["all", rules.map((rule) => rule.id).sort()],
  ["ALL", rules.map((rule) => rule.id).sort()],
])("%s picks %j", (selector, ids) => {
  expect(select(selector, rules)).toEqual({ found: true, ids })
})

test.each<[selector: string, meant: string | undefined]>([
  ["http/shadowed-rout", "http/shadowed-route"],
  ["bloking-call", "async/blocking-call"],
  ["htp/*", "http/*"],
  ["al", "all"],
  ["E501", undefined],
  ["nothing/like-it-at-all", undefined],
])("%s picks nothing; meant was %s", (selector, meant) => {
  expect(select(selector, rules)).toEqual({ found: false, selector, ...(meant === undefined ? {} : { meant }) })
})

test("a name that two rules bear picks neither", () => {
  expect(select("unbounded", rules)).toMatchObject({ found: false })
})

test("nearest prefers what is nearest", () => {
  expect(nearest("warnin", ["error", "warning", "info"])).toBe("warning")
  expect(nearest("xyzzy", ["error", "warning", "info"])).toBeUndefined()
})
