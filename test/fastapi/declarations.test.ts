import { expect, test } from "vitest"
import { type Declaration, declarations, isQueryable, markerName, unfitPart } from "#fastapi"
import { loadGrammarForTests } from "../grammar.ts"
import { linked, routeOf } from "./linked.ts"

await loadGrammarForTests()

const source = `
from typing import Annotated
from elsewhere import decorated, marker
from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query
from pydantic import BaseModel, Field, PlainValidator

app = FastAPI()
router = APIRouter(prefix="/teams/{team}")

class Plain: ...
class Item(BaseModel):
    name: str

def paging(limit: Annotated[int, Field(ge=1), Query()] = 10): ...

def session(): ...

@router.get("/items/{id}")
def read(id: int, team: Annotated[int, Path()], org: int = Header(...), odd: Annotated[int, marker] = 1, page=Depends(paging)): ...

@router.get("/x")
@decorated
def changed(name: str): ...

@app.get("/types")
def types(a: Plain, b: dict[str, Plain | None], c: Annotated[Plain, PlainValidator(str)], d: [int], e: Item, f: list[int], g: list[Item], h=Depends(session())): ...

app.include_router(router, prefix="/{org}")
`

const project = linked(source)
const all = [...declarations(project)]
const named = (name: string) => all.find((one) => one.name === name) as Declaration

test("a parameter is taken apart into type, markers and default, for endpoints and their dependencies", () => {
  const { inAnnotated, plain, type, declaredBy, hidden } = named("limit")
  expect([declaredBy.name, inAnnotated.map(markerName), type, plain, hidden]).toMatchObject([
    "paging",
    ["Query"],
    { name: "builtins.int" },
    { value: 10 },
    false,
  ])
  const { asDefault } = named("org")
  expect(asDefault && markerName(asDefault)).toBe("Header")
})

test("where its name stands is told apart: in the path that is registered, in the prefix of an include, or not at all", () => {
  expect(["id", "team", "org", "limit"].map((name) => named(name).inPath)).toEqual(["own", "own", "prefix", "no"])
})

test("what may be a marker, and a decorator that may change the signature, are said to hide something", () => {
  expect(["odd", "name", "id"].map((name) => named(name).hidden)).toEqual([true, true, false])
})

test("types that Pydantic has no schema for are found inside others, unless metadata may bring one", () => {
  const parts = ["a", "b", "c", "d", "e"].map((name) =>
    unfitPart(project, named(name).annotation as NonNullable<Declaration["annotation"]>),
  )
  expect(parts.map((part) => part && `${part.is}: ${part.text}`)).toEqual([
    "class: main.Plain",
    "class: main.Plain",
    undefined,
    "no type: a list",
    undefined,
  ])
})

test("a query holds scalars, lists of them and, since 0.115, a model", () => {
  const ask = (version: string, name: string) => {
    const of = linked(source, { versions: { fastapi: version } })
    return isQueryable(of, [...declarations(of)].find((one) => one.name === name)?.type as NonNullable<Declaration["type"]>)
  }
  expect(["e", "f", "g"].map((name) => ask("0.115.0", name))).toEqual([true, true, false])
  expect(ask("0.114.0", "e")).toBe(false)
})

test("a dependency keeps the call that asks for it, and which function was called there", () => {
  const asked = routeOf(project, "GET /types").dependencies[0]?.asked
  expect(asked?.called?.get(0)?.qualname).toBe("session")
})
