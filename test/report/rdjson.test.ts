import { readFileSync } from "node:fs"
import { Ajv } from "ajv"
import addFormats from "ajv-formats"
import { expect, test } from "vitest"
import { rdjson } from "../../src/report/rdjson.ts"
import type { Run } from "../../src/report/report.ts"
import { BLOCKING, finding, range, run, UNFILTERED } from "./sample.ts"

const ajv = new Ajv({ allErrors: true })
addFormats.default(ajv)
const isValid = ajv.compile(JSON.parse(readFileSync(new URL("./rdjson-schema.json", import.meta.url), "utf8")))

function diagnostics(given: Run) {
  const document = JSON.parse(rdjson(given))
  expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true)
  return document.diagnostics
}

test("a diagnostic with its rule, its repair and its way", () => {
  const [blocking, unfiltered] = diagnostics(run())
  expect(blocking).toMatchObject({
    message: BLOCKING.message,
    severity: "ERROR",
    code: { value: "async/blocking-call", url: BLOCKING.docs },
    location: { path: "app/api/users.py", range: { start: { line: 19, column: 15 }, end: { line: 19, column: 32 } } },
    suggestions: [{ text: "await run_in_threadpool(svc.load, user_id)", range: { start: { line: 19, column: 15 } } }],
  })
  expect(blocking.related_locations.map(({ location }: { location: { path: string } }) => location.path)).toEqual([
    "app/api/users.py",
    "app/services/profile.py",
    "app/services/http.py",
    "app/api/users.py",
  ])
  expect(unfiltered).toMatchObject({ severity: "WARNING" })
  expect(unfiltered).not.toHaveProperty("suggestions")
  expect(diagnostics(run({ findings: [] }))).toEqual([])
})

test("columns count bytes of UTF-8", () => {
  // One byte, four, one, two, three: reviewdog's own example is the first three.
  const source = () => "a𐐀bé名x"
  const columns = (place: string) => {
    const [{ location }] = diagnostics(run({ findings: [finding({ range: range(place) })], source }))
    return [location.range.start.column, location.range.end.column]
  }
  expect(columns("1:1-2")).toEqual([1, 2])
  expect(columns("1:2-3")).toEqual([2, 6])
  expect(columns("1:3-4")).toEqual([6, 7])
  expect(columns("1:4-6")).toEqual([7, 12])
  expect(columns("1:6-7")).toEqual([12, 13])
  expect(columns("1:7-8")).toEqual([13, 14])
})

test("lines only, where the text is not at hand", () => {
  expect(diagnostics(run({ findings: [UNFILTERED], source: () => undefined }))[0].location.range).toEqual({
    start: { line: 6 },
    end: { line: 6 },
  })
})

test("a repair in several places, or in another file, is no suggestion", () => {
  const edit = { path: "app/api/users.py", range: range("1:1-2"), text: "x" }
  for (const edits of [[edit, edit], [{ ...edit, path: "app/services/http.py" }], []]) {
    const fixed = finding({ fix: { safety: "safe", title: "Do", edits } })
    expect(diagnostics(run({ findings: [fixed] }))[0]).not.toHaveProperty("suggestions")
  }
})
