import { expect, test } from "vitest"
import { roleOf } from "#python"
import { loadGrammarForTests } from "../grammar.ts"
import { linked } from "./linked.ts"

await loadGrammarForTests()

const ROUTER = 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.get("/a")\ndef a(): ...\n'
const APP = "from fastapi import FastAPI\nfrom shop.items import router\napp = FastAPI()\napp.include_router(router)\n"
const role = (path: string) => roleOf(path)
const unseen = (files: Record<string, string>) => linked(files, { role }).unseen.map(({ at, what, why }) => `${at.path} ${what}: ${why}`)

test("a router that only a test includes is served by no app of the project, and told", () => {
  const files = { "shop/items.py": ROUTER, "tests/test_items.py": APP, "shop/main.py": "from fastapi import FastAPI\napp = FastAPI()\n" }
  expect(unseen(files)).toEqual(["shop/items.py router: no app was seen to include it, so its route belongs to none"])
  expect(linked(files, { role }).routes.map(({ app, path }) => [app?.name, path])).toEqual([[undefined, { known: true, value: "/a" }]])
})

test("all routes below count, and not the includes", () => {
  const outer = `${ROUTER}@router.get("/b")\ndef b(): ...\nouter = APIRouter()\nouter.include_router(router)\n`
  expect(unseen({ "shop/items.py": outer })).toEqual([
    "shop/items.py router: no app was seen to include it, so its 2 routes belong to none",
  ])
})

test("a router of a class of the project is at home where it is filled", () => {
  const own = "from fastapi import APIRouter\nclass Own(APIRouter):\n    def __init__(self):\n        super().__init__()\n"
  const used = 'from shop.own import Own\nrouter = Own()\n@router.get("/a")\ndef a(): ...\n'
  expect(unseen({ "shop/own.py": own, "shop/items.py": used })).toEqual([
    "shop/items.py router: no app was seen to include it, so its route belongs to none",
  ])
})

test("a bound that is hit when a body is played for a rule is among what was not understood", () => {
  const depth = 400
  const chain = Array.from({ length: depth }, (_, i) => `def f${i}(n):\n    return f${i + 1}(n)\n`).join("")
  const project = linked(`${chain}def f${depth}(n):\n    return n\n`)
  const before = project.unseen.length
  for (const fn of project.functions) void fn.events
  const found = project.unseen.slice(before)
  expect(new Set(found.map(({ what }) => what))).toEqual(new Set(["bound"]))
  expect(new Set(found.map(({ at, why }) => `${at.start} ${why}`)).size).toBe(found.length)
})
