import {
  type Finding,
  type Fn,
  hiddenRoutes,
  list,
  type Project,
  plural,
  quote,
  type Route,
  routeName,
  routeNames,
  rule,
  testedBy,
} from "#rule"

export default rule({
  summary: "A route that no test calls",
  why: `
A route that no test ever asks for can break without anybody noticing: a renamed field, a dependency that no longer fits,
an import that fails only when the function runs. One test that calls it and looks at the status finds most of that, and
for routes that change data it is the least there should be.
`,
  help: "Write a test that calls the route and checks the status and the body",
  concern: "maintainability",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/testing/",
  equivalents: [],
  exemptions: [
    "projects whose tests call no route at all",
    "a test calls the route's function; a test builds a URL or a method that is not known and may be this one",
    "tests that go through a client package of the project's own: `shop_client` or `shop_sdk` of `shop`",
    "tests that are made from the schema (schemathesis)",
    "routes that no request reaches, because an earlier one answers first",
    "routes that are not in the schema, health checks, and routes made for trying something (`/test`)",
  ],
  examples: [
    {
      bad: `
        # file: app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items")
        def read_items():
            return []

        @app.delete("/items/{item_id}")
        def delete_item(item_id: int): # expect: no test calls \`DELETE /items/{item_id}\`
            return item_id

        # file: tests/test_items.py
        from fastapi.testclient import TestClient
        from app.main import app

        client = TestClient(app)

        def test_read_items():
            assert client.get("/items").status_code == 200
      `,
      good: `
        # file: app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items")
        def read_items():
            return []

        @app.delete("/items/{item_id}")
        def delete_item(item_id: int):
            return item_id

        @app.get("/health")
        def health():
            return {"status": "ok"}

        # file: tests/test_items.py
        from fastapi.testclient import TestClient
        from app.main import app

        client = TestClient(app)

        def test_read_items():
            assert client.get("/items").status_code == 200

        def test_delete_item():
            item_id = 7
            assert client.delete(f"/items/{item_id}").status_code == 200
      `,
    },
  ],

  *project(project) {
    const unreachable = new Set([...hiddenRoutes(project)].map(({ later }) => later))
    const judged = project.routes.filter((route) => isWorthATest(route) && !unreachable.has(route))
    const tested = judged.filter((route) => isTested(project, route)).length
    if (tested === 0 || usesOwnClient(project)) return
    const missing = untested(project, judged)
    if (judged.length > MANY && tested * 10 < judged.length) {
      if (missing.length > 0) yield summed(missing, judged.length)
      return
    }
    const most = missing.length > FLOOD ? 1 : MANY
    for (const group of byFile(missing).values()) {
      if (group.length > most) yield gathered(group)
      else for (const routes of group) yield finding(routes)
    }
  },
})

/** From here on the routes of a file are told together. */
const MANY = 6

/** From here on every file is told once. */
const FLOOD = 60

/** Tests that go through a client package of the project's own, `letta_client` of `letta`, send requests that nobody sees here. */
function usesOwnClient(project: Project): boolean {
  const { modules } = project
  const packages = new Set<string>()
  for (const path of modules.keys())
    if (project.role(path) === "app") packages.add(path.replace(/^(?:src|backend|server)\//, "").split("/")[0] as string)
  const clients = new Set([...packages].flatMap((name) => [`${name}_client`, `${name}_sdk`]))
  return [...modules.values()].some(({ path, mentions }) => project.role(path) === "test" && mentions.some((word) => clients.has(word)))
}

const isTested = (project: Project, route: Route): boolean => {
  const count = testedBy(project, route)
  return count !== "unknown" && count > 0
}

function isWorthATest({ kind, path, endpoint, includeInSchema, app }: Route): boolean {
  if (kind !== "api" || !app || !path.known || endpoint?.role !== "app") return false
  if (kind === "api" && !(includeInSchema.known && includeInSchema.value)) return false
  if (/(^|\/)(test|tester|testing|debug|echo)\/?$/i.test(path.value)) return false
  return !/(^|\/)(health\w*|ping|live\w*|ready\w*|status|metrics|version|docs|redoc|favicon\.ico|robots\.txt)\/?$|(^|[/_-])health([/_-]|check)/i.test(
    path.value,
  )
}

/** Functions none of whose routes is called by a test. */
function untested(project: Project, routes: readonly Route[]): Route[][] {
  const groups = new Map<Fn, Route[]>()
  for (const route of routes) if (route.endpoint) groups.set(route.endpoint, [...(groups.get(route.endpoint) ?? []), route])
  return [...groups.values()].filter((group) => group.every((route) => testedBy(project, route) === 0))
}

function byFile(groups: Route[][]): Map<string, Route[][]> {
  const files = new Map<string, Route[][]>()
  for (const group of groups) {
    const path = group[0]?.endpoint?.path ?? ""
    files.set(path, [...(files.get(path) ?? []), group])
  }
  return files
}

function finding(routes: Route[]): Finding {
  const { endpoint } = routes[0] as Route & { endpoint: Fn }
  return {
    at: endpoint.at,
    message: `no test calls ${routeNames(routes)}`,
    level: routes.some(changesData) ? "warning" : "info",
    routes,
    scope: endpoint.id,
  }
}

function gathered(groups: Route[][]): Finding {
  const [first] = groups as [Route[], ...Route[][]]
  const { endpoint } = first[0] as Route & { endpoint: Fn }
  const routes = groups.flat()
  const named = groups.slice(0, 3).map((group) => routeName(group[0] as Route))
  return {
    at: endpoint.at,
    message: `no test calls ${plural(groups.length, "route")} of this file, ${groups.length > named.length ? `${list([...named, "others"])} among them` : list(named)}`,
    level: routes.some(changesData) ? "warning" : "info",
    related: groups.slice(1).map((group) => ({
      at: (group[0] as Route & { endpoint: Fn }).endpoint.at,
      message: `no test calls ${quote((group[0] as Route & { endpoint: Fn }).endpoint.name)}`,
    })),
    routes,
    scope: endpoint.module,
  }
}

/** Where hardly anything is tested, a list of all that is not helps nobody. */
function summed(groups: Route[][], all: number): Finding {
  const routes = groups.flat()
  const [first] = routes as [Route, ...Route[]]
  return {
    at: first.app?.at ?? first.at,
    message: `no test calls ${groups.length} of the ${plural(all, "route")} of this project`,
    level: "info",
    related: groups.slice(0, 10).map((group) => ({ at: (group[0] as Route).at, message: `no test calls ${routeName(group[0] as Route)}` })),
    routes,
    scope: "project",
  }
}

const changesData = ({ methods }: Route): boolean =>
  methods.known && methods.value.some((method) => ["POST", "PUT", "PATCH", "DELETE"].includes(method))
