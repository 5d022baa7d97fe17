import { type Finding, type Param, type Project, quote, type Route, routeNames, rule } from "#rule"

export default rule({
  summary: "A parameter of a GET that became a request body",
  why: `
A model, a list or a dict without a marker is a body to FastAPI, on whatever method. A GET has none: browsers, \`fetch\`, proxies
and caches drop it or refuse to send it, and the documentation page cannot try it. What was meant are query parameters.
`,
  help: "Write `Annotated[Filter, Query()]` for a model, and `Annotated[list[int], Query()]` for a list",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/query-param-models/",
  equivalents: [],
  exemptions: ["parameters that say `Body()` on purpose", "`POST` and others beside `GET` on the same route"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Filter(BaseModel):
            name: str = ""

        @app.get("/items")
        def read_items(filter: Filter): # expect: \`filter\` of \`GET /items\` is a request body, which a \`GET\` does not have
            return filter.name

        @app.get("/prices")
        def read_prices(ids: list[int]): # expect: \`ids\` of \`GET /prices\` is a request body
            return ids
      `,
      good: `
        from typing import Annotated
        from fastapi import FastAPI, Query
        from pydantic import BaseModel

        app = FastAPI()

        class Filter(BaseModel):
            name: str = ""

        @app.get("/items")
        def read_items(filter: Annotated[Filter, Query()]):
            return filter.name

        @app.get("/prices")
        def read_prices(ids: Annotated[list[int], Query()]):
            return ids

        @app.post("/items")
        def create_item(item: Filter):
            return item.name
      `,
    },
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Reason(BaseModel):
            text: str

        @app.delete("/items/{item_id}")
        def delete_item(item_id: int, reason: Reason): # expect: \`reason\` of \`DELETE /items/{item_id}\` is a request body, which many clients do not send with a \`DELETE\`
            return reason.text
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.delete("/items/{item_id}")
        def delete_item(item_id: int, reason: str = ""):
            return reason
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      const method = onlyMethod(route)
      if (method === undefined) continue
      for (const param of route.params) {
        const key = `${param.at.path}:${param.at.start}`
        if (param.in !== "body" || param.marker !== undefined || param.declaredBy.role !== "app" || told.has(key)) continue
        told.add(key)
        yield finding(project, route, param, method)
      }
    }
  },
})

/** `GET` (HEAD beside it), or `DELETE`: where it has others too, the body may be theirs. */
function onlyMethod({ kind, methods }: Route): "GET" | "HEAD" | "DELETE" | undefined {
  if (kind !== "api" || !methods.known) return undefined
  const all = methods.value
  if (all.every((method) => method === "GET" || method === "HEAD")) return all.includes("GET") ? "GET" : all.length > 0 ? "HEAD" : undefined
  return all.every((method) => method === "DELETE") ? "DELETE" : undefined
}

function finding(project: Project, route: Route, param: Param, method: string): Finding {
  const routes = param.declaredBy === route.endpoint ? project.routes.filter((other) => other.endpoint === route.endpoint) : [route]
  const isDelete = method === "DELETE"
  return {
    at: param.at,
    message: `${quote(param.name)} of ${routeNames(routes)} is a request body, which ${isDelete ? `many clients do not send with a ${quote("DELETE")}` : `a ${quote(method)} does not have`}`,
    ...(isDelete && { level: "info" as const, help: "Serve it by `POST`, or take what is needed from the path and the query" }),
    routes,
    scope: param.declaredBy.id,
    discriminator: param.name,
  }
}
