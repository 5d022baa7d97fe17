import { expect, test } from "vitest"
import { lineHashes } from "../../src/report/line-hash.ts"

test("the vectors of codeql-action", () => {
  expect(lineHashes("")).toEqual(["c129715d7a2bc9a3:1"])
  expect(lineHashes(" a\nb\n  \t\tc\n d")).toEqual(["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"])
})

test("line ends and indentation do not count, position does", () => {
  const long = Array.from({ length: 40 }, (_, i) => `value_${i} = compute(${i})`)
  const hashes = lineHashes(long.join("\n"))
  expect(hashes).toHaveLength(40)
  expect(lineHashes(long.map((line) => `\t${line}`).join("\r\n"))).toEqual(hashes)
  expect(lineHashes(["import os", "", ...long].join("\n")).slice(2)).toEqual(hashes)
})

test("equal lines are told apart by their number", () => {
  const hashes = lineHashes("x\n".repeat(200))
  expect(hashes[0]).toMatch(/:1$/)
  expect(hashes[1]).toBe(hashes[0]!.replace(/:1$/, ":2"))
})
