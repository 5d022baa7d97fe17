import { beforeAll, describe, expect, test } from "vitest"
import { parse } from "#python"
import { applyEdits } from "../../src/lint/edit.ts"
import { readSuppressions } from "../../src/lint/ignore.ts"
import type { Verdict } from "../../src/lint/rule.ts"
import { applySuppressions, type SuppressionOptions } from "../../src/lint/suppress.ts"
import { loadGrammarForTests } from "../grammar.ts"

beforeAll(loadGrammarForTests)

const rules = [
  { id: "async/blocking-call", equivalents: ["ASYNC210"], formerly: ["async/blocks"] },
  { id: "http/shadowed-route", equivalents: [] },
  { id: "secrets/hardcoded", equivalents: ["S105", "B105"] },
]
const usual: SuppressionOptions = { ran: () => true, complete: true, requireReason: true, respectNoqa: "codes", today: "2026-11-25" }

/** Findings stand at `spot`, in every file, in order. */
function judge(files: Record<string, string>, findings: { rule: string; in: string[] }[], options: Partial<SuppressionOptions> = {}) {
  const byPath = new Map(Object.entries(files).map(([path, text]) => [path, readSuppressions({ path, text, ...parse(text) })]))
  const place = (path: string) => ({ path, start: files[path]!.indexOf("spot"), end: files[path]!.indexOf("spot") + 4 })
  const verdicts = findings.map(
    ({ rule, in: [first, ...steps] }): Verdict => ({
      rule,
      at: place(first!),
      message: rule,
      trace: steps.map((path) => ({ at: place(path), message: "" })),
    }),
  )
  return applySuppressions(verdicts, byPath, rules, { ...usual, ...options })
}
const blocking = { rule: "async/blocking-call", in: ["a.py"] }
const said = ({ problems }: ReturnType<typeof judge>) => problems.map(({ rule, message }) => `${rule}: ${message}`)

describe("a finding is silenced", () => {
  test.each([
    ["spot()  # fastlint: ignore[async/blocking-call] why", "fastlint: ignore[async/blocking-call]"],
    ["spot()  # fastlint: ignore[async/*] why", "fastlint: ignore[async/*]"],
    ["spot()  # fastlint: ignore[blocking-call] why", "fastlint: ignore[blocking-call]"],
    ["spot()  # fastlint: ignore[async/blocks] why", "fastlint: ignore[async/blocks]"],
    ["# fastlint: file-ignore[all] why\nspot()", "fastlint: file-ignore[all]"],
    ["# fastlint: skip-file why\nspot()", "fastlint: skip-file"],
    ["# fastlint: disable[async/*] why\nspot()\n# fastlint: enable[async/*]", "fastlint: disable[async/*]"],
    ["spot()  # noqa: E501, ASYNC210", "noqa ASYNC210"],
    ["spot()  # ruff: ignore[ASYNC210] why", "ruff ASYNC210"],
  ])("by %j", (text, via) => {
    const { kept, suppressed, problems } = judge({ "a.py": text }, [blocking])
    expect({ kept, problems, via: suppressed.map((one) => one.via) }).toEqual({ kept: [], problems: [], via: [via] })
  })

  test.each([
    "spot()  # noqa",
    "spot()  # noqa: E501",
    "spot()\nother()  # fastlint: ignore[all] why",
    "spot()  # fastlint: ignore[http/*] why",
    "spot()  # nosec B105",
  ])("not by %j", (text) => {
    expect(judge({ "a.py": text }, [blocking]).kept).toHaveLength(1)
  })

  test("respectNoqa chooses which foreign comments count", () => {
    const kept = (text: string, respectNoqa: SuppressionOptions["respectNoqa"]) =>
      judge({ "a.py": text }, [blocking], { respectNoqa }).kept.length
    expect([kept("spot()  # noqa: ASYNC210", "none"), kept("spot()  # noqa", "all"), kept("spot()  # noqa: E501", "all")]).toEqual([
      1, 0, 1,
    ])
  })

  test("at any step of its trace", () => {
    const files = { "a.py": "spot()", "b.py": "spot()  # fastlint: ignore[blocking-call] local socket", "c.py": "spot()" }
    const through = { rule: "async/blocking-call", in: ["a.py", "b.py", "c.py"] }
    const { kept, suppressed, problems } = judge(files, [through, { ...through, in: ["c.py", "b.py"] }, { ...through, in: ["c.py"] }])
    expect(kept.map((finding) => finding.at.path)).toEqual(["c.py"])
    expect(suppressed).toHaveLength(2)
    expect(problems).toEqual([])
  })

  test("a skipped file still lets traces through", () => {
    const files = { "a.py": "spot()", "b.py": "# fastlint: skip-file copied\nspot()" }
    expect(judge(files, [{ rule: "async/blocking-call", in: ["a.py", "b.py"] }]).kept).toHaveLength(1)
  })
})

describe("the comments are judged", () => {
  const UNUSED = "# fastlint: ignore[blocking-call] why"

  test("unused", () => {
    expect(said(judge({ "a.py": `spot()  ${UNUSED}` }, []))).toEqual(["unused-suppression: This rule finds nothing here"])
  })

  test("unused only when all its rules ran and all was read", () => {
    const text = { "a.py": "spot()  # fastlint: ignore[async/*] why" }
    expect(said(judge(text, [], { complete: false }))).toEqual([])
    expect(said(judge(text, [], { ran: (rule) => rule !== "async/blocking-call" }))).toEqual([])
  })

  test("comments of other tools are nobody's business here", () => {
    expect(judge({ "a.py": "spot()  # noqa: ASYNC210\n# ruff: ignore[ASYNC210]" }, []).problems).toEqual([])
  })

  test("without a reason", () => {
    const text = { "a.py": "spot()  # fastlint: ignore[blocking-call]" }
    const { problems } = judge(text, [blocking])
    expect(problems.map((problem) => problem.rule)).toEqual(["suppression-without-reason"])
    expect(applyEdits(text["a.py"], problems[0]!.fix!.edits)).toBe("spot()  # fastlint: ignore[blocking-call] TODO: reason")
    expect(judge(text, [blocking], { requireReason: false }).problems).toEqual([])
  })

  test("unknown rules, with what was meant", () => {
    const text = { "a.py": "spot()  # fastlint: ignore[async/blokcing-call] why" }
    const result = judge(text, [blocking])
    expect(said(result)).toEqual([
      "unknown-rule-in-suppression: No rule is called `async/blokcing-call`; did you mean `async/blocking-call`?",
    ])
    expect(applyEdits(text["a.py"], result.problems[0]!.fix!.edits)).toBe("spot()  # fastlint: ignore[async/blocking-call] why")
    expect(result.kept).toHaveLength(1)
  })

  test("expired comments still silence, and are named", () => {
    const on = (until: string) => judge({ "a.py": `spot()  # fastlint: ignore[blocking-call] until=${until} why` }, [blocking])
    expect(said(on("2026-11-24"))).toEqual(["expired-suppression: This comment was meant to go after 2026-11-24"])
    expect(on("2026-11-24").kept).toEqual([])
    expect(said(on("2026-11-25"))).toEqual([])
  })

  test("a comment may silence what is said of comments", () => {
    const text = `# fastlint: file-ignore[unused-suppression] written by a generator\nspot()  ${UNUSED}\n`
    const { problems, suppressed } = judge({ "a.py": text }, [])
    expect(suppressed.map((one) => one.finding.rule)).toEqual(["unused-suppression"])
    expect(problems).toEqual([])
  })
})

describe("the fix of an unused comment deletes it", () => {
  const afterFix = (text: string, findings = [] as (typeof blocking)[]) =>
    applyEdits(
      text,
      judge({ "a.py": text }, findings).problems.flatMap((problem) => problem.fix?.edits ?? []),
    )

  test.each([
    ["beside code", "spot()  # fastlint: ignore[blocking-call] why\nnext()\n", "spot()\nnext()\n"],
    ["on its own line", "if a:\n    # fastlint: ignore[blocking-call] why\n    spot()\n", "if a:\n    spot()\n"],
    ["after another comment", "spot()  # noqa: E501  # fastlint: ignore[blocking-call] why\n", "spot()  # noqa: E501\n"],
    ["before another comment", "spot()  # fastlint: ignore[blocking-call] why  # noqa: E501\n", "spot()  # noqa: E501\n"],
    ["at the end of a file", "spot()\n# fastlint: ignore[blocking-call] why", "spot()\n"],
  ])("%s", (_, before, after) => {
    expect(afterFix(before)).toBe(after)
  })

  test("only the selector that is unused", () => {
    const line = (selectors: string) => `spot()  # fastlint: ignore[${selectors}] why`
    expect(afterFix(line("blocking-call, http/*"), [blocking])).toBe(line("blocking-call"))
    expect(afterFix(line("http/*, blocking-call"), [blocking])).toBe(line("blocking-call"))
    expect(afterFix(line("http/*, blocking-call, secrets/*"), [blocking])).toBe(line("blocking-call"))
  })
})
