import {
  type FileNotes,
  type Finding,
  isHTTPException,
  knownNumber,
  options,
  type PyFile,
  plural,
  type Route,
  requestsTo,
  routeName,
  rule,
  statusOf,
  type Value,
} from "#rule"

export default rule({
  summary: "Errors that a route answers on purpose, and no test asks for",
  why: `
What a client may not do is as much of the contract as what it may. A 404 or a 409 that no test asks for can turn into a
500, or into a success, without anybody noticing.
`,
  help: "Add a test that provokes the error and checks the status",
  concern: "maintainability",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/testing/",
  equivalents: [],
  optIn: true,
  exemptions: [
    "routes that no test calls at all: see `testing/endpoint-without-test`",
    "a test that reaches the route speaks of any status from 400 to 499, also in `parametrize`",
    "errors of dependencies, and 401 and 403, which are tested once for all routes",
  ],
  files: { roles: ["test"] },
  examples: [
    {
      bad: `
        # file: app/main.py
        from fastapi import FastAPI, HTTPException

        app = FastAPI()

        @app.get("/items/{item_id}") # expect: \`GET /items/{item_id}\` answers 404 on purpose, and no test of it asks for that
        def read_item(item_id: int) -> int:
            if item_id > 9:
                raise HTTPException(404)
            return item_id

        # file: tests/test_items.py
        from fastapi.testclient import TestClient
        from app.main import app

        client = TestClient(app)

        def test_read_item():
            assert client.get("/items/1").status_code == 200
      `,
      good: `
        # file: app/main.py
        from fastapi import FastAPI, HTTPException

        app = FastAPI()

        @app.get("/items/{item_id}")
        def read_item(item_id: int) -> int:
            if item_id > 9:
                raise HTTPException(404)
            return item_id

        # file: tests/test_items.py
        from fastapi.testclient import TestClient
        from app.main import app

        client = TestClient(app)

        def test_read_item():
            assert client.get("/items/1").status_code == 200
            assert client.get("/items/10").status_code == 404
      `,
    },
  ],

  notes: refusalsIn,

  *project(project, _, notes: FileNotes<[number, number][]>[]) {
    const refusing = new Map(notes.map(({ path, notes: own }) => [path, own]))
    const told = new Set<Route["own"]>()
    for (const route of project.routes) {
      if (!route.app || route.endpoint?.role !== "app" || told.has(route.own)) continue
      told.add(route.own)
      const statuses = [...new Set(statusesOf(route))].sort((a, b) => a - b)
      const requests = requestsTo(project, route)
      if (statuses.length === 0 || requests.length === 0) continue
      if (requests.some(({ at }) => refusing.get(at.path)?.some(([start, end]) => start <= at.start && at.end <= end))) continue
      yield {
        at: route.at,
        message: `${routeName(route)} answers ${statuses.join(", ")} on purpose, and no test of it asks for that`,
        related: [
          {
            at: (requests[0] as (typeof requests)[number]).at,
            message: `${plural(requests.length, "request")} in tests, none of them refused`,
          },
        ],
        routes: [route],
        scope: routeName(route).replaceAll("`", ""),
      } satisfies Finding
    }
  },
})

/** Functions of tests that speak of a refusal: their spans, decorators included. */
function refusalsIn(file: PyFile): [number, number][] {
  const found: [number, number][] = []
  for (const node of file.all("FunctionDef", "AsyncFunctionDef")) {
    const from = Math.min(node.start, ...node.decorator_list.map(({ start }) => start))
    if (/\b4\d\d\b|HTTP_4\d\d|HTTPStatus\.[A-Z_]+|raises|is_client_error|is_error|codes\./.test(file.text.slice(from, node.end)))
      found.push([from, node.end])
  }
  return found
}

/** The statuses that the function itself raises. */
function statusesOf({ endpoint }: Route): number[] {
  return (endpoint?.events ?? []).flatMap((event) => (event.is === "raise" && event.value ? options(event.value).flatMap(statusIn) : []))
}

function statusIn(value: Value): number[] {
  if (value.is !== "external" || !value.built || !isHTTPException(value.name.replace(/\(\)$/, ""))) return []
  const given = value.built.keywords.get("status_code") ?? value.built.positional[0]
  const status = knownNumber(given) ?? (given?.is === "external" ? statusOf(given.name) : undefined)
  return status !== undefined && status >= 400 && status < 500 && status !== 401 && status !== 403 ? [status] : []
}
