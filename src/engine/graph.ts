/** The routers of a project and what they ask for, as a drawing needs them: each once, with who leads to whom. */
import { type Dependency, isSameCallable, type Project, type Route, type Router, spelledOut } from "#fastapi"
import type { Graph, GraphEdge, GraphNode } from "#report"
import type { CheckedProject } from "./run.ts"

/** More dependencies than these make a drawing that nobody reads: the most asked for stay. */
const MOST_DEPENDENCIES = 60

export function graphOf({ analysis: { project }, reporter, shown }: CheckedProject): Graph {
  const place = (at: Router["at"]) => `${shown(at.path)}:${reporter.line(at)}`
  const shownRouters = connected(project)
  const routes = project.routes.filter(
    (route) => shownRouters.has(route.own.router) && (route.app !== undefined || route.own.router.included === 0),
  )
  const dependencies = new Dependencies(routes)
  const { kept, left } = dependencies.most(MOST_DEPENDENCIES)
  const idOf = new Map([...shownRouters].map((router, i) => [router, `r${i}`]))
  const routerNodes = [...shownRouters].map((router): GraphNode => {
    const own = router.entries.filter((entry) => entry.is === "route").length
    const prefix = router.prefix.known ? router.prefix.value : "…"
    return {
      id: idOf.get(router) as string,
      kind: router.kind,
      name: (router.name ?? shown(router.at.path)).replace(/^.*[./](?=[^./]+[:.])/, ""),
      detail: [prefix, own > 0 ? `${own} ${own === 1 ? "route" : "routes"}` : ""].filter(Boolean).join(", ") || "no routes of its own",
      place: place(router.at),
    }
  })
  const dependencyNodes = kept.map(
    ({ id, dependency, routes: asking, authenticates }): GraphNode => ({
      id,
      kind: "dependency",
      name: nameOf(dependency),
      detail: `${asking.size} ${asking.size === 1 ? "route" : "routes"}${authenticates ? ", asks who is calling" : ""}`,
      place: dependency.call ? place(dependency.call.at) : (dependency.name ?? place(dependency.at)),
      ...(authenticates && { authenticates }),
    }),
  )
  return { nodes: [...routerNodes, ...dependencyNodes], edges: [...includes(shownRouters, idOf), ...dependencies.edges(idOf)], left }
}

/** Apps with what they include and mount, and routers that hold routes and no app includes. */
function connected({ apps, routers, role }: Project): Set<Router> {
  const found = new Set<Router>(apps.filter(({ at }) => role(at.path) === "app"))
  const lost = routers.filter((router) => router.kind === "router" && router.included === 0 && role(router.at.path) === "app")
  for (const router of lost) if (router.entries.length > 0) found.add(router)
  for (const router of found) for (const below of belowOf(router)) found.add(below)
  return found
}

const belowOf = ({ entries }: Router): Router[] =>
  entries.flatMap((entry) => (entry.is === "include" ? entry.router : entry.is === "route" ? [] : (entry.app ?? [])))

function* includes(routers: ReadonlySet<Router>, idOf: ReadonlyMap<Router, string>): Generator<GraphEdge> {
  for (const router of routers)
    for (const below of new Set(belowOf(router)))
      yield { from: idOf.get(router) as string, to: idOf.get(below) as string, routes: below.routes.length }
}

// ---------------------------------------------------------------------------- dependencies

interface Asked {
  id: string
  dependency: Dependency
  routes: Set<Route>
  authenticates: boolean
}

/** Every dependency once, however many parameters ask for it. */
class Dependencies {
  private readonly all: Asked[] = []
  private readonly byCall = new Map<unknown, Asked[]>()
  private readonly leads = new Map<string, { from: Router | Asked; to: Asked; routes: Set<Route> }>()

  constructor(routes: readonly Route[]) {
    for (const route of routes) for (const dependency of route.asks) this.add(dependency, route.own.router, route, 0)
  }

  private add(dependency: Dependency, from: Router | Asked, route: Route, depth: number): void {
    const asked = this.of(dependency)
    if (!asked || depth > 12) return
    const isNew = !asked.routes.has(route)
    asked.routes.add(route)
    asked.authenticates ||= route.auth.answer === "yes" && (dependency.security || isNamed(route.auth.by, dependency))
    const key = `${"id" in from ? from.id : `${from.at.path}:${from.at.start}`} ${asked.id}`
    const lead = this.leads.get(key) ?? { from, to: asked, routes: new Set() }
    this.leads.set(key, lead)
    lead.routes.add(route)
    if (isNew) for (const below of dependency.dependencies) this.add(below, asked, route, depth + 1)
  }

  /** One entry for what FastAPI would take for the same callable; none for what is not known. */
  private of(dependency: Dependency): Asked | undefined {
    if (!dependency.call && dependency.name === undefined) return undefined
    const key = dependency.call ?? dependency.name
    const alike = this.byCall.get(key) ?? []
    const known = alike.find((one) => dependency.call !== undefined || isSameCallable(one.dependency.value, dependency.value))
    if (known) return known
    const asked: Asked = { id: `d${this.all.length}`, dependency, routes: new Set(), authenticates: false }
    this.all.push(asked)
    this.byCall.set(key, [...alike, asked])
    return asked
  }

  most(count: number): { kept: Asked[]; left: number } {
    const kept = this.all.toSorted((a, b) => b.routes.size - a.routes.size).slice(0, count)
    for (const [key, { from, to }] of this.leads) if (!kept.includes(to) || ("id" in from && !kept.includes(from))) this.leads.delete(key)
    return { kept, left: this.all.length - kept.length }
  }

  *edges(idOf: ReadonlyMap<Router, string>): Generator<GraphEdge> {
    for (const { from, to, routes } of this.leads.values()) {
      const id = "id" in from ? from.id : idOf.get(from)
      if (id !== undefined) yield { from: id, to: to.id, routes: routes.size }
    }
  }
}

const isNamed = (by: string | undefined, { name, call }: Dependency): boolean => by !== undefined && (by === name || by === call?.id)

/** `get_current_user`, `OAuth2PasswordBearer`: as the code calls it. */
const nameOf = ({ call, name = "?" }: Dependency): string =>
  call ? call.qualname.replace(/\.(__call__|__init__)$/, "") : (spelledOut(name).split(".").at(-1) ?? name)
