import { expect, test } from "vitest"
import { applyEdits } from "../../src/lint/edit.ts"

const edit = (start: number, end: number, text: string) => ({ path: "a.py", start, end, text })

test("edits are applied whatever their order", () => {
  expect(applyEdits("one two three", [edit(8, 13, "3"), edit(0, 3, "1")])).toBe("1 two 3")
})

test("of two that overlap the first wins", () => {
  expect(applyEdits("one two", [edit(0, 5, "x"), edit(4, 7, "y")])).toBe("xwo")
  expect(applyEdits("one two", [edit(4, 7, "y"), edit(0, 5, "x")])).toBe("one y")
})

test("two insertions at one place both happen, the same one twice happens once", () => {
  expect(applyEdits("ab", [edit(1, 1, "1"), edit(1, 1, "2")])).toBe("a12b")
  expect(applyEdits("ab", [edit(1, 1, "1"), edit(1, 1, "1")])).toBe("a1b")
})

test("neighbours do not overlap", () => {
  expect(applyEdits("abcd", [edit(0, 2, "x"), edit(2, 4, "y")])).toBe("xy")
})
