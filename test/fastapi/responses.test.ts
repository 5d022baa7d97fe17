import { describe, expect, test } from "vitest"
import type { Fn } from "#fastapi"
import { returnedResponses } from "../../src/fastapi/responses.ts"
import { modelFields } from "../../src/fastapi/signature/models.ts"
import { loadGrammarForTests } from "../grammar.ts"
import { linked, routeOf } from "./linked.ts"

await loadGrammarForTests()

const imports = `
from typing import Annotated, ClassVar, Optional, Generic, TypeVar
import dataclasses
from fastapi import FastAPI, status, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
app = FastAPI()
`

describe("response model", () => {
  const response = (route: string) => routeOf(linked(`${imports}class Item(BaseModel):\n  a: int\n${route}`), "GET /x").response
  const of = (route: string) => [response(route).from, response(route).type?.text]

  test.each([
    ["neither", '@app.get("/x")\ndef x(): ...', "none", undefined],
    ["the annotation", '@app.get("/x")\ndef x() -> list[Item]: ...', "annotation", "list[main.Item]"],
    ["the argument before the annotation", '@app.get("/x", response_model=Item)\ndef x() -> dict: ...', "response_model", "main.Item"],
    ["None switches it off", '@app.get("/x", response_model=None)\ndef x() -> Item: ...', "none", undefined],
    ["a response is no model", '@app.get("/x")\ndef x() -> JSONResponse: ...', "response", "starlette.responses.JSONResponse"],
    [
      "a class of a library that we do not know may be a response",
      'from lib import Thing\n@app.get("/x")\ndef x() -> Thing: ...',
      "unknown",
      "lib.Thing",
    ],
    ["options passed by **", 'import lib\n@app.get("/x", **lib.options)\ndef x() -> Item: ...', "unknown", undefined],
  ])("%s", (_, route, from, type) => {
    expect(of(route)).toEqual([from, type])
  })
})

test("a status that is read from elsewhere is not known", () => {
  const project = linked(
    `${imports}import lib\n@app.get("/x", status_code=lib.code())\ndef x(): ...\n@app.post("/x", status_code=status.HTTP_201_CREATED)\ndef y(): ...\n`,
  )
  expect(routeOf(project, "GET /x").statusCode.known).toBe(false)
  expect(routeOf(project, "POST /x").statusCode).toEqual({ known: true, value: 201 })
})

describe("does an endpoint return responses itself?", () => {
  const answer = (body: string) => {
    const project = linked(`${imports}
templates = Jinja2Templates("t")
def ok(data) -> JSONResponse:
    log = print(data)
    return JSONResponse({"data": data})
@app.get("/x")
def x(request: Request, flag: bool):
${body.replace(/^/gm, "    ")}
`)
    return returnedResponses(project, routeOf(project, "GET /x").endpoint as Fn)
  }
  test.each([
    ["always", "return JSONResponse({})"],
    ["always", "if flag:\n    return RedirectResponse('/')\nraise HTTPException(404)"],
    ["always", "return templates.TemplateResponse(request, 'x.html')"],
    ["always", "return ok(1)"],
    ["sometimes", "if flag:\n    return RedirectResponse('/')\nreturn {'a': 1}"],
    ["sometimes", "if flag:\n    return Response(status_code=204)"],
    ["never", "return {'a': 1}"],
    ["never", "print(1)"],
    ["unknown", "import lib\nreturn lib.answer()"],
    ["unknown", "import lib\nif flag:\n    return JSONResponse({})\nreturn lib.answer()"],
  ])("%s: %s", (expected, body) => {
    expect(answer(body)).toBe(expected)
  })
})

describe("fields of a model", () => {
  const fields = (source: string, name: string) => {
    const project = linked(imports + source)
    const value = project.classes.find((cls) => cls.qualname === name)
    if (!value) throw new Error(`no ${name}`)
    const found = modelFields(project, value)
    return found.known
      ? found.value.map(
          (field) =>
            `${field.alias.known ? field.alias.value : "?"}${field.required.known && field.required.value ? "" : "?"}: ${field.type.text}`,
        )
      : undefined
  }

  test("come from bases first, without private names, class variables and configuration", () => {
    expect(
      fields(
        `
class Base(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: int
    name: str = "x"
class Item(Base):
    KIND: ClassVar[str] = "item"
    _cache: dict = PrivateAttr({})
    name: Optional[str]
    price: Annotated[float, Field(gt=0)] = Field(alias="Price")
    tags: list[str] = Field(default_factory=list)
`,
        "Item",
      ),
    ).toEqual(["id: int", "name: str | None", "Price: float", "tags?: list[str]"])
  })

  test("have aliases that are not known where a generator makes them", () => {
    expect(fields("class Item(BaseModel):\n    model_config = ConfigDict(alias_generator=str.upper)\n    a: int\n", "Item")).toEqual([
      "?: int",
    ])
  })

  test("of a dataclass", () => {
    expect(fields("@dataclasses.dataclass\nclass D:\n    a: int\n    b: str = dataclasses.field(default='x')\n", "D")).toEqual([
      "a: int",
      "b?: str",
    ])
  })

  test("are not known when a base is not", () => {
    expect(fields("from lib import Base\nclass Item(Base):\n    a: int\n", "Item")).toBeUndefined()
  })
})
