import fc from "fast-check"
import stringWidth from "string-width"
import { describe, expect, test } from "vitest"
import { frameLines, gutterOf, type Mark } from "../../src/report/frame.ts"
import { inkOf } from "../../src/report/ink.ts"
import { range } from "./sample.ts"

function draw(source: string, marks: Mark[], width = 80, look: { color?: boolean; unicode?: boolean } = {}): string[] {
  const settings = { color: false, unicode: true, links: false, width, ...look }
  const frame = { path: "app/main.py", source, marks }
  return frameLines(frame, gutterOf([frame]), "error", settings, inkOf(settings))
}

const primary = (at: string, label?: string): Mark => ({ range: range(at), kind: "primary", ...(label === undefined ? {} : { label }) })
const secondary = (at: string, label: string): Mark => ({ range: range(at), kind: "secondary", label })

describe("which lines are shown", () => {
  test("a lone mark has a line above and below, unless they are blank", () => {
    expect(draw("a = 1\nb = 2\n\nc = 3\n", [primary("2:1-2")])).toEqual(["1 | a = 1", "2 | b = 2", "  | ^"])
  })

  test("a definition has its decorators, a decorator its definition", () => {
    const source = "x = 1\n@router.get('/')\n@cached\nasync def read():\n    return 1\n"
    expect(draw(source, [primary("4:11-15")])).toEqual([
      "2 | @router.get('/')",
      "3 | @cached",
      "4 | async def read():",
      "  |           ^^^^",
    ])
    expect(draw(source, [primary("2:2-12")])).toEqual(["2 | @router.get('/')", "  |  ^^^^^^^^^^", "3 | @cached", "4 | async def read():"])
  })

  test("skipped lines are a colon, one skipped line is shown", () => {
    const source = Array.from({ length: 12 }, (_, i) => `line_${i + 1}`).join("\n")
    expect(draw(source, [primary("1:1-5"), secondary("12:1-5", "here"), secondary("3:1-5", "there")])).toEqual([
      " 1 | line_1",
      "   | ^^^^",
      " 2 | line_2",
      " 3 | line_3",
      "   | ---- there",
      " : |",
      "12 | line_12",
      "   | ---- here",
    ])
  })

  test("a place outside the file draws nothing", () => {
    expect(draw("a = 1\n", [primary("9:1-5")])).toEqual([])
  })

  test("lines end where Python ends them", () => {
    expect(draw("a\r\nb\rc\nd", [primary("3:1-2")])).toEqual(["2 | b", "3 | c", "  | ^", "4 | d"])
  })
})

describe("marks", () => {
  test("something missing at the end, and where it was opened", () => {
    expect(
      draw("async def refund(order_id: int, amount: Decimal = Body(...):", [
        primary("1:61-61", "missing `)`"),
        secondary("1:17-18", "opened here"),
      ]),
    ).toEqual([
      "1 | async def refund(order_id: int, amount: Decimal = Body(...):",
      "  |                 -                                           ^ missing `)`",
      "  |                 opened here",
    ])
  })

  test("labels that wait are joined to their marks", () => {
    expect(draw("one two three", [primary("1:5-8", "second"), secondary("1:1-4", "first"), secondary("1:9-14", "third")])).toEqual([
      "1 | one two three",
      "  | --- ^^^ ----- third",
      "  | |   second",
      "  | first",
    ])
  })

  test("the primary mark is drawn over a secondary one", () => {
    expect(draw("call(a, b)", [primary("1:6-7"), secondary("1:1-11", "of this call")])).toEqual([
      "1 | call(a, b)",
      "  | -----^----",
      "  | of this call",
    ])
  })

  test("a range of several lines is marked on its first", () => {
    expect(draw("f(\n  1,\n)", [primary("1:1-3:2")])).toEqual(["1 | f(", "  | ^^", "2 |   1,"])
  })
})

describe("width", () => {
  test("tabs, CJK and emoji: carets stand under what they mean", () => {
    expect(draw("\tx = '名前' + \"👩‍💻\" + y", [primary("1:21-22")])).toEqual([
      "1 |     x = '名前' + \"👩‍💻\" + y",
      "  |                         ^",
    ])
  })

  test("a long line is shown around its mark", () => {
    const line = `${"a".repeat(100)} = call(${"b".repeat(100)})`
    expect(draw(line, [primary("1:104-108")], 40)).toEqual(["1 | …aaaaaaaaaaaa = call(bbbbbbbbbbbbbb…", "  |                 ^^^^"])
    expect(draw(line, [primary("1:1-101")], 40)).toEqual([`1 | ${"a".repeat(35)}…`, `  | ${"^".repeat(35)}`])
    expect(draw(line, [primary("1:104-108")], 40, { unicode: false })[0]).toMatch(/^1 \| \.\.\.a+ = call\(b+\.\.\.$/)
  })

  const letters = fc.constantFrom("a", "x", "(", " ", "\t", "名", "é", "e\u0301", "👩‍💻", "\u001b[31m", "\u202e", "\u0000", "한", "ｶﾞ")
  const words = fc.array(letters, { maxLength: 120 }).map((parts) => parts.join(""))

  test("no line is wider than the terminal, whatever stands in it", () => {
    const sizes = fc.record({ from: fc.nat(140), length: fc.nat(140), width: fc.integer({ min: 40, max: 120 }), unicode: fc.boolean() })
    fc.assert(
      fc.property(words, words, sizes, (line, label, { from, length, width, unicode }) => {
        const marks = [primary(`1:${from + 1}-${from + 1 + length}`, label), secondary("1:1-2", label)]
        for (const row of draw(line, marks, width, { unicode })) {
          expect(stringWidth(row)).toBeLessThanOrEqual(width)
          expect(row).not.toMatch(/[\u0000-\u001f\u202e]/)
        }
      }),
      { numRuns: 500 },
    )
  })

  test("carets stand under the marked text, whatever stands before and behind it", () => {
    fc.assert(
      fc.property(words, words, fc.integer({ min: 40, max: 120 }), (before, behind, width) => {
        const start = [...before].length + 2
        const [text, carets] = draw(`${before} marked ${behind}`, [primary(`1:${start}-${start + 6}`)], width)
        const column = carets!.indexOf("^")
        expect(carets).toMatch(/^ {2}\| +\^{6}$/)
        expect(stringWidth(text!.slice(0, text!.indexOf("marked")))).toBe(column)
      }),
      { numRuns: 500 },
    )
  })
})

describe("colours", () => {
  test("keywords, strings and comments of Python, and a docstring in its middle", () => {
    const source = 'def f():\n    """Never\n    return this.\n    """\n    return "a" # if\n'
    const shown = draw(source, [primary("3:5-11"), secondary("5:5-11", "here")], 80, { color: true })
      .join("\n")
      .replaceAll("\u001b", "")
    expect(shown).toContain('    [35mreturn[39m [32m[2m"a"[22m[39m [2m# if[22m')
    expect(shown).toContain("[32m[2m    return this.[22m[39m")
  })
})
