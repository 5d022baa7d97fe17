/** What all bodies do, sorted by what rules look for: a few names among all that a project calls, and what it raises. */
import type { RaiseEvent } from "#python"
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
  /** Calls of the project's own classes. */
  readonly constructions: In<CallEvent>[] = []
  /** Calls whose value nobody takes. */
  readonly dropped: In<CallEvent>[] = []
  /** Calls of what has a name. */
  private readonly named: In<CallEvent>[] = []
  /** Where in `named` each name is called. */
  private readonly places = new Map<string, number[]>()

  constructor(functions: readonly Fn[]) {
    for (const fn of functions) {
      for (const event of fn.events) {
        if (event.is === "raise") this.raises.push({ in: fn, event })
        if (event.is !== "call") continue
        const call = { in: fn, event }
        if (event.name !== undefined) listed(this.places, event.name).push(this.named.push(call) - 1)
        if (event.callee.is === "class") this.constructions.push(call)
        if (event.dropped) this.dropped.push(call)
      }
    }
  }

  /** The calls of what has one of these names: each name is looked at once, however often it is called. */
  callsOf(names: RegExp | ReadonlySet<string> | ((name: string) => unknown)): In<CallEvent>[] {
    const fits = typeof names === "function" ? names : (name: string) => (names instanceof RegExp ? names.test(name) : names.has(name))
    const found: number[] = []
    for (const [name, places] of this.places) if (fits(name)) for (const place of places) found.push(place)
    return found.sort((a, b) => a - b).map((place) => this.named[place] as In<CallEvent>)
  }
}
