import { beforeAll, expect, test } from "vitest"
import { against, compare, dedent, describe, filesOf, marksOf, review, verify } from "../../src/lint/examples.ts"
import { option } from "../../src/lint/option.ts"
import { type Rule, rule } from "../../src/lint/rule.ts"
import { loadGrammarForTests } from "../grammar.ts"

beforeAll(loadGrammarForTests)

const prose = { summary: "", why: "", help: "", concern: "correctness", level: "error", docs: "", equivalents: [] as string[] } as const

/** Finds calls of `bad()`, and makes them `good()`. */
const noBad: Rule = {
  id: "http/no-bad",
  ...rule({
    ...prose,
    options: { word: option.strings({ default: ["bad"], says: "" }) },
    examples: [
      {
        bad: `
          bad() # expect: \`bad\`
          if x:
              bad() # expect
        `,
        good: "good()",
        fixed: `
          good()
          if x:
              good()
        `,
      },
    ],
    *file({ path, text }, { word }) {
      for (const { index: start, 0: name } of text.matchAll(/\b(\w+)(?=\(\))/g)) {
        const place = { path, start, end: start + name.length }
        if (word.includes(name))
          yield { at: place, message: `\`${name}\` is called`, fix: { title: "", safety: "safe", edits: [{ ...place, text: "good" }] } }
      }
    },
  }),
}

test("a rule that does as its example says has no deviations", () => {
  const example = noBad.examples[0]!
  expect(describe(verify(noBad, example, "bad"))).toEqual([])
  expect(describe(verify(noBad, example, "good"))).toEqual([])
  expect(verify(noBad, example, "bad").fixed?.replace(/ *# expect.*/g, "")).toBe(dedent(example.fixed!))
})

test("deviations are missing or noisy, with their line", () => {
  const bad = "good() # expect\nbad()\nbad() # expect: other words\n"
  expect(describe(compare(noBad, [{ path: "main.py", text: bad }]))).toEqual([
    "missing  main.py:1",
    "missing  main.py:3  other words",
    "noisy    main.py:2  `bad` is called",
    "noisy    main.py:3  `bad` is called",
  ])
})

test("a rule that throws is a deviation", () => {
  const throws: Rule = {
    id: "http/throws",
    ...rule({
      ...prose,
      examples: [],
      file() {
        throw new Error("oops")
      },
    }),
  }
  expect(describe(compare(throws, [{ path: "main.py", text: "" }])).join()).toContain("crash    main.py  http/throws: Error: oops")
})

test("an example may hold several files", () => {
  expect(filesOf("# file: app/main.py\nimport a\n# file: app/a.py\nx = 1\n")).toEqual([
    { path: "app/main.py", text: "import a\n" },
    { path: "app/a.py", text: "x = 1\n" },
  ])
  expect(filesOf("x = 1\n")).toEqual([{ path: "main.py", text: "x = 1\n" }])
  expect(filesOf("# with: pydantic==1.10.2\n# file: a.py\nx = 1\n")).toEqual([{ path: "a.py", text: "# with: pydantic==1.10.2\nx = 1\n" }])
})

test("several marks may stand on one line, and a mark on its own line speaks of the next", () => {
  const text = 'f() # expect: one # expect\n# expect: two\nx = """\n'
  expect(marksOf([{ path: "a.py", text }])).toEqual([
    { path: "a.py", line: 1, says: "one" },
    { path: "a.py", line: 1 },
    { path: "a.py", line: 3, says: "two" },
  ])
})

test("a mark with words takes the finding that has them", () => {
  const text = "f() # expect: first # expect: second\n"
  const finding = (message: string) => ({ rule: "http/x", at: { path: "a.py", start: 0, end: 1 }, message })
  expect(against([{ path: "a.py", text }], [finding("the second"), finding("the first")])).toEqual({ missing: [], noisy: [] })
})

test("an example may set options", () => {
  const text = '# option: word = ["worse"]\nbad()\nworse()\n'
  expect(review([{ path: "main.py", text }], [noBad]).findings.map((finding) => finding.message)).toEqual(["`worse` is called"])
})

test("template strings are dedented", () => {
  expect(dedent("\n    if x:\n        y\n\n    z\n  ")).toBe("if x:\n    y\n\nz\n")
})
