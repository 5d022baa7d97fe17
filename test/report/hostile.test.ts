/** Names and source code come from strangers. Nothing in them may command a terminal or a build server. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Format, formats, problemText, type Run, stepSummary, visible } from "../../src/report/index.ts"
import { finding, range, run } from "./sample.ts"
import { azureCommands, type Command, githubCommands, teamcityCommands } from "./servers.ts"
import { readJunit } from "./xml.ts"

const NAMES = [
  "a,b=c::d.py",
  "100%25%0A.py",
  "line\nbreak.py",
  "carriage\rreturn.py",
  "esc\u001b[2J\u001b]0;title\u0007.py",
  "c1\u009b31m.py",
  "##[error]x.py",
  "##vso[task.complete].py",
  "\n::set-output name=x::y.py",
  "::set-output name=x::y.py",
  "abc\u202edef\u2066.py",
  "zero\u200bwidth\ufeff.py",
]

const shown = (format: Format, name: string, options: Partial<Run["options"]> = { stopToken: "b7e1" }): string =>
  formats[format](hostileRun(name, options))

function hostileRun(name: string, options: Partial<Run["options"]>): Run {
  const step = { path: name, range: range("1:1-4"), symbol: name, message: name }
  const hostile = finding({
    path: name,
    range: range("1:1-4"),
    message: name,
    routes: [name],
    trace: [step, { ...step, range: range("2:1-4") }],
    related: [{ ...step, range: range("3:1-4") }],
    help: name,
    why: name,
    notes: [
      { name: "saw", text: name },
      { name: "or", text: name },
    ],
  })
  const row = {
    method: "GET",
    path: name,
    auth: { answer: "yes" as const, text: name },
    response: name,
    status: name,
    handler: `${name}:1`,
  }
  const changed = [{ before: row, after: { ...row, response: `${name}2` } }]
  const notification = { level: "warning" as const, kind: "unread", path: name, message: name }
  return run({
    findings: [hostile],
    notifications: [notification],
    routesSince: () => ({ revision: name, diff: { added: [row], changed, removed: [row] } }),
    questions: [
      {
        id: "Q1",
        kind: "auth",
        asks: name,
        at: step,
        evidence: [{ ...step, text: name }],
        for: [name],
        against: [name],
        routes: [name],
        decides: 1,
        answers: [{ says: name, table: ["tool", "fastlint", name], key: "public", values: [name] }],
        file: name,
      },
    ],
    unseen: [{ path: name, line: 1, what: name, why: name }],
    source: () => `${name}\n${name}\n${name}\n${name}\n`,
    options,
  })
}

describe.each<Format>(["full", "concise", "agent", "github"])("%s", (format) => {
  test.each(NAMES.map((name) => [JSON.stringify(name), name]))("%s", (_, name) => {
    const text = shown(format, name)
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/)
    let lines = text.trimEnd().split("\n")
    if (format === "full") {
      expect([lines[0], lines.at(-1)]).toEqual(["::stop-commands::b7e1", "::b7e1::"])
      expect(lines.filter((line) => line.includes("b7e1"))).toHaveLength(2)
      return
    }
    if (format === "github") {
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatch(/^::error file=[^:,]*,line=1,endLine=1,col=1,endColumn=4,title=fastlint async\/blocking-call::/)
      lines = lines.slice(1)
    }
    for (const line of lines) expect(line).not.toMatch(/^\s*::|##\[|##vso\[/)
  })
})

test.each<Format>(["json", "jsonl", "sarif", "gitlab", "rdjson"])("%s keeps names as they are", (format) => {
  for (const name of NAMES) expect(strings(JSON.parse(shown(format, name)))).toContain(name)
})

/** Every string in a value, however deep. */
function strings(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [value]
}

// ---------------------------------------------------------------------------- whatever a file holds

/** What commands, markup and documents begin and end with, in any order, between any characters. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...["##[error]", "##[set-env name=PATH]", "##vso[task.setvariable variable=x]", "##teamcity[buildStop comment='']"],
        ...["::set-output name=x::y", "::error::", "::add-mask::", "::stop-commands::b7e1", "::b7e1::", "::", "##", "#", "[", "]", "]]>"],
        ...["<![CDATA[", "<failure>", "</testcase>", "<!--", "&lt;", "&#35;", "<img src=x>", "</details>", "](https://evil.example)", "`"],
        ...[
          "%",
          "%0A",
          "%25",
          "%AZP25",
          ",",
          ";",
          "'",
          '"',
          "|",
          "|n",
          "\\",
          "\n",
          "\r",
          "\r\n",
          "\t",
          " ",
          "\u001b[2J",
          "\u0085",
          "\u2028",
        ],
        ...["\0", "\ufffe", "\uffff", "\ud800", "\udc00", "\u202e"],
      ),
      fc.string({ unit: "binary", maxLength: 8 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((pieces) => pieces.join(""))
  .filter((text) => text !== "")

/** Formats of one server, and what it is told of one finding. */
const OWN: Partial<Record<Format, { read: (text: string) => Command[]; commands: string[] }>> = {
  github: { read: githubCommands, commands: ["error"] },
  azure: { read: azureCommands, commands: ["task.logissue"] },
  teamcity: { read: teamcityCommands, commands: ["inspectionType", "inspection"] },
}

const RUNS = 150

describe("whatever a file holds", () => {
  test.each(Object.keys(formats) as Format[])("%s: no server obeys more than it should", (format) => {
    fc.assert(
      fc.property(hostile, (name) => {
        const text = shown(format, name)
        const own = OWN[format]
        if (own) expect(own.read(text).map((command) => command.name)).toEqual(own.commands)
        else expect([...githubCommands(text), ...azureCommands(text), ...teamcityCommands(text)]).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  test("frames without a word to stop commands are harmless too", () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const text = shown("full", name, {})
        expect([...githubCommands(text), ...azureCommands(text), ...teamcityCommands(text)]).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  test("problems with the configuration are harmless", () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const text = problemText(
          [{ level: "error", message: name, lines: [name], notes: [{ name: "help", text: name }] }],
          run().options,
          name,
        )
        expect([...githubCommands(text), ...azureCommands(text), ...teamcityCommands(text)]).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  test("commands carry the path as it is shown", () => {
    fc.assert(
      fc.property(hostile, (name) => {
        expect(githubCommands(shown("github", name))[0]!.properties.file).toBe(visible(name))
        expect(azureCommands(shown("azure", name))[0]!.properties).toMatchObject({ code: "async/blocking-call", linenumber: "1" })
        expect(teamcityCommands(shown("teamcity", name))[1]!.properties).toMatchObject({ file: visible(name), line: "1" })
      }),
      { numRuns: RUNS },
    )
  })

  test("junit stays one document with one case", () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const { cases } = readJunit(shown("junit", name))
        expect(cases).toHaveLength(1)
        expect(cases[0]!.attributes.file).toBe(visible(name).replace(/[\ufffe\uffff]/g, "\ufffd"))
      }),
      { numRuns: RUNS },
    )
  })

  test.each<Format>(["json", "jsonl", "gitlab", "rdjson"])("%s says exactly what was there", (format) => {
    fc.assert(
      fc.property(hostile, (name) => {
        expect(strings(JSON.parse(shown(format, name)))).toContain(name)
      }),
      { numRuns: RUNS },
    )
  })

  test("the job summary has our own tags and links, and no others", () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const text = stepSummary(hostileRun(name, { blobUrl: "https://github.com/o/r/blob/0a1b/" }), 100_000)
        expect([...text.matchAll(/<(?!\/?(?:code|details|summary)>)/g)]).toEqual([])
        const fold = ["<details>", "<summary>", "</summary>", "</details>"]
        expect(text.match(/<\/?(?:details|summary)>/g)).toEqual([...fold, ...fold, ...fold, ...fold])
        const targets = [...text.matchAll(/\]\(([^)\n]*)\)/g)].map(([, target]) => target!)
        for (const target of targets)
          expect(target).toMatch(/^https:\/\/(?:github\.com\/o\/r\/blob\/0a1b\/|fastapi\.tiangolo\.com\/)[!-~]*$/)
        // Headline, sums, table, problem, routes, question and what was not understood: every line begins as we began it.
        for (const line of text.split("\n"))
          expect(line).toMatch(
            /^(?:$|### fastlint: |148 routes|\||- \*\*(?:error|warning|added|changed|removed|Q1)\*\* | {2}[12]\. | {2}- |- |Nothing found in secrets\.$|<)/,
          )
      }),
      { numRuns: RUNS },
    )
  })
})
