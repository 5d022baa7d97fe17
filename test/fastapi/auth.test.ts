import { expect, test } from "vitest"
import { isPublic } from "../../src/fastapi/auth/answers.ts"
import { loadGrammarForTests } from "../grammar.ts"
import { linked, routeOf } from "./linked.ts"

await loadGrammarForTests()

const imports = `
import functools, hmac, jwt
from typing import Annotated
from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, HTTPException, Request, Security, WebSocket, status
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer, OAuth2PasswordRequestForm
from starlette.middleware.base import BaseHTTPMiddleware
oauth2 = OAuth2PasswordBearer(tokenUrl="token")
def get_db():
    yield object()
def get_current_user(token: str = Depends(oauth2)):
    if token != "x":
        raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED)
app = FastAPI()
`
type Auth = NonNullable<Parameters<typeof linked>[1]>["auth"]
const authOf = (source: string, name = "POST /x", auth?: Auth) => routeOf(linked(imports + source, auth ? { auth } : {}), name).auth
/** `yes by main:guard at parameter`, as far as said. */
const said = (source: string, name?: string, auth?: Auth) => {
  const { answer, by, level } = authOf(source, name, auth)
  return [answer, ...(by ? [by.replace("main:", "")] : []), ...(level ? [level] : [])].join(" ")
}

test("nothing that runs asks who is calling", () => {
  const { answer, why } = authOf(`
@app.post("/x")
def x(db=Depends(get_db)): ...
`)
  expect(answer).toBe("no")
  expect(why).toBe("none of what runs for it asks who is calling: `get_db`")
})

test.each([
  ["app", `app = FastAPI(dependencies=[Depends(get_current_user)])\n@app.post("/x")\ndef x(): ...`, "yes get_current_user app"],
  [
    "router",
    `r = APIRouter(dependencies=[Depends(get_current_user)])\n@r.post("/x")\ndef x(): ...\napp.include_router(r)`,
    "yes get_current_user router",
  ],
  [
    "include",
    `r = APIRouter()\n@r.post("/x")\ndef x(): ...\napp.include_router(r, dependencies=[Depends(get_current_user)])`,
    "yes get_current_user include",
  ],
  ["decorator", `@app.post("/x", dependencies=[Depends(get_current_user)])\ndef x(): ...`, "yes get_current_user decorator"],
  ["parameter", `@app.post("/x")\ndef x(_: str = Depends(get_current_user)): ...`, "yes get_current_user parameter"],
  ["alias", `User = Annotated[str, Depends(get_current_user)]\n@app.post("/x")\ndef x(u: User): ...`, "yes get_current_user parameter"],
])("a dependency of the %s authenticates", (_, source, expected) => {
  expect(said(source)).toBe(expected)
})

test.each([
  ["a constant", `guard = Depends(get_current_user)\n@app.post("/x", dependencies=[guard])\ndef x(): ...`],
  [
    "a function that returns Depends",
    `def Guard(): return Depends(get_current_user)\n@app.post("/x", dependencies=[Guard()])\ndef x(): ...`,
  ],
  [
    "a factory",
    `def guard(required=True): return get_current_user if required else get_db\n@app.post("/x", dependencies=[Depends(guard())])\ndef x(): ...`,
  ],
  [
    "an object with __call__",
    `class Roles:\n    def __init__(self, role): self.role = role\n    def __call__(self, user=Depends(get_current_user)):\n        if user.role != self.role: raise HTTPException(403)\n@app.post("/x", dependencies=[Depends(Roles("a"))])\ndef x(): ...`,
  ],
  [
    "a bound method of a service",
    `class Users:\n    def current(self, token: str = Depends(oauth2)):\n        return self.check(token)\n    def check(self, token):\n        raise HTTPException(401)\nusers = Users()\n@app.post("/x")\ndef x(u=Depends(users.current)): ...`,
  ],
  [
    "a header",
    `def guard(x_api_key: str = Header()):\n    if x_api_key != "k": raise HTTPException(403)\n@app.post("/x", dependencies=[Depends(guard)])\ndef x(): ...`,
  ],
  [
    "the project's own exception",
    `class NotAuthenticated(Exception): ...\ndef guard(request: Request):\n    if not request.session.get("user"): raise NotAuthenticated()\n@app.post("/x", dependencies=[Depends(guard)])\ndef x(): ...`,
  ],
  [
    "a scheme of its own",
    `class JWTBearer(HTTPBearer):\n    async def __call__(self, request: Request):\n        c = await super().__call__(request)\n        if not c: raise HTTPException(status_code=403)\n        return c\n@app.post("/x", dependencies=[Depends(JWTBearer())])\ndef x(): ...`,
  ],
  [
    "an attribute of a class-based view",
    `class Base:\n    user: str = Depends(get_current_user)\ndef controller(router):\n    def wrap(cls): return cls\n    return wrap\n@controller(app)\nclass View(Base):\n    @app.post("/x")\n    def x(self): ...`,
  ],
])("%s authenticates", (_, source) => {
  expect(authOf(source).answer).toBe("yes")
})

test.each([
  ["a bare scheme accepts any token", `@app.post("/x", dependencies=[Depends(oauth2)])\ndef x(): ...`, /any value passes/],
  [
    "a user who may be missing",
    `def maybe_user(token: str | None = Cookie(None)):\n    return token\n@app.post("/x")\ndef x(u=Depends(maybe_user)): ...`,
    /not seen to refuse/,
  ],
  [
    "a dependency that is not known",
    `from elsewhere import check\n@app.post("/x", dependencies=[Depends(check)])\ndef x(): ...`,
    /not known/,
  ],
  [
    "a list that is not known",
    `from elsewhere import guards\n@app.post("/x", dependencies=guards)\ndef x(): ...`,
    /not all of its dependencies are known/,
  ],
  [
    "a decorator with a telling name",
    `from elsewhere import require_scope\n@app.post("/x")\n@require_scope("a")\ndef x(): ...`,
    /named as if/,
  ],
  [
    "middleware that lets some paths through",
    `class AuthMiddleware(BaseHTTPMiddleware):\n    async def dispatch(self, request, call_next):\n        if request.url.path == "/x": return await call_next(request)\n        if not request.headers.get("Authorization"): return JSONResponse({}, status_code=401)\n        return await call_next(request)\napp.add_middleware(AuthMiddleware)\n@app.post("/x")\ndef x(): ...`,
    /for some paths/,
  ],
])("%s: nobody is accused", (_, source, why) => {
  const auth = authOf(source)
  expect(auth.answer).toBe("unknown")
  expect(auth.why).toMatch(why)
})

test.each([
  [
    "a limiter",
    `def rate_limit(request: Request):\n    if request.headers.get("Authorization"): raise HTTPException(429)\n@app.post("/x", dependencies=[Depends(rate_limit)])\ndef x(): ...`,
  ],
  ["a 404", `def item(id: int):\n    raise HTTPException(404)\n@app.post("/x")\ndef x(i=Depends(item)): ...`],
  ["a login form", `@app.post("/x")\ndef x(q: int = 1, form=Depends(lambda: 1)): ...`],
  [
    "a class of query parameters",
    `class Page:\n    def __init__(self, limit: int = 10): ...\n@app.post("/x")\ndef x(p: Page = Depends()): ...`,
  ],
  [
    "CORS",
    `from fastapi.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware, allow_origins=["*"])\n@app.post("/x")\ndef x(): ...`,
  ],
  ["page tokens", `@app.post("/x")\ndef x(page_token: str, max_tokens: int): ...`],
  [
    "a state that is no user",
    `def session(request: Request): return request.state.async_session\n@app.post("/x")\ndef x(s=Depends(session)): ...`,
  ],
])("%s is no authentication", (_, source) => {
  expect(authOf(source).answer).toBe("no")
})

test("middleware that refuses everyone without a credential", () => {
  expect(
    said(`
@app.middleware("http")
async def guard(request: Request, call_next):
    if request.headers.get("X-Key") != "k":
        return JSONResponse({}, status_code=401)
    return await call_next(request)
@app.post("/x")
def x(): ...
`),
  ).toBe("yes guard middleware")
})

test("a mounted app runs behind the middleware of the app that mounts it", () => {
  const source = `
@app.middleware("http")
async def guard(request: Request, call_next):
    if request.headers.get("X-Key") != "k":
        return JSONResponse({}, status_code=401)
    return await call_next(request)
inner = FastAPI()
@inner.post("/x")
def x(): ...
app.mount("/inner", inner)
`
  expect(said(source)).toBe("yes guard middleware")
})

test("websockets pass http middleware by", () => {
  const source = `
@app.middleware("http")
async def guard(request: Request, call_next):
    if request.headers.get("X-Key") != "k":
        return JSONResponse({}, status_code=401)
    return await call_next(request)
@app.websocket("/ws")
async def ws(websocket: WebSocket): ...
`
  expect(authOf(source, "WEBSOCKET /ws").answer).toBe("no")
})

test.each([
  [
    "a signature",
    `@app.post("/x")\nasync def x(request: Request, signature: str = Header()):\n    if not hmac.compare_digest(signature, "s"): raise HTTPException(403)`,
  ],
  [
    "a webhook of Stripe",
    `import stripe\n@app.post("/x")\nasync def x(request: Request):\n    try:\n        stripe.Webhook.construct_event(await request.body(), request.headers["stripe-signature"], "s")\n    except ValueError:\n        raise HTTPException(400)`,
  ],
  [
    "a token in the body",
    `def verify(token): return jwt.decode(token, "k", algorithms=["HS256"])\n@app.post("/x")\ndef x(body: dict):\n    if not verify(body["token"]): raise HTTPException(400)`,
  ],
  [
    "a helper",
    `def user_of(request: Request):\n    if "session" not in request.cookies: raise HTTPException(401)\n@app.post("/x")\ndef x(request: Request):\n    user_of(request)`,
  ],
])("the body checks %s itself", (_, source) => {
  expect(said(source)).toBe("yes x body")
})

test("a wrapper of the project that refuses", () => {
  expect(
    authOf(`
def needs_login(f):
    @functools.wraps(f)
    async def wrapper(request: Request, *args, **kwargs):
        if not request.session.get("user"):
            raise HTTPException(401)
        return await f(request, *args, **kwargs)
    return wrapper
@app.post("/x")
@needs_login
async def x(request: Request): ...
`).answer,
  ).toBe("yes")
})

test("a project that audits its routes at start-up has decided about all of them", () => {
  const { answer, by } = authOf(`
def check_routes(app):
    for route in app.routes:
        if not route.dependant.dependencies:
            raise RuntimeError(route.path)
@app.post("/x")
def x(): ...
`)
  expect([answer, by]).toEqual(["unknown", "main:check_routes"])
})

test("the configuration answers", () => {
  const source = `
def verify_link(link: str): ...
@app.post("/x", dependencies=[Depends(verify_link)])
def x(): ...
`
  const auth = { dependencies: [], notAuth: [], public: [] }
  expect(said(source, "POST /x", { ...auth, dependencies: ["main.verify_link"] })).toBe("yes verify_link decorator")
  expect(authOf(source, "POST /x", { ...auth, notAuth: ["main.verify_link"] }).answer).toBe("no")
  expect(authOf(source, "POST /x", { ...auth, public: ["POST /x"] })).toEqual({
    answer: "unknown",
    why: "the configuration says that it is public",
    isSaidPublic: true,
  })
})

test.each([
  ["POST /x", true],
  ["post /x", true],
  ["* /x", true],
  ["POST /*", true],
  ["main.x", true],
  ["main.*", true],
  ["GET /x", false],
  ["POST /x/y", false],
  ["other.*", false],
])("`%s` as public", (entry, expected) => {
  const project = linked(`${imports}\n@app.post("/x")\ndef x(): ...`)
  const context = { auth: { dependencies: [], notAuth: [], public: [entry] } } as unknown as Parameters<typeof isPublic>[0]
  expect(isPublic(context, routeOf(project, "POST /x"))).toBe(expected)
})
