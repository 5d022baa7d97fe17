import { beforeAll, describe, expect, test } from "vitest"
import type { Project, Route } from "#fastapi"
import { type PyFile, parse } from "#python"
import { runFileRules, runProjectRules, settle } from "../../src/lint/judge.ts"
import { option } from "../../src/lint/option.ts"
import { type Finding, type Rule, type RuleSpec, rule, type Verdict } from "../../src/lint/rule.ts"
import { loadGrammarForTests } from "../grammar.ts"

beforeAll(loadGrammarForTests)

const prose = { summary: "", why: "", help: "", concern: "correctness", level: "error", docs: "", equivalents: [], examples: [] } as const
const named = (id: string, spec: object): Rule => ({ ...rule({ ...prose, ...spec } as unknown as RuleSpec), id })
const open = (text: string, path = "main.py") => ({ path, text, ...parse(text) }) as unknown as PyFile
const projectOf = (...files: PyFile[]) =>
  ({ modules: new Map(files.map(({ path, module }) => [path, { path, tree: module, problems: [], mentions: [] }])) }) as unknown as Project
const at = (start: number, path = "main.py") => ({ path, start, end: start + 1 })

describe("file rules", () => {
  test("findings bear their rule and the scope they stand in", () => {
    const finds = named("http/x", {
      *file({ path, text }: PyFile): Iterable<Finding> {
        for (const { index } of text.matchAll(/hit/g)) yield { at: at(index, path), message: "m" }
      },
    })
    const { findings } = runFileRules(open("hit\nclass A:\n  @hit\n  def f(self):\n    if x:\n      hit\n"), [finds])
    expect(findings.map((finding) => [finding.rule, finding.scope])).toEqual([
      ["http/x", ""],
      ["http/x", "A.f"],
      ["http/x", "A.f"],
    ])
  })

  test("options have defaults, and are what the user set", () => {
    const spec = {
      options: { max: option.number({ default: 3, says: "" }) },
      *file(_: PyFile, { max }: { max: number }): Iterable<Finding> {
        yield { at: at(0), message: String(max) }
      },
    }
    const rules = [named("http/a", spec), named("http/b", spec)]
    const { findings } = runFileRules(open(""), rules, { "http/b": { max: 9 } })
    expect(findings.map((finding) => finding.message)).toEqual(["3", "9"])
  })

  test("a rule that throws is told, and the others go on", () => {
    const error = new Error("oops")
    const throws = named("http/a", {
      *file(): Iterable<Finding> {
        yield { at: at(0), message: "before" }
        throw error
      },
    })
    const fine = named("http/b", {
      *file(): Iterable<Finding> {
        yield { at: at(0), message: "after" }
      },
    })
    const { findings, crashes } = runFileRules(open(""), [throws, fine])
    expect(crashes).toEqual([{ rule: "http/a", path: "main.py", error }])
    expect(findings.map((finding) => finding.message)).toEqual(["before", "after"])
  })
})

describe("project rules", () => {
  test("see their own notes, from every file that left some", () => {
    const counts = named("http/x", {
      notes: ({ text }: PyFile) => (text.includes("x") ? text.length : undefined),
      *project(_: Project, __: object, notes: { path: string; notes: number }[]): Iterable<Finding> {
        for (const left of notes) yield { at: at(0, left.path), message: String(left.notes) }
      },
    })
    const files = [open("x", "a.py"), open("y", "b.py"), open("xx", "c.py")]
    const left = files.flatMap((file) =>
      Object.entries(runFileRules(file, [counts]).notes).map(([id, notes]) => ({ id, path: file.path, notes })),
    )
    const { findings } = runProjectRules(projectOf(...files), [counts], { "http/x": left })
    expect(findings.map((finding) => [finding.at.path, finding.message])).toEqual([
      ["a.py", "1"],
      ["c.py", "2"],
    ])
  })

  test("a scope that the rule gives is kept; else it is read from the tree", () => {
    const file = open("def f():\n  pass\n")
    const rules = named("http/x", {
      *project(): Iterable<Finding> {
        yield { at: at(11), message: "", scope: "GET /x" }
        yield { at: at(11), message: "" }
      },
    })
    expect(runProjectRules(projectOf(file), [rules]).findings.map((finding) => finding.scope)).toEqual(["GET /x", "f"])
  })

  test("a rule that throws is told", () => {
    const error = new Error("oops")
    const throws = named("http/x", {
      project() {
        throw error
      },
    })
    expect(runProjectRules(projectOf(), [throws])).toEqual({ findings: [], crashes: [{ rule: "http/x", error }] })
  })
})

describe("settling", () => {
  const verdict = (rule: string, start: number, more: Partial<Verdict> = {}): Verdict => ({ rule, at: at(start), message: rule, ...more })
  const inApp = () => "app" as const

  test("only the app is accused, save by rules about tests", () => {
    const roleOf = (path: string) => (path === "main.py" ? "app" : "test")
    const inTest = { at: at(0, "tests/test_main.py") }
    const findings = [verdict("http/x", 0), verdict("http/x", 0, inTest), verdict("testing/x", 0, inTest)]
    expect(settle(findings, [], roleOf).map((finding) => `${finding.rule} ${finding.at.path}`)).toEqual([
      "http/x main.py",
      "testing/x tests/test_main.py",
    ])
  })

  test("one cause is one finding, told by the shortest way, with all its routes", () => {
    const step = { at: at(5), message: "" }
    const [a, b] = [{}, {}] as [Route, Route]
    const long = verdict("http/x", 0, { trace: [step, step], routes: [a] })
    const short = verdict("http/x", 0, { trace: [step], routes: [b] })
    for (const findings of [
      [long, short],
      [short, long],
    ]) {
      expect(settle(findings, [], inApp)).toEqual([{ ...short, routes: [b, a] }])
    }
  })

  test("a discriminator keeps findings apart", () => {
    const findings = [verdict("http/x", 0, { discriminator: "a" }), verdict("http/x", 0, { discriminator: "b" })]
    expect(settle(findings, [], inApp)).toHaveLength(2)
  })

  test("the order is that of the text, then of the concerns, however they came", () => {
    const rules = [
      named("http/simple", { concern: "simplicity" }),
      named("http/wrong", { concern: "correctness" }),
      named("http/slow", { concern: "performance" }),
    ]
    const findings = [
      verdict("http/simple", 3),
      verdict("http/slow", 3),
      verdict("http/wrong", 3),
      verdict("http/slow", 1),
      verdict("http/slow", 9, { at: at(9, "a.py") }),
    ]
    const expected = ["a.py 9 http/slow", "main.py 1 http/slow", "main.py 3 http/wrong", "main.py 3 http/slow", "main.py 3 http/simple"]
    for (const order of [findings, findings.toReversed()]) {
      expect(settle(order, rules, inApp).map((finding) => `${finding.at.path} ${finding.at.start} ${finding.rule}`)).toEqual(expected)
    }
  })
})
