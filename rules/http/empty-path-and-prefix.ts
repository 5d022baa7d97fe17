import { argument, isNone, knownText, type OwnRoute, type Project, quote, routerOf, rule } from "#rule"

export default rule({
  summary: "A route with an empty path in a router that is included without a prefix",
  why: `
A route may have the path \`""\` if a prefix stands before it. FastAPI looks at it where the router is included: without a
prefix, neither on the router nor on the include, it raises \`FastAPIError: Prefix and path cannot be both empty\`, and the
application does not start. A prefix of the including router does not count.
`,
  help: 'Give the router or the include a prefix, or write `"/"` for the path',
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: [],
  startup: true,
  exemptions: ["routes that are added after the include"],
  examples: [
    {
      bad: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        items = APIRouter()

        @items.get("")
        def list_items():
            return []

        app.include_router(items) # expect: \`list_items\` has an empty path
      `,
      good: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        items = APIRouter()

        @items.get("")
        def list_items():
            return []

        app.include_router(items, prefix="/items")
      `,
    },
  ],

  *project(project) {
    const empty = emptyRoutes(project)
    const added = new Map<unknown, OwnRoute>()
    for (const call of project.calls) {
      const route = empty.get(`${call.at.path}:${call.at.start}`)
      if (route && !route.maybe) added.set(route.router, route)
      if (!/^fastapi\.(APIRouter|FastAPI)\(\)\.include_router$/.test(call.name) || call.isGuarded || call.open) continue
      const prefix = call.keywords.get("prefix")
      if (prefix && !isNone(prefix) && knownText(prefix) !== "") continue
      const found = added.get(routerOf(argument(call, 0, "router")))
      if (!found) continue
      const name = found.endpoint?.name
      yield {
        at: call.at,
        message: `${name ? quote(name) : "A route"} has an empty path, and neither router nor include has a prefix: a FastAPIError when the module is imported`,
        related: [{ at: found.at, message: "the route is added here" }],
        discriminator: name ?? "",
      }
    }
  },
})

function emptyRoutes({ routers }: Project): Map<string, OwnRoute> {
  const found = new Map<string, OwnRoute>()
  for (const { entries } of routers)
    for (const entry of entries)
      if (entry.is === "route" && entry.route.path.known && entry.route.path.value === "" && !entry.route.path.assumed)
        found.set(`${entry.route.at.path}:${entry.route.at.start}`, entry.route)
  return found
}
