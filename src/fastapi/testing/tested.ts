/** Which routes tests reach, by requests or by calling the endpoint's function. */
import type { App, Project, Route, Router, TestRequest } from "../project.ts"
import { RouteTable } from "./route-table.ts"
import { fitOf } from "./urls.ts"

interface Coverage {
  counts: Map<Route, number>
  /** The requests of tests that reach a route, by route. */
  requests: Map<Route, TestRequest[]>
  /** Requests whose URL is not known. */
  blind: TestRequest[]
  /** A tool sends requests that it makes up from the schema. */
  generated: boolean
}

const coverages = new WeakMap<Project, Coverage>()

/** How many requests of tests reach a route; "unknown" where none is seen, but one that is not understood may. */
export function testedBy(project: Project, route: Route): number | "unknown" {
  const coverage = coverageOf(project)
  const count = coverage.counts.get(route) ?? 0
  if (count > 0) return count
  if (coverage.generated || !route.path.known) return "unknown"
  return coverage.blind.some((request) => mayReach(request, route)) ? "unknown" : 0
}

/** The requests of tests that reach a route. */
export const requestsTo = (project: Project, route: Route): readonly TestRequest[] => coverageOf(project).requests.get(route) ?? []

/** May a request reach a route: as it is, or below a prefix that the client adds (`base_url`)? The method is not looked at. */
export function mayAsk(request: TestRequest, route: Route): boolean {
  const { path } = request
  if (!path.known || !route.path.known || request.routeName !== undefined) return true
  // What takes any path at all would answer below any prefix.
  const takesAll = route.path.value.includes(":path}")
  const asked: TestRequest = {
    method: { known: false, why: "" },
    path: { known: true, value: takesAll ? path.value : `{}${path.value}` },
    at: request.at,
  }
  return fitOf(asked, route) !== "no"
}

function coverageOf(project: Project): Coverage {
  let coverage = coverages.get(project)
  if (!coverage) {
    coverage = cover(project)
    coverages.set(project, coverage)
  }
  return coverage
}

function cover(project: Project): Coverage {
  const counts = new Map<Route, number>()
  const add = (route: Route) => counts.set(route, (counts.get(route) ?? 0) + 1)
  const blind: TestRequest[] = []
  const requests = new Map<Route, TestRequest[]>()
  const { routes } = project
  const mounts = mountedAt(project)
  const table = new RouteTable(routes, (route) => pathsUnder(route, mounts))
  // Tests ask for the same things again and again: each is looked for once.
  const alike = new Map<string, Route[]>()
  for (const request of project.requests) {
    if (!request.path.known && request.routeName === undefined) blind.push(request)
    const key = JSON.stringify([known(request.method), known(request.path), request.routeName])
    const found = alike.get(key) ?? reached(request, table.near(request), mounts)
    alike.set(key, found)
    for (const route of found) {
      add(route)
      const others = requests.get(route)
      if (others) others.push(request)
      else requests.set(route, [request])
    }
  }
  const called = new Map(routes.flatMap((route) => (route.endpoint ? [[route.endpoint, route] as const] : [])))
  for (const fn of project.functions) {
    if (fn.role !== "test") continue
    for (const event of fn.events) {
      const route = event.is === "call" && event.fn ? called.get(event.fn) : undefined
      if (route) add(route)
    }
  }
  const generated = [...project.modules.values()].some(
    (module) => project.role(module.path) === "test" && module.mentions.includes("schemathesis"),
  )
  return { counts, requests, blind, generated }
}

const known = (fact: TestRequest["path"]): string | null => (fact.known ? fact.value : null)

/**
 * The routes a request counts for. `/users/{}` is taken for `/users/{user_id}`, not for `/users/me`, unless only that
 * one fits; of routes that fit equally well, apps give the first to those that ask by a known word.
 */
function reached(request: TestRequest, routes: readonly Route[], mounts: ReadonlyMap<Router, string[]>): Route[] {
  const well: Route[] = []
  const perhaps: Route[] = []
  for (const route of routes) {
    const how = pathsUnder(route, mounts)
      .map((path) => fitOf(request, route, path))
      .reduce((best, fit) => (best === "no" || fit === "well" ? fit : best))
    if (how === "well") well.push(route)
    else if (how === "perhaps") perhaps.push(route)
  }
  if (well.length === 0) return perhaps
  const whole = request.path.known && !request.path.value.includes("{}")
  // One app answers a whole path by its first route; other apps, and routers in none, may answer it too.
  return whole ? well.filter((route, i) => !well.slice(0, i).some((earlier) => earlier.app && earlier.app === route.app)) : well
}

const AT_ROOT: readonly string[] = [""]

/** The paths below which a route answers: those at which its app is mounted, and none at all. */
function pathsUnder({ app }: Route, mounts: ReadonlyMap<Router, string[]>): readonly string[] {
  const under = app && mounts.get(app)
  return under ? [...under, ""] : AT_ROOT
}

/** The paths at which apps are mounted in other apps, mounts within mounts included. */
function mountedAt({ apps }: Project): Map<Router, string[]> {
  const paths = new Map<Router, string[]>()
  const visit = (app: App, under: string, inside: ReadonlySet<App>): void => {
    for (const entry of app.served) {
      if (entry.kind !== "mount" || !entry.app || !entry.path.known || inside.has(entry.app)) continue
      const path = under + entry.path.value
      paths.set(entry.app, [...(paths.get(entry.app) ?? []), path])
      visit(entry.app, path, new Set([...inside, entry.app]))
    }
  }
  for (const app of apps) visit(app, "", new Set([app]))
  return paths
}

function mayReach(request: TestRequest, route: Route): boolean {
  if (!request.method.known) return true
  if (route.kind === "websocket") return request.method.value === "WEBSOCKET"
  return !route.methods.known || route.methods.value.includes(request.method.value)
}
