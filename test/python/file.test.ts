import { describe, expect, test } from "vitest"
import { distil, type Expr, type Node, type PyFile, readFile } from "#python"
import { loadGrammarForTests } from "../grammar.ts"

await loadGrammarForTests()

/** What `qualified` says of the expression inside each `probe(...)`, in order. */
function probes(text: string): (string | undefined)[] {
  const file = readFile("app/main.py", text)
  expect(file.problems).toEqual([])
  const calls = [...file.walk()].filter((node) => node.kind === "Call" && node.func.kind === "Name" && node.func.id === "probe")
  return calls.map((node) => file.qualified((node as { args: Expr[] }).args[0] as Expr))
}

describe("qualified", () => {
  test.each([
    ["import time\nprobe(time.sleep)", "time.sleep"],
    ["import time as t\nprobe(t.sleep)", "time.sleep"],
    ["import a.b.c\nprobe(a.b.c.d)", "a.b.c.d"],
    ["import a.b.c as d\nprobe(d.e)", "a.b.c.e"],
    ["from fastapi import status as s\nprobe(s.HTTP_200_OK)", "fastapi.status.HTTP_200_OK"],
    ["from .deps import get_db\nprobe(get_db)", ".deps.get_db"],
    ["from . import deps\nprobe(deps.get_db)", ".deps.get_db"],
    ["from ... import deps\nprobe(deps)", "...deps"],
    ["from ..core.db import session\nprobe(session.x)", "..core.db.session.x"],
    ["probe(open)", "builtins.open"],
    ["probe(dict.fromkeys)", "builtins.dict.fromkeys"],
    ["def open(): ...\nprobe(open)", undefined],
    ["probe(unheard_of)", undefined],
    ["probe(f().x)", undefined],
    ["def f(): ...\nprobe(f)", undefined],
    ["try:\n    import ujson\nexcept ImportError:\n    ujson = None\nprobe(ujson.dumps)", "ujson.dumps"],
    ["try:\n    import ujson as json\nexcept ImportError:\n    import json\nprobe(json.dumps)", undefined],
    ["import time\ntime = 1\nprobe(time.sleep)", undefined],
  ])("%j", (text, expected) => {
    expect(probes(`${text}\n`)).toEqual([expected])
  })

  test.each([
    ["a parameter", "def f(time): probe(time.sleep)"],
    ["a keyword-only parameter", "def f(*, time=1): probe(time.sleep)"],
    ["an assignment", "def f():\n    time = 1\n    probe(time.sleep)"],
    ["a loop", "def f():\n    for time in x: probe(time.sleep)"],
    ["`with`", "def f():\n    with x as (time, y): probe(time.sleep)"],
    ["`except`", "def f():\n    try: pass\n    except E as time: probe(time.sleep)"],
    ["`match`", "def f():\n    match x:\n        case [time, 1]: probe(time.sleep)"],
    [":=", "def f():\n    if (time := 1): probe(time.sleep)"],
    ["an enclosing function", "def f(time):\n    def g(): probe(time.sleep)"],
    ["a lambda", "f = lambda time: probe(time.sleep)"],
    ["a comprehension", "[probe(time.sleep) for time in x]"],
    ["`global`", "def f():\n    global time\n    time = 1\nprobe(time.sleep)"],
  ])("a name that %s binds again is not known", (_, text) => {
    expect(probes(`import time\n${text}\n`)).toEqual([undefined])
  })

  test("elsewhere in the file the import holds", () => {
    expect(probes("import time\ndef f(time): ...\ndef g(): probe(time.sleep)\nprobe(time)\n")).toEqual(["time.sleep", "time"])
  })

  test("what a class binds is seen in its body and not in its methods", () => {
    expect(probes("import time\nclass C:\n    time = 1\n    x = probe(time.a)\n    def f(self): probe(time.b)\n")).toEqual([
      undefined,
      "time.b",
    ])
  })

  test("defaults, annotations and decorators are looked up outside of the function", () => {
    expect(probes("import time\n@probe(time.a)\ndef f(time=probe(time.b), x: probe(time.c) = 1): ...\n")).toEqual([
      "time.a",
      "time.c",
      "time.b",
    ])
  })
})

describe("walk", () => {
  const kinds = (nodes: Iterable<Node>) => [...nodes].map((node) => node.kind).join(" ")
  const file = readFile("a.py", "def f(a=1):\n    return b\nclass C:\n    x = lambda: y\n")

  test("goes through all nodes, outer before inner", () => {
    expect(kinds(file.walk())).toBe("Module FunctionDef arguments arg Constant Return Name ClassDef Assign Name Lambda arguments Name")
  })

  test("leaves out the bodies of functions and lambdas when asked", () => {
    expect(kinds(file.walk(file.module, { nested: false }))).toBe(
      "Module FunctionDef arguments arg Constant ClassDef Assign Name Lambda arguments",
    )
  })

  test("enters the body of the function it starts from", () => {
    expect(kinds(file.walk(file.module.body[0], { nested: false }))).toBe("FunctionDef arguments arg Constant Return Name")
  })

  test("every node but the module has the parent that holds it", () => {
    for (const node of file.walk()) expect(file.parentOf(node) === undefined).toBe(node === file.module)
    expect(file.parentOf(file.module.body[0] as Node)).toBe(file.module)
  })
})

test("a place and a source are those of the node", () => {
  const file: PyFile = readFile("app/a.py", "x = f(1)\n")
  const [assign] = file.module.body
  if (assign?.kind !== "Assign") throw new Error("no assignment")
  expect(file.at(assign.value)).toEqual({ path: "app/a.py", start: 4, end: 8 })
  expect(file.source(assign.value)).toBe("f(1)")
})

describe("distil", () => {
  const text = `"""${"About. ".repeat(10)}"""\nimport os.path as p\nfrom a.b import c\n\ndef f(x, *, y: int = 1):\n    """Does it."""\n    return c.d(x, key=p)\n\nLONG = "${"x".repeat(3000)}"\n`

  test("drops what docstrings say and cuts long texts, and leaves the file as it was", () => {
    const file = readFile("a.py", text)
    const before = JSON.stringify(file.module)
    const { tree } = distil(file)
    expect(tree.body[0]).toMatchObject({ kind: "Expr", value: { kind: "Constant", type: "str", value: "" } })
    expect(tree.body[3]).toMatchObject({ name: "f", body: [{ kind: "Expr", value: { value: "" } }, { kind: "Return" }] })
    expect(tree.body[4]).toMatchObject({ value: { value: "x".repeat(2000) } })
    expect(JSON.stringify(file.module)).toBe(before)
  })

  test("lists every identifier once", () => {
    expect(distil(readFile("a.py", text)).mentions.sort()).toEqual([
      "LONG",
      "a",
      "b",
      "c",
      "d",
      "f",
      "int",
      "key",
      "os",
      "p",
      "path",
      "x",
      "y",
    ])
  })
})
