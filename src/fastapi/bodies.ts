/** What all bodies do, sorted by what rules look for: a few names among all that a project calls, and what it raises. */
import type { Place, RaiseEvent, ReturnEvent } from "#python"
import type { CallEvent, Event, Fn } from "./fn.ts"
import { listed } from "./listed.ts"

/** An event, with the function whose body it is in. */
export interface In<E extends Event> {
  in: Fn
  event: E
}

/** Every list is in the order of the functions, and of the text of each. */
export class Bodies {
  /** Where functions raise. */
  readonly raises: In<RaiseEvent>[] = []
  /** Where functions return. */
  readonly returns: In<ReturnEvent>[] = []
  /** Calls that enter a function of the project, or may: `__init__` where a class is called. */
  readonly entering: In<CallEvent>[] = []
  /** Calls of the project's own classes. */
  readonly constructions: In<CallEvent>[] = []
  /** Calls that make their thread wait, or may. */
  readonly blocking: In<CallEvent>[] = []
  /** Calls whose value nobody takes. */
  readonly dropped: In<CallEvent>[] = []
  /** The functions with a `try` of their own, and what each does in its handlers. */
  readonly handling = new Map<Fn, Event[]>()
  /** Calls of what has a name, or of one of several things that may have one. */
  readonly named: In<CallEvent>[] = []
  /** Where in `named` each name is called, and nothing else may be. */
  private readonly places = new Map<string, number[]>()
  /** Where in `named` each name is one of several that may be called. */
  private readonly perhaps = new Map<string, number[]>()
  private readonly byPath = new Map<string, Fn[]>()

  constructor(functions: readonly Fn[]) {
    for (const fn of functions) {
      listed(this.byPath, fn.path).push(fn)
      for (const event of fn.events) {
        if (event.within.length > 0) this.noteHandlers(fn, event)
        if (event.is === "call") this.noteCall({ in: fn, event })
        else if (event.is === "raise") this.raises.push({ in: fn, event })
        else if (event.is === "return") this.returns.push({ in: fn, event })
      }
    }
  }

  private noteCall(call: In<CallEvent>): void {
    const { callee, callees, name, fn, blocks, dropped } = call.event
    if (name !== undefined) listed(this.places, name).push(this.named.push(call) - 1)
    if (fn) this.entering.push(call)
    if (blocks) this.blocking.push(call)
    if (callees.length > 1) this.noteSeveral(call)
    if (callee.is === "class") this.constructions.push(call)
    if (dropped) this.dropped.push(call)
  }

  private noteSeveral(call: In<CallEvent>): void {
    const { callees } = call.event
    if (callees.some(({ blocks }) => blocks)) this.blocking.push(call)
    if (callees.some(({ fn }) => fn)) return void this.entering.push(call)
    const place = this.named.push(call) - 1
    for (const { name } of callees) if (name !== undefined) listed(this.perhaps, name).push(place)
  }

  private noteHandlers(fn: Fn, event: Event): void {
    const isHandling = event.within.some(({ is }) => is === "handler")
    if (!isHandling && !event.within.some(({ is }) => is === "try")) return
    const handled = listed(this.handling, fn)
    if (isHandling) handled.push(event)
  }

  /** The calls of what has one of these names: each name is looked at once, however often it is called. */
  callsOf(names: Names): In<CallEvent>[] {
    return this.at(placesOf(this.places, names))
  }

  /** `callsOf`, and calls of one of several things of which one has such a name, and none is the project's. */
  callsPerhapsOf(names: Names): In<CallEvent>[] {
    return this.at([...placesOf(this.places, names), ...placesOf(this.perhaps, names)])
  }

  private at(places: readonly number[]): In<CallEvent>[] {
    return [...new Set(places)].sort((a, b) => a - b).map((place) => this.named[place] as In<CallEvent>)
  }

  /** The functions of a file. */
  functionsIn(path: string): readonly Fn[] {
    return this.byPath.get(path) ?? []
  }

  /** The calls that stand right there: in the function around, and in each that it was defined as. */
  *callsAt({ path, start, end }: Place): Generator<In<CallEvent>> {
    for (const fn of this.functionsIn(path)) {
      const { def } = fn.value
      if (start < def.start || def.end < end) continue
      for (const event of fn.events) if (event.is === "call" && event.at.start === start && event.at.end === end) yield { in: fn, event }
    }
  }
}

type Names = RegExp | ReadonlySet<string> | ((name: string) => unknown)

function placesOf(all: ReadonlyMap<string, number[]>, names: Names): number[] {
  const fits = typeof names === "function" ? names : (name: string) => (names instanceof RegExp ? names.test(name) : names.has(name))
  const found: number[] = []
  for (const [name, places] of all) if (fits(name)) for (const place of places) found.push(place)
  return found
}
