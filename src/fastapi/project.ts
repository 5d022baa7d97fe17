/**
 * The project as rules ask it: the application that FastAPI would have built, and what its functions do.
 * Built by `link`, never by rules. Nothing here is syntax; whatever is not known says so.
 */
import type { Arguments, Built, ClassValue, External, ModuleFacts, Place, Player, Role, Value } from "#python"
import type { DeadAnswer } from "./auth/answers.ts"
import type { Question } from "./auth/questions.ts"
import type { Bodies } from "./bodies.ts"
import type { CallEvent, Event, Fn } from "./fn.ts"
import type { Operation } from "./operation.ts"
import type { Reach } from "./reach.ts"
import type { Declared } from "./signature/signature.ts"
import type { Versions } from "./versions.ts"

export type { Blocking } from "#knowledge"
export type { Arguments, Handler, RaiseEvent, ReturnEvent, Role, Within, YieldEvent } from "#python"
export type { Bodies, In } from "./bodies.ts"
export type { Chain } from "./chains.ts"
export type { Blocks, CallEvent, Callee, Event, Fn, Parameter } from "./fn.ts"
export type { Operation } from "./operation.ts"
export type { Reach, Running } from "./reach.ts"
export type { Declared } from "./signature/signature.ts"
export type { Versions } from "./versions.ts"

/** A fact, or honest ignorance. A rule that accuses asks for `known` first. */
export type Known<T> = { known: true; value: T; assumed?: boolean } | { known: false; why: string }

export const known = <T>(value: T): Known<T> => ({ known: true, value })
export const unseen = (why: string): Known<never> => ({ known: false, why })

export interface Project {
  apps: App[]
  /** Every route of every app, and of routers that no app includes (their `app` is unset). */
  readonly routes: Route[]
  /** Routes that functions add to an app that they are given, which no route of `routes` is. */
  readonly loose: Route[]
  /** Every router and app that was built, in the order in which it was built. */
  routers: Router[]
  /** Every function and method of the project, nested ones included, in the order of the text of each file. */
  readonly functions: Fn[]
  /** What they do: for who looks for certain calls, or for what is raised, in all of them. */
  readonly bodies: Bodies
  readonly classes: ClassValue[]
  /** What each file says, by path. */
  modules: Map<string, ModuleFacts>
  /** The player's answers, for questions that the model does not hold. */
  player: Player
  versions: Versions
  /** Every package that the project's lock file installs, by normal name (`python-multipart`); unset where no lock file says. */
  locked?: ReadonlySet<string>
  /** The calls of FastAPI, Starlette and Pydantic that run before the first request: constructors, decorators, `add_middleware`. In the order in which they run. */
  calls: LibraryCall[]
  /** What could not be understood: shown to the user, never guessed. */
  readonly unseen: Unseen[]
  /** What a line of configuration could decide: who is calling, and which app is meant. */
  readonly questions: Question[]
  /** Entries of `[tool.fastlint.auth]` that match nothing. */
  readonly deadAnswers: DeadAnswer[]
  /** Requests that tests send. */
  requests: TestRequest[]
  /** Who calls whom: which routes lead to a function, and where a call leads without leaving its thread. */
  readonly reach: Reach
  /** The role of a file: only `app` files are accused (see `python/roles.ts`). */
  role(path: string): Role
  /** What a function does when it is given these arguments: the events of its body, played once more. */
  replay(fn: Fn, given: Arguments): Event[]
  /** The function behind a value, if it is one of the project's. */
  functionOf(value: Value): Fn | undefined
  /** What this very call gives, with its own arguments: a helper's `status_code=status_code` has a value then. */
  outcome(call: CallEvent): Value
  /** Is a value a response, which FastAPI hands on as it is? `undefined` where that is not known. */
  isResponse(value: Value): boolean | undefined
}

/** A call of a library while modules are imported, or in what the server runs at start-up. */
export interface LibraryCall extends Arguments {
  /** What is called. `fastapi.FastAPI().get()` is what `app.get("/x")` gave, applied to the endpoint; its own arguments are in `callee.built`. */
  name: string
  callee: External
  at: Place
  /** The callee expression: `app.get` of `app.get("/x")`. */
  func: Place
  /** On a way that may not be taken (an `if`). */
  maybe: boolean
  /** In a `try` with handlers, or in a handler. */
  isGuarded: boolean
  /** The app or router in whose lifespan or start-up handler it runs; unset for what runs at import. */
  starting?: Router
}

export interface Unseen {
  at: Place
  what: "app" | "router" | "route" | "include" | "path" | "bound" | "module" | "dependency"
  why: string
}

// ---------------------------------------------------------------------------- application

/** `FastAPI()` or `APIRouter()`, or what derives from them. */
export interface Router {
  kind: "app" | "router"
  /** Where it was built. */
  at: Place
  /** `app.main:app`, where a module-level name holds it. */
  name?: string
  prefix: Known<string>
  /** `dependencies=[...]` of the constructor. */
  readonly dependencies: Dependency[]
  /** What was added, in order: own routes, included routers, mounts. */
  entries: Entry[]
  built: Built
  /** How often another router of the project includes it; includes in tests do not count. */
  included: number
  /** All that it serves, in matching order; for an app with full paths. */
  readonly served: (Route | Mounted)[]
  /** `served`, and what answers for a host of its own. */
  readonly everything: (Route | Mounted | Hosted)[]
  /** The routes of `served`. */
  readonly routes: Route[]
}

export interface App extends Router {
  kind: "app"
  middleware: Middleware[]
  exceptionHandlers: { exception: Value; handler: Value; at: Place }[]
  events: { event: Known<string>; handler?: Fn; at: Place }[]
  lifespan?: { value: Value; at: Place }
  /** `app.dependency_overrides[of] = by`, wherever it is done; in functions, once their `events` have been asked for. */
  overrides: { of: Value; by: Value; at: Place }[]
  /** The router of `app.webhooks`, which is documented and not served. */
  readonly webhooks: Router
  /** How many of its entries the constructor was given: `FastAPI(routes=[...])`. */
  given: number
  /** Files that are served where no route answers, in the order in which they were added. */
  frontends: { path: Known<string>; at: Place; built: Built }[]
}

/** What is added on some way. */
export interface Conditional {
  /** Added on a way that may not have been taken (an `if`, a loop over unknown things). */
  maybe: boolean
  /** What the tests of the branches around it read; absent where that is not known, or where more than branches make it unsure. */
  reads?: readonly string[]
}

export interface Middleware extends Conditional {
  /** Its class or function, by qualified name where external. */
  name?: string
  value: Value
  built: Built
  at: Place
}

export type Entry =
  | { is: "route"; route: OwnRoute }
  | {
      is: "include"
      router: Router
      prefix: Known<string>
      at: Place
      maybe: boolean
      built: Built /** What the router held when it was included (FastAPI before 0.137 copies). */
      copied?: Entry[]
    }
  | { is: "mount"; path: Known<string>; app?: App; value: Value; at: Place; maybe: boolean; name?: Known<string | null> }
  | { is: "host"; host: Known<string>; app?: App; value: Value; at: Place; maybe: boolean; name: Known<string | null> }

/** A route as it was added to its router, before prefixes of includes. */
export interface OwnRoute extends Conditional {
  /** `route` and `socket` are Starlette's plain ones: no router prefix, no dependencies, no schema. */
  kind: "api" | "websocket" | "route" | "socket"
  methods: Known<string[]>
  path: Known<string>
  endpoint?: Fn
  endpointValue: Value
  /** The call that added it: `router.get("/x", ...)`. */
  at: Place
  built: Built
  router: Router
}

/** An application mounted under a path: it takes every request below it. */
export interface Mounted {
  kind: "mount"
  path: Known<string>
  /** The mounted FastAPI app, if it is one. */
  app?: App
  value: Value
  at: Place
  maybe: boolean
  /** `name=` of the mount; known to be null where none is given. */
  name?: Known<string | null>
  /** The `include_router` calls it came through, outermost first. */
  includes?: Place[]
}

/** An application that takes every request for a host. */
export interface Hosted extends Omit<Mounted, "kind" | "path"> {
  kind: "host"
  host: Known<string>
  /** Of the includes above it: what it serves is served below. */
  prefix: Known<string>
}

/** A route as the app serves it. */
export interface Route extends Conditional {
  kind: OwnRoute["kind"]
  /** Unset for a router that no app was seen to include. */
  app?: App
  own: OwnRoute
  methods: Known<string[]>
  /** With every prefix: what a client asks for. */
  path: Known<string>
  endpoint?: Fn
  at: Place
  /** The `include_router` calls it came through, outermost first. */
  includes: Place[]
  statusCode: Known<number>
  statusCodeGiven: boolean
  response: ResponseModel
  includeInSchema: Known<boolean>
  /** False when the endpoint's signature could not be read (`__signature__` is set, say): it may take and ask for more. */
  isSignatureKnown: boolean
  params: Param[]
  /** Those of `params` that the endpoint itself declares. */
  readonly ownParams: Param[]
  /** The parameters of its endpoint as they are written. */
  readonly declared: Declared[]
  /** All dependencies in the order in which FastAPI solves them, with the level they were declared at. */
  dependencies: Dependency[]
  /** What the route itself asks for, each with what it asks for in turn: the tree that `dependencies` is flattened from. */
  readonly asks: Dependency[]
  /** What it is called, tagged and documented as. */
  readonly operation: Operation
  auth: Auth
}

export interface ResponseModel {
  /** `response_model=`, the return annotation, or neither. `response`: the annotation or class is a Response. */
  from: "response_model" | "annotation" | "response" | "none" | "unknown"
  type?: Type
  /** `response_class=` of the route or the nearest default, by qualified name. */
  responseClass?: string
  /** The value of `responseClass`; unset where nothing names one, so that FastAPI takes `JSONResponse`. */
  classValue?: Value
  at?: Place
}

export interface Param {
  name: string
  /** The name that a client sends (alias, header dashes). */
  wireName: string
  in: "path" | "query" | "header" | "cookie" | "body" | "form" | "file" | "special" | "dependency" | "unknown"
  type: Type
  required: Known<boolean>
  default?: Value
  /** What marks it, by qualified name: `fastapi.Query()`. */
  marker?: string
  /** Keyword arguments of `Query(...)`, `Path(...)`, `Field(...)`: `ge`, `le`, `max_length`, `alias`. */
  constraints: Map<string, Value>
  at: Place
  /** The function that declares it: the endpoint, or a dependency. */
  declaredBy: Fn
}

/** A type as FastAPI sees it, after aliases, `Annotated` and strings are resolved. */
export interface Type {
  /** Canonical text: `list[app.schemas.Item]`, `int | None`, `dict[str, Any]`; `unknown` where it is not known. */
  text: string
  value: Value
  annotated: boolean
}

export interface Dependency {
  /** What is called. Unset where `Depends()` was given something we do not understand. */
  call?: Fn
  value: Value
  /** Qualified name for external callables, id for the project's own. */
  name?: string
  level: "app" | "router" | "include" | "decorator" | "parameter"
  /** The parameter that asks for it. */
  param?: string
  at: Place
  security: boolean
  scopes: string[]
  useCache: boolean
  scope?: "function" | "request"
  /** Its own dependencies, in order. */
  dependencies: Dependency[]
  params: Param[]
  /** Its parameters as they are written, those that ask for dependencies included. */
  declared: Declared[]
  /** The arguments of the `Depends(...)` or `Security(...)` that asks for it; unset where something else stands in its place. */
  asked?: Built
}

/** Does something check who is asking? */
export interface Auth {
  answer: "yes" | "no" | "unknown"
  by?: string
  level?: Dependency["level"] | "middleware" | "body"
  at?: Place
  why: string
  /** "Unknown" because the configuration says that it is public, and so nobody has to ask. */
  isSaidPublic?: true
}

// ---------------------------------------------------------------------------- tests

/** A request that a test sends through a client. */
export interface TestRequest {
  method: Known<string>
  /** Pieces of the URL as far as known; unknown pieces are `{}`. `name` when built by `url_path_for`. */
  path: Known<string>
  /** The host that the URL names, where it names one. */
  host?: string
  routeName?: string
  at: Place
}
