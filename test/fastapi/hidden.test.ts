import { describe, expect, test } from "vitest"
import { hiddenRoutes, type Mounted, type Route } from "#fastapi"
import { loadGrammarForTests } from "../grammar.ts"
import { linked } from "./linked.ts"

await loadGrammarForTests()

const pathOf = ({ path }: Route | Mounted): string => (path.known ? path.value : "?")

const hidden = (source: string, versions = {}): string[] =>
  [...hiddenRoutes(linked(source, { versions }))].map(
    ({ later, by, methods, equal }) => `${methods.join()} ${pathOf(later)} ${equal ? "=" : "<"} ${pathOf(by)}`,
  )

const APP = "from fastapi import APIRouter, FastAPI\nimport os\napp = FastAPI()\ndef f(): ...\ndef g(): ...\n"

describe("hiddenRoutes", () => {
  test("tells what answers instead, the same path before a wider one", () => {
    expect(hidden(`${APP}app.get("/{a}")(f)\napp.get("/x")(f)\napp.get("/x")(g)\n`)).toEqual(["GET /x < /{a}", "GET /x = /x"])
  })

  test("only shared methods are lost", () => {
    expect(hidden(`${APP}app.api_route("/x", methods=["GET", "PUT"])(f)\napp.api_route("/x", methods=["PUT", "POST"])(g)\n`)).toEqual([
      "PUT /x = /x",
    ])
  })

  test("a router under two prefixes counts once", () => {
    const router = `${APP}r = APIRouter()\nr.get("/{a}")(f)\nr.get("/x")(g)\napp.include_router(r, prefix="/1")\napp.include_router(r, prefix="/2")\n`
    expect(hidden(router)).toEqual(["GET /1/x < /1/{a}"])
  })

  test("a router that no app includes is looked at by itself", () => {
    expect(hidden(`${APP}r = APIRouter()\nr.get("/x")(f)\nr.get("/x")(g)\n`)).toEqual(["GET /x = /x"])
  })

  test("what may not be there hides nothing, unless both come by the same include", () => {
    const branch = `if os.environ.get("X"):\n    app.get("/x")(f)\n`
    expect(hidden(`${APP}${branch}app.get("/x")(g)\n`)).toEqual([])
    expect(hidden(`${APP}app.get("/x")(g)\n${branch}`)).toEqual([])
    const router = `r = APIRouter()\nr.get("/x")(f)\nr.get("/x")(g)\nif os.environ.get("X"):\n    app.include_router(r)\n`
    expect(hidden(`${APP}${router}`)).toEqual(["GET /x = /x"])
  })

  test("in an app that is built in a branch, its own routes are certain", () => {
    const factory = `from fastapi import FastAPI\nimport os\ndef f(): ...\ndef make():\n    app = FastAPI()\n    app.get("/x")(f)\n    app.get("/x")(f)\n    return app\nif os.environ.get("X"):\n    app = make()\n`
    expect(hidden(factory)).toEqual(["GET /x = /x"])
  })

  test("a mount in an included router exists since FastAPI 0.137", () => {
    const mounted = `${APP}r = APIRouter()\nr.mount("/s", f)\napp.include_router(r)\napp.get("/s/x")(g)\n`
    expect(hidden(mounted)).toEqual(["GET /s/x < /s"])
    expect(hidden(mounted, { fastapi: "0.136.0" })).toEqual([])
  })
})

test("middleware says whether it is certain, and what decides", () => {
  const project = linked(`${APP}if app.debug:\n    if app.title:\n        app.add_middleware(object)\napp.add_middleware(int)\n`)
  const [certain, perhaps] = project.apps[0]?.middleware ?? []
  expect(certain).toMatchObject({ maybe: false })
  expect(perhaps).toMatchObject({ maybe: true, reads: ["debug", "app", "title", "app"] })
})

test("the outcome of a call is what the callee gives with these arguments", () => {
  const project = linked("def made(status):\n    text = 'x'\n    return status\ndef asks():\n    return made(204)\n")
  const call = project.functions.find((fn) => fn.name === "asks")?.events.find((event) => event.is === "call")
  expect(call && project.outcome(call)).toMatchObject({ is: "literal", value: 204 })
})
