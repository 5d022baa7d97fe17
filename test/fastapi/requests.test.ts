import { expect, test } from "vitest"
import { text, unknown } from "#python"
import { testedBy } from "../../src/fastapi/testing/tested.ts"
import { matches, urlText } from "../../src/fastapi/testing/urls.ts"
import { loadGrammarForTests } from "../grammar.ts"
import { linked, routeOf } from "./linked.ts"

await loadGrammarForTests()

const app = `
from fastapi import FastAPI, WebSocket
app = FastAPI()
@app.get("/users/me")
def me(): ...
@app.get("/users/{user_id}", name="users:get")
def user(user_id: int): ...
@app.post("/users")
def create(): ...
@app.delete("/users/{user_id}")
def remove(user_id: int): ...
@app.get("/files/{path:path}")
def file(path: str): ...
@app.websocket("/ws")
async def ws(websocket: WebSocket): ...
`
const head = `
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from main import app
client = TestClient(app)
`
const role = (path: string) => (path.startsWith("tests/") ? ("test" as const) : ("app" as const))
const project = (tests: string, more: Record<string, string> = {}) =>
  linked({ "main.py": app, "tests/test_x.py": head + tests, ...more }, { role })
const sent = (tests: string, more?: Record<string, string>) =>
  project(tests, more).requests.map(
    ({ method, path, routeName }) => `${method.known ? method.value : "?"} ${routeName ?? (path.known ? path.value : "?")}`,
  )

test.each([
  ["a text", `def test(): client.get("/users/me?x=1")`, ["GET /users/me"]],
  ["an f-string", `def test(): client.delete(f"/users/{make().id}")`, ["DELETE /users/{}"]],
  ["a prefix that is not known", `from elsewhere import prefix\ndef test(): client.get(prefix + "/users/me")`, ["GET {}/users/me"]],
  ["a whole URL", `def test(): client.get("http://testserver/users/me#top")`, ["GET /users/me"]],
  ["request()", `def test(): client.request("PATCH", "/users")`, ["PATCH /users"]],
  ["a fixture that is not known", `async def test(ac): await ac.post("/users", json={})`, ["POST /users"]],
  ["a keyword", `def test(client: TestClient): client.post(url="/users")`, ["POST /users"]],
  ["a websocket", `def test():\n    with client.websocket_connect("/ws"): ...`, ["WEBSOCKET /ws"]],
  [
    "requests to a running server",
    `import requests\nBASE = f"http://{host()}:8000"\ndef test(api="/users"): requests.post(f"{BASE}{api}")`,
    ["POST /users"],
  ],
  ["a route's name", `def test(): client.get(app.url_path_for("users:get", user_id=1))`, ["GET users:get"]],
  ["a variable", `def test():\n    url = "/users"\n    client.post(url)`, ["POST /users"]],
])("%s", (_, tests, expected) => {
  expect(sent(tests)).toEqual(expected)
})

test("lists of parametrize are played row by row", () => {
  const tests = `
@pytest.mark.parametrize("method, url", [("GET", "/users/me"), pytest.param("POST", "/users")])
def test(method: str, url: str): client.request(method, url)
@pytest.mark.parametrize("name", ["users:get", "other"])
def test_name(app: FastAPI, name: str): client.get(app.url_path_for(name))
class A:
    base = "/a"
class B(A):
    base = "/b"
@pytest.mark.parametrize("route", [A, B])
def test_class(route: A): client.get(route.base + "/x")
`
  expect(sent(tests)).toEqual(["GET /users/me", "POST /users", "GET users:get", "GET other", "GET /a/x", "GET /b/x"])
})

test("rows of a loop, fixtures with params, helpers with arguments", () => {
  const tests = `
def test_loop():
    for method, path in [("GET", "/users/me"), ("POST", "/users")]:
        client.request(method, path)
@pytest.fixture(params=["/v1", "/v2"])
def prefix(request): return request.param
def test_prefix(prefix): client.get(f"{prefix}/users")
def send(path, method="get"):
    return client.request(method, path)
def test_helper():
    send("/users/1", "delete")
    send("/users/me")
`
  expect(sent(tests)).toEqual(["GET /users/me", "POST /users", "GET /v1/users", "GET /v2/users", "DELETE /users/1", "GET /users/me"])
})

test("constants and functions of another module", () => {
  const routes = `prefix = "/api"\nabout = "/api/about"\ndef item(item_id): return f"{prefix}/items/{item_id}"\nunused = "/api/unused"`
  expect(
    sent(`from tests import api_routes\ndef test(): client.get(api_routes.about); client.get(api_routes.item(x()))`, {
      "tests/__init__.py": "",
      "tests/api_routes.py": routes,
    }),
  ).toEqual(["GET /api/about", "GET /api/items/{}"])
})

test.each([
  ["a dictionary", `def test(): {"/a": 1}.get("/a")`],
  ["the answer's own dictionary", `def test(): client.get("/users").json().get("status")`],
  ["another kind of client", `def test(docs): docs.get(documentId=0)`],
  ["a patch", `from unittest.mock import patch\n@patch("a.b")\ndef test(m): patch("a.b")`],
])("%s is no request", (_, tests) => {
  expect(sent(tests).filter((request) => request !== "GET /users")).toEqual([])
})

test("what counts for which route", () => {
  const p = project(`
def test():
    client.get("/users/me")
    client.get(f"/users/{x}")
    client.post("/users/")
    client.get("/files/a/b/c")
`)
  const count = (name: string) => testedBy(p, routeOf(p, name))
  expect([
    count("GET /users/me"),
    count("GET /users/{user_id}"),
    count("POST /users"),
    count("DELETE /users/{user_id}"),
    count("GET /files/{path:path}"),
    count("WEBSOCKET /ws"),
  ]).toEqual([1, 1, 1, 0, 1, 0])
})

test("calling the endpoint's function counts", () => {
  const p = project(`from main import remove\ndef test(): remove(1)`)
  expect(testedBy(p, routeOf(p, "DELETE /users/{user_id}"))).toBe(1)
})

test("a URL that is not known may be any of its method", () => {
  const p = project(`from elsewhere import url\ndef test(): client.delete(url())`)
  expect([testedBy(p, routeOf(p, "DELETE /users/{user_id}")), testedBy(p, routeOf(p, "POST /users"))]).toEqual(["unknown", 0])
})

test("a tool that makes requests up", () => {
  const p = project(`import schemathesis\nschema = schemathesis.from_asgi("/openapi.json", app)`)
  expect(testedBy(p, routeOf(p, "POST /users"))).toBe("unknown")
})

test("an unknown beginning may be any prefix", () => {
  const p = project(`from elsewhere import base\ndef test(): client.get(f"{base}/me")`)
  const [request] = p.requests
  expect(request && [matches(request, routeOf(p, "GET /users/me")), matches(request, routeOf(p, "POST /users"))]).toEqual([true, false])
})

test.each([
  [text("/a/", unknown, "?q=1"), "/a/{}"],
  [text(unknown, "/a"), "{}/a"],
  [text("https://", unknown, "/a"), "/a"],
  [text("items"), "/items"],
  [text("/"), "/"],
  [text(unknown, "/", unknown), "?"],
  [text("http://", unknown), "?"],
  [unknown, "?"],
])("the path of a URL", (value, expected) => {
  const path = urlText(value)
  expect(path.known ? path.value : "?").toBe(expected)
})
