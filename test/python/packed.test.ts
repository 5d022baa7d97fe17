import { readFileSync } from "node:fs"
import fc from "fast-check"
import { globSync } from "tinyglobby"
import { describe, expect, test } from "vitest"
import { type Module, packTree, readFile, unpackTree } from "#python"
import { loadGrammarForTests } from "../grammar.ts"

await loadGrammarForTests()

const treeOf = (text: string): Module => readFile("a.py", text).module

function throughBytes(tree: Module, known: string[] = []): Module {
  const texts = [...known]
  return plain(unpackTree(packTree(tree, texts), texts))
}

/** Bodies are put together when they are asked for, and stand among the fields then. */
function plain<T>(node: T): T {
  if (Array.isArray(node)) return node.map(plain) as T
  if (node === null || typeof node !== "object") return node
  const whole = "toJSON" in node ? (node as { toJSON(): object }).toJSON() : node
  return Object.fromEntries(Object.entries(whole).map(([name, value]) => [name, plain(value)])) as T
}

describe("a tree comes back from its bytes as it was", () => {
  test("every fixture", () => {
    const paths = globSync("fixtures/**/*.py")
    expect(paths.length).toBeGreaterThan(100)
    for (const path of paths) {
      const tree = treeOf(readFileSync(path, "utf8"))
      expect(throughBytes(tree), path).toEqual(tree)
    }
  })

  test.each([
    "x = 1e999, -0.0, 0.1, 10**30, 123456789012345678901234567890, 2147483647, 1073741824, -1, 3j",
    'x = "", "\\ud800", "é", b"\\xff", None, ..., True, False',
    "match x:\n  case {'a': 1, **rest} | [*_, A(b=None)] if y: pass\n  case -1 as z: pass",
    "type A[T: int = str, *Ts, **P] = list[T]",
    "global a, b\nnonlocal c",
    "from ... import x as y\nfrom . import *\nimport a.b",
    "f'{x!r:>{width}} {y=}'",
    "lambda a, /, b=1, *c, d, e=2, **f: (yield)",
    "async def f():\n  async with a as b, c: pass\n  async for x in y: pass\n  else: pass\n  return [z async for z in w if v]",
    "try: pass\nexcept* A as e: pass\nelse: pass\nfinally: pass",
    "class A(B, metaclass=C):\n  @d\n  def f[T](self, x: int = 1, *args: str, **kwargs: Any) -> None: ...",
    "x[1:2, ::3] = y = (z := 4)\ndel x, y\nassert a, b\nraise C from D\nw: int = 1\nw += 1\nx if y else not z",
    "{**a, 'b': 1}\n{1, 2}\na < b <= c is not d not in e\na and b or c",
    "",
    "def f(:\n  x = (",
  ])("%j", (text) => {
    const tree = treeOf(text)
    expect(throughBytes(tree)).toEqual(tree)
  })

  test("whatever the texts, the numbers and the places are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: fc.string({ unit: "binary" }), value: fc.double(), start: fc.nat(4_000_000), length: fc.nat(4_000_000) })),
        fc.array(fc.string()),
        (parts, known) => {
          const tree: Module = {
            kind: "Module",
            start: 0,
            end: 4_000_000,
            body: parts.map(({ id, value, start, length }) => ({
              kind: "Assign",
              start,
              end: start + length,
              targets: [{ kind: "Name", id, start: length, end: length }],
              value: { kind: "Constant", type: "float", value, start, end: start },
            })),
          }
          expect(throughBytes(tree, known)).toEqual(tree)
        },
      ),
    )
  })
})

test("bytes that are cut off, or whose texts are gone, are refused", () => {
  const texts: string[] = []
  const bytes = packTree(treeOf("import os\nx = os.getcwd()"), texts)
  for (let length = 0; length < bytes.length; length++) expect(() => unpackTree(bytes.subarray(0, length), texts)).toThrow("packed tree")
  expect(() => unpackTree(bytes, [])).toThrow("packed tree")
})

test("the body of a function is among the fields that a walk over all of them finds, whether or not it was read before", () => {
  const texts: string[] = []
  const bytes = packTree(treeOf("def outer():\n  def inner():\n    return hidden"), texts)
  const named = (node: unknown): string[] => {
    if (node === null || typeof node !== "object") return []
    const found = "id" in node ? [node.id as string] : []
    for (const field in node) found.push(...named((node as Record<string, unknown>)[field]))
    return found
  }
  const tree = unpackTree(bytes, texts)
  expect(named(tree)).toEqual(["hidden"])
  expect(named(tree)).toEqual(["hidden"])
})
