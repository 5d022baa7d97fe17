import { expect, test } from "vitest"
import { masked } from "../../src/report/mask.ts"

const range = (line: number, from: number, to: number) => ({ start: { line, column: from }, end: { line, column: to } })

test("strings of the range are unreadable, their length stays, all else is left alone", () => {
  const source = `KEY = "sk-not-a-real-key"\nOTHER = 'plain'\nPAIR = ("left-secret", 'it\\'s one')\n`
  expect(masked(source, range(1, 7, 26))).toBe(`KEY = "sk-**************"\nOTHER = 'plain'\nPAIR = ("left-secret", 'it\\'s one')\n`)
  expect(masked(source, range(3, 24, 37))).toBe(`KEY = "sk-not-a-real-key"\nOTHER = 'plain'\nPAIR = ("left-secret", 'it\\******')\n`)
})
