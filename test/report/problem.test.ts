import { expect, test } from "vitest"
import { problemText } from "../../src/report/problem.ts"
import { range, run } from "./sample.ts"

const look = run().options
const TOML = `[project]
name = "shop"

[tool.fastlint]
edition = "2027"
selct = ["async"]

[tool.fastlint.rules]
"async/blocking-cal" = "warning"
`

test("mistakes in the configuration, with a frame in the file", () => {
  const at = (place: string, label: string) => ({ path: "pyproject.toml", range: range(place), source: TOML, label })
  const text = problemText(
    [
      {
        level: "error",
        message: "unknown key `selct` in [tool.fastlint]",
        at: at("6:1-6", "did you mean `select`?"),
        notes: [{ name: "keys", text: "apps, ignore, rules, select, … (fastlint config --schema)" }],
      },
      { level: "error", message: "unknown rule `async/blocking-cal`", at: at("9:2-20", "did you mean `async/blocking-call`?") },
    ],
    look,
    "2 configuration errors, nothing was checked",
  )
  expect(text).toBe(`error: unknown key \`selct\` in [tool.fastlint]
 --> pyproject.toml:6:1
  |
5 | edition = "2027"
6 | selct = ["async"]
  | ^^^^^ did you mean \`select\`?
  |
  keys  apps, ignore, rules, select, … (fastlint config --schema)

error: unknown rule \`async/blocking-cal\`
 --> pyproject.toml:9:2
  |
8 | [tool.fastlint.rules]
9 | "async/blocking-cal" = "warning"
  |  ^^^^^^^^^^^^^^^^^^ did you mean \`async/blocking-call\`?

2 configuration errors, nothing was checked
`)
})

test("no application found", () => {
  const notes = [
    { name: "looked for", text: "FastAPI(…) at module level or in a factory, [tool.fastapi] entrypoint, APIRouter" },
    { name: "nearest hit", text: "src/legacy/wsgi.py:4 creates flask.Flask" },
    { name: "help", text: 'fastlint check ./services/api   or   [tool.fastlint] apps = ["pkg.module:app"]' },
  ]
  expect(
    problemText([{ level: "error", message: "no FastAPI application found under ./src (87 Python files read)", notes }], look),
  ).toBe(`error: no FastAPI application found under ./src (87 Python files read)
  looked for   FastAPI(…) at module level or in a factory, [tool.fastapi] entrypoint, APIRouter
  nearest hit  src/legacy/wsgi.py:4 creates flask.Flask
  help         fastlint check ./services/api   or   [tool.fastlint] apps = ["pkg.module:app"]
`)
})

test("a crash is said to be ours", () => {
  const problem = {
    level: "error" as const,
    prefix: "fastlint",
    message: "internal error in rule `types/loose` on app/tree.py",
    lines: ["This is a bug in fastlint, not in your code.", "TypeError: x is undefined"],
    notes: [{ name: "Go on:", text: "--ignore types/loose" }],
  }
  expect(problemText([problem], look)).toBe(`fastlint: internal error in rule \`types/loose\` on app/tree.py
  This is a bug in fastlint, not in your code.
  TypeError: x is undefined
  Go on:  --ignore types/loose
`)
})
