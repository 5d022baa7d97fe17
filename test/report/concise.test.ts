import { readFileSync } from "node:fs"
import { parseProblemMatchersJson } from "@rushstack/problem-matcher"
import { expect, test } from "vitest"
import { agent } from "../../src/report/agent.ts"
import { concise } from "../../src/report/concise.ts"
import { BLOCKING, finding, run, SUPPRESSED, UNFILTERED } from "./sample.ts"

const CONTRACT = /^(\S.*?):(\d+):(\d+): (error|warning|info): (.+) \[([A-Za-z0-9/-]+)\]$/

interface Pattern {
  regexp: string
  message: number
}

/** VS Code allows comments in its files; these stand on lines of their own. */
const readJson = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8").replace(/^\s*\/\/.*$/gm, ""))

test("the frozen line", () => {
  const info = finding({
    level: "info",
    message: "ends with a period.",
    rule: "http/x",
    range: { start: { line: 1, column: 2 }, end: { line: 1, column: 3 } },
  })
  expect(concise(run({ findings: [BLOCKING, UNFILTERED, info], suppressed: [SUPPRESSED] }))).toBe(
    [
      "app/api/users.py:19:15: error: `requests.get` runs on the event loop of GET /users/{user_id}/profile (read_profile -> load -> fetch_json) [async/blocking-call]",
      "app/api/users.py:6:2: warning: POST /users returns the ORM object `User` without a response model [secrets/unfiltered-response]",
      "app/api/users.py:1:2: info: ends with a period [http/x]",
      "",
    ].join("\n"),
  )
})

test("nothing found prints nothing", () => {
  expect(concise(run({ findings: [] }))).toBe("")
})

test("never coloured", () => {
  expect(concise(run({ options: { color: true, links: true } }))).not.toContain("\u001b")
})

test("VS Code reads it with the matchers of .vscode/tasks.json", () => {
  const tasks: { problemMatcher: { owner: string; pattern: Pattern } }[] = readJson(".vscode/tasks.json").tasks
  expect(tasks).toHaveLength(2)
  for (const { problemMatcher } of tasks) {
    const [matcher] = parseProblemMatchersJson([{ name: problemMatcher.owner, pattern: problemMatcher.pattern }])
    const problems = concise(run())
      .trimEnd()
      .split("\n")
      .map((line) => matcher!.exec(`${line}\n`))
    expect(problems).toMatchObject([
      { file: "app/api/users.py", line: 19, column: 15, severity: "error", code: "async/blocking-call" },
      { file: "app/api/users.py", line: 6, column: 2, severity: "warning", code: "secrets/unfiltered-response" },
    ])
  }
})

test("GitHub reads each level with exactly one matcher of .github/fastlint-matcher.json", () => {
  const owners: { owner: string; severity: string; pattern: Pattern[] }[] = readJson(".github/fastlint-matcher.json").problemMatcher
  const lines = concise(run({ findings: [BLOCKING, UNFILTERED, finding({ level: "info" })] }))
    .trimEnd()
    .split("\n")
  const readBy = lines.map((line) => owners.filter(({ pattern }) => new RegExp(pattern[0]!.regexp).test(line)).map(({ owner }) => owner))
  expect(readBy).toEqual([["fastlint"], ["fastlint"], ["fastlint-info"]])
  expect(owners.map(({ severity }) => severity)).toEqual(["error", "notice"])
})

test("for agents: way and repair on the same line, a status line at the end", () => {
  expect(agent(run())).toBe(
    [
      "app/api/users.py:19:15: error: `requests.get` runs on the event loop of GET /users/{user_id}/profile [async/blocking-call] trace: app/services/profile.py:3:16 > app/services/http.py:5:12 fix(unsafe): Call it in the thread pool best: Await an async client, or call it with `run_in_threadpool`",
      "app/api/users.py:6:2: warning: POST /users returns the ORM object `User` without a response model [secrets/unfiltered-response] fix: Add `response_model=` with a model that lists what may go out",
      "fastlint: 1 error, 1 warning; exit 1; details: fastlint explain RULE",
      "",
    ].join("\n"),
  )
  expect(agent(run({ findings: [] }))).toBe("fastlint: ok, 212 files, 148 routes\n")
  expect(
    agent(run({ findings: Array.from({ length: 53 }, () => BLOCKING) }))
      .split("\n")
      .slice(-3)[0],
  ).toBe("... 3 more: fastlint check --format jsonl")
})

test("every line keeps the contract, whatever names and messages hold", () => {
  for (const hostile of [" x.py", "a b.py", "::error::x.py", "a\nb.py", "a:1:1: error: x [y/z].py", "##[error]x.py"]) {
    const lines = concise(
      run({ findings: [finding({ path: hostile, message: "two\r\nlines \u001b[31m ##[error]x [other/rule]" })] }),
    ).split("\n")
    expect(lines).toHaveLength(2)
    const [, , line, column, level, , rule] = CONTRACT.exec(lines[0]!)!
    expect([line, column, level, rule]).toEqual(["19", "15", "error", "async/blocking-call"])
  }
})
