/** The calls of libraries that run before the first request, and the words for start-up rules. */
import { beforeAll, describe, expect, test } from "vitest"
import { hasPydantic2, hasStarlette1, type LibraryCall, type Project } from "#fastapi"
import { loadGrammarForTests } from "../grammar.ts"
import { linked } from "./linked.ts"

beforeAll(loadGrammarForTests)

const named = (project: Project, name: string): LibraryCall[] => project.calls.filter((call) => call.name === name)

describe("calls of libraries", () => {
  test("are kept in the order in which they run, functions that build the app included", () => {
    const { calls } = linked(`
from fastapi import APIRouter, FastAPI
router = APIRouter(prefix="/a")
def create_app():
    app = FastAPI()
    app.include_router(router)
    return app
app = create_app()
`)
    expect(calls.map(({ name }) => name)).toEqual(["fastapi.APIRouter", "fastapi.FastAPI", "fastapi.FastAPI().include_router"])
  })

  test("tell whether they may be left out", () => {
    const project = linked(`
import os
from fastapi import FastAPI
from fastapi.security import HTTPBearer
app = FastAPI()
if os.getenv("DEBUG"):
    one = HTTPBearer()
try:
    two = HTTPBearer()
except TypeError:
    two = None
three = HTTPBearer()
`)
    expect(named(project, "fastapi.security.HTTPBearer").map(({ maybe, isGuarded }) => [maybe, isGuarded])).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ])
  })

  test("tell at whose start they run", () => {
    const project = linked(`
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def lifespan(app):
    app.add_middleware(print)
    yield
app = FastAPI(lifespan=lifespan)
app.add_middleware(str)
`)
    const [before, at] = named(project, "fastapi.FastAPI().add_middleware")
    expect(before?.starting).toBeUndefined()
    expect(at?.starting).toBe(project.apps[0])
  })

  test("in bodies that only run with a request are none of them", () => {
    const project = linked(`
from fastapi import FastAPI
from fastapi.security import HTTPBearer
app = FastAPI()
@app.get("/")
def read():
    return HTTPBearer()
`)
    expect(named(project, "fastapi.security.HTTPBearer")).toEqual([])
  })
})

describe("versions that follow from FastAPI's", () => {
  const versionsOf = (pins: Record<string, string>) => linked("", { versions: pins }).versions

  test.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ pydantic: "1.10.2" }, false],
    [{ fastapi: "0.99.1" }, false],
    [{ fastapi: "0.100.0" }, true],
    [{ fastapi: "0.100.0", pydantic: "1.10" }, false],
  ])("%o: Pydantic 2 is %s", (pins, expected) => expect(hasPydantic2(versionsOf(pins))).toBe(expected))

  test.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ fastapi: "0.132.0" }, false],
    [{ fastapi: "0.133.0" }, true],
    [{ fastapi: "0.140.0", starlette: "0.52.1" }, false],
  ])("%o: Starlette 1 is %s", (pins, expected) => expect(hasStarlette1(versionsOf(pins))).toBe(expected))
})
