import { beforeAll, expect, test } from "vitest"
import { loadGrammarForTests } from "../grammar.ts"
import { linked, routeOf, written } from "./linked.ts"

beforeAll(loadGrammarForTests)

/** Names that only `if TYPE_CHECKING:` imports do not exist when FastAPI reads a signature (`ForwardRef` in its own words). */
const source = (first: string, signature: string) => `${first}
from typing import TYPE_CHECKING, Annotated, Literal
from fastapi import Depends, FastAPI
if TYPE_CHECKING:
    from fastapi import Request
    from decimal import Decimal
app = FastAPI()
def get(): ...
@app.get("/x")
def read${signature}: ...
`
const POSTPONED = "from __future__ import annotations"

test.each([
  [POSTPONED, "(r: Request)", ["query r: ForwardRef('Request')"]],
  ["", '(r: "Request")', ["query r: ForwardRef('Request')"]],
  ["", '(r: "Decimal | None" = None)', ["query r?: ForwardRef('Decimal | None')"]],
  [POSTPONED, '(r: Literal["Decimal"])', ["query r: Literal['Decimal']"]],
])("%s read%s", (first, signature, params) => {
  expect(routeOf(linked(source(first, signature)), "GET /x").params.map(written)).toEqual(params)
})

test("the marker in an `Annotated` that is text is not seen, and beside one it is", () => {
  const asked = (first: string, type: string) =>
    routeOf(linked(source(first, `(r: ${type})`)), "GET /x").dependencies.map(({ param }) => param)
  expect(asked(POSTPONED, "Annotated[Decimal, Depends(get)]")).toEqual([])
  expect(asked("", 'Annotated["Decimal", Depends(get)]')).toEqual(["r"])
})

test("a return annotation stays a reference", () => {
  expect(routeOf(linked(source("", '() -> "Decimal"')), "GET /x").response).toMatchObject({
    from: "annotation",
    type: { text: "ForwardRef('Decimal')" },
  })
})
