import { readFileSync } from "node:fs"
import AjvDraft04 from "ajv-draft-04"
import addFormats from "ajv-formats"
import type * as Sarif from "sarif"
import { describe, expect, test } from "vitest"
import type { Run } from "../../src/report/report.ts"
import { sarif } from "../../src/report/sarif.ts"
import { BLOCKING, FILES, finding, RULES, range, run, SUPPRESSED, UNFILTERED } from "./sample.ts"

const ajv = new AjvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv as never)
const isValid = ajv.compile(JSON.parse(readFileSync(new URL("./sarif-schema-2.1.0.json", import.meta.url), "utf8")))

/** The one run of the document, after the standard's schema has accepted all of it. */
function sarifRun(given: Run): Sarif.Run {
  const log: Sarif.Log = JSON.parse(sarif(given))
  expect(isValid(log), JSON.stringify(isValid.errors, undefined, 1)).toBe(true)
  expect(log.runs).toHaveLength(1)
  return log.runs[0]!
}

const results = (given: Run) => sarifRun(given).results!
const firstRegion = (result: Sarif.Result) => result.locations![0]!.physicalLocation!.region

test("a clean run is a whole document with no results", () => {
  const clean = sarifRun(run({ findings: [] }))
  expect(clean.results).toEqual([])
  expect(clean.tool.driver.rules).toHaveLength(2)
  expect(clean.invocations).toMatchObject([{ executionSuccessful: true, exitCode: 0 }])
  expect(clean).toMatchObject({
    columnKind: "unicodeCodePoints",
    automationDetails: { id: "fastlint/" },
    originalUriBaseIds: { "%SRCROOT%": { uri: "file:///repo/" } },
  })
})

test("an incomplete run says so", () => {
  const notifications = [
    { level: "error", kind: "crash", path: "app/tree.py", message: "rule `types/loose` failed" },
    { level: "warning", kind: "configuration", message: "`per-file-ignores` matches nothing" },
  ] as const
  const [invocation] = sarifRun(run({ notifications: [...notifications], summary: { exitCode: 3 } })).invocations!
  expect(invocation!.executionSuccessful).toBe(false)
  expect(invocation!.toolExecutionNotifications).toMatchObject([{ level: "error", descriptor: { id: "crash" } }])
  expect(invocation!.toolConfigurationNotifications).toMatchObject([{ message: { text: "`per-file-ignores` matches nothing" } }])
})

describe("rules", () => {
  test("have all their texts; only security rules have a security severity", () => {
    const [blocking, unfiltered] = sarifRun(run()).tool.driver.rules!
    expect(blocking).toMatchObject({
      id: "async/blocking-call",
      name: "blocking-call",
      shortDescription: { text: "A call that can wait runs on the event loop" },
      fullDescription: { text: RULES[0]!.why },
      helpUri: "https://fastapi.tiangolo.com/async/",
      defaultConfiguration: { level: "error" },
      properties: { precision: "very-high", "problem.severity": "error", kind: "path-problem", tags: ["async", "performance"] },
    })
    expect(blocking!.properties).not.toHaveProperty("security-severity")
    expect(unfiltered!.properties).toEqual({
      tags: ["secrets", "security", "external/cwe/cwe-213"],
      precision: "high",
      "security-severity": "5.5",
      kind: "problem",
    })
  })

  test("keep to the length that GitHub takes", () => {
    const why = `It matters. ${"Very much so. ".repeat(100)}`
    const [rule] = sarifRun(run({ rules: [{ ...RULES[0]!, why }] })).tool.driver.rules!
    expect(rule!.fullDescription!.text).toBe("It matters")
    expect(rule!.help!.text).toContain("Very much so")
  })
})

describe("results", () => {
  test("a finding with its way, its other places and its repair", () => {
    const [blocking, unfiltered] = results(run())
    expect(blocking).toMatchObject({ ruleId: "async/blocking-call", ruleIndex: 0, level: "error", properties: { routes: BLOCKING.routes } })
    expect(firstRegion(blocking!)).toEqual({ startLine: 19, startColumn: 15, endLine: 19, endColumn: 32 })
    const flow = blocking!.codeFlows![0]!.threadFlows[0]!.locations.map(({ location }) => location!)
    expect(flow.map((place) => place.physicalLocation!.artifactLocation!.uri)).toEqual([
      "app/api/users.py",
      "app/services/profile.py",
      "app/services/http.py",
    ])
    expect(flow[2]).toMatchObject({
      message: { text: "calls `requests.get`, which blocks" },
      logicalLocations: [{ fullyQualifiedName: "fetch_json" }],
    })
    expect(blocking!.fixes).toMatchObject([
      {
        artifactChanges: [{ replacements: [{ deletedRegion: { startColumn: 15, endColumn: 32 } }] }],
        properties: { applicability: "unsafe" },
      },
    ])
    expect(unfiltered!.relatedLocations).toMatchObject([{ id: 1 }, { id: 2, message: { text: "declared here" } }])
    expect(unfiltered).toMatchObject({ level: "warning", ruleIndex: 1 })
    expect(unfiltered).not.toHaveProperty("codeFlows")
  })

  test("fingerprints: GitHub's, where the text is at hand, and ours", () => {
    expect(
      results(
        run({ source: (path) => (path in FILES ? " a\nb\n  \t\tc\n d" : undefined), findings: [finding({ range: range("2:1-2") })] }),
      )[0]!.partialFingerprints,
    ).toEqual({
      primaryLocationLineHash: "54703d4cd895b18:1",
      "fastlint/v1": "0f3a9c1d7be24a55",
    })
    expect(results(run({ source: () => undefined }))[0]!.partialFingerprints).toEqual({ "fastlint/v1": "0f3a9c1d7be24a55" })
  })

  test("what a comment silenced is there, with the reason", () => {
    const [, , silenced] = results(run({ suppressed: [SUPPRESSED] }))
    expect(silenced!.suppressions).toEqual([{ kind: "inSource", status: "accepted", justification: "legacy client, moves in May" }])
  })

  test("a range of several lines is cut to its first", () => {
    const [result] = results(run({ findings: [finding({ range: range("15:1-20:5") })] }))
    expect(firstRegion(result!)).toEqual({ startLine: 15, startColumn: 1, endLine: 15, endColumn: 76 })
  })

  test("paths are encoded", () => {
    const uri = (path: string) => results(run({ findings: [finding({ path })] }))[0]!.locations![0]!.physicalLocation!.artifactLocation
    expect(uri("my app/ü#1%.py")).toEqual({ uri: "my%20app/%C3%BC%231%25.py", uriBaseId: "%SRCROOT%" })
    expect(uri("c:x.py")).toEqual({ uri: "c%3Ax.py", uriBaseId: "%SRCROOT%" })
    expect(uri("/elsewhere/x.py")).toEqual({ uri: "file:///elsewhere/x.py" })
  })

  test("whatever a name holds, the document is valid", () => {
    for (const name of ["a\nb.py", "\u001b[2J.py", "lone\ud800.py", "a b/%00/../c.py", "名前.py", " .py"]) {
      const place = { path: name, range: range("1:1-2"), message: name, symbol: name }
      const edits = [{ ...place, text: name }]
      const hostile = finding({
        ...place,
        trace: [place, place],
        related: [place],
        routes: [name],
        fix: { safety: "safe", title: name, edits },
      })
      expect(results(run({ findings: [hostile], notifications: [{ level: "info", kind: "x", ...place }], app: name }))).toHaveLength(1)
    }
  })

  test("text in brackets does not become a link", () => {
    expect(
      results(run({ findings: [{ ...UNFILTERED, message: "see [here](https://evil.example) for list[int]" }] }))[0]!.message.text,
    ).toBe("see [here\\](https://evil.example) for list[int]")
  })

  test("more than GitHub takes: the weightiest stay, in their order, and a notification tells", () => {
    const [info, warning] = [finding({ level: "info" }), finding({ level: "warning" })]
    const log: Sarif.Log = JSON.parse(sarif(run({ findings: [info, warning, finding({ level: "info" }), BLOCKING] }), 2))
    expect(log.runs[0]!.results!.map(({ level }) => level)).toEqual(["warning", "error"])
    expect(log.runs[0]!.invocations![0]!.toolExecutionNotifications).toMatchObject([
      {
        descriptor: { id: "too-many-results" },
        message: { text: "4 findings; the 2 weightiest are listed, since GitHub accepts no more" },
      },
    ])
  })
})
