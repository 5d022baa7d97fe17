import { describe, expect, test } from "vitest"
import { gathered } from "../../src/lint/gather.ts"
import type { Finding } from "../../src/lint/rule.ts"

const finding = (path: string, start: number, more: Partial<Finding> = {}): Finding => ({
  at: { path, start, end: start + 1 },
  message: `at ${start}`,
  ...more,
})
const many = (path: string, count: number, more: Partial<Finding> = {}) =>
  Array.from({ length: count }, (_, i) => finding(path, count - i, more))
const say = (count: number) => `${count} together`

describe("gathered", () => {
  test("few findings of a file stay as they are", () => {
    const few = many("a.py", 3)
    expect([...gathered(few, say)]).toEqual(few)
  })

  test("many are one, at the first place, with the others beside it", () => {
    const [one, ...rest] = gathered([...many("a.py", 8), finding("b.py", 5)], say)
    expect(one?.message).toBe("8 together")
    expect(one?.at.start).toBe(1)
    expect(one?.related?.map(({ at }) => at.start)).toEqual([2, 3, 4, 5, 6, 7, 8])
    expect(rest.map(({ message }) => message)).toEqual(["at 5"])
  })

  test("where the whole project is full of it, every file is told once", () => {
    const found = [...gathered([...many("a.py", 20), ...many("b.py", 20), ...many("c.py", 2)], say)]
    expect(found.map(({ message }) => message)).toEqual(["20 together", "20 together", "2 together"])
  })

  test("it is as grave as the gravest", () => {
    const mixed = [...many("a.py", 7, { level: "info" }), finding("a.py", 9, { level: "warning" })]
    expect([...gathered(mixed, say)][0]?.level).toBe("warning")
  })

  test("its fix makes every change, unless one of them has none", () => {
    const fixed = Array.from({ length: 7 }, (_, i) =>
      finding("a.py", i, { fix: { title: "Repair", safety: "safe", edits: [{ path: "a.py", start: i, end: i + 1, text: "" }] } }),
    )
    expect([...gathered(fixed, say)][0]?.fix?.edits).toHaveLength(7)
    expect([...gathered([...fixed, finding("a.py", 9)], say)][0]?.fix).toBeUndefined()
  })
})
