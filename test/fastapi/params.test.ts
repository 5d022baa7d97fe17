import { describe, expect, test } from "vitest"
import { knownNumber, knownText } from "#python"
import { loadGrammarForTests } from "../grammar.ts"
import { linked, routeOf, written } from "./linked.ts"

await loadGrammarForTests()

const imports = `
from typing import Annotated, Optional
import enum
from fastapi import APIRouter, Body, Depends, FastAPI, File, Form, Header, Path, Query, Request, UploadFile
from pydantic import BaseModel, Field, conint
app = FastAPI()
`

/** The parameters of `GET /x` for a signature. */
const params = (signature: string, before = "", path = "/x") =>
  routeOf(linked(`${imports}${before}\n@app.get("${path}")\ndef x(${signature}): ...\n`), `GET ${path}`).params
const places = (signature: string, before = "", path?: string) => params(signature, before, path).map(written)

describe("where a parameter is read from", () => {
  test("a marker inside Optional is lost: the dependency becomes a query parameter", () => {
    expect(places("user: Optional[Current] = None", "def who(): ...\nCurrent = Annotated[str, Depends(who)]")).toEqual([
      "query user?: str | None",
    ])
    expect(places("user: Current", "def who(): ...\nCurrent = Annotated[str, Depends(who)]")).toEqual(["dependency user: str"])
  })

  test("a marker that is not called is none", () => {
    expect(places("a: Annotated[str, Header]")).toEqual(["query a: str"])
  })

  test("a path parameter loses its default, unless it has a marker of its own", () => {
    expect(places("a: int = 5, b: str = Query('x')", "", "/{a}/{b}")).toEqual(["path a: int", "query b?: str"])
  })

  test("containers that do not say what they hold are files", () => {
    expect(places("a: list, b: list[int], c: dict")).toEqual(["file a: list", "body b: list[int]", "body c: dict"])
  })

  test("a header's name has dashes, unless it says otherwise or has an alias", () => {
    expect(places("a_b: str = Header(), c_d: str = Header(convert_underscores=False), e: str = Header(alias='X-E')")).toEqual([
      "header a-b: str",
      "header c_d: str",
      "header X-E: str",
    ])
  })

  test("untyped parameters count as Any, and say so", () => {
    expect(params("request, r: Request").map((param) => [param.in, param.type.text, param.type.annotated])).toEqual([
      ["query", "Any", false],
      ["special", "starlette.requests.Request", true],
    ])
  })
})

describe("what is not known", () => {
  test.each([
    ["a type of a library that we do not know", "a: Thing", "from somewhere import Thing"],
    ["a default that may be a marker", "a: int = injected()", "from somewhere import injected"],
    ["metadata that may be a marker", "a: Annotated[int, injected()]", "from somewhere import injected"],
    ["a class with a base that is not known", "a: Thing", "from somewhere import Base\nclass Thing(Base): ..."],
    ["a class that a decorator may have changed", "a: Thing", "from somewhere import model\n@model\nclass Thing:\n  a: int"],
  ])("%s", (_, signature, before) => {
    expect(params(signature, before).map((param) => param.in)).toEqual(["unknown"])
  })

  test("but its name may be in the path, and a marker of ours decides", () => {
    expect(params("a: Thing, b: Thing = Query()", "from somewhere import Thing", "/{a}").map((param) => param.in)).toEqual([
      "path",
      "query",
    ])
  })

  test("with a path that is not known, a bare scalar may be a path parameter", () => {
    const source = `${imports}
import somewhere
router = APIRouter()
@router.get("/own/{a}")
def x(a: int, b: int, c: int = Query()): ...
app.include_router(router, prefix=somewhere.prefix())
`
    const [route] = linked(source).apps[0]?.routes ?? []
    expect(route?.params.map((param) => `${param.name} ${param.in}`)).toEqual(["a path", "b unknown", "c query"])
  })

  test("options passed by ** leave open whether a parameter is required", () => {
    expect(places("a: int = Query(**somewhere.options)", "import somewhere")).toEqual(["query a??: int"])
  })
})

describe("constraints", () => {
  const limits = (signature: string, before = "") =>
    params(signature, before).map(({ constraints }) =>
      [...constraints].map(([name, value]) => `${name}=${knownNumber(value) ?? knownText(value)}`).join(" "),
    )

  test("come from the marker, from Field, from aliases and from constrained types", () => {
    expect(
      limits(
        "a: int = Query(10, le=100), b: Annotated[int, Field(ge=1)] = 1, c: Limit = 5, d: conint(lt=9) = 1, e: Limit | None = None",
        "Limit = Annotated[int, Query(le=50)]",
      ),
    ).toEqual(["le=100", "ge=1", "le=50", "lt=9", "le=50"])
  })

  test("are empty where nothing limits", () => {
    expect(limits("a: int = 10, b: int = Query(5)")).toEqual(["", ""])
  })
})

test("types are resolved through imports, strings and aliases", () => {
  const project = linked({
    "app/__init__.py": "",
    "app/schemas.py":
      "from __future__ import annotations\nfrom pydantic import BaseModel\nclass Item(BaseModel):\n  a: int\nItems = list[Item]\n",
    "app/main.py": `from typing import Union, Optional
from fastapi import FastAPI
from app import schemas
from .schemas import Items
app = FastAPI()
@app.post("/x")
def x(a: "schemas.Item", b: Items, c: Optional["schemas.Item"], d: Union[schemas.Item, str, None]): ...
`,
  })
  expect(routeOf(project, "POST /x").params.map((param) => param.type.text)).toEqual([
    "app.schemas.Item",
    "list[app.schemas.Item]",
    "app.schemas.Item | None",
    "app.schemas.Item | str | None",
  ])
})

test("an alias with a type variable is filled in", () => {
  const before = "from typing import TypeVar\nT = TypeVar('T')\nclass A: ...\nDep = Annotated[T, Depends()]\nMany = list[T]"
  expect(places("a: Dep[A], b: Many[int] | None = Query(None)", before)).toEqual(["dependency a: main.A", "query b?: list[int] | None"])
})
