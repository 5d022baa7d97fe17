import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { parse } from "#python"
import { readSuppressions } from "../../src/lint/ignore.ts"
import { loadGrammarForTests } from "../grammar.ts"

beforeAll(loadGrammarForTests)

const read = (text: string) => readSuppressions({ path: "main.py", text, ...parse(text) })

/** The names written in the text that a finding at their start would be silenced at, by the first comment. */
const covered = (text: string, comment = 0): string[] => {
  const ranges = read(text)[comment]?.covers ?? []
  const code = text.replace(/#.*/g, (found) => " ".repeat(found.length))
  return [...code.matchAll(/\b[a-z]\d\b/g)]
    .filter(({ index }) => ranges.some((range) => range.start <= index && index < range.end))
    .map(([word]) => word)
}

const IGNORE = "# fastlint: ignore[http/x] because"

describe("a comment beside code", () => {
  test.each<[name: string, text: string, words: string[]]>([
    ["covers its statement", `a1()\nb1()  ${IGNORE}\nc1()\n`, ["b1"]],
    ["covers all statements of its line", `a1(); b1()  ${IGNORE}\n`, ["a1", "b1"]],
    ["covers the statement that ends there", `a1(\n  b1,\n  c1,\n)  ${IGNORE}\nd1()\n`, ["a1", "b1", "c1"]],
    ["covers the statement that begins there", `a1(  ${IGNORE}\n  b1,\n)\nd1()\n`, ["a1", "b1"]],
    ["covers the statement around it", `a1(\n  b1,  ${IGNORE}\n  c1,\n)\n`, ["a1", "b1", "c1"]],
    ["covers a header, not the body", `@a1\n@b1\ndef f(c1, d1=e1):  ${IGNORE}\n  g1()\n`, ["a1", "b1", "c1", "d1", "e1"]],
    ["covers a header that a formatter wrapped", `@a1\ndef f(\n  c1,\n) -> d1:  ${IGNORE}\n  g1()\n`, ["a1", "c1", "d1"]],
    ["covers a header from the line of a decorator", `@a1  ${IGNORE}\ndef f(c1):\n  g1()\n`, ["a1", "c1"]],
    ["covers the header of a class", `class A(b1):  ${IGNORE}\n  c1 = d1\n`, ["b1"]],
    ["covers the header of `if`, not `elif`", `if a1:  ${IGNORE}\n  b1\nelif c1:\n  d1\n`, ["a1"]],
    ["covers the header of `elif`", `if a1:\n  b1\nelif c1:  ${IGNORE}\n  d1\n`, ["c1"]],
    ["covers the header of `except`", `try:\n  a1\nexcept b1:  ${IGNORE}\n  c1\n`, ["b1"]],
    ["covers the header of `case`", `match a1:\n  case b1:  ${IGNORE}\n    c1\n`, ["b1"]],
    ["covers the header of `with` and `for`", `with a1 as b1:  ${IGNORE}\n  for c1 in d1:\n    e1\n`, ["a1", "b1"]],
    ["covers the body that shares the line", `if a1: b1()  ${IGNORE}\n`, ["a1", "b1"]],
    ["covers nothing of `else`", `if a1:\n  b1\nelse:  ${IGNORE}\n  c1\n`, []],
    ["stands after other comments", `a1()  # type: ignore[x]  # noqa: E501  ${IGNORE}\nb1()\n`, ["a1"]],
    ["knows a joined line", `a1 = \\\n  b1  ${IGNORE}\nc1\n`, ["a1", "b1"]],
  ])("%s", (_, text, words) => {
    const own = read(text).findIndex((one) => one.tool === "fastlint")
    expect(covered(text, own)).toEqual(words)
  })
})

describe("a comment on its own line", () => {
  test.each<[name: string, text: string, words: string[]]>([
    ["covers the next statement", `a1()\n${IGNORE}\nb1()\nc1()\n`, ["b1"]],
    ["covers all lines of the next statement", `${IGNORE}\na1(\n  b1,\n)\nc1()\n`, ["a1", "b1"]],
    ["covers the whole header below", `${IGNORE}\n@a1\n@b1(c1)\nasync def f(d1):\n  e1()\n`, ["a1", "b1", "c1", "d1"]],
    ["covers the header it stands in", `@a1\n${IGNORE}\n@b1\ndef f(\n  c1\n):\n  d1\n`, ["a1", "b1", "c1"]],
    ["covers the statement it stands in", `a1(\n  ${IGNORE}\n  b1,\n  c1,\n)\nd1\n`, ["a1", "b1", "c1"]],
    ["may stand above other comments and blank lines", `${IGNORE}\n\n# prose\na1()\nb1()\n`, ["a1"]],
    ["covers the first statement of a body", `def f(a1):\n  ${IGNORE}\n  b1()\n  c1()\n`, ["b1"]],
    ["covers nothing at the end", `a1()\n${IGNORE}\n`, []],
  ])("%s", (_, text, words) => {
    expect(covered(text)).toEqual(words)
  })

  test("comments may be stacked", () => {
    const text = `# fastlint: ignore[http/x] one\n# fastlint: ignore[http/y] two\na1()\nb1()\n`
    expect([covered(text, 0), covered(text, 1)]).toEqual([["a1"], ["a1"]])
  })
})

describe("a formatter moves a comment", () => {
  test("beside a call that is wrapped, it means the same", () => {
    const before = `def f():\n  x = client.get(a1, b1)  ${IGNORE}\n  c1\n`
    const after = `def f():\n  x = client.get(\n    a1, b1\n  )  ${IGNORE}\n  c1\n`
    expect(covered(after)).toEqual(covered(before))
  })

  test("beside a signature that is wrapped, it means the same", () => {
    const before = `@a1\nasync def f(b1: c1, d1: e1):  ${IGNORE}\n  g1\n`
    const after = `@a1\nasync def f(\n  b1: c1,\n  d1: e1,\n):  ${IGNORE}\n  g1\n`
    expect(covered(after)).toEqual(covered(before))
  })
})

describe("ranges and files", () => {
  const off = "# fastlint: disable[http/x] generated"
  const on = "# fastlint: enable[http/x]"

  test("disable reaches to enable", () => {
    const text = `a1\n${off}\nb1\nc1\n${on}\nd1\n`
    expect(covered(text)).toEqual(["b1", "c1"])
    expect(read(text)).toHaveLength(1)
    expect(read(text)[0]?.mistake).toBeUndefined()
  })

  test("a missing enable ends with the block, and is a mistake", () => {
    const text = `def f():\n  a1\n  ${off}\n  b1\n  if c1:\n    d1\n\n  e1\ng1\n`
    expect(covered(text)).toEqual(["b1", "c1", "d1", "e1"])
    expect(read(text)[0]?.mistake).toBe("Never enabled again: it ends with the block that it stands in")
  })

  test("the block ends at `else`, but not within brackets or text", () => {
    const text = `if a1:\n  ${off}\n  b1(\nc1)\n  """\nprose\n"""\n  d1\nelse:\n  e1\n`
    expect(covered(text)).toEqual(["b1", "c1", "d1"])
  })

  test("enable has to have the same selectors and indentation", () => {
    const text = `${off}\na1\n# fastlint: enable[http/y]\nb1\ndef f():\n  ${on}\n  c1\n`
    const mistakes = read(text).map((one) => one.mistake)
    expect(mistakes).toEqual([
      "Never enabled again: it ends with the block that it stands in",
      "Nothing with these selectors was disabled above, at this indentation",
      "Nothing with these selectors was disabled above, at this indentation",
    ])
  })

  test("file-ignore covers the file, above and below", () => {
    expect(covered(`a1\n# fastlint: file-ignore[all] generated\nb1\n`)).toEqual(["a1", "b1"])
  })

  test("file-ignore stands at module level", () => {
    expect(read(`def f():\n  # fastlint: file-ignore[all] generated\n  a1\n`)[0]).toMatchObject({ kind: "invalid", covers: [] })
  })

  test("skip-file covers the file", () => {
    const text = `a1\n# fastlint: skip-file copied from the vendor\n`
    expect(covered(text)).toEqual(["a1"])
    expect(read(text)[0]).toMatchObject({ kind: "skip-file", reason: "copied from the vendor", selectors: [] })
  })
})

describe("the words", () => {
  const words = (comment: string) =>
    read(`a1()  ${comment}\n`).map(({ tool, kind, selectors, reason, until }) => ({
      tool,
      kind,
      selectors: selectors.map((s) => s.text),
      reason,
      until,
    }))

  test.each<[comment: string, expected: object]>([
    ["# fastlint: ignore[http/x] why", { kind: "ignore", selectors: ["http/x"], reason: "why" }],
    ["#fastlint:ignore[http/x,async/*,] why", { kind: "ignore", selectors: ["http/x", "async/*"], reason: "why" }],
    [
      "# fastlint: ignore[ http/x , y ] -- see issue#12, later",
      { kind: "ignore", selectors: ["http/x", "y"], reason: "see issue#12, later" },
    ],
    ["# fastlint: ignore[http/x] why  # noqa", { kind: "ignore", selectors: ["http/x"], reason: "why" }],
    ["# fastlint: ignore[http/x]", { kind: "ignore", selectors: ["http/x"], reason: undefined }],
    ["# fastlint: ignore[http/x] --", { kind: "ignore", selectors: ["http/x"], reason: undefined }],
    [
      "# fastlint: ignore[http/x] until=2027-01-31 the new API",
      { kind: "ignore", selectors: ["http/x"], until: "2027-01-31", reason: "the new API" },
    ],
  ])("%s", (comment, expected) => {
    expect(words(comment)[0]).toMatchObject({ tool: "fastlint", ...expected })
  })

  test.each([
    ["# fastlint: ignore legacy client", "Say which rules: `# fastlint: ignore[section/rule] reason`"],
    ["# fastlint: ignore[]", "Say which rules between the brackets; there is no form for all of them"],
    ["# fastlint: ignore[http/x", "The bracket is never closed"],
    ["# fastlint: ingore[http/x] why", "`ingore` is not a form of suppression; write `# fastlint: ignore[section/rule] reason`"],
    ["# fastlint ignore[http/x] why", "There is a colon missing: `# fastlint: ignore[section/rule] reason`"],
    ["#fastlint ignore", "There is a colon missing: `# fastlint: ignore[section/rule] reason`"],
    ["# fastlint - ignore[http/x] why", "There is a colon missing: `# fastlint: ignore[section/rule] reason`"],
    ["# fastlint:", "This says nothing; write `# fastlint: ignore[section/rule] reason`"],
    ["# fastlint: http/x why", "Say what to do with the rule: `# fastlint: ignore[section/rule] reason`"],
    ["# fastlint: [http/x] why", "Say what to do with the rule: `# fastlint: ignore[section/rule] reason`"],
    ["# fastlint: skip-file", "Say why the whole file is skipped: `# fastlint: skip-file reason`"],
    ["# fastlint: off", "`off` is not a form of suppression; write `# fastlint: ignore[section/rule] reason`"],
    ["# fastlint: disable[http/x] why", "`disable` stands on a line of its own; `ignore` may stand beside the code"],
  ])("%s is a mistake", (comment, mistake) => {
    expect(read(`a1()  ${comment}\n`)[0]).toMatchObject({ kind: "invalid", mistake, covers: [] })
  })

  test.each([
    "# fastlint: the linter that we use",
    "# fastlint ignores migrations",
    "# fastlint",
    "# see fastlint for more",
    "# noqality",
    "# ruff: something",
  ])("%s is prose", (comment) => {
    expect(words(comment)).toEqual([])
  })

  test.each<[comment: string, tool: string, kind: string, selectors: string[]]>([
    ["# noqa", "noqa", "ignore", []],
    ["# noqa: ASYNC210, E501 for now", "noqa", "ignore", ["ASYNC210", "E501"]],
    ["# NOQA:async210", "noqa", "ignore", ["ASYNC210"]],
    ["# nosec B105", "nosec", "ignore", ["B105"]],
    ["# ruff: ignore[ASYNC210] for now", "ruff", "ignore", ["ASYNC210"]],
  ])("%s is another tool's", (comment, tool, kind, selectors) => {
    expect(words(comment)).toMatchObject([{ tool, kind, selectors }])
  })

  test("another tool's comment for the whole file", () => {
    expect(read("# ruff: noqa: S608\na1\n")[0]).toMatchObject({ tool: "noqa", kind: "file-ignore", covers: [{ start: 0, end: 22 }] })
  })
})

test("suppressions are plain data", () => {
  const all = read(`# fastlint: ignore[http/x] why\na1  # noqa: E501\n`)
  expect(JSON.parse(JSON.stringify(all))).toEqual(all)
})

test("carriage returns end lines too", () => {
  expect(covered(`a1()\r\n${IGNORE}\r\nb1()\r\nc1()  # x\r\n`)).toEqual(["b1"])
})

test("whatever the text, reading ends, and ranges lie within the file", () => {
  const piece = fc.constantFrom(
    "a1()",
    "\n",
    "\r\n",
    "  ",
    "def f(",
    "):",
    "if x:",
    "else:",
    '"""',
    "(",
    "# fastlint: ",
    "ignore[",
    "disable[http/x]",
    "enable[http/x]",
    "] why",
    "# noqa: E501",
    "skip-file",
    "\\",
    "@",
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("")
      return read(text).every(({ covers, cut, start, end }) =>
        [...covers, cut, { start, end }].every((range) => 0 <= range.start && range.start <= range.end && range.end <= text.length),
      )
    }),
    { numRuns: 500 },
  )
})
