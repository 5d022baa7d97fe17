/** Many modules' facts in, one project out. Pure: no disk, no clock, no parser. */
import { call, type ModuleFacts, Modules, outcome, type Place, Player, type Scope, worthyNames } from "#python"
import { answerable, deadAnswers } from "./auth/answers.ts"
import { appQuestion, authQuestions } from "./auth/questions.ts"
import { Bodies } from "./bodies.ts"
import type { AuthAnswers, Context } from "./context.ts"
import { withoutRepeats } from "./equal-apps.ts"
import { Functions } from "./functions.ts"
import { FastAPIHost } from "./host.ts"
import { looseRoutes } from "./loose-routes.ts"
import type { App, Fn, Project, Role, Route, TestRequest, Unseen } from "./project.ts"
import { Reach } from "./reach.ts"
import { isResponseObject } from "./responses.ts"
import { type Routing, routingOf } from "./routers.ts"
import { requestsOf } from "./testing/requests.ts"
import { type Pinned, versionsFrom } from "./versions.ts"

export interface LinkInput {
  modules: ModuleFacts[]
  /** Import roots that configuration or manifests name, relative to the project root. */
  roots?: string[]
  versions?: Pinned
  /** What the lock file installs, by normal name. */
  locked?: ReadonlySet<string>
  /** The role of each file; without it every file is the app's. */
  role?: (path: string) => Role
  auth?: AuthAnswers
  /** The apps that are meant, `app.main:app`, with what they mount; every one where none is named. */
  apps?: string[]
}

/** Known by name, not by playing their source, should a project hold it (a fork, a vendored copy, FastAPI's own repository). */
const LIBRARIES = new Set(["fastapi", "starlette", "pydantic", "pydantic_settings", "sqlalchemy", "sqlmodel"])

/** Words that a function mentions when playing it may build or change an application. */
const BUILDING = new Set(
  "FastAPI APIRouter include_router add_api_route add_api_websocket_route add_route mount add_middleware add_exception_handler add_event_handler api_route dependency_overrides Depends Security get()() post()() put()() patch()() delete()() websocket()()".split(
    " ",
  ),
)

export function link(input: LinkInput): Project {
  const facts = new Map(input.modules.map((module) => [module.path, module]))
  const role = input.role ?? (() => "app" as const)
  const host = new FastAPIHost()
  const player = new Player(facts, modulesOf(input, role), host, worthyNames(input.modules, BUILDING))
  const functions = new Functions(player, role)
  const unseen: Unseen[] = []
  const context: Context = {
    player,
    versions: versionsFrom(input.versions),
    unseen,
    functionOf: (value) => functions.of(value),
    routers: host.routers,
    ...(input.auth && { auth: input.auth }),
  }
  host.context = context

  for (const path of inImportOrder(input.modules, role)) player.load(path)
  while (host.later.length > 0) host.later.shift()?.()
  playFactories(player, host)
  nameRouters(player, facts, host.routers)
  forgetTests(host.routers, role)
  const { routers, repeated } = withoutRepeats(host.routers)
  host.routers.splice(0, host.routers.length, ...routers)
  for (const router of host.routers) {
    const isAlone = router.kind === "router" && router.included === 0 && role(router.at.path) === "app"
    const routes = isAlone ? Math.max(router.routes.length, router.entries.length) : 0
    if (routes > 0)
      unseen.push({
        at: homeOf(router),
        what: "router",
        why: `no app was seen to include it, so its ${routes === 1 ? "route belongs" : `${routes} routes belong`} to none`,
      })
  }

  const apps = meant(
    host.routers.filter((router) => router.kind === "app" && role(router.at.path) !== "test") as unknown as App[],
    input.apps,
  )
  let routes: Route[] | undefined
  let loose: Route[] | undefined
  let all: Fn[] | undefined
  let requests: TestRequest[] | undefined
  let reach: Reach | undefined
  let bodies: Bodies | undefined
  const project: Project = {
    apps,
    get routes() {
      routes ??= [
        ...apps.flatMap((app) => app.routes),
        ...host.routers.filter((r) => r.kind === "router" && r.included === 0).flatMap((r) => r.routes),
      ]
      return routes
    },
    get loose() {
      if (!loose && project.functions) loose = looseRoutes(context, host.declared.values(), project.routes)
      return loose as Route[]
    },
    routers: host.routers,
    get functions() {
      all ??= everyFunction(player, functions, repeated)
      return all
    },
    get bodies() {
      bodies ??= new Bodies(project.functions)
      return bodies
    },
    classes: player.classes,
    modules: facts,
    player,
    versions: context.versions,
    calls: host.calls,
    ...(input.locked && { locked: input.locked }),
    get unseen() {
      return [...unseen, ...boundsOf(player)]
    },
    get questions() {
      const which = input.apps?.length ? undefined : appQuestion(project)
      return [...authQuestions(context, project), ...(which ? [which] : [])]
    },
    get deadAnswers() {
      const { dependencies = [], notAuth = [], public: open = [] } = input.auth ?? {}
      const isSilent = dependencies.length + notAuth.length + open.length === 0
      return input.auth && !isSilent ? deadAnswers(input.auth, answerable(context, project), project.routes) : []
    },
    get requests() {
      if (!requests)
        requests = requestsOf(
          context,
          input.modules.filter((module) => role(module.path) === "test"),
        )
      return requests
    },
    get reach() {
      reach ??= new Reach(project)
      return reach
    },
    replay: (fn, given) => functions.replay(fn, given),
    role,
    functionOf: (value) => (value.is === "function" ? functions.of(value) : undefined),
    outcome: (event) => outcome(player, event),
    isResponse: (value) => isResponseObject(context, value),
  }
  return project
}

/** An app that a test builds to try a router does not serve it: only what the project itself includes counts. */
function forgetTests(routers: readonly Routing[], role: (path: string) => Role): void {
  for (const { entries } of routers)
    for (const entry of entries) if (entry.is === "include" && role(entry.at.path) === "test") entry.router.included--
}

/** Where a router that nothing includes is at home: a class of the project may build it in another file than the one that fills it. */
function homeOf({ at, entries }: Routing): Place {
  const places = entries.map((entry) => (entry.is === "route" ? entry.route.at : entry.at))
  return places.some(({ path }) => path === at.path) ? at : (places[0] ?? at)
}

/** Bounds that were hit so far: bodies are played when they are asked for, so there may be more once rules have run. */
function boundsOf({ stopped }: Player): Unseen[] {
  const told = new Set<string>()
  return stopped.flatMap(({ at, why }): Unseen[] => {
    const key = `${at.path}:${at.start}:${why}`
    if (told.has(key)) return []
    told.add(key)
    return [{ at, what: "bound", why }]
  })
}

/** The modules, by the names that the project's own imports give them. */
function modulesOf({ modules, roots }: LinkInput, role: (path: string) => Role): Modules {
  const found = new Modules(
    modules.map(({ path }) => path),
    roots,
    LIBRARIES,
  )
  for (const { path, tree } of modules) {
    if (role(path) === "test") continue
    for (const statement of tree.body) {
      if (statement.kind === "ImportFrom" && statement.level === 0 && statement.module) found.learn(path, statement.module)
      else if (statement.kind === "Import") for (const { name } of statement.names) found.learn(path, name)
    }
  }
  return found
}

/** The apps of these names, and those that they mount, however deep. All where no name is known. */
function meant(apps: App[], names: readonly string[] = []): App[] {
  const kept = new Set(apps.filter(({ name }) => name !== undefined && names.includes(name)))
  for (const app of kept) for (const entry of app.served) if (entry.kind === "mount" && entry.app) kept.add(entry.app)
  return kept.size > 0 ? apps.filter((app) => kept.has(app)) : apps
}

/** Modules that build applications first, as a server would import them; tests last, because they only use them. */
function inImportOrder(modules: ModuleFacts[], role: (path: string) => Role): string[] {
  const rank = (module: ModuleFacts) =>
    role(module.path) === "test" ? 3 : module.mentions.includes("FastAPI") ? (role(module.path) === "app" ? 0 : 2) : 1
  return modules
    .map((module) => ({ path: module.path, rank: rank(module) }))
    .sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map(({ path }) => path)
}

/** Factories that nothing in the project calls (`uvicorn --factory`), and classes that hold an app and that nothing constructs. */
function playFactories(player: Player, host: FastAPIHost): void {
  const building = new Set([...player.facts.values()].flatMap(({ path, mentions }) => (mentions.includes("FastAPI") ? path : [])))
  for (const fn of [...player.defined]) {
    if (fn.def.kind === "Lambda" || !building.has(fn.module) || player.entered.has(fn.def) || !buildsApp(fn.def.body)) continue
    const at: Place = player.place(fn.module, fn.def.name_span)
    const frame = { mode: "import", path: fn.module, scope: fn.scope, maybe: 0, depth: 0, within: [], returns: [], yields: [] } as const
    const site = { positional: [], keywords: new Map(), open: true, at, func: at }
    if (fn.owner && fn.def.name === "__init__") call(player, fn.owner, site, { ...frame, returns: [], yields: [] })
    else if (fn.owner) call(player, { ...fn, self: player.prototype(fn.owner) }, site, { ...frame, returns: [], yields: [] })
    else player.enter(fn, new Map([...fn.defaults]), { ...frame, returns: [], yields: [] })
    while (host.later.length > 0) host.later.shift()?.()
  }
}

/** Does a body itself construct a FastAPI app (not in a nested definition)? */
function buildsApp(body: readonly unknown[]): boolean {
  return body.some((node) => mentionsCallOf(node, "FastAPI"))
}

function mentionsCallOf(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((item) => mentionsCallOf(item, name))
  if (node === null || typeof node !== "object") return false
  const { kind, func } = node as { kind?: string; func?: { kind: string; id?: string; attr?: string } }
  if (kind === "FunctionDef" || kind === "AsyncFunctionDef" || kind === "ClassDef" || kind === "Lambda" || kind === "Constant") return false
  if (kind === "Call" && (func?.id === name || func?.attr === name)) return true
  return Object.values(node).some((value) => typeof value === "object" && mentionsCallOf(value, name))
}

/** `app.main:app`: the first module-level name that holds a router; else the factory that makes it, `app.main:create_app()`. */
function nameRouters(player: Player, facts: Map<string, ModuleFacts>, routers: Routing[]): void {
  const names = new Map<Routing, { name: string; home: boolean }>()
  for (const path of facts.keys()) {
    for (const [name, value] of player.load(path)?.entries() ?? []) {
      const routing = routingOf(value)
      if (!routing) continue
      // Where it was built is its home; a module that calls a factory comes next, one that only imports it last.
      const home = routing.at.path === path
      const before = names.get(routing)
      if (!before || (home && !before.home)) names.set(routing, { name: `${player.modules.nameOf(path)}:${name}`, home })
    }
  }
  for (const routing of routers) {
    const found = names.get(routing)
    if (found) routing.name = found.name
    else if (routing.factory) routing.name = `${routing.factory}()`
  }
}

/** All functions; playing a body brings its nested ones to light, so the list grows while it is walked. */
function everyFunction(player: Player, functions: Functions, repeated: ReadonlySet<Scope>): Fn[] {
  const all = new Set<Fn>()
  for (let i = 0; i < player.defined.length; i++) {
    const value = player.defined[i] as (typeof player.defined)[number]
    if (repeated.size > 0 && value.scope.isWithin(repeated)) continue
    const fn = functions.of(value)
    all.add(fn)
    void fn.events
  }
  return [...all].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.at.start - b.at.start))
}
