import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fingerprint, fingerprints, tokensOf } from "../../src/lint/fingerprint.ts"
import type { Verdict } from "../../src/lint/rule.ts"

const at = (text: string, code: string, from = 0): Verdict["at"] => {
  const start = text.indexOf(code, from)
  return { path: "app/main.py", start, end: start + code.length }
}
const finding = (text: string, code: string, more: Partial<Verdict> = {}): Verdict => ({
  rule: "http/x",
  at: at(text, code),
  message: "m",
  scope: "app.main:f",
  ...more,
})

const code = 'client.get("a" + b, timeout=10)'
const text = `import client\n\n\ndef f():\n    return ${code}\n`

test("is 16 hexadecimal digits, for ever the same", () => {
  expect(fingerprint(finding(text, code), text)).toBe("58c6b7ed7ffafcba")
})

test("knows the rule, the path, the scope, the code and the discriminator", () => {
  const one = finding(text, code)
  const other = "client.put(b)"
  const prints = [
    fingerprint(one, text),
    fingerprint({ ...one, rule: "http/y" }, text),
    fingerprint({ ...one, at: { ...one.at, path: "app/other.py" } }, text),
    fingerprint({ ...one, scope: "app.main:g" }, text),
    fingerprint({ ...one, discriminator: "timeout" }, text),
    fingerprint(finding(other, other), other),
  ]
  expect(new Set(prints).size).toBe(prints.length)
})

test("does not know the message", () => {
  const one = finding(text, code)
  expect(fingerprint({ ...one, message: "better words" }, text)).toBe(fingerprint(one, text))
})

describe("an edit elsewhere does not change it", () => {
  const filler = fc
    .array(fc.constantFrom("\n", "# a comment\n", "x = 1\n", '"""text"""\n', "import os  # why\n"), { maxLength: 8 })
    .map((lines) => lines.join(""))
  test("lines above and below", () => {
    fc.assert(
      fc.property(filler, filler, (above, below) => {
        const moved = above + text + below
        return fingerprint(finding(moved, code), moved) === fingerprint(finding(text, code), text)
      }),
    )
  })
})

describe("reformatting does not change it", () => {
  const blank = fc.constantFrom(" ", "  ", "\n    ", "\r\n\t", " \\\n ", "  # why\n  ", "\n# a (comment), too\n\n")
  const tokens = ["client", ".get(", "'a'", "+", "b", ",", "timeout", "=", "10", ")"]

  test("blanks, comments and line joins", () => {
    fc.assert(
      fc.property(fc.array(blank, { minLength: tokens.length, maxLength: tokens.length }), (blanks) => {
        const spread = tokens.map((token, i) => (i === 0 || token === ".get(" ? token : blanks[i]! + token)).join("")
        expect(tokensOf(spread)).toBe(tokensOf('client.get("a"+b,timeout=10)'))
      }),
    )
  })

  test.each([
    ["f(a, b)", "f(\n    a,\n    b,\n)"],
    ["x = [1, 2]", "x = [\n  1,\n  2,\n]"],
    ["return a and b", "return (\n  a\n  and b\n)"],
    ["f('it')", 'f("it")'],
    ["f('it\\'s')", 'f("it\'s")'],
    ['f("a" "b")', 'f(\n  "a"\n  "b"\n)'],
    ['f("a" "b")', 'f("ab")'],
    ["f(R'x')", 'f(r"x")'],
  ])("%j is %j", (before, after) => {
    expect(tokensOf(after)).toBe(tokensOf(before))
  })

  test.each([
    ["f(a)", "f(b)"],
    ["f(a)", "f.a"],
    ["f('a')", "f(a)"],
    ["f('a # b')", "f('a')"],
    ["f(a, b)", "f(ab)"],
    ['f("a", "b")', 'f("ab")'],
    ["a + b", "a - b"],
    ["f(1.5)", "f(15)"],
    ["f(b'a')", "f('a')"],
  ])("%j is not %j", (one, other) => {
    expect(tokensOf(one)).not.toBe(tokensOf(other))
  })
})

test("equal ones are numbered in their order", () => {
  const twice = `${code}\n${code}\n${code}\n`
  const all = [0, 1, 2].map((n) => finding(twice, code, { at: at(twice, code, n * (code.length + 1)) }))
  const print = fingerprint(all[0]!, twice)
  expect(fingerprints(all, () => twice)).toEqual([print, `${print}~2`, `${print}~3`])
})

test("any text has tokens", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (any) => typeof tokensOf(any) === "string"))
})

test("a secret is not in its fingerprint, since a short one could be guessed from it", () => {
  const source = (secret: string) => `PASSWORD = ${secret}`
  const print = (secret: string) =>
    fingerprint(finding(source(secret), secret, { rule: "secrets/x", discriminator: "PASSWORD" }), source(secret))
  expect(print('"hunter2"')).toBe(print('"letmein"'))
  expect(print('"hunter2"')).not.toBe(
    fingerprint(finding(source('"hunter2"'), '"hunter2"', { rule: "http/x", discriminator: "PASSWORD" }), source('"hunter2"')),
  )
})
