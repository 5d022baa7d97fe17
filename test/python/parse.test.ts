import { readFileSync } from "node:fs"
import { basename } from "node:path"
import fc from "fast-check"
import { globSync } from "tinyglobby"
import { describe, expect, test } from "vitest"
import { distil, type Expr, type Node, parse, readFile, walk } from "#python"
import { loadGrammarForTests } from "../grammar.ts"
import { type Dumped, difference } from "../oracle/difference.ts"

await loadGrammarForTests()

const fixtures = globSync("fixtures/python/*.py").sort()

describe("nodes are those of CPython's ast, as recorded", () => {
  test.each(fixtures)("%s", (path) => {
    const recorded = JSON.parse(readFileSync(path.replace(/\.py$/, ".ast.json"), "utf8")) as Dumped
    const { module, problems } = parse(readFileSync(path, "utf8"))
    expect(problems).toEqual([])
    expect(difference(recorded, module as unknown as Dumped)).toBeUndefined()
  })

  test.each(fixtures)("%s with the line ends of Windows and of old Macs", (path) => {
    const text = readFileSync(path, "utf8")
    const kinds = (source: string) =>
      [...walk(parse(source).module)].map((node) =>
        "value" in node && typeof node.value !== "object" ? [node.kind, node.value] : node.kind,
      )
    const expected = kinds(text)
    expect(kinds(text.replaceAll("\n", "\r\n"))).toEqual(expected)
    expect(kinds(text.replaceAll("\n", "\r"))).toEqual(expected)
  })
})

const expressionOf = (text: string): Expr => {
  const { module, problems } = parse(text)
  expect(problems).toEqual([])
  const [first] = module.body
  if (first?.kind !== "Expr") throw new Error(`no expression: ${text}`)
  return first.value
}

describe("what ast has no fields for", () => {
  test("a definition knows where its name stands, and begins at its keyword", () => {
    const text = "@a\nasync def f(): pass\n@b\nclass C: pass\n"
    const [f, c] = parse(text).module.body
    expect(f).toMatchObject({ kind: "AsyncFunctionDef", start: 3, name_span: { start: 13, end: 14 } })
    expect(c).toMatchObject({
      kind: "ClassDef",
      start: text.indexOf("class"),
      name_span: { start: text.indexOf("C:"), end: text.indexOf("C:") + 1 },
    })
  })

  test("comments are listed in the order of the text, from the hash to the end of the line", () => {
    const { comments } = parse("# one\nx = [  # two\n  1,\n]\nif x:\n    pass\n    # three\r\n")
    expect(comments.map((comment) => comment.text.trimEnd())).toEqual(["# one", "# two", "# three"])
  })

  test("a hash inside a string is no comment", () => {
    expect(parse('x = "# a"\n').comments).toEqual([])
  })

  test("numbers that no double holds are the nearest finite ones", () => {
    expect(expressionOf("1e999\n")).toMatchObject({ type: "float", value: Number.MAX_VALUE })
    expect(expressionOf(`1${"0".repeat(400)}\n`)).toMatchObject({ type: "int", value: Number.MAX_VALUE })
  })

  test("names are compared as Python compares them", () => {
    expect(expressionOf("ﬁ\n")).toMatchObject({ kind: "Name", id: "fi" })
  })

  test("a line end inside brackets may be followed by less indentation", () => {
    const { module, problems, comments } = parse("def f():\n    if x:\n        y = (a +  # why\nb.\nc)\n        return y\nz = 1\n")
    expect(problems).toEqual([])
    expect(module.body.map((statement) => statement.kind)).toEqual(["FunctionDef", "Assign"])
    expect(comments.map((comment) => comment.text)).toEqual(["# why"])
  })
})

describe("a file with an error", () => {
  const rest = "\n\nclass Other:\n    x = 1\n\n\ndef another():\n    return 2\n"
  test.each([
    ["x = foo(1, 2\ny = 3", "`(` was never closed", 7],
    ["x = foo(1, 2]", "`]` does not match `(`", 12],
    ["x = foo)", "unmatched `)`", 7],
    ["x = 'abc", "unterminated string", 4],
    ["def f()\n    return 1", "expected `:`", 0],
    ["if x:\ny = 1", "expected an indented block", 0],
    ["print 'a'", "`print` is a function in Python 3: missing parentheses", 0],
    ["exec 'a'", "`exec` is a function in Python 3: missing parentheses", 0],
    ["x = 1 2", "invalid syntax at `1`", 4],
    ["try:\n    pass\nx = 1", "expected `except` or `finally` block", 0],
    ["def f((a, b)): pass", "a parameter must be a name", 6],
    ["x = 0777", "invalid number", 4],
  ])("%j: %s", (text, message, start) => {
    const { problems } = parse(text + rest)
    expect(problems[0]).toMatchObject({ message, start })
    expect(problems.length).toBeLessThanOrEqual(5)
  })

  test("still shows what can be read", () => {
    const names = (text: string) => parse(text).module.body.flatMap((statement) => ("name" in statement ? [statement.name] : []))
    expect(names(`x = 1 2${rest}`)).toEqual(["Other", "another"])
    expect(names(`x = foo)${rest}`)).toEqual(["Other", "another"])
    expect(names(`x = 'abc${rest}`)).toEqual(["Other", "another"])
    expect(names(`def f():\n    return 1 2\n    y = 2${rest}`)).toEqual(["f", "Other", "another"])
  })

  test("cut anywhere, it is read without a throw, and all spans stay inside the text", () => {
    for (const path of fixtures) {
      const text = readFileSync(path, "utf8")
      for (let at = 0; at < text.length; at += 7) {
        const { module } = parse(text.slice(0, at))
        for (const node of walk(module))
          if (node.start < 0 || node.start > node.end || node.end > at) expect.fail(`${path} cut at ${at}: ${JSON.stringify(node)}`)
      }
    }
    expect(fixtures.length).toBeGreaterThan(0)
  })

  test("with any piece taken out or put in, it is read without a throw", () => {
    const texts = fixtures.map((path) => readFileSync(path, "utf8"))
    const pieces = [
      "(",
      ")",
      "[",
      "'",
      '"""',
      ":",
      "\n",
      "    ",
      "=",
      ",",
      "*",
      "f'{",
      "}",
      "def ",
      "class ",
      "if ",
      "else:",
      "lambda ",
      "\\",
      "#",
      "\0",
      "é",
      "match ",
      "case ",
      "type ",
      "await ",
      ";",
      ".",
    ]
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(20), fc.constantFrom(...pieces), (text, where, length, piece) => {
        const at = where % text.length
        const file = readFile("a.py", text.slice(0, at) + piece + text.slice(at + length))
        for (const node of walk(file.module)) if (node.start > node.end || node.end > file.text.length) return false
        return JSON.stringify(distil(file)).length > 0
      }),
      { numRuns: 300 },
    )
  })
})

describe("nesting and length", () => {
  const deep = (open: string, close: string) => `x = ${open.repeat(5000)}1${close.repeat(5000)}\ny = 1\n`
  test.each([
    ["parentheses", deep("(", ")")],
    ["lists", deep("[", "]")],
    ["calls", deep("f(", ")")],
    ["conditionals", deep("a if b else ", "")],
    ["powers", deep("a ** ", "")],
    ["negations", deep("not ", "")],
    ["lambdas", deep("lambda: ", "")],
  ])("5,000 nested %s are given up, and the next line is read", (_, text) => {
    const { module, problems } = parse(text)
    expect(problems.map((problem) => problem.message)).toEqual(["too deeply nested to read"])
    expect(module.body.at(-1)).toMatchObject({ kind: "Assign", targets: [{ kind: "Name", id: "y" }] })
  })

  test.each([
    ["sum", "a + ".repeat(10_000), 10_000, "BinOp"],
    ["alternation of `and` and `or`", "a and b or ".repeat(5_000), 5_001, "BoolOp"],
    ["run of `&` and `^`", "a & b ^ ".repeat(5_000), 10_000, "BinOp"],
  ])("a %s of 10,000 terms is read whole", (_, terms, count, kind) => {
    const nodes: Node[] = [...walk(parse(`${terms}a\n`).module)]
    expect(nodes.filter((node) => node.kind === kind)).toHaveLength(count)
  })

  test("a chain of 10,000 calls is read whole, and cut in the facts", () => {
    const file = readFile("a.py", `x = a${".b()".repeat(10_000)}\ny = 1\n`)
    expect([...file.walk()].filter((node) => node.kind === "Call")).toHaveLength(10_000)
    const { tree } = distil(file)
    expect([...walk(tree)].length).toBeLessThan(2_000)
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree)
    expect(tree.body).toHaveLength(2)
  })

  test("unions in annotations, `elif`s and assignments have no bound either", () => {
    expect([...walk(parse(`x: ${"list[a] | ".repeat(3_000)}a\n`).module)].filter((node) => node.kind === "BinOp")).toHaveLength(3_000)
    expect([...walk(parse(`if a: pass\n${"elif b: pass\n".repeat(3_000)}`).module)].filter((node) => node.kind === "If")).toHaveLength(
      3_001,
    )
    expect(parse(`${"a = ".repeat(5_000)}a\n`).module.body[0]).toMatchObject({ kind: "Assign" })
  })
})

test("the fixtures are those that were recorded", () => {
  const recorded = globSync("fixtures/python/*.ast.json").map((path) => basename(path, ".ast.json"))
  expect(recorded.sort()).toEqual(fixtures.map((path) => basename(path, ".py")))
})
