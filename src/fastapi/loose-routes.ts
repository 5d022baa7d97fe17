/**
 * Routes that a function adds to whatever app it is given: `def attach(app: FastAPI)`, a method of a class that is an app.
 * Nothing in sight calls it, or not in a way that could be followed, so no app is known that serves them; what they do
 * with a request is known all the same.
 */
import { verbs } from "#knowledge"
import type { Built, FunctionValue } from "#python"
import type { Context } from "./context.ts"
import { known, type Route } from "./project.ts"
import { addRoute, methodsOf, Routing } from "./routers.ts"

/** `@app.get("/x")` above a function, seen while the body around it was only listened to. */
export interface Declared {
  method: string
  endpoint: FunctionValue
  /** The decorator's call, where it stands. */
  built: Built
}

/** Of what was declared, the routes that no router of the project has. Each in a router of its own, which nothing includes. */
export function looseRoutes(context: Context, declared: Iterable<Declared>, routes: readonly Route[]): Route[] {
  const served = new Set(routes.map(({ endpoint }) => endpoint?.value.def))
  // What cannot be read of them is nothing that the user was promised.
  const quiet: Context = { ...context, unseen: [] }
  return [...declared].flatMap(({ method, endpoint, built }) => {
    if (served.has(endpoint.def)) return []
    const alone = new Routing("router", { positional: [], keywords: new Map(), open: false, at: built.at }, quiet, undefined)
    if (method === "websocket") addRoute(alone, "websocket", known(["WEBSOCKET"]), built, endpoint, true)
    else if (verbs.has(method)) addRoute(alone, "api", known([method.toUpperCase()]), built, endpoint, true)
    else if (method === "api_route") addRoute(alone, "api", methodsOf(built.keywords.get("methods"), ["GET"]), built, endpoint, true)
    return alone.routes
  })
}
