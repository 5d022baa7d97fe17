/**
 * What came of dependencies, for all requests. Hundreds of routes ask for the same session and the same user: such a
 * dependency is played once, and every other request takes what came of it.
 */
import type { FunctionValue, Summary, Value } from "#python"
import type { Dependency, Route } from "../project.ts"
import type { Heard } from "./play.ts"
import type { Snapshot } from "./snapshot.ts"
import { isFilled, isOneSegment, type Source } from "./source.ts"

/** What bodies give, each by the kinds of what it was passed. */
export type Bodies = Map<FunctionValue["def"], Map<string, Summary>>

/** One dependency, solved; without what those give and do that it asks for in turn. */
export interface Solved {
  value: Value | undefined
  heard: readonly Heard[]
  sources: readonly (readonly [Value, Source])[]
  own: readonly Value[]
  bodies: Bodies
  /** How its result and what it was passed stood then: what one handler does to them must not be seen by the next. */
  state: Snapshot
}

export class SolvedDependencies {
  private readonly known = new Map<object, Map<string, Solved>>()
  private readonly numbers = new Map<Solved | undefined, number>()

  /** What another request has found out, with the same parameters filled and the same results passed. */
  find(dependency: Dependency, below: readonly (Solved | undefined)[], route: Route): Solved | undefined {
    return this.known.get(calledBy(dependency))?.get(this.given(dependency, below, route))
  }

  keep(dependency: Dependency, below: readonly (Solved | undefined)[], route: Route, solved: Solved): void {
    const called = calledBy(dependency)
    const all = this.known.get(called) ?? new Map<string, Solved>()
    this.known.set(called, all.set(this.given(dependency, below, route), solved))
  }

  /** A parameter may be in the path of one route and in the query of another. */
  private given({ params, dependencies }: Dependency, below: readonly (Solved | undefined)[], route: Route): string {
    const sent = params.filter((param) => isFilled(param, route))
    return [
      ...sent.map((param) => `${param.name} ${param.in} ${param.type.text} ${isOneSegment(param, route)}`),
      ...dependencies.map(({ param }, i) => `${param} ${this.numberOf(below[i])}`),
    ].join("|")
  }

  private numberOf(solved: Solved | undefined): number {
    const number = this.numbers.get(solved) ?? this.numbers.size
    this.numbers.set(solved, number)
    return number
  }
}

const calledBy = ({ call, value }: Dependency): object => call ?? value

/** Adds what is not there yet; says how many bodies that were. */
export function addBodies(from: Bodies, into: Bodies): number {
  let added = 0
  for (const [def, summaries] of from) {
    const there = into.get(def) ?? new Map<string, Summary>()
    into.set(def, there)
    for (const [given, summary] of summaries) {
      if (there.has(given)) continue
      there.set(given, summary)
      added++
    }
  }
  return added
}
