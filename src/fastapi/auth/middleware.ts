/** Middleware that asks who is calling, before any route is chosen. */
import { guardMiddleware, guardOf } from "#knowledge"
import { argument, type FunctionValue, type Place, type Value } from "#python"
import type { Context } from "../context.ts"
import type { App, Auth, Fn, Middleware, Route } from "../project.ts"
import { toldOf } from "./answers.ts"
import { evidenceOf, ownEvidence } from "./evidence.ts"
import { shortName, toldVerdict } from "./guards.ts"
import { speaksOfIdentity } from "./identity-words.ts"

/** Starlette's and FastAPI's own, and widely used ones that only log, count or compress. */
const HARMLESS =
  /^(starlette\.middleware\.(cors|gzip|httpsredirect|trustedhost|sessions|errors|exceptions|wsgi)|fastapi\.middleware|uvicorn|brotli_asgi|asgi_correlation_id|prometheus|slowapi|opentelemetry|sentry_sdk|elasticapm|ddtrace|secure|starlette_context|fastapi_cprofile|scout_apm|newrelic|starlette_exporter|debug_toolbar|fastapi_pagination|logfire|timing_asgi|asgi_logger|sqladmin|fastapi_cache|fastapi_async_sqlalchemy|fastapi_sqlalchemy|asgi_csrf|starlette_csrf|aws_xray_sdk)\b/

/** What middleware of the route's app, or around it, may answer; nothing for middleware that has no part in it. */
export function* gatesOf(context: Context, route: Route): Generator<Auth> {
  for (const app of route.app ? around(context, route.app) : []) {
    for (const middleware of app.middleware) {
      const gate = gateOf(context, middleware, route)
      if (gate) yield gate
    }
  }
  yield* byRouteClass(context, route)
}

/** An app and those that mount it, however deep: a request passes the middleware of all of them. */
function around(context: Context, app: App): Set<App> {
  const found = new Set<App>([app])
  const mounting = mountingIn(context)
  for (const one of found) for (const above of mounting.get(one) ?? []) found.add(above)
  return found
}

const mountings = new WeakMap<Context, { routers: number; apps: Map<App, App[]> }>()

/** Which apps mount which; read anew when there are more routers than before. */
function mountingIn(context: Context): Map<App, App[]> {
  const routers = context.routers ?? []
  const before = mountings.get(context)
  if (before?.routers === routers.length) return before.apps
  const apps = new Map<App, App[]>()
  for (const router of routers) {
    if (router.kind !== "app") continue
    for (const entry of router.entries)
      if (entry.is === "mount" && entry.app) apps.set(entry.app, [...(apps.get(entry.app) ?? []), router as App])
  }
  mountings.set(context, { routers: routers.length, apps })
  return apps
}

function gateOf(context: Context, middleware: Middleware, route: Route): Auth | undefined {
  const { value, at } = middleware
  const said = (name: string) => ({ by: name, level: "middleware" as const, at })
  const name = nameOf(context, value)
  const told = name === undefined ? undefined : toldVerdict(toldOf(context, [name]))
  if (name !== undefined && told) return told.answer === "yes" ? { ...told, ...said(name) } : undefined
  if (value.is === "external") {
    if (guardMiddleware.has(value.name) || guardOf(value.name))
      return {
        answer: "unknown",
        ...said(value.name),
        why: `\`${last(value.name)}\` finds out who is calling; whether it refuses anyone depends on its backend`,
      }
    if (HARMLESS.test(value.name) || !speaksOfIdentity(last(value.name))) return undefined
    return { answer: "unknown", ...said(value.name), why: `\`${last(value.name)}\` is named as if it asked who is calling` }
  }
  const runs = bodyOf(context, value)
  if (!runs)
    return value.is === "unknown"
      ? { answer: "unknown", level: "middleware", at, why: `a middleware is not known${value.why ? `: ${value.why}` : ""}` }
      : undefined
  // The `http` kinds are passed by by websockets.
  if (route.kind === "websocket" && (value.is === "function" || runs.name === "dispatch")) return undefined
  const id = name ?? runs.id
  return weigh(context, runs, shortName(id), said(id))
}

function nameOf({ player, functionOf }: Context, value: Value): string | undefined {
  if (value.is === "external") return value.name
  if (value.is === "class") return `${player.modules.nameOf(value.module)}:${value.qualname}`
  return value.is === "function" ? functionOf(value).id : undefined
}

function weigh(context: Context, runs: Fn, short: string, said: { by: string; level: "middleware"; at: Place }): Auth | undefined {
  const { credential, refusal, proof, asked, path } = evidenceOf(context, runs)
  if ((credential || proof) && refusal) {
    const how = `\`${short}\` takes ${credential ?? "a proof"} and refuses with ${refusal}`
    // Only what the middleware itself refuses, whatever the path, is sure to be refused.
    const isSure = !path && /^\d+$/.test(ownEvidence(context, runs).refusal ?? "")
    return isSure
      ? { answer: "yes", ...said, why: how }
      : { answer: "unknown", ...said, why: path ? `${how}, for some paths` : `${how}, in some cases` }
  }
  if (refusal) return { answer: "unknown", ...said, why: `\`${short}\` can refuse with ${refusal}` }
  if (credential && (asked || proof || speaksOfIdentity(short)))
    return { answer: "unknown", ...said, why: `\`${short}\` takes ${credential}` }
  if (asked || proof) return { answer: "unknown", ...said, why: `\`${short}\` calls ${asked ?? proof}` }
  return speaksOfIdentity(short) ? { answer: "unknown", ...said, why: `\`${short}\` is named as if it asked who is calling` } : undefined
}

/** The function that a middleware runs for a request: `dispatch`, a plain ASGI `__call__`, or itself. */
export function bodyOf(context: Context, value: Value): Fn | undefined {
  const { player } = context
  if (value.is === "function") return context.functionOf(value)
  const of = value.is === "class" ? value : value.is === "instance" ? value.of : undefined
  if (!of) return undefined
  const method: FunctionValue | undefined = player.methodOf(of, "dispatch") ?? player.methodOf(of, "__call__")
  return method && context.functionOf({ ...method, self: player.prototype(of) })
}

/** `APIRouter(route_class=...)`: a class of the project may do anything with a request. */
function* byRouteClass(context: Context, route: Route): Generator<Auth> {
  const given = argument(route.own.router.built, -1, "route_class") ?? route.own.built.keywords.get("route_class_override")
  if (given?.is !== "class") return
  const method = context.player.methodOf(given, "get_route_handler")
  if (!method) return
  const handler = context.functionOf({ ...method, self: context.player.prototype(given) })
  const { credential, refusal, proof } = evidenceOf(context, handler)
  const by = `${context.player.modules.nameOf(given.module)}:${given.qualname}`
  const told = toldVerdict(toldOf(context, [by]))
  if (told) return void (told.answer === "yes" && (yield { ...told, by, level: "middleware", at: route.own.router.at }))
  if (refusal || proof || credential || speaksOfIdentity(given.def.name))
    yield {
      answer: "unknown",
      by,
      level: "middleware",
      at: route.own.router.at,
      why: `the route class \`${given.def.name}\` may ask who is calling`,
    }
}

const last = (name: string): string => name.replace(/\(\)/g, "").split(".").at(-1) as string
