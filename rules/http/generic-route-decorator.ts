import { type Finding, isInFunction, list, quote, type Route, rule } from "#rule"

export default rule({
  summary: "A general route decorator where the one of its method says more",
  why: `
\`@app.get\` says at a glance what \`@app.api_route\` says in an argument. One function for several methods that write shares one
operation, one status and one documentation between two different acts, and \`operationId\` is not unique. \`@app.route\` is
Starlette's: no parameters, no validation and no schema.
`,
  help: "Write `@app.get`, `@app.post` and so on, one for each method",
  concern: "simplicity",
  level: "info",
  docs: "https://fastapi.tiangolo.com/reference/apirouter/",
  equivalents: ["S8412"],
  optIn: true,
  exemptions: [
    "`GET` with `HEAD`",
    "proxies, which take every method of a path with `:path`",
    "what is registered by a call rather than a decorator, or in a function, whose methods may be given to it",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.api_route("/items", methods=["GET"]) # expect: says \`GET\` only
        def list_items():
            return []

        @app.api_route("/items/{item_id}", methods=["PUT", "PATCH"]) # expect: \`update_item\` answers \`PUT\` and \`PATCH\`
        def update_item(item_id: int):
            return item_id
      `,
      good: `
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.get("/items")
        def list_items():
            return []

        @app.api_route("/status", methods=["GET", "HEAD"])
        def status():
            return {}

        @app.api_route("/proxy/{rest:path}", methods=["GET", "POST", "PUT", "DELETE"])
        async def proxy(rest: str, request: Request):
            return rest
      `,
    },
  ],

  *project(project) {
    const decorated = new Map<string, string>()
    for (const { name, at } of project.calls) {
      const method = DECORATOR.exec(name)?.[1]
      if (method) decorated.set(`${at.path}:${at.start}`, method)
    }
    const told = new Set<string>()
    for (const route of project.routes) {
      const key = `${route.at.path}:${route.at.start}`
      const method = decorated.get(key)
      if (!method || told.has(key) || project.role(route.at.path) !== "app" || isInFunction(project, route.at)) continue
      const finding = method === "route" ? plain(route) : general(route)
      if (!finding) continue
      told.add(key)
      yield finding
    }
  },
})

/** The second call, the one that is given the endpoint. */
const DECORATOR = /^fastapi\.(?:FastAPI|APIRouter)\(\)\.(api_route|route)\(\)$/

const found = (route: Route, message: string): Finding => ({
  at: route.at,
  message,
  routes: [route],
  scope: route.endpoint?.id ?? route.at.path,
})

const plain = (route: Route): Finding =>
  found(
    route,
    `${quote("route")} is Starlette's: ${quote(route.endpoint?.name ?? "the endpoint")} gets no parameters, no validation and no schema`,
  )

function general(route: Route): Finding | undefined {
  const { methods, path, endpoint } = route
  if (!methods.known || !path.known || path.value.includes(":path}")) return undefined
  const [first, ...others] = methods.value
  if (first === undefined) return undefined
  if (others.length === 0)
    return found(route, `${quote("api_route")} says ${quote(first)} only: ${quote(first.toLowerCase())} says it by its name`)
  const writing = methods.value.filter((method) => ["POST", "PUT", "PATCH", "DELETE"].includes(method))
  if (writing.length < 2 || methods.value.length > 3) return undefined
  return found(
    route,
    `${quote(endpoint?.name ?? "One function")} answers ${list(writing.map(quote))}, which share one operation in the schema`,
  )
}
