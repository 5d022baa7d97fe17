import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Recorded } from "./judge.ts"

/** What is left out of a record, because it is as FastAPI has it anyway: by kind of thing (`scripts/record_routes.py`). */
const plain = JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "plain.json"), "utf8")) as Record<string, Recorded>

/** A recorded app with all that was left out put back. */
export function whole(app: Recorded): Recorded {
  const said: Recorded = { ...plain.app, ...withEndpoint(app, "lifespan") }
  const middleware = (said.middleware as Recorded[]).map((one) => ({ dispatch: null, ...withEndpoint(one, "dispatch") }))
  return { ...said, middleware, routes: (app.routes ?? []).map(wholeRoute), webhooks: (app.webhooks ?? []).map(wholeRoute) }
}

function wholeRoute(route: Recorded): Recorded {
  if (route.framework) return route
  const said = { ...plain[route.kind ?? ""], ...withEndpoint(route, "endpoint") }
  for (const list of ["params", "dependencies", "security"] as const) {
    const items = said[list]
    if (Array.isArray(items)) said[list] = items.map((item: object) => ({ ...plain[list], ...item }))
  }
  return { ...said, ...(route.routes && { routes: route.routes.map(wholeRoute) }) }
}

function withEndpoint(item: Recorded, field: string): Recorded {
  const info = item[field]
  return info !== null && typeof info === "object" ? { ...item, [field]: { ...plain.endpoint, ...info } } : item
}
