import { describe, expect, test } from "vitest"
import { compareWithKnown, knownFrom } from "../../src/lint/known.ts"
import type { Verdict } from "../../src/lint/rule.ts"

const TEXT = "client.get(url)\nclient.get(url)\nclient.put(url)\n"
const textOf = () => TEXT
const found = (line: 0 | 1 | 2, more: Partial<Verdict> & { path?: string } = {}): Verdict => ({
  rule: "async/x",
  message: "m",
  scope: "app.main:f",
  ...more,
  at: { path: more.path ?? "app/main.py", start: line * 16, end: line * 16 + 15 },
})

test("equal findings are counted: one more of them is new", () => {
  const before = knownFrom([found(0)], textOf)
  expect(compareWithKnown([found(0), found(1)], textOf, before)).toEqual({ known: [true, false], gone: [] })
  expect(knownFrom([found(0), found(1)], textOf)).toMatchObject([{ count: 2 }])
})

test("what is not found any more is gone, as often as it is missing", () => {
  const before = knownFrom([found(0), found(1), found(2)], textOf)
  expect(compareWithKnown([found(1)], textOf, before)).toMatchObject({ known: [true], gone: [{ count: 1 }, { count: 1 }] })
})

test("of two entries with one fingerprint, as a careless merge leaves them, both count", () => {
  const [one] = knownFrom([found(0)], textOf)
  expect(compareWithKnown([found(0), found(1)], textOf, [one!, one!]).known).toEqual([true, true])
})

describe("code that moved to another file", () => {
  const before = knownFrom([found(0), found(1), found(2)], textOf)
  const moved = (line: 0 | 1 | 2) => found(line, { path: "app/routers/users.py", scope: "app.routers.users:f" })

  test("stays known, as often as it was there", () => {
    expect(compareWithKnown([found(0), moved(1), moved(2)], textOf, before)).toEqual({ known: [true, true, true], gone: [] })
    expect(compareWithKnown([found(0), found(1), moved(1)], textOf, before).known).toEqual([true, true, false])
  })

  test("is new in another function, or of another rule", () => {
    expect(compareWithKnown([found(0, { path: "b.py", scope: "b:g" })], textOf, before).known).toEqual([false])
    expect(compareWithKnown([found(0, { path: "b.py", rule: "async/y" })], textOf, before).known).toEqual([false])
  })

  test("a copy in the same file is new", () => {
    const once = knownFrom([found(0)], textOf)
    expect(compareWithKnown([found(0), found(1)], textOf, once).known).toEqual([true, false])
  })
})
