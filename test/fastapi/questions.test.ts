import { expect, test } from "vitest"
import type { LinkInput } from "#fastapi"
import { byWeight, publicQuestions } from "#fastapi"
import { loadGrammarForTests } from "../grammar.ts"
import { linked, routeOf } from "./linked.ts"

await loadGrammarForTests()

const imports = `
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.security import HTTPBearer, OAuth2PasswordBearer
`
const link = `
class Link: ...
async def verify_link(token: str, db=None) -> Link:
    link = await db.get(Link, token)
    if not link:
        raise HTTPException(404)
    return link
`
const none = { dependencies: [], notAuth: [], public: [] }
const asked = (source: string | Record<string, string>, more: Omit<LinkInput, "modules"> = {}) =>
  linked(typeof source === "string" ? imports + source : source, more).questions.toSorted(byWeight)
/** `dependency main.verify_link: 2`, by the first answer. */
const short = (...given: Parameters<typeof asked>) =>
  asked(...given).map(({ kind, answers, decides }) => `${kind} ${answers[0]?.values.join()}: ${decides.length}`)

test("a dependency that may be a guard, with what speaks for and against it", () => {
  const [question, ...others] = asked(`${link}
app = FastAPI()
@app.get("/a", dependencies=[Depends(verify_link)])
def a(): ...
@app.get("/b")
def b(link: Link = Depends(verify_link)): ...
`)
  expect(others).toEqual([])
  expect(question).toMatchObject({
    kind: "dependency",
    asks: "Does `verify_link` authenticate the caller?",
    for: ["takes a credential-like parameter (`token`)", "raises on failure", "is named as if it did"],
    against: ["raises 404, never 401 or 403", "returns a Link, not a user"],
    answers: [
      { says: "yes", key: "dependencies", values: ["main.verify_link"] },
      { says: "no", key: "not-auth", values: ["main.verify_link"] },
    ],
  })
  expect(question?.decides.map(({ endpoint }) => endpoint?.name)).toEqual(["a", "b"])
  expect(question?.lines).toHaveLength(3)
})

test("the dependency that decides most is asked about, and what it settles is not asked again", () => {
  const source = `${link}
def admin_link(link=Depends(verify_link)): ...
app = FastAPI()
@app.get("/a", dependencies=[Depends(admin_link)])
def a(): ...
@app.get("/b", dependencies=[Depends(verify_link)])
def b(): ...
`
  expect(short(source)).toEqual(["dependency main.verify_link: 2"])
  expect(short(source, { auth: { ...none, notAuth: ["main.verify_link"] } })).toEqual(["dependency main.admin_link: 1"])
  expect(short(source, { auth: { ...none, dependencies: ["verify_link"] } })).toEqual([])
})

test("a bare scheme is called by the name that holds it, and only asked about where nothing may check it", () => {
  const source = (second: string) => `
bearer = HTTPBearer()
def read_token(token=Depends(bearer)): return token
app = FastAPI()
@app.get("/a", dependencies=[Depends(bearer)])
def a(): ...
@app.get("/b", dependencies=[Depends(${second})])
def b(): ...
`
  expect(short(source("bearer"))).toEqual(["scheme main.bearer: 2"])
  expect(short(source("read_token"))).toEqual(["dependency main.read_token: 1", "scheme main.bearer: 1"])
  expect(short(source("HTTPBearer()"))).toEqual(["scheme main.bearer: 1", "scheme fastapi.security.HTTPBearer: 1"])
  const project = linked(imports + source("bearer"), { auth: { ...none, dependencies: ["main.bearer"] } })
  expect(project.questions).toEqual([])
  expect(routeOf(project, "GET /a").auth).toMatchObject({ answer: "yes", level: "decorator" })
})

const gate = `
class Gate:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send):
        if scope["path"] != "/" and not verify_token(scope["headers"]):
            raise HTTPException(401)
app = FastAPI()
app.add_middleware(Gate)
@app.get("/a")
def a(): ...
`

test.each([
  [none, "unknown", ["middleware main.Gate: 1"]],
  [{ ...none, dependencies: ["main.Gate"] }, "yes", []],
  [{ ...none, notAuth: ["main.Gate"] }, "no", []],
])("a middleware is answered for like a dependency (%#)", (auth, answer, questions) => {
  const project = linked(imports + gate, { auth })
  expect(routeOf(project, "GET /a").auth.answer).toBe(answer)
  expect(short(gate, { auth })).toEqual(questions)
})

test("a function that may check the caller itself is asked about, but not where the path says that it is public", () => {
  const source = (path: string) => `
app = FastAPI()
@app.post("${path}")
def act(token: str) -> Order:
    if not check(token): raise Missing()
class Order: ...
class Missing(Exception): ...
`
  expect(asked(source("/orders"))[0]).toMatchObject({ kind: "route", asks: "Does POST /orders check the caller itself, in `act`?" })
  expect(asked(source("/orders"))[0]?.against).toEqual(["raises `Missing`, never 401 or 403"])
  expect(asked(source("/login"))).toEqual([])
  expect(asked(source("/orders"), { auth: { ...none, public: ["POST /orders"] } })).toEqual([])
  const auth = { ...none, notAuth: ["main.act"] }
  expect(routeOf(linked(imports + source("/orders"), { auth }), "POST /orders").auth.answer).toBe("no")
})

test("dependencies that could not be read are settled by the names of the endpoints", () => {
  const source = `
from elsewhere import guards
router = APIRouter(dependencies=guards)
@router.get("/a")
def a(): ...
@router.get("/b")
def b(): ...
app = FastAPI()
app.include_router(router)
`
  expect(short(source)).toEqual(["gap main.a,main.b: 2"])
  expect(short(source, { auth: { ...none, dependencies: ["main.a", "main.b"] } })).toEqual([])
})

test("an endpoint whose signature could not be read", () => {
  const source = `
from elsewhere import signature
def act(x: int): ...
act.__signature__ = signature
app = FastAPI()
app.post("/orders")(act)
`
  expect(short(source)).toEqual(["gap main.act: 1"])
  const auth = { ...none, notAuth: ["main.act"] }
  expect(routeOf(linked(imports + source, { auth }), "POST /orders").auth.answer).toBe("no")
})

const two = {
  "a.py": `from fastapi import FastAPI\nfrom b import inner\nfrom c import other\nouter = FastAPI()\nouter.mount("/in", inner)\n@outer.get("/x")\ndef x(): ...\n@outer.get("/y")\ndef y(): ...`,
  "b.py": `from fastapi import FastAPI\ninner = FastAPI()\n@inner.get("/x")\ndef x(): ...`,
  "c.py": `from fastapi import FastAPI\nother = FastAPI()\n@other.get("/x")\ndef x(): ...`,
}

test("several apps, of which none is part of another", () => {
  expect(asked(two)).toMatchObject([
    {
      asks: "Which object is the app?",
      for: ["`a:outer` serves 2 routes", "`c:other` serves 1 route"],
      answers: [
        { says: "both", key: "apps", values: ["a:outer", "c:other"] },
        { says: "one", key: "apps", values: ["a:outer"] },
      ],
    },
  ])
  const chosen = linked(two, { apps: ["a:outer"] })
  expect(chosen.questions).toEqual([])
  expect(chosen.apps.map(({ name }) => name)).toEqual(["b:inner", "a:outer"])
})

test("open routes, one question for each file", () => {
  const project = linked(`${imports}
app = FastAPI()
@app.post("/a/{id}")
def a(id: int): ...
@app.post("/b")
def b(): ...
`)
  const questions = publicQuestions(project.routes, () => 2)
  expect(questions).toMatchObject([
    {
      asks: "Are 2 routes public on purpose: POST /a/{id}, POST /b?",
      for: ["tests send 4 requests to them"],
      answers: [{ says: "yes", key: "public", values: ["POST /a/{id}", "POST /b"] }],
    },
  ])
})

test("answers that match nothing", () => {
  const source = { "backend/app/deps.py": `${imports}${link}\napp = FastAPI()\n@app.get("/a/{id}")\ndef a(id: int): ...` }
  const auth = {
    dependencies: ["app.deps.verify_link", "app.deps.verify_lnk", "deps.*", "fastapi.security.HTTPBearer"],
    notAuth: ["verify_link", "erify_link", "app..deps"],
    public: ["GET /a/{item_id}", "get /a/{x}/", "GET /b", "app.deps.a", "/a/*", "app.dep.*"],
  }
  expect(linked(source, { auth }).deadAnswers.map(({ key, entry }) => `${key}: ${entry}`)).toEqual([
    "dependencies: app.deps.verify_lnk",
    "dependencies: fastapi.security.HTTPBearer",
    "not-auth: erify_link",
    "not-auth: app..deps",
    "public: GET /b",
    "public: app.dep.*",
  ])
})
