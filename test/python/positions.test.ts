import fc from "fast-check"
import { expect, test } from "vitest"
import { Lines } from "#python"

test("a line ends at \\n, \\r\\n and \\r, and at nothing else", () => {
  const lines = new Lines("a\nb\r\nc\rd\fe\u2028f\x0b\x85g")
  expect(["a", "b", "c", "d", "e", "f", "g"].map((letter) => lines.position(lines.text.indexOf(letter)).line)).toEqual([
    1, 2, 3, 4, 4, 4, 4,
  ])
})

test("columns count characters, and UTF-16 units beside them", () => {
  const lines = new Lines("x\né😀y")
  expect(lines.position(0)).toEqual({ line: 1, column: 1, utf16: 1 })
  expect(lines.position(lines.text.indexOf("y"))).toEqual({ line: 2, column: 3, utf16: 4 })
})

test("the end of the text has a position, and nothing lies beyond it", () => {
  expect(new Lines("").position(0)).toEqual({ line: 1, column: 1, utf16: 1 })
  expect(new Lines("a\n").position(2)).toEqual({ line: 2, column: 1, utf16: 1 })
  expect(new Lines("ab").position(99)).toEqual({ line: 1, column: 3, utf16: 3 })
})

test("positions agree with counting from the start", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "é", "😀", "\n", "\r", "\r\n", "\f")), fc.nat(), (pieces, where) => {
      const text = pieces.join("")
      const at = text === "" ? 0 : where % text.length
      const before = text.slice(0, at).split(text[at] === "\n" && text[at - 1] === "\r" ? /\r\n|\n|\r(?!$)/ : /\r\n|\n|\r/)
      const position = new Lines(text).position(at)
      expect(position.line).toBe(before.length)
      expect(position.utf16).toBe((before.at(-1) ?? "").length + 1)
    }),
  )
})
