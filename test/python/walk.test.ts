import { readFileSync } from "node:fs"
import { globSync } from "tinyglobby"
import { expect, test } from "vitest"
import { children, type Node, readFile, walk } from "#python"
import { pushChildren } from "../../src/python/walk.ts"
import { loadGrammarForTests } from "../grammar.ts"

await loadGrammarForTests()

const files = globSync("fixtures/**/*.py").map((path) => readFile(path, readFileSync(path, "utf8")))

test("a stack gets what is inside of a node, the last of it first", () => {
  for (const file of files)
    for (const node of file.walk()) {
      const stack: Node[] = []
      pushChildren(node, stack)
      expect(stack.reverse()).toEqual(children(node))
    }
})

test("a file's table walks as a tree does, into functions or not", () => {
  for (const file of files.filter(({ text }) => text.length < 4000))
    for (const nested of [true, false])
      for (const node of file.walk()) expect(file.walk(node, { nested })).toEqual([...walk(node, { nested })])
})

test("the function around a node is the one whose own body holds it", () => {
  const text = "def f(x=lambda: one):\n  two\n  class C:\n    three\n    async def g(self):\n      four\n"
  const file = readFile("a.py", text)
  const around = (id: string) => file.functionAround(file.all("Name").find((name) => name.id === id) as Node)?.name
  expect(["one", "two", "three", "four"].map(around)).toEqual([undefined, "f", undefined, "g"])
})
