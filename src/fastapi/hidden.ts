/**
 * Routes that no request reaches, because an earlier route or mount of the same app answers first. Routes are tried in
 * order, the first whose path and method match wins, and a mount takes everything below its path
 * (`Router.app` in starlette/routing.py).
 */
import { mountPattern, PathIndex, type PathPattern, patternOf, shapeOf } from "./paths.ts"
import type { Mounted, Project, Route } from "./project.ts"

/** A registration that is never reached, at least for some methods. */
export interface Hidden {
  later: Route | Mounted
  /** What answers instead. */
  by: Route | Mounted
  /** The methods that are lost; empty for a mount, which is lost whole. */
  methods: string[]
  /** Both match exactly the same URLs. */
  equal: boolean
}

/**
 * Every pair once, however many apps or prefixes serve it. Only where both are certain: a path with an unknown piece,
 * or a route that may not exist, neither hides nor is hidden.
 */
export function* hiddenRoutes(project: Pick<Project, "apps" | "routers">): Generator<Hidden> {
  const told = new Set<string>()
  for (const root of [...project.apps, ...project.routers.filter((router) => router.kind === "router" && router.included === 0)]) {
    const index = new PathIndex<Seen>()
    for (const entry of root.served) {
      if (!entry.path.known) continue
      const pattern = entry.kind === "mount" ? mountPattern(entry.path.value) : patternOf(entry.path.value)
      const later: Seen = { entry, pattern, shape: shapeOf(pattern) }
      const found = hiding(index.covering(pattern), later)
      index.add(pattern, later)
      if (!found) continue
      const pair = [found.by, entry].map(spelled).join(" > ")
      if (!told.has(pair)) yield found
      told.add(pair)
    }
  }
}

interface Seen {
  entry: Route | Mounted
  pattern: PathPattern
  shape: string
}

/** The registration of the same path if there is one, else the first that covers it. */
function hiding(earlier: readonly Seen[], later: Seen): Hidden | undefined {
  for (const isEqual of [true, false]) {
    for (const { entry, shape } of earlier) {
      if ((shape === later.shape) !== isEqual || !coexist(entry, later.entry)) continue
      const methods = lost(entry, later.entry)
      if (methods) return { later: later.entry, by: entry, methods, equal: isEqual }
    }
  }
  return undefined
}

/** Is it certain that where the later one is served, the earlier one is too? */
function coexist(by: Route | Mounted, later: Route | Mounted): boolean {
  // A setting that a deployment may change moves both, or it is not known what it does.
  if (!by.path.known || !later.path.known || (by.path.assumed ?? false) !== (later.path.assumed ?? false)) return false
  if (!by.maybe && !later.maybe) return true
  if (by.kind === "mount" || later.kind === "mount" || by.own.maybe || later.own.maybe) return false
  // Included together, so there together or not at all.
  return by.includes.length === later.includes.length && by.includes.every((at, i) => spelledPlace(at) === spelledPlace(later.includes[i]))
}

function lost(by: Route | Mounted, later: Route | Mounted): string[] | undefined {
  if (later.kind === "mount") return by.kind === "mount" ? [] : undefined
  if (!later.methods.known) return undefined
  // A class as plain Starlette endpoint answers the methods that it has, whatever was declared.
  if (later.kind === "route" && later.own.endpointValue.is !== "function") return undefined
  if (by.kind === "mount") return later.methods.value
  if (!by.methods.known) return undefined
  const answered = new Set(by.methods.value)
  const methods = later.methods.value.filter((method) => answered.has(method))
  return methods.length > 0 ? methods : undefined
}

const spelled = (entry: Route | Mounted): string =>
  entry.kind === "mount" ? spelledPlace(entry.at) : `${spelledPlace(entry.own.at)} ${entry.methods.known ? entry.methods.value.join() : ""}`

const spelledPlace = (at: Route["at"] | undefined): string => (at ? `${at.path}:${at.start}` : "")
