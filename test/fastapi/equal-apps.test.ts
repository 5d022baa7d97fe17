/** A factory that is called again and again builds the same application. */
import { beforeAll, expect, test } from "vitest"
import { loadGrammarForTests } from "../grammar.ts"
import { linked } from "./linked.ts"

beforeAll(loadGrammarForTests)

const FACTORY = `
from fastapi import APIRouter, FastAPI

def create_app(title="shop", extra=None):
    app = FastAPI(title=title)
    router = APIRouter(prefix="/items")

    @router.get("/")
    def items():
        return []

    app.include_router(router)
    if extra:
        app.include_router(extra)
    return app

def launch(title="shop"):
    app = create_app(title)
    return None
`

test("apps that a factory builds alike, and that nothing holds, are one", () => {
  const project = linked({
    "factory.py": FACTORY,
    "one.py": "from factory import launch\nlaunch()\n",
    "two.py": "from factory import launch\nlaunch()\nlaunch()\n",
  })
  expect(project.apps.map(({ name }) => name)).toEqual(["factory:create_app()"])
  expect(project.routes.map(({ path }) => path.known && path.value)).toEqual(["/items/"])
  expect(project.routers).toHaveLength(2)
  // One that is served, and one of the factory's body, which is played by itself too.
  expect(project.functions.filter(({ name }) => name === "items")).toHaveLength(2)
})

test("apps that are given different things, or have names, are several", () => {
  const project = linked({
    "factory.py": FACTORY,
    "one.py": "from factory import launch\nlaunch('a')\nlaunch('b')\n",
    "two.py": "from factory import create_app\nfirst = create_app()\nsecond = create_app()\n",
  })
  expect(project.apps.map(({ name }) => name)).toEqual(["factory:create_app()", "factory:create_app()", "two:first", "two:second"])
})

test("a function that is called without end is not followed without end, and it is told", () => {
  const calls = Array.from({ length: 600 }, (_, i) => `build(${i})\n`).join("")
  const body = Array.from({ length: 100 }, (_, i) => `    x${i} = number\n`).join("")
  const project = linked({ "many.py": `from fastapi import FastAPI\n\ndef build(number):\n${body}    return FastAPI()\n\n${calls}` })
  expect(project.unseen).toContainEqual(expect.objectContaining({ what: "bound", why: "called from too many places to follow every call" }))
})
