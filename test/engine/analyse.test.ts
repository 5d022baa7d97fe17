import { beforeAll, describe, expect, it } from "vitest"
import { type AnalyseInput, analyse, ready } from "#engine"
import { type Example, type Rule, rule } from "#rule"
import { defaultSettings } from "../../src/engine/settings.ts"

beforeAll(ready)

const prose = {
  summary: "",
  why: "",
  help: "",
  docs: "",
  equivalents: [] as string[],
  examples: [] as Example[],
  concern: "correctness" as const,
  level: "warning" as const,
}
const named = (id: string, body: Omit<Rule, "id">): Rule => ({ ...body, id }) as Rule

/** Speaks of the first three characters of every file. */
const loud = named(
  "errors/loud",
  rule({
    ...prose,
    *file(file) {
      yield { at: { path: file.path, start: 0, end: 3 }, message: "loud" }
    },
  }),
)
const broken = named(
  "errors/broken",
  rule({
    ...prose,
    file(file) {
      if (file.path.endsWith("bad.py")) throw new Error("a bug")
      return []
    },
  }),
)
const whole = named(
  "http/whole",
  rule({
    ...prose,
    project() {
      throw new Error("another bug")
    },
  }),
)
const counting = named(
  "testing/counting",
  rule<{}, { length: number }>({
    ...prose,
    notes: (file) => ({ length: file.text.length }),
    *project(_project, _options, notes) {
      for (const {
        path,
        notes: { length },
      } of notes)
        yield { at: { path, start: 0, end: 1 }, message: `${length} characters` }
    },
  }),
)

function run(files: Record<string, string>, rules: Rule[], more: Partial<AnalyseInput> = {}) {
  const bytes = Object.entries(files).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }))
  return analyse({ files: bytes, settings: defaultSettings("/project"), rules, roots: [""], versions: {}, hasGaps: false, ...more })
}

const said = (analysis: ReturnType<typeof run>) =>
  analysis.findings.map(({ verdict, level }) => `${verdict.at.path} ${level} ${verdict.rule}: ${verdict.message}`)

describe("analyse", () => {
  it("keeps going when a rule breaks, and says which one broke where", () => {
    const analysis = run({ "app/bad.py": "x = 1\n", "app/good.py": "y = 2\n" }, [broken, whole, loud])
    expect(analysis.crashes.map(({ rule, path, error }) => [rule, path, (error as Error).message])).toEqual([
      ["errors/broken", "app/bad.py", "a bug"],
      ["http/whole", undefined, "another bug"],
    ])
    expect(said(analysis)).toEqual(["app/bad.py warning errors/loud: loud", "app/good.py warning errors/loud: loud"])
  })

  it("accuses the app's files only, except by rules about tests", () => {
    expect(said(run({ "app/main.py": "abc\n", "tests/test_main.py": "abcdef\n" }, [loud, counting]))).toEqual([
      "app/main.py warning errors/loud: loud",
      "app/main.py warning testing/counting: 4 characters",
      "tests/test_main.py warning testing/counting: 7 characters",
    ])
  })

  it("lets the user say where tests are", () => {
    const settings = { ...defaultSettings("/project"), tests: { paths: ["checks"] } }
    expect(said(run({ "app/main.py": "abc\n", "checks/one.py": "abc\n" }, [loud], { settings }))).toEqual([
      "app/main.py warning errors/loud: loud",
    ])
  })

  it("reports a file that does not parse or decode once, beside what was found in it", () => {
    const analysis = run({ "app/a.py": "x = (\n", "app/b.py": "x = 1\0\n" }, [loud])
    expect(said(analysis).map((line) => line.replace(/this file: .*/, "this file"))).toEqual([
      "app/a.py warning errors/loud: loud",
      "app/a.py error syntax-error: Python cannot read this file",
      "app/b.py error undecodable-file: Python cannot read this file",
    ])
  })

  it("does not ask templates to be Python", () => {
    expect(
      said(
        run({ "t/a.py": "from {{ name }} import x\n", "t/b.py": "{% if x %}\nimport y\n{% endif %}\n", "t/c.py": "x = {{ y }\n" }, [loud]),
      ),
    ).toEqual(["t/c.py warning errors/loud: loud", expect.stringContaining("t/c.py error syntax-error")])
  })

  it("sets findings aside that a comment explains, and keeps their place in the count of equal ones", () => {
    const text = "abc = 1  # fastlint: ignore[errors/loud] a reason\n"
    const analysis = run({ "app/a.py": text }, [loud])
    expect(said(analysis)).toEqual([])
    expect(analysis.suppressed).toMatchObject([
      { verdict: { rule: "errors/loud" }, suppressed: { via: "fastlint: ignore[errors/loud]", by: { reason: "a reason" } } },
    ])
  })

  it("does not call a comment unused when something was not read", () => {
    const files = { "app/a.py": "x = 1  # fastlint: ignore[errors/broken] a reason\n" }
    expect(said(run(files, [broken]))).toEqual(["app/a.py warning unused-suppression: This rule finds nothing here"])
    expect(said(run(files, [broken], { hasGaps: true }))).toEqual([])
  })

  it("says the same in whatever order files come", () => {
    const files = { "app/a.py": "abc\n", "app/b.py": "x = (\n", "tests/test_c.py": "abc\n", "app/d.py": "def\n" }
    const reversed = Object.fromEntries(Object.entries(files).reverse())
    const prints = (analysis: ReturnType<typeof run>) =>
      analysis.findings.map(({ verdict, fingerprint }) => [verdict.at, verdict.rule, fingerprint])
    expect(prints(run(reversed, [loud, counting]))).toEqual(prints(run(files, [loud, counting])))
  })

  it("applies levels of rules, files and findings", () => {
    const settings = {
      ...defaultSettings("/project"),
      rules: new Map([["errors/loud", { level: "info" as const, turnsOn: true, isNamed: true, options: {} }]]),
      perFileIgnores: [{ pattern: "app/quiet.py", selectors: ["errors"] }],
    }
    expect(said(run({ "app/main.py": "abc\n", "app/quiet.py": "abc\n" }, [loud], { settings }))).toEqual([
      "app/main.py info errors/loud: loud",
    ])
  })
})
