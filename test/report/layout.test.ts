import stringWidth from "string-width"
import { expect, test } from "vitest"
import wrapAnsi from "wrap-ansi"
import { widthOf, wrap } from "../../src/report/layout.ts"

const SIGNS = "·×‘’“”–—…→│─╭╮╰╯├└✓✗"
const texts = [
  "`FastAPI(…)` at module level — or in a factory → an APIRouter",
  `\u001b[31mred and …\u001b[39m as long as ${"─".repeat(30)} and longer than a line`,
  `every letter that could stand for one: ~ ^ | @ % …, and words${"…".repeat(25)}broken`,
  "日本語 … é\u0301 👍🏽 … e\u0301…\u0301",
]

test("signs are measured as the library measures them", () => {
  for (const sign of SIGNS) expect([sign, widthOf(sign)]).toEqual([sign, stringWidth(sign)])
  for (const text of texts) expect(widthOf(text)).toBe(stringWidth(text))
})

test("lines with signs are broken where the library breaks them", () => {
  for (const text of texts)
    for (const width of [2, 7, 20, 40])
      expect(wrap(text, width)).toEqual(
        wrapAnsi(text, width, { hard: true })
          .split("\n")
          .map((line) => line.trimEnd()),
      )
})
