import { expect, test } from "vitest"
import { flatten } from "../../src/fastapi/dependencies.ts"
import { pathNames } from "../../src/fastapi/signature/params.ts"
import { loadGrammarForTests } from "../grammar.ts"
import { linked, routeOf, written } from "./linked.ts"

await loadGrammarForTests()

const imports = `
from typing import Annotated
from fastapi import APIRouter, Depends, FastAPI, Request, Security
from fastapi.security import HTTPBearer, OAuth2PasswordBearer
app = FastAPI()
`
const dependencies = (source: string, name = "GET /x") => routeOf(linked(imports + source), name).dependencies

test("sub-dependencies come first, and what is cached comes once", () => {
  const found = dependencies(`
def db(): yield 1
def user(d=Depends(db)): ...
def fresh(): ...
@app.get("/x", dependencies=[Depends(user)])
def x(d=Depends(db), u=Depends(user), a=Depends(fresh, use_cache=False), b=Depends(fresh, use_cache=False)): ...
`)
  expect(found.map((d) => [d.name, d.level])).toEqual([
    ["main:db", "parameter"],
    ["main:user", "decorator"],
    ["main:fresh", "parameter"],
    ["main:fresh", "parameter"],
  ])
})

test("the same function asked for by different levels keeps the order of FastAPI", () => {
  const found = linked(`${imports}
def a(): ...
def b(): ...
def c(): ...
def d(): ...
app = FastAPI(dependencies=[Depends(a)])
router = APIRouter(dependencies=[Depends(c)])
@router.get("/x", dependencies=[Depends(d)])
def x(): ...
app.include_router(router, dependencies=[Depends(b)])
`).apps.flatMap((app) => app.routes)[0]?.dependencies
  expect(found?.map((dependency) => [dependency.name, dependency.level])).toEqual([
    ["main:a", "app"],
    ["main:b", "include"],
    ["main:c", "router"],
    ["main:d", "decorator"],
  ])
})

test("security schemes are objects: FastAPI's, or of a class of the project; the class alone is none", () => {
  const found = dependencies(`
class Mine(HTTPBearer):
    async def __call__(self, request: Request): ...
scheme = OAuth2PasswordBearer(tokenUrl="t")
@app.get("/x")
def x(a=Depends(scheme), b=Depends(Mine()), c=Depends(HTTPBearer)): ...
`)
  expect(found.map((d) => [d.name, d.security])).toEqual([
    ["fastapi.security.OAuth2PasswordBearer()", true],
    ["main:Mine", true],
    ["fastapi.security.HTTPBearer", false],
  ])
})

test("scopes flow down and tell results apart only where something reads them", () => {
  const found = dependencies(`
scheme = OAuth2PasswordBearer(tokenUrl="t")
def user(token=Depends(scheme)): ...
def plain(): ...
@app.get("/x")
def x(a=Security(user, scopes=["a"]), b=Security(user, scopes=["b"]), c=Security(plain, scopes=["a"]), d=Security(plain, scopes=["b"])): ...
`)
  expect(found.map((d) => `${d.name} ${d.scopes.join()}`)).toEqual([
    "fastapi.security.OAuth2PasswordBearer() a",
    "main:user a",
    "fastapi.security.OAuth2PasswordBearer() b",
    "main:user b",
    "main:plain a",
  ])
})

test("a cycle ends", () => {
  const found = dependencies(`
class Node:
    def __init__(self, depth: int, parent: "Node" = Depends()): ...
@app.get("/x")
def x(node: Node = Depends()): ...
`)
  expect(found.map((d) => d.name)).toEqual(["main:Node"])
})

test("what is called is known through factories, constants, functions that return Depends, and Depends() of a type", () => {
  const found = dependencies(`
class Page:
    def __init__(self, limit: int = 10): ...
class Allow:
    def __init__(self, role): ...
    def __call__(self, token: str): ...
def needs(role):
    def check(role: str): ...
    return check
def require(role): return Depends(needs(role))
AUTH = Depends(Allow("admin"))
@app.get("/x", dependencies=[AUTH, require("x")])
def x(page: Page = Depends(), again: Annotated[Page, Depends()] = None): ...
`)
  expect(found.map((d) => [d.name, d.call?.qualname, d.params.map(written).join()])).toEqual([
    ["main:Allow", "Allow.__call__", "query token: str"],
    ["main:needs.<locals>.check", "needs.<locals>.check", "query role: str"],
    ["main:Page", "Page.__init__", "query limit?: int"],
  ])
})

test("what is not understood has no name, and is said to be unseen", () => {
  const project = linked(`${imports}
import missing
@app.get("/x")
def x(a=Depends(missing.make()), b=Depends(table["x"])): ...
`)
  expect(routeOf(project, "GET /x").dependencies.map((d) => [d.name, d.call])).toEqual([
    ["missing.make()", undefined],
    [undefined, undefined],
  ])
  expect(project.unseen.filter(({ what }) => what === "dependency")).toHaveLength(1)
})

test("a dependency's parameter that the path names is a path parameter there", () => {
  const [dependency] = dependencies(`
def owner(id: int): ...
@app.get("/x")
def x(o=Depends(owner)): ...
`)
  if (!dependency) throw new Error("missing")
  expect(dependency.params.map(written)).toEqual(["query id: int"])
  expect(flatten([dependency], pathNames({ known: true, value: "/items/{id:int}" })).flatMap((d) => d.params.map(written))).toEqual([
    "path id: int",
  ])
})

test("a class-based view is a dependency of its routes, with its annotated attributes", () => {
  const found = dependencies(`
from fastapi_utils.cbv import cbv
router = APIRouter()
def user(token: str): ...
class Base:
    who: str = Depends(user)
@cbv(router)
class Items(Base):
    page: int = 1
    _log: object = None
    @router.get("/x")
    def x(self, q: str): ...
app.include_router(router)
`)
  expect(found.map((d) => [d.name, d.params.map(written).join()])).toEqual([
    ["main:user", "query token: str"],
    ["main:Items", "query page?: int"],
  ])
})

test("self of a method that nothing binds is a query parameter", () => {
  const project = linked(`${imports}
class Items:
    @app.get("/x")
    def x(self, q: str): ...
`)
  expect(routeOf(project, "GET /x").params.map(written)).toEqual(["query self: Any", "query q: str"])
})
