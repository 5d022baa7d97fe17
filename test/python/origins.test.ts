/** Which parameter a value was taken from. */
import { beforeAll, expect, test } from "vitest"
import { parameterBehind, readFile } from "#python"
import { loadGrammarForTests } from "../grammar.ts"

beforeAll(loadGrammarForTests)

/** The parameter behind the argument of `sink(...)`. */
function behind(body: string): string | undefined {
  const file = readFile("main.py", `def f(self, request, token, db):\n${body.replace(/^/gm, "    ")}\n`)
  for (const node of file.walk()) {
    if (node.kind === "Call" && node.func.kind === "Name" && node.func.id === "sink" && node.args[0])
      return parameterBehind(file, node.args[0], /^create/)
  }
  throw new Error("no sink")
}

test.each([
  ["sink(token)", "token"],
  ["sink(token.strip()[7:])", "token"],
  ["raw = request.headers.get('authorization') or ''\n_, _, raw2 = raw.partition(' ')\nsink(raw2)", "request"],
  ["sink(clean(token))", "token"],
  ["sink(token if token else None)", "token"],
])("%s", (body, parameter) => {
  expect(behind(body)).toBe(parameter)
})

test.each(["fresh = create_token(token)\nsink(fresh)", "sink(self.token)", "sink('text')", "sink(somewhere)", "a = b\nb = a\nsink(a)"])(
  "nothing known: %s",
  (body) => {
    expect(behind(body)).toBeUndefined()
  },
)

test("outside of a function there is none", () => {
  const file = readFile("main.py", "sink(token)")
  const call = [...file.walk()].find((node) => node.kind === "Call")
  expect(call?.kind === "Call" && parameterBehind(file, call.args[0]!, /x/)).toBeUndefined()
})
