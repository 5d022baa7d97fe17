import { beforeAll, describe, expect, test } from "vitest"
import { parse } from "#python"
import { ignoringEdits } from "../../src/lint/add-ignore.ts"
import { applyEdits } from "../../src/lint/edit.ts"
import { readSuppressions } from "../../src/lint/ignore.ts"
import { loadGrammarForTests } from "../grammar.ts"

beforeAll(loadGrammarForTests)

/** The text with a comment for a finding at each of the words, and the words that none was written for. */
function ignoring(text: string, words: Record<string, string>): { text: string; homeless: string[] } {
  const findings = Object.entries(words).map(([word, rule]) => ({ rule, start: text.indexOf(word), word }))
  const { edits, homeless } = ignoringEdits({ path: "main.py", text, ...parse(text) }, findings, "why")
  return {
    text: applyEdits(
      text,
      edits.map(({ edit }) => edit),
    ),
    homeless: homeless.map(({ word }) => word),
  }
}

test("rules of one statement share a comment, sorted and once", () => {
  expect(ignoring("x = f(a1,\n  b1, c1)\n", { a1: "http/y", b1: "http/x", c1: "http/y" }).text).toBe(
    "# fastlint: ignore[http/x, http/y] why\nx = f(a1,\n  b1, c1)\n",
  )
})

test("it stands above the first decorator, as far in as the code, with the line ends of the file", () => {
  expect(ignoring("class A:\r\n\t@b1\r\n\tdef c1(self): ...\r\n", { c1: "http/x" }).text).toBe(
    "class A:\r\n\t# fastlint: ignore[http/x] why\r\n\t@b1\r\n\tdef c1(self): ...\r\n",
  )
})

test("it goes below a comment that is there", () => {
  expect(ignoring("# fastlint: ignore[http/y] before\na1()\n", { a1: "http/x" }).text).toBe(
    "# fastlint: ignore[http/y] before\n# fastlint: ignore[http/x] why\na1()\n",
  )
})

test("what begins within the lines of another statement has no place for one", () => {
  const text = "a1 = (\n  1); b1()\n"
  expect(ignoring(text, { b1: "http/x" })).toEqual({ text, homeless: ["b1"] })
})

test("what stands in no statement has none either", () => {
  expect(ignoring("# a1\n", { a1: "http/x" })).toEqual({ text: "# a1\n", homeless: ["a1"] })
})

describe.each([
  "a1()\nb1()\n",
  "a1(); b1()\n",
  "@a1\n@b1\nasync def f(\n  c1,\n) -> d1:\n  '''text\n  of two lines'''\n  e1()\n",
  "if a1:\n  b1\nelif c1:\n  d1\nelse:\n  e1\n",
  "try:\n  a1\nexcept b1:\n  c1\nfinally:\n  d1\n",
  "match a1:\n  case b1:\n    c1\n",
  "with a1 as b1:\n  for c1 in d1:\n    e1\n",
  "if a1: b1()\n",
  "class A(b1):\n  c1 = d1\n",
  "x = '''\n# not a comment\n''' + a1\n",
  "for a1 in b1:\n  c1()\n  # a comment at the end\n",
])("%j", (text) => {
  test.each([...text.matchAll(/\b[a-z]1\b/g)].map(([word]) => word))("%s is silenced, and the text is still Python", (word) => {
    const after = ignoring(text, { [word]: "http/x" })
    expect(after.homeless).toEqual([])
    expect(parse(after.text).problems).toEqual([])
    const at = after.text.indexOf(word)
    const [comment] = readSuppressions({ path: "main.py", text: after.text, ...parse(after.text) })
    expect(comment?.covers.some(({ start, end }) => start <= at && at < end)).toBe(true)
  })
})
