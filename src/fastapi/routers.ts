/** Apps and routers while they are built: what their constructors and methods are given, kept in order. */
import {
  type Arguments,
  argument,
  type Built,
  external,
  type Frame,
  type Instance,
  isNone,
  itemsOf,
  knownText,
  type Place,
  unknown,
  type Value,
} from "#python"
import type { Context } from "./context.ts"
import { dependenciesFrom } from "./dependencies.ts"
import { describe, textOf } from "./known.ts"
import {
  type App,
  type Dependency,
  type Entry,
  type Hosted,
  type Known,
  known,
  type Middleware,
  type Mounted,
  type OwnRoute,
  type Route,
  type Router,
  unseen,
} from "./project.ts"
import { everythingBy, routesOf, servedBy } from "./routes.ts"
import { keepNames } from "./signature/kept-names.ts"

/** The model behind a played `FastAPI()` or `APIRouter()`. */
export class Routing implements Router {
  readonly kind: "app" | "router"
  readonly at: Place
  readonly built: Built
  readonly context: Context
  /** The factory that builds it, as `module:function`, when it is not built at module level. */
  readonly factory: string | undefined
  name?: string
  prefix: Known<string>
  entries: Entry[] = []
  included = 0
  // What only apps have.
  middleware: Middleware[] = []
  exceptionHandlers: App["exceptionHandlers"] = []
  events: App["events"] = []
  given = 0
  frontends: App["frontends"] = []
  lifespan?: { value: Value; at: Place }
  /** `app.dependency_overrides[f] = g`, wherever it is done. */
  overrides: { of: Value; by: Value; at: Place }[] = []
  /** How many branches deep it was built: what is added there is as certain as the app itself. */
  branches = 0
  private solved: Dependency[] | undefined
  private hooks: Routing | undefined

  constructor(kind: "app" | "router", built: Built, context: Context, factory: string | undefined) {
    this.kind = kind
    this.factory = factory
    this.at = built.at
    this.built = built
    this.context = context
    this.prefix = kind === "router" ? textOf(built.keywords.get("prefix")) : known("")
  }

  get dependencies(): Dependency[] {
    if (!this.solved) this.solved = dependenciesFrom(this.context, this.built.keywords.get("dependencies"), this.kind, this.at)
    return this.solved
  }

  /** The router behind `app.webhooks`: documented, and served by nobody. */
  get webhooks(): Routing {
    const { at } = this.built
    this.hooks ??= new Routing("router", { positional: [], keywords: new Map(), open: false, at }, this.context, this.factory)
    return this.hooks
  }

  /** `FastAPI(webhooks=router)`: a router that has its place, though no app includes it. */
  takeWebhooks(router: Routing): void {
    this.hooks = router
    router.included++
  }

  get served(): (Route | Mounted)[] {
    return servedBy(this)
  }

  get everything(): (Route | Mounted | Hosted)[] {
    return everythingBy(this)
  }

  get routes(): Route[] {
    return routesOf(this)
  }
}

/** The model that hangs on a played value, if it is an app or a router. */
export function routingOf(value: Value | undefined): Routing | undefined {
  const host = value?.is === "external" || value?.is === "instance" ? value.host : undefined
  return host instanceof Routing ? host : undefined
}

/** The methods of `methods=[...]`: upper case, in the order given. */
export function methodsOf(value: Value | undefined, otherwise: string[]): Known<string[]> {
  if (!value || (value.is === "literal" && value.type === "NoneType")) return known(otherwise)
  const items = itemsOf(value)
  const names = items?.map(
    (item) => knownText(item) ?? (item.is === "external" ? /^http\.HTTPMethod\.(\w+)$/.exec(item.name)?.[1] : undefined),
  )
  if (!names || (value.is === "sequence" && value.open) || names.some((name) => name === undefined))
    return unseen(`methods from ${describe(value)}`)
  return known((names as string[]).map((name) => name.toUpperCase()))
}

/** Adds one route. `call` is the call that carries path and options; the endpoint may come later, by decoration. */
export function addRoute(
  routing: Routing,
  kind: OwnRoute["kind"],
  methods: Known<string[]>,
  call: Built,
  endpoint: Value,
  maybe: boolean,
  frame?: Pick<Frame, "within">,
): void {
  const { context } = routing
  const path = textOf(argument(call, 0, "path"))
  if (!path.known && endpoint.is === "unknown") {
    // Nothing of it is known: a loop over things that the player could not see. Told, not added.
    context.unseen.push({ at: call.at, what: "route", why: `neither its path nor its endpoint is known (${path.why})` })
    return
  }
  const named = unwrapped(endpoint)
  const fn = named.is === "function" ? context.functionOf(named) : endpoint.is === "instance" ? methodFn(context, endpoint) : undefined
  if (kind === "api" || kind === "websocket") keepNames(named)
  // The router's own prefix is read when a route is added, as FastAPI does; plain Starlette routes get none.
  const prefixed = kind === "route" || kind === "socket" ? path : prefix(routing.prefix, path)
  routing.entries.push({
    is: "route",
    route: {
      kind,
      methods,
      path: prefixed,
      ...(fn && { endpoint: fn }),
      endpointValue: endpoint,
      at: call.at,
      built: call,
      router: routing,
      maybe,
      ...readsOf(frame),
    },
  })
  if (!path.known) context.unseen.push({ at: call.at, what: "path", why: path.why })
  if (!fn && endpoint.is === "unknown")
    context.unseen.push({ at: call.at, what: "route", why: `its endpoint is ${endpoint.why ?? "not known"}` })
}

/** Under decorators that use `functools.wraps`, and in a `partial`, stands the function that the route is about. */
function unwrapped(endpoint: Value): Value {
  let value = endpoint
  for (let i = 0; i < 10; i++) {
    if (value.is === "function" && value.wraps?.is === "function") value = value.wraps
    else if (value.is === "external" && value.name === "functools.partial()" && value.built?.positional[0])
      value = value.built.positional[0]
    else break
  }
  return value
}

const prefix = (own: Known<string>, path: Known<string>): Known<string> =>
  own.known && path.known
    ? { known: true, value: own.value + path.value, ...((own.assumed || path.assumed) && { assumed: true }) }
    : own.known
      ? path
      : own

function methodFn(context: Context, endpoint: Instance) {
  const method = context.player.methodOf(endpoint.of, "__call__")
  return method && context.functionOf({ ...method, self: endpoint })
}

export function includeRouter(routing: Routing, call: Built, maybe: boolean): void {
  const given = argument(call, 0, "router")
  const { context } = routing
  const children = given?.is === "either" ? given.options : given ? [given] : []
  let understood = false
  for (const child of children) {
    const router = routingOf(child)
    if (!router || router === routing) continue
    understood = true
    router.included++
    const copies = !context.versions.atLeast("fastapi", "0.137.0")
    routing.entries.push({
      is: "include",
      router,
      prefix: textOf(call.keywords.get("prefix")),
      at: call.at,
      maybe: maybe || children.length > 1,
      built: call,
      ...(copies && { copied: [...router.entries] }),
    })
  }
  if (!understood)
    context.unseen.push({
      at: call.at,
      what: "include",
      why: given ? `the router is ${given.is === "unknown" ? (given.why ?? "not known") : describe(given)}` : "no router is given",
    })
}

export function mount(routing: Routing, call: Built, maybe: boolean): void {
  // `Mount("/x", routes=[...])` makes an app of its own.
  const value = argument(call, 1, "app") ?? (call.keywords.has("routes") ? external("starlette.routing.Router()") : undefined)
  const path = textOf(argument(call, 0, "path"))
  if (!value) return
  const named = argument(call, 2, "name")
  const app = routingOf(value)
  routing.entries.push({
    is: "mount",
    path: path.known ? { ...path, value: path.value.replace(/\/$/, "") } : path,
    ...(app?.kind === "app" && { app: app as unknown as App }),
    value,
    at: call.at,
    maybe,
    name: named && !isNone(named) ? textOf(named) : known(null),
  })
}

/** `host("api.example.com", app)`: takes every request for that host. */
export function host(routing: Routing, call: Built, maybe: boolean): void {
  const value = argument(call, 1, "app")
  if (!value) return
  const app = routingOf(value)
  const named = argument(call, 2, "name")
  const name = named && !isNone(named) ? textOf(named) : known(null)
  routing.entries.push({
    is: "host",
    host: textOf(argument(call, 0, "host")),
    ...(app?.kind === "app" && { app: app as unknown as App }),
    value,
    at: call.at,
    maybe,
    name,
  })
}

/** `frontend("/", directory="dist")` (FastAPI 0.138): files, tried after every route. */
export function frontend(routing: Routing, call: Built): void {
  routing.frontends.push({ path: textOf(argument(call, 0, "path")), at: call.at, built: call })
}

/** `routes=[Route(...), Mount(...)]` of a constructor: the objects are taken as they are. */
export function addGiven(routing: Routing, given: Value | undefined): void {
  for (const item of (given && itemsOf(given)) ?? []) {
    if (item.is !== "external" || !item.built) continue
    const endpoint = argument(item.built, 1, "endpoint") ?? unknown
    if (item.name === "starlette.routing.Route()")
      addRoute(routing, "route", withHead(methodsOf(argument(item.built, 2, "methods"), ["GET"])), item.built, endpoint, false)
    else if (item.name === "starlette.routing.WebSocketRoute()")
      addRoute(routing, "socket", known(["WEBSOCKET"]), item.built, endpoint, false)
    else if (item.name === "starlette.routing.Mount()") mount(routing, item.built, false)
  }
}

/** Starlette's plain routes answer HEAD where they answer GET; FastAPI's do not. */
export const withHead = (methods: Known<string[]>): Known<string[]> =>
  methods.known && methods.value.includes("GET") && !methods.value.includes("HEAD") ? known([...methods.value, "HEAD"]) : methods

/** Middleware in the order in which it wraps: the last added is the outermost. */
export function addMiddleware(
  routing: Routing,
  value: Value,
  call: Arguments & { at: Place },
  frame?: Pick<Frame, "maybe" | "within">,
): void {
  const name = value.is === "external" ? value.name : undefined
  routing.middleware.unshift({
    ...(name !== undefined && { name }),
    value,
    built: { positional: call.positional.slice(1), keywords: call.keywords, open: call.open, at: call.at },
    at: call.at,
    maybe: (frame?.maybe ?? 0) > routing.branches,
    ...readsOf(frame),
  })
}

/** What the tests of the branches around read; nothing where one of them is not known. */
function readsOf(frame: Pick<Frame, "within"> | undefined): { reads?: readonly string[] } {
  const branches = frame?.within.filter((w) => w.is === "branch") ?? []
  if (branches.length === 0 || !branches.every((branch) => branch.reads)) return {}
  return { reads: branches.flatMap((branch) => branch.reads ?? []) }
}
