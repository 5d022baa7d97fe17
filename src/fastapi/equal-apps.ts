/**
 * A factory that a hundred tests or examples call builds a hundred equal applications. To whom reads the project they
 * are one: built at one place, given the same, with entries of the same places. Apps that a module-level name holds, or
 * that another app mounts, stay as they are.
 */
import { knownText, type Place, type Scope, type Value } from "#python"
import type { Entry, Known } from "./project.ts"
import type { Routing } from "./routers.ts"

/** What is left when each app that equals an earlier one is taken away, with the routers that only such apps include. */
export interface WithoutRepeats {
  routers: Routing[]
  /** The calls of factories that built what was taken away: functions defined in them are repeats as well. */
  repeated: ReadonlySet<Scope>
}

export function withoutRepeats(routers: readonly Routing[]): WithoutRepeats {
  const repeats = repeatedApps(routers)
  if (repeats.size === 0) return { routers: [...routers], repeated: new Set() }
  const kept = below(routers.filter((one) => !repeats.has(one) && (one.kind === "app" || one.included === 0 || isNamed(one))))
  const gone = [...below(repeats)].filter((one) => !kept.has(one))
  const repeated = scopesOf(gone)
  for (const scope of scopesOf(kept)) repeated.delete(scope)
  const isGone = new Set(gone)
  return { routers: routers.filter((one) => !isGone.has(one)), repeated }
}

function repeatedApps(routers: readonly Routing[]): Set<Routing> {
  const looks = new Looks()
  const placed = new Set(
    routers.flatMap(({ entries }) => entries.flatMap((entry) => (entry.is !== "route" && entry.is !== "include" ? entry.app : []))),
  )
  const isFree = (app: Routing) => app.factory !== undefined && !placed.has(app as never) && !isNamed(app)
  const apps = routers.filter(({ kind }) => kind === "app")
  const seen = new Set(apps.filter((app) => !isFree(app) && app.factory !== undefined).map((app) => looks.of(app)))
  const repeats = new Set<Routing>()
  for (const app of apps.filter(isFree)) {
    const look = looks.of(app)
    if (seen.has(look)) repeats.add(app)
    seen.add(look)
  }
  return repeats
}

/** Is it held by a name of a module? A factory lends its own name, with parentheses. */
const isNamed = ({ name }: Routing): boolean => name !== undefined && !name.endsWith("()")

/** These, and all routers that they include. */
function below(roots: Iterable<Routing>): Set<Routing> {
  const all = new Set(roots)
  for (const { entries } of all) for (const entry of entries) if (entry.is === "include") all.add(entry.router as Routing)
  return all
}

/** The scopes inside functions in which endpoints are defined. */
function scopesOf(routers: Iterable<Routing>): Set<Scope> {
  const scopes = new Set<Scope>()
  for (const { entries } of routers)
    for (const entry of entries) {
      const scope = entry.is === "route" ? entry.route.endpoint?.value.scope : undefined
      if (scope && scope !== scope.root()) scopes.add(scope)
    }
  return scopes
}

/** What can be told of an app or router without asking who called its factory: equal looks get one number. */
class Looks {
  private readonly numbers = new Map<string, number>()
  private readonly known = new Map<Routing, number>()

  of(routing: Routing): number {
    const seen = this.known.get(routing)
    if (seen !== undefined) return seen
    // A router that includes itself, around some corners, is met here again.
    this.known.set(routing, -1)
    const { kind, built, prefix, entries, middleware, exceptionHandlers, events, lifespan, frontends, overrides } = routing
    const look = [
      kind,
      at(routing.at),
      given(built),
      textually(prefix),
      ...entries.map((entry) => this.entry(entry)),
      ...[middleware, exceptionHandlers, events, frontends, overrides].map((list) => list.map((one) => at(one.at)).join()),
      lifespan ? at(lifespan.at) : "",
    ].join("\n")
    const number = this.numbers.get(look) ?? this.numbers.size
    this.numbers.set(look, number)
    this.known.set(routing, number)
    return number
  }

  private entry(entry: Entry): string {
    switch (entry.is) {
      case "route": {
        const { kind, methods, path, maybe, built, endpointValue } = entry.route
        return [
          kind,
          at(entry.route.at),
          methods.known ? methods.value : "?",
          textually(path),
          maybe,
          shape(endpointValue),
          given(built),
        ].join()
      }
      case "include":
        return ["include", at(entry.at), this.of(entry.router as Routing), textually(entry.prefix), entry.maybe, given(entry.built)].join()
      case "mount":
        return ["mount", at(entry.at), textually(entry.path), entry.maybe, shape(entry.value)].join()
      case "host":
        return ["host", at(entry.at), textually(entry.host), entry.maybe, shape(entry.value)].join()
    }
  }
}

const at = ({ path, start }: Place): string => `${path}:${start}`

const textually = (text: Known<string>): string => (text.known ? JSON.stringify(text.value) : "?")

const given = ({ positional, keywords }: Routing["built"]): string =>
  `${positional.map(shape).join()}|${[...keywords].map(([name, value]) => `${name}=${shape(value)}`).join()}`

function shape(value: Value): string {
  switch (value.is) {
    case "text":
      return JSON.stringify(knownText(value) ?? null)
    case "literal":
      return String(value.value)
    case "function":
    case "class":
      return `${value.module}:${value.qualname}`
    case "instance":
      return `${value.of.module}:${value.of.qualname}()`
    case "external":
      return value.name
    case "sequence":
      return `[${value.items.map(shape).join()}]`
    case "mapping":
      return `{${value.entries.length}}`
    default:
      return value.is
  }
}
