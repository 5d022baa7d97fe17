/**
 * How FastAPI's knowledge enters the player: building an app or a router makes a model, `router.get(...)` makes a
 * decorator that adds a route, `include_router` adds an entry. Names are canonical (`#knowledge`).
 */

import { canonical, resultOf, verbs } from "#knowledge"
import {
  argument,
  type Built,
  type ClassValue,
  call,
  type External,
  external,
  externalBase,
  type Frame,
  type Host,
  itemsOf,
  options,
  type PlayedCall,
  type Site,
  sequence,
  text,
  type Value,
} from "#python"
import type { Context } from "./context.ts"
import { textOf } from "./known.ts"
import type { Declared } from "./loose-routes.ts"
import { routeAttribute } from "./played-route.ts"
import { known, type LibraryCall } from "./project.ts"
import {
  addGiven,
  addMiddleware,
  addRoute,
  frontend,
  host,
  includeRouter,
  methodsOf,
  mount,
  Routing,
  routingOf,
  withHead,
} from "./routers.ts"

const FASTAPI = "fastapi.FastAPI"
const ROUTER = "fastapi.APIRouter"
const VERBS = verbs
/** Whose calls are kept for the rules on start-up errors. */
const LIBRARY = /^(fastapi|starlette|pydantic|pydantic_settings|fastapi_utils|fastapi_restful)\./
const SETTINGS = new Set([
  "pydantic_settings.BaseSettings",
  "pydantic.BaseSettings",
  "pydantic.v1.BaseSettings",
  "pydantic_settings.main.BaseSettings",
  "starlette.config.Config",
])

/** Texts of a constructor that the app then holds as attributes, with what FastAPI takes where none is given. */
const APP_TEXTS: Record<string, string> = {
  openapi_url: "/openapi.json",
  docs_url: "/docs",
  redoc_url: "/redoc",
  swagger_ui_oauth2_redirect_url: "/docs/oauth2-redirect",
  root_path: "",
}

const appText = ({ built }: Routing, name: string): Value | undefined =>
  built.keywords.get(name) ?? (built.open ? undefined : text(APP_TEXTS[name] ?? ""))

/** Work that a running app would do after its modules are imported (lifespans, start-up handlers). */
export type Later = () => void

export class FastAPIHost implements Host {
  readonly routers: Routing[] = []
  readonly later: Later[] = []
  readonly calls: LibraryCall[] = []
  /** What bodies would add to an app that they are given. */
  readonly declared = new Map<object, Declared>()
  private starting: Routing | undefined
  context!: Context
  private readonly overridable = new WeakMap<ClassValue, boolean>()

  canonical(name: string): string {
    return canonical(name)
  }

  result(name: string): string | undefined {
    return resultOf(name)
  }

  isOverridable(of: ClassValue): boolean {
    let answer = this.overridable.get(of)
    if (answer === undefined) {
      const base = externalBase(this.context.player, of)
      answer = base !== undefined && SETTINGS.has(base)
      this.overridable.set(of, answer)
    }
    return answer
  }

  attribute(of: Value, name: string): Value | undefined {
    const routing = routingOf(of)
    if (!routing) return of.is === "external" ? routeAttribute(of, name) : undefined
    if (name === "router" && routing.kind === "app") return external(`${ROUTER}()`, { host: routing })
    if (name === "webhooks" && routing.kind === "app") return external(`${ROUTER}()`, { host: routing.webhooks })
    if (name === "prefix" && routing.kind === "router") return routing.prefix.known ? text(routing.prefix.value) : undefined
    if (routing.kind === "app" && name in APP_TEXTS) return appText(routing, name)
    if (name === "routes") return external(`${ROUTER}().routes`, { host: routing, self: of })
    return undefined
  }

  /** A parameter whose default is `Depends(f)` is what `f` returns or yields. */
  parameter(given: Value): Value | undefined {
    if (given.is !== "external" || (given.name !== "fastapi.Depends()" && given.name !== "fastapi.Security()") || !given.built)
      return undefined
    const callee = argument(given.built, 0, "dependency")
    if (!callee) return undefined
    if (callee.is === "class") return this.context.player.prototype(callee)
    if (callee.is === "function") {
      const summary = this.context.player.summary(callee)
      return summary.yields ?? summary.returns
    }
    return undefined
  }

  assign(of: External, name: string, value: Value): void {
    const routing = routingOf(of)
    if (routing?.kind === "router" && name === "prefix") routing.prefix = textOf(value)
    if (routing?.kind === "app" && name === "lifespan_context") routing.lifespan = { value, at: routing.at }
  }

  assignItem(of: External, key: Value, value: Value, at: Built["at"]): void {
    const app = of.name === `${FASTAPI}().dependency_overrides` ? routingOf(of.self) : undefined
    app?.overrides.push({ of: key, by: value, at })
  }

  call(played: PlayedCall): Value | undefined {
    const { callee, frame } = played
    const { name } = callee
    if (frame.mode === "import" && LIBRARY.test(name)) this.record(played)
    if (name === FASTAPI || name === ROUTER || name === `${FASTAPI}().__init__` || name === `${ROUTER}().__init__`)
      return this.build(name.startsWith(FASTAPI) ? "app" : "router", played)
    const method = name.startsWith(`${FASTAPI}().`)
      ? name.slice(FASTAPI.length + 3)
      : name.startsWith(`${ROUTER}().`)
        ? name.slice(ROUTER.length + 3)
        : undefined
    if (method === undefined) return undefined
    if (method.endsWith("()")) return this.decorate(method.slice(0, -2), played)
    if (frame.mode !== "import") return undefined
    const routing = routingOf(callee.self)
    if (!routing) return undefined
    return this.method(routing, method, played)
  }

  private record({ callee, positional, keywords, open, at, func, frame }: PlayedCall): void {
    const isGuarded = frame.within.some((w) => w.is === "try" || w.is === "handler")
    const { starting } = this
    this.calls.push({
      name: callee.name,
      callee,
      positional,
      keywords,
      open,
      at,
      func,
      maybe: frame.maybe > 0,
      isGuarded,
      ...(starting && { starting }),
    })
  }

  // -------------------------------------------------------------------------- constructors

  private build(kind: "app" | "router", played: PlayedCall): Value | undefined {
    const { callee, frame } = played
    if (frame.mode !== "import") return undefined
    const built: Built = { positional: played.positional, keywords: played.keywords, open: played.open, at: played.at }
    const routing = new Routing(
      kind,
      built,
      this.context,
      frame.fn && `${this.context.player.modules.nameOf(frame.path)}:${frame.fn.qualname}`,
    )
    routing.branches = frame.maybe
    this.routers.push(routing)
    const value: Value = callee.self?.is === "instance" ? callee.self : external(kind === "app" ? `${FASTAPI}()` : `${ROUTER}()`, { built })
    if (value.is === "instance" || value.is === "external") value.host = routing
    this.constructorArguments(routing, built, value, frame)
    return value
  }

  private constructorArguments(routing: Routing, built: Built, value: Value, frame: Frame): void {
    const { keywords } = built
    for (const item of (keywords.get("middleware") && itemsOf(keywords.get("middleware") as Value)) ?? []) {
      if (item.is === "external" && item.name === "starlette.middleware.Middleware()" && item.built) {
        const cls = argument(item.built, 0, "cls")
        // The list is outermost first already; `addMiddleware` puts the newest outermost, so append here.
        if (cls) {
          addMiddleware(routing, cls, item.built.positional.length > 0 ? item.built : { ...item.built, positional: [cls] }, frame)
          routing.middleware.push(routing.middleware.shift() as (typeof routing.middleware)[number])
        }
      }
    }
    const hooks = routing.kind === "app" ? routingOf(keywords.get("webhooks")) : undefined
    if (hooks) routing.takeWebhooks(hooks)
    addGiven(routing, keywords.get("routes"))
    routing.given = routing.entries.length
    const handlers = keywords.get("exception_handlers")
    if (handlers?.is === "mapping")
      for (const [exception, handler] of handlers.entries) routing.exceptionHandlers.push({ exception, handler, at: built.at })
    for (const [argumentName, event] of [
      ["on_startup", "startup"],
      ["on_shutdown", "shutdown"],
    ] as const) {
      for (const handler of (keywords.get(argumentName) && itemsOf(keywords.get(argumentName) as Value)) ?? [])
        this.onEvent(routing, known(event), handler, built.at, frame)
    }
    const lifespan = keywords.get("lifespan")
    if (lifespan && !(lifespan.is === "literal" && lifespan.value === null)) {
      routing.lifespan = { value: lifespan, at: built.at }
      this.later.push(() => this.run(routing, lifespan, [value], built.at, frame))
    }
  }

  /** Plays what the server runs at start-up: some projects include routers there. */
  private run(of: Routing, callee: Value, positional: Value[], at: Built["at"], frame: Frame): void {
    this.starting = of
    for (const option of options(callee)) {
      if (option.is === "function" && this.context.player.isWorthPlaying(option)) {
        call(
          this.context.player,
          option,
          { positional, keywords: new Map(), open: false, at, func: at },
          { ...frame, mode: "import", maybe: 0, depth: 0, within: [] },
        )
      }
    }
    this.starting = undefined
  }

  private onEvent(routing: Routing, event: Routing["events"][number]["event"], handler: Value, at: Built["at"], frame: Frame): void {
    routing.events.push({ event, ...(handler.is === "function" && { handler: this.context.functionOf(handler) }), at })
    if (event.known && event.value === "startup") this.later.push(() => this.run(routing, handler, [], at, frame))
  }

  // -------------------------------------------------------------------------- methods

  private method(routing: Routing, method: string, played: PlayedCall): Value | undefined {
    const call: Built = { positional: played.positional, keywords: played.keywords, open: played.open, at: played.at }
    const maybe = played.frame.maybe > routing.branches
    const nothing = { is: "literal", type: "NoneType", value: null } as const
    switch (method) {
      case "host":
        host(routing, call, maybe)
        return nothing
      case "frontend":
        frontend(routing, call)
        return nothing
      case "include_router":
        includeRouter(routing, call, maybe)
        return nothing
      case "mount":
        mount(routing, call, maybe)
        return nothing
      case "routes.append":
        addGiven(routing, sequence("list", call.positional))
        return nothing
      case "routes.extend":
        addGiven(routing, call.positional[0])
        return nothing
      case "add_api_route":
        addRoute(
          routing,
          "api",
          methodsOf(call.keywords.get("methods"), ["GET"]),
          call,
          argument(call, 1, "endpoint") ?? { is: "unknown" },
          maybe,
          played.frame,
        )
        return nothing
      case "add_route":
        addRoute(
          routing,
          "route",
          withHead(methodsOf(argument(call, 2, "methods"), ["GET"])),
          call,
          argument(call, 1, "route") ?? argument(call, 1, "endpoint") ?? { is: "unknown" },
          maybe,
        )
        return nothing
      case "add_api_websocket_route":
      case "add_websocket_route":
        addRoute(
          routing,
          method === "add_websocket_route" ? "socket" : "websocket",
          known(["WEBSOCKET"]),
          call,
          argument(call, 1, "endpoint") ?? argument(call, 1, "route") ?? { is: "unknown" },
          maybe,
        )
        return nothing
      case "add_middleware": {
        const cls = argument(call, 0, "middleware_class")
        if (cls) addMiddleware(routing, cls, call.positional.length > 0 ? call : { ...call, positional: [cls] }, played.frame)
        return nothing
      }
      case "add_exception_handler": {
        const [exception, handler] = [argument(call, 0, "exc_class_or_status_code"), argument(call, 1, "handler")]
        if (exception && handler) routing.exceptionHandlers.push({ exception, handler, at: call.at })
        return nothing
      }
      case "add_event_handler": {
        const handler = argument(call, 1, "func")
        if (handler) this.onEvent(routing, textOf(argument(call, 0, "event_type")), handler, call.at, played.frame)
        return nothing
      }
      default:
        return undefined
    }
  }

  /** The second call of `router.get("/x")(endpoint)`: by `@`, or written out. */
  private decorate(method: string, played: PlayedCall): Value | undefined {
    const { callee, frame } = played
    const endpoint = played.positional[0]
    if (!endpoint) return undefined
    const routing = routingOf(callee.self)
    if (frame.mode === "body" && callee.built && endpoint.is === "function" && !this.declared.has(endpoint.def))
      this.declared.set(endpoint.def, { method, endpoint, built: { ...callee.built, at: played.at } })
    if (!routing || frame.mode !== "import" || !callee.built) return isRegistration(method) ? endpoint : undefined
    const maybe = frame.maybe > routing.branches
    // The place is where the decorator is applied: a helper may have made it elsewhere.
    const first: Built = { ...callee.built, at: played.at }
    if (VERBS.has(method) || method === "api_route") {
      const methods = method === "api_route" ? methodsOf(first.keywords.get("methods"), ["GET"]) : known([method.toUpperCase()])
      // FastAPI's decorators go through `self.add_api_route`, which a subclass may have made its own.
      const own = callee.self?.is === "instance" ? this.context.player.methodOf(callee.self.of, "add_api_route") : undefined
      if (own && callee.self) {
        const site: Site = {
          positional: [first.positional[0] ?? first.keywords.get("path") ?? { is: "unknown" }, endpoint],
          keywords: new Map([
            ...first.keywords,
            [
              "methods",
              methods.known
                ? sequence(
                    "list",
                    methods.value.map((m) => text(m)),
                  )
                : { is: "unknown" },
            ],
          ]),
          open: first.open,
          at: first.at,
          func: first.at,
        }
        site.keywords.delete("path")
        call(this.context.player, { ...own, self: callee.self }, site, frame)
      } else addRoute(routing, "api", methods, first, endpoint, maybe, frame)
      return endpoint
    }
    switch (method) {
      case "route":
        addRoute(routing, "route", withHead(methodsOf(argument(first, 1, "methods"), ["GET"])), first, endpoint, maybe)
        return endpoint
      case "websocket":
      case "websocket_route":
        addRoute(routing, method === "websocket" ? "websocket" : "socket", known(["WEBSOCKET"]), first, endpoint, maybe)
        return endpoint
      case "middleware":
        addMiddleware(routing, endpoint, { positional: [endpoint], keywords: new Map(), open: false, at: first.at }, frame)
        return endpoint
      case "exception_handler": {
        const exception = argument(first, 0, "exc_class_or_status_code")
        if (exception) routing.exceptionHandlers.push({ exception, handler: endpoint, at: first.at })
        return endpoint
      }
      case "on_event":
        this.onEvent(routing, textOf(argument(first, 0, "event_type")), endpoint, first.at, frame)
        return endpoint
      default:
        return undefined
    }
  }
}

const isRegistration = (method: string): boolean =>
  VERBS.has(method) ||
  ["api_route", "route", "websocket", "websocket_route", "middleware", "exception_handler", "on_event"].includes(method)
