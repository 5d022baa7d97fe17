import { expect, test } from "vitest"
import { full } from "../../src/report/full.ts"
import { BLOCKING, finding, range, run, SUPPRESSED, UNFILTERED } from "./sample.ts"

const expected = (name: string) => `./expected/${name}.txt`

test("findings with frames, traces, reasons, repairs and sums", async () => {
  const again = finding({
    id: "4",
    range: range("17:8-19"),
    message: "`time.sleep` runs on the event loop of GET /me",
    routes: ["GET /me"],
  })
  const findings = [BLOCKING, UNFILTERED, again]
  await expect(full(run({ findings, suppressed: [SUPPRESSED], summary: { unseen: 2 } }))).toMatchFileSnapshot(expected("full"))
})

test("a narrow terminal", async () => {
  await expect(full(run({ options: { width: 60 } }))).toMatchFileSnapshot(expected("full-narrow"))
})

test("colours and links", async () => {
  const text = full(run({ findings: [BLOCKING], options: { color: true, links: true } }))
  await expect(text.replaceAll("\u001b", "ESC").replaceAll("\u0007", "BEL")).toMatchFileSnapshot(expected("full-colour"))
})

test("ASCII only, where the terminal knows no more", () => {
  const text = full(run({ options: { unicode: false, width: 60 } }))
  expect(text).toMatch(/^[\x20-\x7e\n]+$/)
  expect(text).toContain("GET /me, ...\n")
})

test("no findings", () => {
  expect(full(run({ findings: [] }))).toBe("All clear: 148 routes, 212 files, 41 rules, 1.3 s\n")
  expect(full(run({ findings: [], suppressed: [SUPPRESSED, SUPPRESSED], summary: { unseen: 3, durationMs: 96 } }))).toBe(
    [
      "All clear: 148 routes, 212 files, 41 rules, 0.1 s",
      "  2 suppressed",
      "  3 things could not be understood     fastlint routes",
      "",
    ].join("\n"),
  )
})

test("all clear is not said when nothing was checked, or not everything", () => {
  expect(full(run({ findings: [], summary: { routes: 0, files: 3 } }))).toBe("No problems found: 0 routes, 3 files, 41 rules, 1.3 s\n")
  const crashed = { level: "error", kind: "crash", path: "app/tree.py", message: "rule `types/loose` failed: x is undefined" } as const
  expect(full(run({ findings: [], notifications: [crashed], summary: { exitCode: 3 } }))).toBe(
    [
      "error: app/tree.py: rule `types/loose` failed: x is undefined",
      "No problems found: 148 routes, 212 files, 41 rules, 1.3 s. This run is incomplete",
      "",
    ].join("\n"),
  )
})

test("a file whose text is not at hand has no frame", () => {
  const text = full(run({ findings: [UNFILTERED], source: () => undefined }))
  expect(text.split("\n").slice(0, 6)).toEqual([
    "warning[secrets/unfiltered-response]: POST /users returns the ORM object `User` without a response",
    "  model",
    " --> app/api/users.py:6:2",
    "  |",
    "  see   app/api/users.py:11:12  `User` has a column `hashed_password`",
    "  see   app/models.py:24:5  declared here",
  ])
})

test("all places and routes, where all are asked for", () => {
  const related = Array.from({ length: 9 }, (_, i) => ({ path: `app/m${i}.py`, range: range("1:1-2"), message: "the same" }))
  const routes = Array.from({ length: 9 }, (_, i) => `GET /${i}`)
  const text = full(run({ findings: [finding({ message: "it blocks", related, routes })], options: { showAll: true } }))
  expect(text.match(/^ +see {3}app/gm)).toHaveLength(9)
  expect(text).toContain(`on    ${routes.join(", ")}\n`)
  expect(text).not.toContain("--show-all")
})

test("many other places are counted", () => {
  const related = Array.from({ length: 9 }, (_, i) => ({ path: `app/m${i}.py`, range: range("1:1-2"), message: "the same" }))
  const text = full(run({ findings: [finding({ related })] }))
  expect(text.match(/^ +see .*/gm)?.map((line) => line.trim())).toEqual([
    ...Array.from({ length: 5 }, (_, i) => `see   app/m${i}.py:1:1  the same`),
    "see   4 more places (--show-all)",
  ])
})

test("routes that the message does not name", () => {
  const at = (message: string, routes: string[], alsoRoutes?: number) =>
    full(run({ findings: [finding({ message, routes, ...(alsoRoutes ? { alsoRoutes } : {}) })] }))
      .split("\n")
      .find((line) => /^ +(on|also) /.test(line))
      ?.trim()
  expect(at("it blocks GET /a", ["GET /a"])).toBeUndefined()
  expect(at("it blocks", ["GET /a"])).toBe("on    GET /a")
  expect(at("it blocks", ["GET /a", "GET /b", "GET /c", "GET /d"], 2)).toBe("on    6 routes: GET /a, GET /b, GET /c, … (--show-all)")
  expect(at("it blocks GET /a", ["GET /a", "GET /b"])).toBe("also  1 more route: GET /b")
  expect(at("it blocks GET /a", ["GET /a"], 9)).toBe("also  9 more routes")
})

test("on GitHub the quoted code cannot command the runner", () => {
  const text = full(run({ options: { stopToken: "b7e1" } }))
  expect(text.startsWith("::stop-commands::b7e1\n")).toBe(true)
  expect(text.endsWith("\n::b7e1::\n")).toBe(true)
})
