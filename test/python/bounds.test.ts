import { expect, test } from "vitest"
import { link } from "#fastapi"
import { distil, readFile } from "#python"
import { loadGrammarForTests } from "../grammar.ts"

await loadGrammarForTests()
const linked = (code: string) => link({ modules: [distil(readFile("main.py", code))] })

test("a chain of two thousand calls is played without filling the stack", () => {
  const chain = Array.from({ length: 2000 }, (_, i) => `def f${i}():\n    return f${i + 1}()\n`).join("")
  const project = linked(`${chain}def f2000():\n    return 1\n\nvalue = f0()\n`)
  expect(project.functions).toHaveLength(2001)
  expect(project.functions.every((fn) => fn.events.length > 0)).toBe(true)
})

test("a text that is doubled thirty times does not fill the memory", () => {
  expect(linked(`t = "a" + unknown_name\n${"t = t + t\n".repeat(200)}`).functions).toEqual([])
  const project = linked(`s = "aaaaaaaaaaaaaaaa"\n${"s = s + s\n".repeat(30)}`)
  const text = project.player.load("main.py")?.own("s")
  expect(text?.is === "text" && text.parts.some((part) => typeof part !== "string")).toBe(true)
})
