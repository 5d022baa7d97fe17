/** Routes and files as the checklist counts them, and what is known of each before any rule speaks. */
import { type Project, type Route, testedBy } from "#fastapi"
import { usesDatabase } from "#knowledge"

/** What the items ask of a route beside the model itself. */
export interface ReadRoute {
  usesDatabase: boolean
  tests: number | "unknown" | "no tests"
}

/** The routes that apps serve, where the application itself adds them. */
export const countedRoutes = (project: Project): Route[] =>
  project.apps.flatMap((app) => app.routes).filter((route) => project.role(route.at.path) === "app")

export function readRoutes(project: Project, routes: readonly Route[]): Map<Route, ReadRoute> {
  const reading = new Set<Route>()
  for (const fn of project.functions) {
    const calls = fn.events.some(
      (event) => event.is === "call" && event.callees.some(({ name }) => name !== undefined && usesDatabase(name)),
    )
    if (calls) for (const route of project.reach.routesTo(fn)) reading.add(route)
  }
  const tests = new Map(routes.map((route) => [route, testedBy(project, route)]))
  const isTested = [...tests.values()].some((count) => count !== 0)
  return new Map(
    routes.map((route) => [route, { usesDatabase: reading.has(route), tests: isTested ? (tests.get(route) ?? "unknown") : "no tests" }]),
  )
}
