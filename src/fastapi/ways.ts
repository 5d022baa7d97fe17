/** How a request gets to a function: for each route the shortest way from what it enters, call by call. */
import { itemsOf, options, type Value } from "#python"
import type { CallEvent, Fn, Project, Route } from "./project.ts"
import { entrancesOf } from "./reach.ts"

export interface Way {
  route: Route
  /** From the entrance to the function; each but the last with the call that leads on, where it is seen. */
  steps: { fn: Fn; call?: CallEvent; handed?: true }[]
  /** Where the function runs then. */
  runs: "event loop" | "thread"
}

export function waysTo(project: Project, fn: Fn): Way[] {
  // Backwards, one call at a time, so that whoever is met first is nearest.
  const next = new Map<Fn, Fn | undefined>([[fn, undefined]])
  for (const one of next.keys()) for (const caller of project.reach.callersOf(one)) if (!next.has(caller)) next.set(caller, one)
  const nearest = new Map([...next.keys()].map((one, i) => [one, i]))
  return project.reach.routesTo(fn).flatMap((route) => {
    const [entrance] = [...entrancesOf(route)].filter((one) => nearest.has(one)).sort((a, b) => nearest.get(a)! - nearest.get(b)!)
    return entrance ? [wayFrom(project, route, entrance, next)] : []
  })
}

function wayFrom(project: Project, route: Route, entrance: Fn, next: ReadonlyMap<Fn, Fn | undefined>): Way {
  const steps: Way["steps"] = []
  let runs: Way["runs"] = entrance.async ? "event loop" : "thread"
  for (let fn: Fn | undefined = entrance; fn; ) {
    const to = next.get(fn)
    const call = to && callOf(project, fn, to)
    steps.push({ fn, ...call })
    if (to?.async) runs = "event loop"
    else if (call?.handed) runs = "thread"
    fn = to
  }
  return { route, steps, runs }
}

/** The call by which a function enters another one, or hands it on for somebody else to call. */
function callOf(project: Project, from: Fn, to: Fn): { call: CallEvent; handed?: true } | undefined {
  const calls = from.events.filter((event): event is CallEvent => event.is === "call")
  const direct = calls.find(({ callees }) => callees.some((callee) => callee.fn === to))
  if (direct) return { call: direct }
  const holds = (value: Value, depth = 0): boolean =>
    [...options(value)].some(
      (one) =>
        project.functionOf(one) === to ||
        (depth < 2 && one.is === "sequence" && (itemsOf(one) ?? []).some((item) => holds(item, depth + 1))),
    )
  const handing = calls.find(({ positional, keywords }) => [...positional, ...keywords.values()].some((value) => holds(value)))
  return handing && { call: handing, handed: true }
}
