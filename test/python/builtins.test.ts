/** What Python's own functions give back, where the player must not trip over them. */
import { beforeAll, expect, test } from "vitest"
import { linked } from "../fastapi/linked.ts"
import { loadGrammarForTests } from "../grammar.ts"

beforeAll(loadGrammarForTests)

test.each(["zip(*rows)", "zip()", "zip(*[])", "zip([1], *rows)"])("%s is played through", (expression) => {
  const project = linked(`def load(rows):\n    for one in ${expression}:\n        print(one)\n    return close()\n`)
  const [load] = project.functions
  expect(load?.events.some((event) => event.is === "return")).toBe(true)
})
