import { expect, test } from "vitest"
import { parse } from "#python"
import { dotted, list, pairs, plural, quote, routeName } from "../../src/lint/words.ts"
import { loadGrammarForTests } from "../grammar.ts"

test("pairs keeps the order", () => {
  expect([...pairs([1, 2, 3])]).toEqual([
    [1, 2],
    [1, 3],
    [2, 3],
  ])
  expect([...pairs([1])]).toEqual([])
})

test("dotted reads names and dots, and nothing else", async () => {
  await loadGrammarForTests()
  const read = (code: string) => {
    const [stmt] = parse(code).module.body
    return stmt?.kind === "Expr" ? dotted(stmt.value) : "not an expression"
  }
  expect([read("a"), read("a.b.c"), read("a().b"), read("a[0].b")]).toEqual(["a", "a.b.c", undefined, undefined])
})

test("words", () => {
  expect([plural(0, "route"), plural(1, "route"), plural(2, "query"), plural(2, "index", "indices")]).toEqual([
    "0 routes",
    "1 route",
    "2 queries",
    "2 indices",
  ])
  expect([list([]), list(["a"]), list(["a", "b"]), list(["a", "b", "c"], "or")]).toEqual(["", "a", "a and b", "a, b or c"])
  expect(quote("x")).toBe("`x`")
})

test("routeName shows what is not known", () => {
  const path = { known: true, value: "/items/{id}" } as const
  const methods = { known: true, value: ["GET", "HEAD"] } as const
  const hidden = { known: false, why: "built in a loop" } as const
  expect(routeName({ kind: "api", methods: { known: true, value: [...methods.value] }, path })).toBe("`GET/HEAD /items/{id}`")
  expect(routeName({ kind: "api", methods: hidden, path: hidden })).toBe("`? …`")
  expect(routeName({ kind: "websocket", methods: hidden, path })).toBe("`WEBSOCKET /items/{id}`")
})
