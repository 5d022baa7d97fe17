/** One function listened to by itself, with its comparisons, and with values that remember what they were made of. */
import { type BodyEvent, type Comparison, external, type Following, parameterValues, type Value } from "#python"
import type { Fn, Project } from "../project.ts"
import { isFilled } from "./source.ts"

export interface Overheard {
  /** What the body does, in the order in which it happens. */
  events: (BodyEvent | Comparison)[]
  /** What the caller gives: texts, paths, and what has no annotation. Each is an object of its own. */
  given: ReadonlySet<Value>
  /** Those of `given` that a client fills, where the function is a route's. */
  sent: ReadonlySet<Value>
  /** The name of what was called to make a value: `pathlib.Path().resolve`. */
  madeBy: ReadonlyMap<Value, string>
}

const OPEN = new Set(["builtins.str()", "pathlib.Path()", "pathlib.PurePath()", "typing.Any()"])

/** Bounds of one function: calls one inside the other, and calls that are followed in all. */
const LIMITS = { depth: 3, calls: 40 }

/** Listens to a function once more. Functions that it passes what it was given are followed for what they give back, and not listened to. */
export function overhear(project: Project, fn: Fn): Overheard {
  const given = new Set<Value>()
  const sent = new Set<Value>()
  const filled = filledBy(project, fn)
  const own = (value: Value, name: string): Value => {
    if (value.is === "either") return { ...value, options: value.options.map((option) => own(option, name)) }
    if (value.is === "unknown") return own(external("typing.Any()"), name)
    if (value.is !== "external" || !OPEN.has(value.name) || value.built) return value
    const one = { ...value }
    given.add(one)
    if (filled.has(name)) sent.add(one)
    return one
  }
  const parameters = [...parameterValues(project.player, fn.value)].map(([name, value]): [string, Value] => [name, own(value, name)])
  const events: (BodyEvent | Comparison)[] = []
  const madeBy = new Map<Value, string>()
  const active = new Set<object>([fn.value.def])
  let calls = 0
  const following: Following = {
    carries: () => true,
    enter(callee, passed) {
      const isPassed = [...passed.positional, ...passed.keywords.values()].some((one) => given.has(one))
      if (!isPassed || active.has(callee.def) || active.size > LIMITS.depth || calls++ > LIMITS.calls) return undefined
      active.add(callee.def)
      const summary = project.player.replay(callee, passed, following)
      active.delete(callee.def)
      return summary
    },
    hear(event) {
      if (active.size === 1) events.push(event)
      if (event.is === "call" && event.callee.is === "external") madeBy.set(event.result, event.callee.name)
    },
  }
  project.player.overhear(fn.value, parameters, following)
  return { events, given, sent, madeBy }
}

/** The names of the parameters that a client fills with free text. */
const filledBy = ({ routes }: Project, fn: Fn): Set<string> =>
  new Set(
    routes
      .filter(({ endpoint }) => endpoint?.value.def === fn.value.def)
      .flatMap((route) => route.ownParams.filter((param) => isFilled(param, route)).map(({ name }) => name)),
  )
