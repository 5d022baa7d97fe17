/** The routers of a project and how they include each other, as `test/oracle/dump_app.py` writes them. */
import type { Value } from "#python"
import type { App, Entry, Project, Router } from "../project.ts"
import { fileLine } from "./route.ts"
import { type Described, type Describing, type FileLine, factOf, literalOf, refOf } from "./values.ts"

export interface IncludeDescription {
  /** The `id` of the router that includes, and of the one that is included. */
  parent: number
  child: number
  prefix: Described<string>
  tags: Described<unknown>
  dependencies: Described<string>[]
  site: FileLine
  maybe?: boolean
}

export interface RouterDescription {
  id: number
  site: FileLine
  prefix: Described<string>
  tags: Described<unknown>
  own_routes: number
  /** Does this app serve what it holds? */
  reachable: boolean
  ever_included: boolean
  belongs_to_app: boolean
}

type Include = Extract<Entry, { is: "include" }>

/** What the application of the project is made of; tests build their own. */
export function describeRouters(
  on: Describing,
  app: App,
  { routers, role }: Pick<Project, "routers" | "role">,
): { include_calls: IncludeDescription[]; routers: RouterDescription[] } {
  const all = routers.filter(({ at }) => role(at.path) !== "test")
  const ids = new Map(all.map((router, id) => [router, id]))
  const includes = all.flatMap((parent) => includesOf(parent).map((include) => ({ parent, include })))
  const reached = reachedFrom(app)
  const included = new Set(includes.map(({ include }) => include.router))
  return {
    include_calls: includes.map(({ parent, include: { router, prefix, at, maybe, built } }) => ({
      parent: ids.get(parent) ?? -1,
      child: ids.get(router) ?? -1,
      prefix: factOf(prefix),
      tags: listOf(on, built.keywords.get("tags")),
      dependencies: dependenciesIn(on, built.keywords.get("dependencies")),
      site: fileLine(on, at),
      ...(maybe && { maybe }),
    })),
    routers: all.map((router, id) => ({
      id,
      site: fileLine(on, router.at),
      prefix: factOf(router.prefix),
      tags: router.kind === "app" ? [] : listOf(on, router.built.keywords.get("tags")),
      own_routes: router.entries.filter(({ is }) => is !== "include").length,
      reachable: reached.has(router),
      ever_included: included.has(router),
      belongs_to_app: router.kind === "app" || all.some((one) => one.kind === "app" && (one as App).webhooks === router),
    })),
  }
}

const includesOf = ({ entries }: Router): Include[] => entries.filter((entry): entry is Include => entry.is === "include")

/** The routers that an app includes or documents, and those of the apps that it mounts, however deep. */
function reachedFrom(app: App): Set<Router> {
  const reached = new Set<Router>()
  const reach = (router: Router | undefined): void => {
    if (!router || reached.has(router)) return
    reached.add(router)
    for (const entry of router.entries) reach(entry.is === "include" ? entry.router : entry.is === "route" ? undefined : entry.app)
  }
  reach(app)
  reach(app.webhooks)
  return reached
}

const listOf = (on: Describing, value: Value | undefined): Described<unknown> => (value ? literalOf(on, value) : [])

/** What each `Depends(...)` of a list asks for. */
function dependenciesIn(on: Describing, value: Value | undefined): Described<string>[] {
  const items = value?.is === "sequence" ? value.items : []
  return items.map((item) => {
    const asked = item.is === "external" ? (item.built?.positional[0] ?? item.built?.keywords.get("dependency")) : undefined
    return asked ? refOf(on, asked) : { unknown: "what it depends on is not known" }
  })
}
