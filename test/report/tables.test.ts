import stringWidth from "string-width"
import { describe, expect, test } from "vitest"
import type { RuleDescription } from "../../src/report/report.ts"
import { type RouteRow, routesText } from "../../src/report/routes.ts"
import { explainText, rulesText } from "../../src/report/rules.ts"
import { RULES, run } from "./sample.ts"

const look = run().options
const expected = (name: string) => `./expected/${name}.txt`

const ROUTES: RouteRow[] = [
  {
    method: "GET",
    path: "/users/{user_id}/profile",
    auth: { answer: "yes", text: "get_current_user" },
    response: "ProfileOut",
    status: "200",
    tests: 2,
    handler: "api/users.py:39",
    problems: ["runs a blocking call on the event loop"],
  },
  {
    method: "POST",
    path: "/users",
    auth: { answer: "yes", text: "public (config)" },
    response: "none (User)",
    responseMissing: true,
    status: "201",
    tests: 3,
    handler: "api/users.py:13",
  },
  {
    method: "DELETE",
    path: "/admin/users/{user_id}",
    auth: { answer: "no", text: "none" },
    response: "-",
    status: "204",
    tests: 0,
    handler: "api/admin.py:56",
  },
  {
    method: "GET",
    path: "/reports/{名前}/download",
    auth: { answer: "unknown", text: "verify_link" },
    response: "FileResponse",
    status: "200",
    handler: "api/reports.py:22",
  },
]
const UNSEEN = [
  { path: "app/main.py", line: 14, what: "include", why: "the router is chosen at run time" },
  { path: "app/plugins.py", line: 120, what: "path", why: "built from `settings.PREFIX`, which has no default" },
]

describe("routes", () => {
  test("as a table", async () => {
    await expect(routesText({ rows: ROUTES, all: ROUTES, unseen: UNSEEN }, look)).toMatchFileSnapshot(expected("routes"))
  })

  test("narrow, in ASCII, and only some of them", async () => {
    const text = routesText(
      { rows: ROUTES.slice(0, 2), all: ROUTES, chosen: "with problems", unseen: [] },
      { ...look, width: 80, unicode: false },
    )
    await expect(text).toMatchFileSnapshot(expected("routes-narrow"))
    for (const line of text.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(80)
  })

  test("of handlers in deep folders, no line is wider than the terminal, and the file stays", () => {
    const deep = ["a/b/c/main.py:1", "a/routes/of/the/back/office/invoices.py:120"].map((handler) => ({
      ...(ROUTES[0] as RouteRow),
      method: "WEBSOCKET",
      path: `/api/v1/${"x".repeat(60)}`,
      handler,
    }))
    const text = routesText({ rows: deep, all: deep, unseen: [] }, { ...look, width: 80 })
    for (const line of text.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(80)
    expect(text).toMatch(/…\S*invoices\.py:120$/m)
  })
})

test("nothing is said of tests where nobody looked for them", () => {
  const rows = ROUTES.map(({ tests: _, ...row }) => row)
  expect(routesText({ rows, all: rows, unseen: [] }, look)).not.toMatch(/TEST|tested/)
})

describe("rules", () => {
  test("as a table", async () => {
    const rules: RuleDescription[] = [...RULES, { ...RULES[0]!, id: "http/shadowed-route", level: "info", enabled: false, fix: "safe" }]
    await expect(rulesText(rules, look)).toMatchFileSnapshot(expected("rules"))
  })

  const rule: RuleDescription = {
    ...RULES[0]!,
    why: "While it waits, the whole worker waits: health checks, other users, websockets. Starlette moves\nplain `def` endpoints to a thread pool, but not what an `async def` calls.\n\nOne slow call is enough.",
    fix: "unsafe",
    exemptions: ["`def` endpoints", "what runs in `run_in_threadpool`"],
    options: [{ name: "allow", says: "calls that never wait", default: ["redis.Redis.ping"] }],
    cwe: ["CWE-400"],
    examples: [
      {
        bad: "\n  async def read(id: int):\n      return requests.get(url).json()  # expect\n",
        good: "\n  async def read(id: int, http: HttpDep):\n      return (await http.get(url)).json()\n",
      },
    ],
  }

  test("one in full", async () => {
    await expect(explainText(rule, look)).toMatchFileSnapshot(expected("explain"))
  })

  test("examples stand one above the other where they are too wide", async () => {
    await expect(explainText(rule, { ...look, width: 64 })).toMatchFileSnapshot(expected("explain-narrow"))
  })
})
