/**
 * The model of an app as plain JSON, under the field names of `test/oracle/dump_app.py`, which prints the same of a
 * running app: a comparison is a diff. What is not known is `{ "unknown": "why" }`. Names of FastAPI, Starlette and
 * Pydantic are those that the packages offer, not the modules that define them: `fastapi.security:HTTPBearer`.
 */
import { isNone, knownText, type Place, type Value } from "#python"
import { flagOf, textOf } from "../known.ts"
import type { App, Hosted, Known, Middleware, Mounted, Project, Router, Unseen } from "../project.ts"
import { statusOf } from "../responses.ts"
import { describeRoute, fileLine, type RouteDescription } from "./route.ts"
import { describeRouters, type IncludeDescription, type RouterDescription } from "./routers.ts"
import {
  type Callable,
  callableOf,
  type Described,
  type Describing,
  externalRef,
  type FileLine,
  factOf,
  isUnknown,
  literalOf,
  refOf,
} from "./values.ts"

export type { RouteDescription } from "./route.ts"
export type { Described, FileLine } from "./values.ts"

export interface AppDescription {
  app: string
  title: Described<string | null>
  version: Described<string | null>
  openapi_url: Described<string | null>
  docs_url: Described<string | null>
  redoc_url: Described<string | null>
  swagger_ui_oauth2_redirect_url: Described<string | null>
  root_path: Described<string | null>
  debug: Described<boolean>
  redirect_slashes: Described<boolean>
  default_response_class: Described<{ ref: string; default: boolean }>
  created_at: FileLine
  lifespan: Described<Callable> | null
  on_startup: Described<string>[]
  on_shutdown: Described<string>[]
  /** Outermost first. */
  middleware: MiddlewareDescription[]
  exception_handlers: { key: Described<string>; handler: Described<string>; site: FileLine | null }[]
  dependency_overrides: { of: Described<string>; by: Described<string> }[]
  routes: RouteDescription[]
  webhooks: RouteDescription[]
  /** Every `include_router` of the project, in the order of the routers that include. */
  include_calls: IncludeDescription[]
  /** Every router of the project, in the order in which they were built; an app has one of its own. */
  routers: RouterDescription[]
  /** What may add routes and could not be understood: with any of these, the list may not be complete. */
  unseen: (FileLine & { what: string; why: string })[]
}

export interface MiddlewareDescription {
  class: Described<string>
  options: Record<string, Described<unknown>>
  /** The function of `@app.middleware("http")`. */
  dispatch: Described<Callable> | null
  site: FileLine
  maybe?: boolean
}

/** All that an app is and serves, in matching order. `lineOf` gives a place's 1-based line. */
export function describeApp(
  app: App,
  lineOf: (place: Place) => number,
  project: Pick<Project, "player" | "versions" | "functionOf" | "unseen" | "role" | "routers">,
  testsOf?: Describing["testsOf"],
): AppDescription {
  const { player, versions } = project
  const on: Describing = { player, versions, functionOf: (value) => project.functionOf(value), lineOf, testsOf }
  const option = (name: string) => app.built.keywords.get(name)
  const text = (name: string, otherwise: string | null): Described<string | null> => {
    const value = option(name)
    if (!value) return app.built.open ? { unknown: "options passed by **" } : otherwise
    return isNone(value) ? null : certain(textOf(value))
  }
  const responseClass = option("default_response_class")
  const ref = responseClass && refOf(on, responseClass)
  const events = (event: string) =>
    app.events
      .filter((one) => one.event.known && one.event.value === event)
      .map(({ handler }) => (handler ? handler.id : { unknown: "a handler that is not known" }))
  return {
    app: app.name ?? "",
    title: text("title", "FastAPI"),
    version: text("version", "0.1.0"),
    openapi_url: text("openapi_url", "/openapi.json"),
    docs_url: text("docs_url", "/docs"),
    redoc_url: text("redoc_url", "/redoc"),
    swagger_ui_oauth2_redirect_url: text("swagger_ui_oauth2_redirect_url", "/docs/oauth2-redirect"),
    root_path: rootPath(text("root_path", ""), text("openapi_prefix", "")),
    debug: isAssumed(option("debug"))
      ? ASSUMED
      : app.built.open && !option("debug")
        ? { unknown: "options passed by **" }
        : factOf(flagOf(option("debug"), false)),
    redirect_slashes: factOf(flagOf(option("redirect_slashes"), true)),
    default_response_class:
      ref === undefined ? { ref: "starlette.responses:JSONResponse", default: true } : isUnknown(ref) ? ref : { ref, default: false },
    created_at: fileLine(on, app.at),
    lifespan: app.lifespan ? callableOf(on, app.lifespan.value) : null,
    on_startup: events("startup"),
    on_shutdown: events("shutdown"),
    middleware: app.middleware.map((middleware) => middlewareDescription(on, middleware)),
    exception_handlers: handlersOf(on, app),
    dependency_overrides: app.overrides
      .filter(({ at }) => project.role(at.path) !== "test")
      .map(({ of, by }) => ({ of: refOf(on, of), by: refOf(on, by) })),
    routes: [...routesOf(on, app, "", new Set())],
    webhooks: app.webhooks.routes.map((route) => describeRoute(on, route, "")),
    ...describeRouters(on, app, project),
    unseen: unseenIn(app, project).map(({ at, what, why }) => ({ ...fileLine(on, at), what, why })),
  }
}

const ASSUMED = { unknown: "a default that a deployment may override" }
const isAssumed = (value: Value | undefined): boolean => (value?.is === "text" || value?.is === "literal") && value.assumed === true
const certain = (text: Known<string>): Described<string> => (text.known && text.assumed ? ASSUMED : factOf(text))

/** `openapi_prefix` is the old name of `root_path`. */
const rootPath = (root: Described<string | null>, old: Described<string | null>): Described<string | null> => (root === "" ? old : root)

function middlewareDescription(on: Describing, { value, built, at, maybe }: Middleware): MiddlewareDescription {
  const isFunction = value.is === "function"
  const dispatch = isFunction ? callableOf(on, value) : null
  const ref = isFunction ? "starlette.middleware.base:BaseHTTPMiddleware" : refOf(on, value)
  const options = Object.fromEntries([...built.keywords].map(([name, option]) => [name, literalOf(on, option)]))
  return {
    class: ref,
    options: isFunction && dispatch && !isUnknown(dispatch) ? { dispatch: { ref: dispatch.ref } } : options,
    dispatch,
    site: fileLine(on, at),
    ...(maybe && { maybe: true }),
  }
}

/** What FastAPI handles by itself, unless the constructor is given something else for it. */
const HANDLED = [
  ["starlette.exceptions:HTTPException", "fastapi.exception_handlers:http_exception_handler", "0"],
  ["fastapi.exceptions:RequestValidationError", "fastapi.exception_handlers:request_validation_exception_handler", "0"],
  [
    "fastapi.exceptions:WebSocketRequestValidationError",
    "fastapi.exception_handlers:websocket_request_validation_exception_handler",
    "0.97.0",
  ],
] as const

/** In the order of a dictionary: a key that is set again keeps its place. */
function handlersOf(on: Describing, app: App): AppDescription["exception_handlers"] {
  const all = new Map<string, AppDescription["exception_handlers"][number]>()
  const set = (key: Described<string>, handler: Described<string>, site: FileLine | null): void => {
    all.set(isUnknown(key) ? `? ${all.size}` : key, { key, handler, site })
  }
  const add = ({ exception, handler, at }: App["exceptionHandlers"][number], site: FileLine | null) =>
    set(exceptionKey(on, exception), refOf(on, handler), site && fileLine(on, at))
  const isGiven = ({ at }: { at: Place }) => at.path === app.at.path && at.start === app.at.start
  for (const one of app.exceptionHandlers.filter(isGiven)) add(one, null)
  for (const [key, handler, since] of HANDLED) if (!all.has(key) && on.versions.atLeast("fastapi", since)) set(key, handler, null)
  for (const one of app.exceptionHandlers.filter((one) => !isGiven(one))) add(one, fileLine(on, one.at))
  return [...all.values()]
}

function exceptionKey(on: Describing, exception: Value): Described<string> {
  const status = statusOf(exception)
  if (status !== undefined) return String(status)
  return exception.is === "class" || exception.is === "external" ? refOf(on, exception) : { unknown: "an exception that is not known" }
}

// ---------------------------------------------------------------------------- routes

/** FastAPI's own pages, as the constructor adds them, then the project's routes; mounted apps inside their mount. */
function* routesOf(on: Describing, app: App, under: string, above: ReadonlySet<App>): Generator<RouteDescription> {
  const inside = new Set([...above, app])
  const { everything } = app
  // What the constructor is given (`routes=[...]`) is there before FastAPI adds its pages.
  for (let i = 0; i <= everything.length; i++) {
    if (i === app.given) yield* pagesOf(app, under)
    const entry = everything[i]
    if (!entry) continue
    if (entry.kind === "mount") yield describeMount(on, entry, under, inside)
    else if (entry.kind === "host") yield describeHost(on, entry, under, inside)
    else yield describeRoute(on, entry, under)
  }
  for (const { path: given, at } of app.frontends) {
    const path = factOf(given)
    yield {
      kind: "frontend",
      methods: ["GET", "HEAD"],
      full_path: typeof path === "string" ? under + path : path,
      path,
      registered_at: fileLine(on, at),
    }
  }
}

/** What the files that an app is built in hold that was not understood. */
function unseenIn(app: App, { unseen }: Pick<Project, "unseen">): Unseen[] {
  const files = new Set<string>()
  const seen = new Set<Router>()
  const visit = (router: Router): void => {
    if (seen.has(router)) return
    seen.add(router)
    files.add(router.at.path)
    for (const entry of router.entries) {
      files.add(entry.is === "route" ? entry.route.at.path : entry.at.path)
      if (entry.is === "include") visit(entry.router)
    }
  }
  visit(app)
  // What builds an app for others (a package that finds routers by name, say) stands beside it or below.
  const folder = app.at.path.slice(0, app.at.path.lastIndexOf("/") + 1)
  return unseen.filter(({ at, what }) => MAY_ADD.has(what) && (files.has(at.path) || at.path.startsWith(folder)))
}

const MAY_ADD: ReadonlySet<string> = new Set(["app", "router", "route", "include", "bound", "module"])

function* pagesOf({ built }: App, under: string): Generator<RouteDescription> {
  const page = (name: string, otherwise: string): Described<string> | undefined => {
    const value = built.keywords.get(name)
    if (!value) return built.open ? { unknown: "options passed by **" } : otherwise
    if (isNone(value) || knownText(value) === "") return undefined
    return factOf(textOf(value))
  }
  const openapi = page("openapi_url", "/openapi.json")
  if (openapi === undefined) return
  const docs = page("docs_url", "/docs")
  const redirect = docs === undefined ? undefined : page("swagger_ui_oauth2_redirect_url", "/docs/oauth2-redirect")
  for (const path of [openapi, docs, redirect, page("redoc_url", "/redoc")]) {
    if (path !== undefined)
      yield { kind: "route", methods: ["GET", "HEAD"], full_path: typeof path === "string" ? under + path : path, framework: true }
  }
}

function describeMount(
  on: Describing,
  { path: given, app, value, at, name, includes }: Mounted,
  under: string,
  above: ReadonlySet<App>,
): RouteDescription {
  const path = factOf(given)
  const full = typeof path === "string" ? under + path : path
  const ref = app ? "fastapi:FastAPI" : mountedRef(on, value)
  return {
    kind: "mount",
    full_path: full,
    path,
    ...(name && { name: factOf(name) }),
    app: ref,
    registered_at: fileLine(on, at),
    included_at: (includes ?? []).map((one) => fileLine(on, one)),
    ...(app && !above.has(app) && typeof full === "string" && { routes: [...routesOf(on, app, full, above)] }),
  }
}

function describeHost(
  on: Describing,
  { host, app, value, at, name, includes, prefix }: Hosted,
  under: string,
  above: ReadonlySet<App>,
): RouteDescription {
  return {
    kind: "host",
    full_path: under,
    host: factOf(host),
    ...(name && { name: factOf(name) }),
    registered_at: fileLine(on, at),
    included_at: (includes ?? []).map((one) => fileLine(on, one)),
    ...hostedBelow(on, { app, value, prefix }, under, above),
  }
}

/** Where an include gives it a prefix, FastAPI puts a router between the host and what it serves. */
function hostedBelow(
  on: Describing,
  { app, value, prefix }: { app: App | undefined; value: Value; prefix: Known<string> },
  under: string,
  above: ReadonlySet<App>,
) {
  const ref = app ? "fastapi:FastAPI" : mountedRef(on, value)
  const routesUnder = (path: string) => (app && !above.has(app) ? { routes: [...routesOf(on, app, path, above)] } : {})
  if (prefix.known && prefix.value === "") return { app: ref, ...routesUnder(under) }
  const path = factOf(prefix)
  const full = typeof path === "string" ? under + path : path
  return {
    app: "starlette.routing:Router",
    routes: [{ kind: "mount" as const, full_path: full, path, app: ref, ...(typeof full === "string" && routesUnder(full)) }],
  }
}

function mountedRef(on: Describing, value: Value): Described<string> {
  if (value.is === "external" && value.name.endsWith("()")) return externalRef(value.name)
  return refOf(on, value)
}
