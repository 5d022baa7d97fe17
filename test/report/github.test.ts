import { expect, test } from "vitest"
import { github } from "../../src/report/github.ts"
import { BLOCKING, finding, range, run, UNFILTERED } from "./sample.ts"

test("one command per finding, with its trace", () => {
  expect(github(run()).trimEnd().split("\n")).toEqual([
    "::error file=app/api/users.py,line=19,endLine=19,col=15,endColumn=32,title=fastlint async/blocking-call::`requests.get` runs on the event loop of GET /users/{user_id}/profile%0A  1 app/api/users.py:19:15 read_profile calls `ProfileService.load`%0A  2 app/services/profile.py:3:16 load calls `fetch_json`%0A  3 app/services/http.py:5:12 fetch_json calls `requests.get`, which blocks%0AAwait an async client, or call it with `run_in_threadpool`",
    "::warning file=app/api/users.py,line=6,endLine=6,col=2,endColumn=40,title=fastlint secrets/unfiltered-response::POST /users returns the ORM object `User` without a response model%0AAdd `response_model=` with a model that lists what may go out",
  ])
})

test("no columns for a range of several lines, which the runner would refuse", () => {
  expect(github(run({ findings: [finding({ range: range("3:5-6:2"), help: "" })] }))).toContain(
    "file=app/api/users.py,line=3,endLine=6,title=",
  )
})

test("ten of each level, security first, and a notice about the rest", () => {
  const errors = Array.from({ length: 36 }, (_, i) => finding({ message: `error ${i}` }))
  const security = finding({ message: "weighty", concern: "security" })
  const infos = Array.from({ length: 12 }, () => finding({ level: "info" }))
  const lines = github(run({ findings: [...errors, ...infos, security] }))
    .trimEnd()
    .split("\n")
  expect(lines.filter((line) => line.startsWith("::error"))).toHaveLength(10)
  expect(lines[0]).toContain("::weighty")
  expect(lines.filter((line) => line.startsWith("::notice"))).toHaveLength(10)
  expect(lines.at(-1)).toBe("::notice title=fastlint::showing 10 of 37 errors, 9 of 12 notices; all are in the log")
})

test("ten are not too many", () => {
  expect(
    github(run({ findings: Array.from({ length: 10 }, () => BLOCKING) }))
      .trimEnd()
      .split("\n"),
  ).toHaveLength(10)
  expect(github(run({ findings: [] }))).toBe("")
})

test("commas, colons and percent signs end no property", () => {
  const line = github(run({ findings: [{ ...UNFILTERED, path: "a,b:c%d.py", message: "100% of\n::error::x" }] })).split("\n")
  expect(line).toHaveLength(2)
  expect(line[0]).toMatch(/^::warning file=a%2Cb%3Ac%25d\.py,line=6,.*::100%25 of ::error::x%0A/)
})

test("where a summary is written, the rest is there", () => {
  const findings = Array.from({ length: 37 }, () => BLOCKING)
  expect(github(run({ findings, options: { stepSummary: true } }))).toContain(
    "::notice title=fastlint::showing 10 of 37 errors; all are in the job summary\n",
  )
})

test("paths are told from the repository's root, wherever the job stands", () => {
  const file = (path: string) =>
    /file=([^,]*)/.exec(github(run({ findings: [finding({ path })], options: { below: "services/api/" } })))![1]
  expect(file("app/main.py")).toBe("services/api/app/main.py")
  expect(file("/elsewhere/x.py")).toBe("/elsewhere/x.py")
})
