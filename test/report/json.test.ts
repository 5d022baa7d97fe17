import { expect, test } from "vitest"
import { gitlab } from "../../src/report/gitlab.ts"
import { json, jsonl } from "../../src/report/json.ts"
import { BLOCKING, finding, run, SUPPRESSED, UNFILTERED } from "./sample.ts"

test("a document with all that is known", () => {
  const document = JSON.parse(
    json(run({ suppressed: [SUPPRESSED], unseen: [{ path: "app/main.py", line: 4, what: "route", why: "built in a loop" }] })),
  )
  expect(Object.keys(document)).toEqual([
    "schemaVersion",
    "tool",
    "exitCode",
    "summary",
    "findings",
    "suppressed",
    "notifications",
    "unseen",
    "questions",
  ])
  expect(document).toMatchObject({ schemaVersion: 1, exitCode: 1, summary: { files: 212, errors: 1, warnings: 1 } })
  expect(document.findings[0]).toMatchObject({
    rule: "async/blocking-call",
    level: "error",
    severity: "error",
    path: "app/api/users.py",
    range: { start: { line: 19, col: 15 }, end: { line: 19, col: 32 } },
    message: BLOCKING.message,
    trace: [
      { path: "app/api/users.py", range: { start: { line: 19 } } },
      { path: "app/services/profile.py" },
      { symbol: "fetch_json", note: "calls `requests.get`, which blocks" },
    ],
    fix: { applicability: "unsafe", edits: [{ path: "app/api/users.py", text: "await run_in_threadpool(svc.load, user_id)" }] },
    fingerprint: "0f3a9c1d7be24a55",
  })
  expect(document.findings[1].trace).toEqual([])
  expect(document.suppressed[0].suppressed).toEqual({
    by: "comment",
    reason: "legacy client, moves in May",
    at: { path: "app/api/users.py", line: 7 },
  })
})

test("a document even when there is nothing to tell", () => {
  expect(JSON.parse(json(run({ findings: [], summary: { exitCode: 3 } })))).toMatchObject({
    exitCode: 3,
    findings: [],
    suppressed: [],
    notifications: [],
  })
})

test("one finding per line", () => {
  const lines = jsonl(run()).trimEnd().split("\n")
  expect(lines.map((line) => JSON.parse(line).rule)).toEqual([BLOCKING.rule, UNFILTERED.rule])
})

test("GitLab Code Quality", () => {
  const token = finding({ id: "77~2", rule: "secrets/token", concern: "security", path: "./app/main.py" })
  const entries = JSON.parse(gitlab(run({ findings: [BLOCKING, UNFILTERED, token, finding({ level: "info" })] })))
  expect(entries[0]).toEqual({
    description: BLOCKING.message,
    check_name: "async/blocking-call",
    fingerprint: "1",
    severity: "major",
    location: { path: "app/api/users.py", lines: { begin: 19 } },
  })
  expect(entries.slice(1)).toMatchObject([
    { severity: "minor" },
    { severity: "blocker", fingerprint: "77~2", location: { path: "app/main.py" } },
    { severity: "info" },
  ])
  expect(gitlab(run({ findings: [] }))).toBe("[]\n")
})
