/** Which routes tests reach, by requests or by calling the endpoint's function. */
import type { App, Project, Route, Router, TestRequest } from "../project.ts"
import { fitOf } from "./urls.ts"

interface Coverage {
  counts: Map<Route, number>
  /** Requests whose URL is not known. */
  blind: TestRequest[]
  /** A tool sends requests that it makes up from the schema. */
  generated: boolean
}

const coverages = new WeakMap<Project, Coverage>()

/** How many requests of tests reach a route; "unknown" where none is seen, but one that is not understood may. */
export function testedBy(project: Project, route: Route): number | "unknown" {
  let coverage = coverages.get(project)
  if (!coverage) {
    coverage = cover(project)
    coverages.set(project, coverage)
  }
  const count = coverage.counts.get(route) ?? 0
  if (count > 0) return count
  if (coverage.generated || !route.path.known) return "unknown"
  return coverage.blind.some((request) => mayReach(request, route)) ? "unknown" : 0
}

function cover(project: Project): Coverage {
  const counts = new Map<Route, number>()
  const add = (route: Route) => counts.set(route, (counts.get(route) ?? 0) + 1)
  const blind: TestRequest[] = []
  const { routes } = project
  const mounts = mountedAt(project)
  for (const request of project.requests) {
    if (!request.path.known && request.routeName === undefined) blind.push(request)
    for (const route of reached(request, routes, mounts)) add(route)
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
  return { counts, blind, generated }
}

/**
 * The routes a request counts for. `/users/{}` is taken for `/users/{user_id}`, not for `/users/me`, unless only that
 * one fits; of routes that fit equally well, apps give the first to those that ask by a known word.
 */
function reached(request: TestRequest, routes: readonly Route[], mounts: ReadonlyMap<Router, string[]>): Route[] {
  const well: Route[] = []
  const perhaps: Route[] = []
  for (const route of routes) {
    const under = (route.app && mounts.get(route.app)) ?? []
    const how = [...under, ""]
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
