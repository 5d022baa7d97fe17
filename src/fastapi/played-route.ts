/** `generate_unique_id_function=`: a function of the project is played with a route that answers what FastAPI's would. */
import { type External, external, knownText, sequence, text, type Value } from "#python"
import type { Context } from "./context.ts"
import { describe } from "./known.ts"
import type { Operation } from "./operation.ts"
import { type Known, known, type Route, unseen } from "./project.ts"

/** What stands in for the route; the host looks its attributes up. */
class PlayedRoute {
  readonly route: Pick<Route, "methods" | "path">
  readonly operation: Pick<Operation, "name" | "tags" | "operationId">

  constructor(route: PlayedRoute["route"], operation: PlayedRoute["operation"]) {
    this.route = route
    this.operation = operation
  }
}

/** What the function `by` calls a route. */
export function playedUniqueId(ctx: Context, by: Value, route: PlayedRoute["route"], operation: PlayedRoute["operation"]): Known<string> {
  if (by.is !== "function") return unseen(`${describe(by)} makes it`)
  const stand = external("fastapi.routing.APIRoute()", { host: new PlayedRoute(route, operation) })
  const { returns } = ctx.player.replay(by, { positional: [stand], keywords: new Map(), open: false })
  const id = knownText(returns)
  return id === undefined ? unseen("a function of the project makes it") : known(id)
}

/** An attribute of the route that a function is played with; undefined for any other value. */
export function routeAttribute(of: External, name: string): Value | undefined {
  if (!(of.host instanceof PlayedRoute)) return undefined
  const { route, operation } = of.host
  switch (name) {
    case "name":
      return operation.name.known ? text(operation.name.value) : undefined
    case "tags":
      return operation.tags.known
        ? sequence(
            "list",
            operation.tags.value.map((tag) => text(tag)),
          )
        : undefined
    case "operation_id":
      return operation.operationId.known && operation.operationId.value !== null ? text(operation.operationId.value) : undefined
    case "path":
      return route.path.known ? text(route.path.value) : undefined
    case "path_format":
      return route.path.known ? text(route.path.value.replace(/\{([a-zA-Z_]\w*):[a-zA-Z_]\w*\}/g, "{$1}")) : undefined
    case "methods":
      // A set of several is in no order that we could know.
      return route.methods.known && route.methods.value.length === 1
        ? sequence(
            "set",
            route.methods.value.map((method) => text(method)),
          )
        : undefined
    default:
      return undefined
  }
}
