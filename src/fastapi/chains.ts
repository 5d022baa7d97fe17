/** Chains of calls that stay on one thread: from a call, through synchronous functions, down to a sink. */
import { offload } from "#knowledge"
import { listed } from "./listed.ts"
import type { CallEvent, Fn, In, Project } from "./project.ts"

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

/** Says of something that has a name whether chains may end there. */
export type SinkOf<S> = (event: CallEvent, callee: CallEvent["callees"][number]) => S | undefined

/** Calls of synchronous functions into the body of another one, by the function that is entered. */
export type Entered = ReadonlyMap<Fn, readonly In<CallEvent>[]>

/** Where a call leads: see `Reach.chains`. */
export function chainsIn<S>(
  entered: Entered,
  sinkOf: SinkOf<S>,
  rank: (sink: S) => number,
  sinks: Iterable<In<CallEvent>>,
): (event: CallEvent) => Chain<S> | undefined {
  const ways = waysIn(entered, sinkOf, rank, sinks)
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

/** The calls that run on the thread of a synchronous function and enter a body there. The same whatever chains are asked for. */
export function enteredIn({ bodies }: Project): Entered {
  const entered = new Map<Fn, In<CallEvent>[]>()
  for (const call of bodies.entering)
    if (!call.in.async && runsHere(call.event)) for (const callee of enteredBy(call.event) ?? []) listed(entered, callee).push(call)
  return entered
}

const NO_BODIES: readonly Fn[] = []

/** The bodies that a call enters, each once; undefined where it may also do what leads nowhere. */
function enteredBy(event: CallEvent): readonly Fn[] | undefined {
  let bodies: Fn[] | undefined
  for (const { name, fn } of event.callees) {
    if (fn && isFollowed(event, fn)) {
      if (!bodies?.includes(fn)) bodies = [...(bodies ?? []), fn]
    } else if (name === undefined) return undefined
  }
  return bodies ?? NO_BODIES
}

/** For every synchronous function that gets to a sink the way it does: found backwards from the sinks, so only calls that lead to one are followed. */
function waysIn<S>(entered: Entered, sinkOf: SinkOf<S>, rank: (sink: S) => number, sinks: Iterable<In<CallEvent>>): Map<Fn, Way<S>> {
  const ways = new Map<Fn, Way<S>>()
  const direct = new Map<number, { fn: Fn; way: Way<S> }[]>()
  for (const { in: fn, event } of sinks) {
    const sink = fn.async ? undefined : sinkIn(event, sinkOf, rank)
    if (sink !== undefined && runsHere(event)) listed(direct, rank(sink)).push({ fn, way: { event, leads: { sink } } })
  }
  const waiting = new Map<In<CallEvent>, Set<Fn> | undefined>()
  for (const level of [...direct.keys()].sort((a, b) => a - b)) {
    let front = direct.get(level) ?? []
    while (front.length > 0) {
      const next: typeof front = []
      for (const { fn, way } of front) {
        if (ways.has(fn)) continue
        ways.set(fn, way)
        for (const caller of entered.get(fn) ?? []) {
          if (!waiting.has(caller)) waiting.set(caller, openIn(caller.event, sinkOf))
          const open = waiting.get(caller)
          if (open?.delete(fn) && open.size === 0) next.push({ fn: caller.in, way: { event: caller.event, leads: fn } })
        }
      }
      front = next
    }
  }
  return ways
}

/** The gravest sink that a call itself is; undefined if it may be anything else. */
function sinkIn<S>(event: CallEvent, sinkOf: SinkOf<S>, rank: (sink: S) => number): S | undefined {
  let gravest: S | undefined
  for (const callee of event.callees) {
    const sink = callee.name === undefined ? undefined : sinkOf(event, callee)
    if (sink === undefined) return undefined
    if (gravest === undefined || rank(sink) < rank(gravest)) gravest = sink
  }
  return gravest
}

/** The bodies that must lead to a sink for a call to lead to one. */
function openIn<S>(event: CallEvent, sinkOf: SinkOf<S>): Set<Fn> | undefined {
  const open = new Set<Fn>()
  for (const callee of event.callees) {
    if (callee.name !== undefined && sinkOf(event, callee) !== undefined) continue
    if (!callee.fn || !isFollowed(event, callee.fn)) return undefined
    open.add(callee.fn)
  }
  return open
}

/** Where one call leads; of several things that it may call, all must lead to a sink. */
function wayOf<S>(event: CallEvent, sinkOf: SinkOf<S>, rank: (sink: S) => number, ways: Map<Fn, Way<S>>): Way<S> | undefined {
  let best: Way<S> | undefined
  const rankOf = (way: Way<S>): number => ("sink" in way.leads ? rank(way.leads.sink) : Number.MAX_SAFE_INTEGER)
  for (const callee of event.callees) {
    const sink = callee.name === undefined ? undefined : sinkOf(event, callee)
    const way: Way<S> | undefined =
      sink !== undefined
        ? { event, leads: { sink } }
        : callee.fn && ways.has(callee.fn) && isFollowed(event, callee.fn)
          ? { event, leads: callee.fn }
          : undefined
    if (!way) return undefined
    if (!best || rankOf(way) < rankOf(best)) best = way
  }
  // Most calls lead nowhere, so where they stand is asked last.
  return best && runsHere(event) ? best : undefined
}

/** Does the call happen where it is written? */
const runsHere = ({ within }: CallEvent): boolean => within.length === 0 || !within.some((around) => around.is === "nested")

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
