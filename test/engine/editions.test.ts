/** A rule that came after the edition that a project names, or that waits for an edition that is not out. */
import { expect, test } from "vitest"
import { loadConfig } from "../../src/engine/config.ts"
import { EDITIONS, NEWEST } from "../../src/engine/editions.ts"
import { selectionOf } from "../../src/engine/selection.ts"
import type { Selectable } from "../../src/engine/selectors.ts"

const next = String(Number(NEWEST) + 1)
const said = { summary: "x", why: "x", help: "x", level: "warning", concern: "security" } as const
const rules: Selectable[] = [
  { id: "http/old", ...said },
  { id: "http/now", ...said, edition: NEWEST },
  { id: "http/next", ...said, edition: next },
]

function on(...config: string[]): string[] {
  const { settings } = loadConfig("/", { cwd: "/", isolated: true, config }, rules)
  const selection = selectionOf(settings, rules)
  return rules.flatMap(({ id }) => (selection.isOn(id) && selection.levelIn(id, "a.py") ? [id.slice(5)] : []))
}

test("editions are years, in their order", () => {
  expect(EDITIONS).toEqual(EDITIONS.toSorted())
  for (const edition of EDITIONS) expect(edition).toMatch(/^20\d\d$/)
})

test.each([
  ["no preset chooses it", [], ["old", "now"]],
  ["the strict one neither", ["preset=strict"], ["old", "now"]],
  ["nor the one for security", ["preset=security"], ["old", "now"]],
  ["nor its section", ["select=['http']"], ["old", "now"]],
  ["nor everything", ["extend-select=['all']"], ["old", "now"]],
  ["nor a level of its section", ["rules={ 'http/*' = 'error' }"], ["old", "now"]],
  ["nor one in some files", ["overrides=[{ files = ['**'], rules = { 'http/*' = 'error' } }]"], ["old", "now"]],
  ["its name does", ["extend-select=['http/next']"], ["old", "now", "next"]],
  ["a level of its own does", ["rules={ 'http/next' = 'error' }"], ["old", "now", "next"]],
  [
    "a level of its own in some files does",
    ["overrides=[{ files = ['a.py'], rules = { 'http/next' = 'error' } }]"],
    ["old", "now", "next"],
  ],
  ["and `ignore` wins against none of them", ["ignore=['http/next']"], ["old", "now"]],
])("%s", (_, config, expected) => {
  expect(on(...config)).toEqual(expected)
})
