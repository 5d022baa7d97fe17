/** Which of the counted routes a finding is about. */
import type { Fn, Project, Route } from "#fastapi"
import type { Verdict } from "#lint"
import type { Place } from "#python"

/** Answers for one project; everything that is looked up twice is kept. */
export class Hits {
  private readonly project: Project
  private readonly counted: readonly Route[]
  private readonly byPath = new Map<string, Fn[]>()
  private readonly reached = new Map<Fn, Route[]>()
  private models: Map<string, Set<Route>> | undefined

  constructor(project: Project, counted: readonly Route[]) {
    this.project = project
    this.counted = counted
    for (const fn of project.functions) this.byPath.set(fn.path, [...(this.byPath.get(fn.path) ?? []), fn])
  }

  /** The routes that it names; else those that run the function it stands in, or carry the model it stands in. */
  routesOf(finding: Verdict): Route[] {
    if (finding.routes?.length) return this.sharing(finding.routes, finding.rule.startsWith("auth/"))
    const fn = this.functionAt(finding.at)
    if (fn) return this.routesTo(fn)
    const here = this.counted.filter(({ at }) => contains(at, finding.at))
    return here.length > 0 ? here : this.carrying(finding.at)
  }

  /** The innermost function around a place, its decorators included. */
  functionAt(at: Place): Fn | undefined {
    return (this.byPath.get(at.path) ?? [])
      .filter(({ header, value }) => header.start <= at.start && at.start < value.def.end)
      .reduce<Fn | undefined>((inner, fn) => (inner && inner.header.start > fn.header.start ? inner : fn), undefined)
  }

  /** A rule speaks of a registration once; it is served wherever its router is included, but may be guarded there. */
  private sharing(named: readonly Route[], isAboutAuth: boolean): Route[] {
    return this.counted.filter((route) =>
      named.some((one) => one === route || (one.own === route.own && (!isAboutAuth || one.auth.answer === route.auth.answer))),
    )
  }

  private routesTo(fn: Fn): Route[] {
    let routes = this.reached.get(fn)
    if (!routes) {
      const all = new Set(this.project.reach.routesTo(fn))
      routes = this.counted.filter((route) => all.has(route))
      this.reached.set(fn, routes)
    }
    return routes
  }

  private carrying(at: Place): Route[] {
    const around = this.project.classes.find(({ module, def }) => module === at.path && def.start <= at.start && at.start < def.end)
    if (!around) return []
    this.models ??= modelsOf(this.counted)
    const dotted = `${this.project.player.modules.nameOf(around.module)}.${around.qualname}`
    return [...(this.models.get(dotted) ?? [])]
  }
}

/** By the dotted name of each class in a signature: who takes or gives it. */
function modelsOf(routes: readonly Route[]): Map<string, Set<Route>> {
  const models = new Map<string, Set<Route>>()
  for (const route of routes) {
    const types = [...route.params.map(({ type }) => type.text), route.response.type?.text ?? ""]
    for (const [name] of types.join(" ").matchAll(/[\w.]+/g)) models.set(name, (models.get(name) ?? new Set()).add(route))
  }
  return models
}

const contains = (outer: Place, inner: Place): boolean =>
  outer.path === inner.path && outer.start <= inner.start && inner.start < Math.max(outer.end, outer.start + 1)
