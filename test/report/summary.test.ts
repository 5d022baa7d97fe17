import { expect, test } from "vitest"
import type { RouteDiff } from "../../src/report/route-diff.ts"
import type { RouteRow } from "../../src/report/routes.ts"
import { stepSummary } from "../../src/report/summary.ts"
import { BLOCKING, finding, range, run, UNFILTERED } from "./sample.ts"

const MUCH = 900 * 1024

const row = (given: Partial<RouteRow>): RouteRow => ({
  method: "GET",
  path: "/me",
  auth: { answer: "yes", text: "get_user" },
  response: "User",
  status: "200",
  handler: "app/api/me.py:12",
  ...given,
})
const ROUTES: RouteDiff = {
  added: [
    row({ method: "POST", path: "/hooks/{name}", auth: { answer: "unknown", text: "`verify` may ask" }, response: "-", status: "204" }),
  ],
  changed: [{ before: row({}), after: row({ auth: { answer: "no", text: "none" }, response: "list[User]" }) }],
  removed: [row({ path: "/ping" })],
}

test("the checklist with its denominators, then every problem with its way", async () => {
  const unseen = [{ path: "app/main.py", line: 4, what: "route", why: "the path of `add` is built at run time" }]
  const text = stepSummary(
    run({
      rules: [...run().rules, { ...run().rules[0]!, id: "http/shadowed-route" }],
      unseen,
      routesSince: () => ({ revision: "origin/main", diff: ROUTES }),
      summary: { suppressed: 3, unseen: 1 },
      options: { blobUrl: "https://github.com/o/r/blob/0a1b/services/" },
    }),
    MUCH,
  )
  await expect(text).toMatchFileSnapshot("expected/summary.md")
})

test("all clear is only said of a complete run that saw routes", () => {
  const head = (exitCode: number, routes: number) => stepSummary(run({ findings: [], summary: { exitCode, routes } }), MUCH).split("\n")[0]
  expect(head(0, 5)).toBe("### fastlint: all clear")
  expect(head(0, 0)).toBe("### fastlint: no problems found")
  expect(head(3, 5)).toBe("### fastlint: no problems found, this run is incomplete")
})

test("our part stays within the bytes that it may take, and says what it left out", () => {
  const findings = Array.from({ length: 9000 }, (_, i) => finding({ message: `problem ${i} 名前`, help: "" }))
  for (const most of [MUCH, 10_000, 1_500]) {
    const text = stepSummary(run({ findings }), most)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most)
    const shown = text.split("\n").filter((line) => line.startsWith("- **error**")).length
    expect(shown).toBeGreaterThan(0)
    expect(text).toContain(`\n${9000 - shown} problems more; the log has all of them\n\n</details>\n`)
  }
  expect(stepSummary(run({ findings }), 10)).toBe("")
})

test("links lead to lines of this commit, and nowhere else", () => {
  const line = (path: string, blobUrl?: string) => {
    const options = blobUrl === undefined ? {} : { blobUrl }
    const text = stepSummary(run({ findings: [finding({ path, range: range("3:1-2") })], options }), MUCH)
    return text.split("\n").find((one) => one.startsWith("- **error**"))
  }
  const url = "https://github.com/o/r/blob/0a1b/"
  expect(line("./my app/(a).py", url)).toContain("](https://github.com/o/r/blob/0a1b/my%20app/%28a%29.py#L3) ")
  for (const path of ["../outside.py", "/etc/x.py", "C:/x.py", "a/../../b.py"])
    expect(line(path, url)).not.toContain("](https://github.com/o/r")
  expect(line("app/main.py")).toContain("app/main.py:3 ")
})

test("a run that broke tells why", () => {
  const crash = { level: "error", kind: "internal-error", message: "rule `types/loose` failed", path: "app/tree.py" } as const
  expect(stepSummary(run({ findings: [BLOCKING, UNFILTERED], notifications: [crash], summary: { exitCode: 3 } }), MUCH)).toMatch(
    /^### fastlint: 1 error, 1 warning, this run is incomplete\n.*\n- \*\*error\*\* <code>app\/tree\.py<\/code>: rule <code>types\/loose<\/code> failed\n/s,
  )
})
