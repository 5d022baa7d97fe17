/**
 * From the tree of routers to the routes that an app serves, in matching order. FastAPI keeps included routers
 * live since 0.137: what is added to a router later is served too, at the place of the include. Older versions
 * copied what the router held at the call (fastapi-semantics; FastAPI release notes 0.137.0).
 */
import type { ClassValue, Place } from "#python"
import { authOf } from "./auth/auth.ts"
import { dependenciesFrom, flatten, within } from "./dependencies.ts"
import { concat, flagOf } from "./known.ts"
import { layersOf } from "./layers.ts"
import { MergedOperation } from "./operation.ts"
import {
  type App,
  type Dependency,
  type Entry,
  type Hosted,
  type Known,
  known,
  type Mounted,
  type Operation,
  type OwnRoute,
  type Param,
  type ResponseModel,
  type Route,
  type Router,
  unseen,
} from "./project.ts"
import { responseOf, statusCodeOf } from "./responses.ts"
import type { Routing } from "./routers.ts"
import { ancestryOf } from "./signature/kinds.ts"
import { type PathNames, pathNames, solveEndpoint } from "./signature/params.ts"
import { mayBeAtLeast } from "./versions.ts"

type Include = Extract<Entry, { is: "include" }>

const everything = new WeakMap<Routing, (Route | Mounted | Hosted)[]>()
const served = new WeakMap<Routing, (Route | Mounted)[]>()
const routes = new WeakMap<Routing, Route[]>()

/** Worked out when first asked for, which is after the project is linked. */
function once<V>(memo: WeakMap<Routing, V>, root: Routing, make: () => V): V {
  const seen = memo.get(root)
  if (seen !== undefined) return seen
  const made = make()
  memo.set(root, made)
  return made
}

/** Everything below a root (an app, or a router that nothing includes), in matching order. */
export const everythingBy = (root: Routing): (Route | Mounted | Hosted)[] =>
  once(everything, root, () => [...walk(root, root.entries, known(""), [], new Set([root]))])

/** What is found by its path: all but what answers for a host of its own. */
export const servedBy = (root: Routing): (Route | Mounted)[] =>
  once(served, root, () => everythingBy(root).filter((entry) => entry.kind !== "host"))

export const routesOf = (root: Routing): Route[] => once(routes, root, () => servedBy(root).filter((entry) => entry.kind !== "mount"))

function* walk(
  root: Routing,
  entries: readonly Entry[],
  prefix: Known<string>,
  includes: Include[],
  inside: ReadonlySet<Router>,
): Generator<Route | Mounted | Hosted> {
  for (const entry of entries) {
    if (entry.is === "route") yield new Served(root, entry.route, concat(prefix, entry.route.path), includes)
    else if (entry.is === "host" || entry.is === "mount") {
      // Before 0.137 an include copied routes only: mounts and hosts of the included router were lost.
      if (includes.some((include) => include.copied)) continue
      const { is: kind, at, value, app } = entry
      const shared = {
        at,
        value,
        ...(app && { app }),
        ...(entry.name && { name: entry.name }),
        maybe: entry.maybe || includes.some((i) => i.maybe),
        includes: includes.map((include) => include.at),
      }
      yield kind === "mount" ? { kind, path: concat(prefix, entry.path), ...shared } : { kind, host: entry.host, prefix, ...shared }
    } else if (!inside.has(entry.router)) {
      // The parent's own prefix is frozen at the call; it stands before the include's.
      const parent = includes.at(-1)?.router ?? root
      const parentPrefix = parent.kind === "router" ? parent.prefix : known("")
      yield* walk(
        root,
        entry.copied ?? entry.router.entries,
        concat(prefix, parentPrefix, entry.prefix),
        [...includes, entry],
        new Set([...inside, entry.router]),
      )
    }
  }
}

const includes = new WeakMap<Include, Dependency[]>()

/** What an include asks for: the same for every route that comes through it. */
function askedAt(context: Routing["context"], include: Include): Dependency[] {
  let asked = includes.get(include)
  if (!asked) {
    asked = dependenciesFrom(context, include.built.keywords.get("dependencies"), "include", include.at)
    includes.set(include, asked)
  }
  return asked
}

/** A route whose details are worked out when a rule asks for them. */
class Served implements Route {
  readonly kind: OwnRoute["kind"]
  readonly own: OwnRoute
  readonly methods: Known<string[]>
  readonly path: Known<string>
  readonly at: Place
  readonly includes: Place[]
  readonly maybe: boolean
  readonly reads?: readonly string[]
  readonly app?: App
  readonly endpoint?: NonNullable<Route["endpoint"]>
  private readonly root: Routing
  private readonly through: Include[]
  private solved: ReturnType<typeof solveEndpoint> | undefined
  private all: Dependency[] | undefined
  private every: Param[] | undefined
  private names: PathNames | undefined
  private schema: Known<boolean> | undefined
  private answer: Route["auth"] | undefined
  private model: ResponseModel | undefined
  private tree: Dependency[] | undefined
  private merged: Operation | undefined

  constructor(root: Routing, own: OwnRoute, path: Known<string>, through: Include[]) {
    this.root = root
    this.kind = own.kind
    this.own = own
    this.methods = own.methods
    this.path = path
    this.at = own.at
    this.through = through
    this.includes = through.map((include) => include.at)
    this.maybe = own.maybe || through.some((include) => include.maybe)
    if (own.maybe && own.reads && !through.some((include) => include.maybe)) this.reads = own.reads
    if (root.kind === "app") this.app = root as unknown as App
    if (own.endpoint) this.endpoint = own.endpoint
  }

  get dependencies(): Dependency[] {
    this.all ??= flatten(this.asks)
    return this.all
  }

  get asks(): Dependency[] {
    this.tree ??= this.allAsked()
    return this.tree
  }

  /** What app, includes, routers, decorator and signature ask for, in that order. */
  private allAsked(): Dependency[] {
    const { context } = this.root
    if (this.kind === "route" || this.kind === "socket") return []
    // Dependencies of apps, routers and includes run for WebSockets since 0.97.
    if (this.kind === "websocket" && !mayBeAtLeast(context.versions, "fastapi", "0.97.0")) return this.endpointParts.dependencies
    const declared: Dependency[] = [...this.root.dependencies]
    for (const include of this.through) {
      declared.push(...askedAt(context, include), ...include.router.dependencies)
    }
    declared.push(...dependenciesFrom(context, this.own.built.keywords.get("dependencies"), "decorator", this.own.at))
    declared.push(...this.endpointParts.dependencies)
    return declared.map((dependency) => within(dependency, this.pathNames))
  }

  get operation(): Operation {
    this.merged ??= new MergedOperation(this.root.context, this, layersOf(this.own.built, this.own.router, this.through, this.root))
    return this.merged
  }

  private get pathNames(): PathNames {
    this.names ??= pathNames(this.path)
    return this.names
  }

  private get endpointParts() {
    this.solved ??= solveEndpoint(this.root.context, this.own, this.pathNames)
    return this.solved
  }

  get declared() {
    return this.endpointParts.declared
  }

  get isSignatureKnown(): boolean {
    return this.endpointParts.isComplete
  }

  get ownParams(): Param[] {
    return this.endpointParts.params
  }

  get params(): Param[] {
    this.every ??= [...this.endpointParts.params, ...this.dependencies.flatMap((d) => d.params)]
    return this.every
  }

  get statusCode() {
    return statusCodeOf(this.root.context, this.own)
  }

  get statusCodeGiven() {
    return this.own.built.keywords.has("status_code")
  }

  get response(): ResponseModel {
    if (!this.model) this.model = responseOf(this.root.context, this.own, this.through, this.root)
    return this.model
  }

  /** A route class that makes routes its own way may say anything of them. */
  private get hasOwnConstructor(): boolean {
    const given = this.own.router.built.keywords.get("route_class")
    return (
      given !== undefined &&
      !(given.is === "external" && given.name === "fastapi.routing.APIRoute") &&
      !(given.is === "class" && hasOnlyHandlers(this.root.context, given))
    )
  }

  get includeInSchema(): Known<boolean> {
    this.schema ??= this.isInSchema()
    return this.schema
  }

  private isInSchema(): Known<boolean> {
    if (this.hasOwnConstructor) return unseen("the router has a route class of its own")
    const flags = [this.root.built, ...this.through.flatMap((include) => [include.built, include.router.built]), this.own.built].map(
      (built) => flagOf(built.keywords.get("include_in_schema"), true),
    )
    if (flags.some((flag) => flag.known && !flag.value)) return known(false)
    return flags.find((flag) => !flag.known) ?? known(true)
  }

  get auth() {
    this.answer ??= authOf(this.root.context, this)
    return this.answer
  }
}

/** Does a route class change how requests are handled, and nothing of how a route is made? */
function hasOnlyHandlers(context: Routing["context"], of: ClassValue): boolean {
  const { classes, complete } = ancestryOf(context, of)
  return complete && !classes.some((cls) => cls.body.own("__init__") || cls.body.own("__new__"))
}
