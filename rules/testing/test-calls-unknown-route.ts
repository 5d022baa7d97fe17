import {
  type FileNotes,
  type Finding,
  mayAsk,
  type Project,
  type PyFile,
  quote,
  type Route,
  requestsTo,
  rule,
  type TestRequest,
} from "#rule"

export default rule({
  summary: "A test that asks for a path that no route has",
  why: `
A test that calls a path with a typo, or one that has moved, gets a 404 from the router and not from the code it was
written for. If it checks little more than that something came back, it is green for ever and tests nothing.
`,
  help: "Ask for the path as it is served, with its prefixes; or check that 404 is what comes",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/testing/",
  equivalents: [],
  exemptions: [
    "tests that speak of 404 or 405, or are named so",
    "files that build apps or routers of their own, or take requests down (`respx`, `responses`)",
    "paths of which not all is known, other hosts, what may be mounted, and the documentation",
    "projects in which some route could not be read, or most requests fit no route",
  ],
  examples: [
    {
      bad: `
        # file: app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items")
        def read_items() -> list[int]:
            return []

        # file: tests/test_items.py
        from fastapi.testclient import TestClient
        from app.main import app

        client = TestClient(app)

        def test_read_items():
            assert client.get("/items").status_code == 200

        def test_read_items_again():
            assert client.get("/item").json() is not None # expect: No route answers \`GET /item\`
      `,
      good: `
        # file: app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items")
        def read_items() -> list[int]:
            return []

        # file: tests/test_items.py
        from fastapi.testclient import TestClient
        from app.main import app

        client = TestClient(app)

        def test_read_items():
            assert client.get("/items").status_code == 200

        def test_unknown():
            assert client.get("/item").status_code == 404
      `,
    },
  ],

  notes: (file) => (file.role === "test" ? read(file) : computedIn(file)),

  *project(project, _, notes: FileNotes<Seen | string[]>[]) {
    if (project.unseen.some(({ what, at }) => /^(?:app|route|include|path)$/.test(what) && project.role(at.path) === "app")) return
    const seen = new Map(notes.flatMap(({ path, notes: own }) => (Array.isArray(own) ? [] : [[path, own] as const])))
    const computed = notes.flatMap(({ notes: own }) => (Array.isArray(own) ? own : []))
    const routes = project.routes.filter(({ path }) => path.known)
    const requests = project.requests.filter((request) => isJudged(request, seen))
    // A router that nothing was seen to include may be included under a prefix that is not seen either, and a prefix may be computed.
    const loose = project.routes.flatMap(({ app, path, own }) => {
      const end = path.known ? (app ? undefined : path.value) : own.path.known ? own.path.value : undefined
      return end === undefined ? [] : [new RegExp(`${patternAt(end)}/?$`)]
    })
    const reached = new Set(routes.flatMap((route) => requestsTo(project, route)))
    const lost = requests.filter(
      (request) =>
        // Most requests reach a route, and those that do need not be laid beside all others.
        !reached.has(request) &&
        !isAnswered(project, request, routes) &&
        !(request.path.known && computed.some((start) => (request.path as { value: string }).value.includes(start))) &&
        !(request.path.known && loose.some((end) => end.test((request.path as { value: string }).value))),
    )
    // Where many fit nothing, it is the model that does not fit.
    if (lost.length * 2 > requests.length) return
    // A file that reaches this app for certain, not only what ends like one of its paths.
    const right = new Set([...reached].map(({ at }) => at.path))
    const told = new Set<string>()
    for (const { at, method, path } of lost) {
      const key = `${at.path}:${at.start}`
      if (!path.known || !method.known || told.has(key) || !right.has(at.path)) continue
      told.add(key)
      yield {
        at,
        message: `No route answers ${quote(`${method.value} ${path.value}`)}${others(routes, { method, path, at })}`,
        scope: `${method.value} ${path.value}`,
      } satisfies Finding
    }
  },
})

/** `APIRouter(prefix=f"/flows/{flow_id}")`: what lies below a prefix that is computed is not known. */
function computedIn(file: PyFile): string[] | undefined {
  if (file.role !== "app") return undefined
  if (!file.text.includes("prefix")) return undefined
  const starts = [...file.text.matchAll(/\bprefix\s*=\s*f["'](\/[^"'{}]*\/)\{/g)].map(([, start]) => start as string)
  return starts.length > 0 ? starts : undefined
}

/** A path as a pattern for the end of an address. */
const patternAt = (path: string): string => path.replace(/[.*+?^$()[\]\\|]/g, "\\$&").replace(/\{[^{}]*\}/g, "[^/]+")

/** Parts of a test file in which a request that nobody answers is what is tested, or is never sent to this app. */
type Seen = { whole: boolean; spans: [number, number][] }

function read(file: PyFile): Seen {
  const whole =
    /\b(?:FastAPI|APIRouter|Starlette)\(|\brespx\b|^import responses|\bMockTransport\b|requests_mock|httpx_mock|aioresponses/m.test(
      file.text,
    )
  const spans: Seen["spans"] = []
  for (const node of file.all("FunctionDef", "AsyncFunctionDef")) {
    const text = file.source(node)
    if (
      /\b40[45]\b|NOT_FOUND|METHOD_NOT_ALLOWED|NotFound|raises/.test(text) ||
      /not_?found|unknown|missing|invalid|nonexist|404|405|disabled/i.test(node.name)
    )
      spans.push([node.start, node.end])
  }
  return { whole, spans }
}

function isJudged({ method, path, host, routeName, at }: TestRequest, seen: ReadonlyMap<string, Seen>): boolean {
  if (!method.known || !path.known || path.value.includes("{}") || routeName !== undefined) return false
  if (host !== undefined && !/^(?:test\w*|localhost|127\.0\.0\.1|0\.0\.0\.0|app)$/.test(host)) return false
  const own = seen.get(at.path)
  return own !== undefined && !own.whole && !own.spans.some(([start, end]) => start <= at.start && at.end <= end)
}

const DOCUMENTATION = /(?:^|\/)(?:docs|redoc|openapi\.json|favicon\.ico|metrics)(?:\/|$)|^\/?$/

function isAnswered(project: Project, request: TestRequest, routes: readonly Route[]): boolean {
  const { path, method } = request
  if (!path.known || DOCUMENTATION.test(path.value)) return true
  if (routes.some((route) => mayAsk(request, route) && takes(route, method))) return true
  return project.apps.some(
    ({ everything, frontends }) =>
      frontends.length > 0 ||
      everything.some(
        (entry) => entry.kind === "host" || (entry.kind === "mount" && (!entry.path.known || isBelow(path.value, entry.path.value))),
      ),
  )
}

const isBelow = (path: string, mount: string): boolean => mount === "" || mount === "/" || path === mount || path.includes(`${mount}/`)

const takes = ({ methods, kind }: Route, method: TestRequest["method"]): boolean =>
  !method.known ||
  ((method.value === "WEBSOCKET") === (kind === "websocket" || kind === "socket") &&
    (!methods.known ||
      method.value === "WEBSOCKET" ||
      methods.value.includes(method.value) ||
      method.value === "OPTIONS" ||
      (method.value === "HEAD" && methods.value.includes("GET"))))

/** ", which has `GET` only": the path is right and the method is not. */
function others(routes: readonly Route[], request: TestRequest): string {
  const methods = [
    ...new Set(routes.filter((route) => mayAsk(request, route)).flatMap((route) => (route.methods.known ? route.methods.value : []))),
  ]
  return methods.length === 0 ? "" : `: the path takes ${methods.map(quote).join(", ")}`
}
