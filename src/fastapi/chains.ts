/** Chains of calls that stay on one thread: from a call, through synchronous functions, down to a sink. */
import { offload } from "#knowledge"
import { listed } from "./listed.ts"
import type { CallEvent, Fn, Project } from "./project.ts"

/** Calls one inside the other, outermost first; the last one is the sink. */
export interface Chain<S> {
  calls: { in: Fn; event: CallEvent }[]
  sink: S
}

/** How a synchronous function gets to its sink. */
interface Way<S> {
  event: CallEvent
  /** The function that the call enters, or the sink itself. */
  leads: Fn | { sink: S }
}

/** Where a call leads: see `Reach.chains`. */
export function chainsIn<S>(
  ownCalls: readonly OwnCall[],
  sinkOf: (event: CallEvent, callee: CallEvent["callees"][number]) => S | undefined,
  rank: (sink: S) => number,
): (event: CallEvent) => Chain<S> | undefined {
  const ways = waysIn(ownCalls, sinkOf, rank)
  return (event) => {
    const calls: Chain<S>["calls"] = []
    let found: Way<S> | undefined = wayOf(event, sinkOf, rank, ways)
    while (found && !("sink" in found.leads)) {
      const fn: Fn = found.leads
      found = ways.get(fn)
      if (found) calls.push({ in: fn, event: found.event })
    }
    return found && "sink" in found.leads ? { calls, sink: found.leads.sink } : undefined
  }
}

/** A call in a synchronous function. */
export interface OwnCall {
  in: Fn
  event: CallEvent
}

/** The calls that run on the thread of a synchronous function and may lead somewhere: to what has a name, or into another one's body. */
export function synchronousCalls({ functions }: Project): OwnCall[] {
  const calls: OwnCall[] = []
  for (const fn of functions) {
    if (fn.async) continue
    for (const event of fn.events) {
      if (event.is !== "call") continue
      const mayLead = event.callees.every(({ name, fn: callee }) => name !== undefined || (callee && isFollowed(event, callee)))
      if (mayLead && runsHere(event)) calls.push({ in: fn, event })
    }
  }
  return calls
}

/** For every synchronous function that gets to a sink the way it does: found backwards from the sinks, so each call is looked at once. */
function waysIn<S>(
  ownCalls: readonly OwnCall[],
  sinkOf: (event: CallEvent, callee: CallEvent["callees"][number]) => S | undefined,
  rank: (sink: S) => number,
): Map<Fn, Way<S>> {
  const ways = new Map<Fn, Way<S>>()
  const waiting = new Map<Fn, { in: Fn; event: CallEvent; open: Set<Fn> }[]>()
  const direct = new Map<number, { fn: Fn; way: Way<S> }[]>()
  for (const { in: fn, event } of ownCalls) {
    let open: Set<Fn> | undefined
    let sink: S | undefined
    let isKnown = true
    for (const callee of event.callees) {
      const one = sinkOf(event, callee)
      if (one !== undefined) sink = sink === undefined || rank(one) < rank(sink) ? one : sink
      else if (callee.fn && isFollowed(event, callee.fn)) open = (open ?? new Set()).add(callee.fn)
      else {
        isKnown = false
        break
      }
    }
    if (!isKnown) continue
    if (open) {
      const entry = { in: fn, event, open }
      for (const callee of open) listed(waiting, callee).push(entry)
    } else if (sink !== undefined) listed(direct, rank(sink)).push({ fn, way: { event, leads: { sink } } })
  }
  for (const level of [...direct.keys()].sort((a, b) => a - b)) {
    let front = direct.get(level) ?? []
    while (front.length > 0) {
      const next: typeof front = []
      for (const { fn, way } of front) {
        if (ways.has(fn)) continue
        ways.set(fn, way)
        for (const caller of waiting.get(fn) ?? []) {
          caller.open.delete(fn)
          if (caller.open.size === 0) next.push({ fn: caller.in, way: { event: caller.event, leads: fn } })
        }
      }
      front = next
    }
  }
  return ways
}

/** Where one call leads; of several things that it may call, all must lead to a sink. */
function wayOf<S>(
  event: CallEvent,
  sinkOf: (event: CallEvent, callee: CallEvent["callees"][number]) => S | undefined,
  rank: (sink: S) => number,
  ways: Map<Fn, Way<S>>,
): Way<S> | undefined {
  let best: Way<S> | undefined
  const rankOf = (way: Way<S>): number => ("sink" in way.leads ? rank(way.leads.sink) : Number.MAX_SAFE_INTEGER)
  for (const callee of event.callees) {
    const sink = sinkOf(event, callee)
    const way: Way<S> | undefined =
      sink !== undefined
        ? { event, leads: { sink } }
        : callee.fn && isFollowed(event, callee.fn) && ways.has(callee.fn)
          ? { event, leads: callee.fn }
          : undefined
    if (!way) return undefined
    if (!best || rankOf(way) < rankOf(best)) best = way
  }
  // Most calls lead nowhere, so where they stand is asked last.
  return best && runsHere(event) ? best : undefined
}

/** Does the call happen where it is written? */
const runsHere = (event: CallEvent): boolean => !event.within.some((around) => around.is === "nested")

/** Does calling this function run its body at once, on the same thread? */
function isFollowed(event: CallEvent, fn: Fn): boolean {
  if (fn.async || (fn.generator && !event.entered)) return false
  const wrappers = fn.value.decorators.filter((decorator) => !(decorator.is === "external" && TRANSPARENT.has(decorator.name)))
  if (event.awaited && wrappers.length > 0) return false
  return !fn.decorators.some(({ name }) => name !== undefined && (offload(name) !== undefined || isOnce(name, fn)))
}

/** Decorators that change nothing about when a body runs. */
const TRANSPARENT = new Set(["builtins.staticmethod", "builtins.classmethod", "builtins.property", "abc.abstractmethod", "typing.override"])

/** A cache without keys: the body runs once in the life of the process. */
const isOnce = (name: string, fn: Fn): boolean =>
  /^functools\.(lru_cache|cache|cached_property)$/.test(name) &&
  fn.parameters.filter((p) => p.name !== "self" && p.name !== "cls").length === 0
