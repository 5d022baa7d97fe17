/** What is said of how often a rule is right. */

import { describe, expect, test } from "vitest"
import { precisionText } from "#report"
import { rules } from "#rules"
import { precisionOf } from "../../src/engine/precision.ts"
import { COUNTS, PROJECTS } from "../../src/engine/precision-data.ts"

describe("the numbers", () => {
  const ids = new Set(rules.map(({ id }) => id))
  test("are of rules that there are", () => {
    expect(Object.keys(COUNTS).filter((id) => !ids.has(id))).toEqual([])
  })

  test.each(Object.entries(COUNTS))("of %s fit each other", (id) => {
    const [found = 0, foundIn = 0, read = 0, readIn = 0, right = 0] = COUNTS[id] ?? []
    expect([foundIn <= PROJECTS, foundIn <= found, read <= found, readIn <= Math.min(read, foundIn), right <= read]).not.toContain(false)
    expect(found > 0).toBe(foundIn > 0)
  })

  test("of a rule that is not ours are none", () => {
    expect(precisionOf("house/own-rule")).toBeUndefined()
  })
})

test("what was read is said with its sums, and what was not read is not called right", () => {
  const base = { on: "2026-11-25", projects: 32, found: 40, foundIn: 7, read: 12, readIn: 5, true: 11 }
  expect(precisionText(base)).toBe("11 of 12 findings read in 5 open-source projects were true (2026-11-25)")
  expect(precisionText({ ...base, read: 1, readIn: 1, true: 1 })).toBe("1 of 1 finding read in 1 open-source project was true (2026-11-25)")
  expect(precisionText({ ...base, read: 0, readIn: 0, true: 0 })).toBe(
    "40 findings in 7 of 32 open-source projects, none of them read yet (2026-11-25)",
  )
  expect(precisionText({ ...base, found: 0, foundIn: 0, read: 0, readIn: 0, true: 0 })).toBe(
    "never found yet in the 32 open-source projects it was run on (2026-11-25)",
  )
})
