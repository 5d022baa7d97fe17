/**
 * Plays one request: the dependencies in FastAPI's order, then the handler, then whatever they call with something
 * of the request in hand. What is called without any of it does what it always does, and its summary says that.
 */
import { offload, resultOf } from "#knowledge"
import {
  type Arguments,
  type BodyEvent,
  type ClassValue,
  type Comparison,
  external,
  type Following,
  type Frame,
  type FunctionValue,
  type Instance,
  noArguments,
  options,
  type Place,
  type Summary,
  targetOf,
  type Value,
} from "#python"
import type { Dependency, Fn, Param, Project, Route } from "../project.ts"
import { Carrying, writtenByClient } from "./carrying.ts"
import { asDeclared, implementationsOf, startedBy } from "./implementations.ts"
import { Snapshot } from "./snapshot.ts"
import { addBodies, type Bodies, type Solved, type SolvedDependencies } from "./solved.ts"
import { isFilled, type Source, sentValue } from "./source.ts"

/** One body that is played with something of the request in hand. */
export interface Visit {
  fn: Fn
  /** Who calls it, and where; unset for the handler and for dependencies, which FastAPI calls. */
  from?: { visit: Visit; at: Place }
}

/** What happened, in the order in which it happened. */
export interface Heard {
  event: BodyEvent | Comparison
  visit: Visit
}

export interface PlayedRequest {
  route: Route
  heard: Heard[]
  carrying: Carrying
}

/** Bounds of one request: calls one inside the other, and bodies in all. */
const LIMITS = { depth: 16, visits: 300 }

/**
 * @param shared  what requests of the same project have found out of dependencies
 * @param isWhole  whether the handler is played too, or only the dependencies before it
 */
export function playRequest(project: Project, route: Route, shared: SolvedDependencies, isWhole: boolean): PlayedRequest {
  const play = new RequestPlay(project, route, shared)
  const solved = play.solveAll()
  if (isWhole) play.handle(solved)
  return play
}

class RequestPlay implements Following, PlayedRequest {
  readonly route: Route
  readonly heard: Heard[] = []
  private readonly project: Project
  private readonly sources = new Map<Value, Source>()
  readonly carrying = new Carrying((value) => this.sources.get(value) ?? this.written(value))
  private readonly shared: SolvedDependencies
  private readonly solved = new Map<object, Solved | undefined>()
  private bodies: Bodies = new Map()
  private readonly active = new Set<object>()
  private visits = 0
  private isWhole = true
  private current: Visit | undefined

  constructor(project: Project, route: Route, shared: SolvedDependencies) {
    this.project = project
    this.route = route
    this.shared = shared
  }

  /** What the handler's dependencies give, in their order. */
  solveAll(): (Solved | undefined)[] {
    for (const dependency of this.route.dependencies) if (dependency.param === undefined) this.solve(dependency)
    return this.route.endpoint ? this.route.asks.map((one) => this.solve(one)) : []
  }

  handle(solved: readonly (Solved | undefined)[]): void {
    const { route } = this
    const { endpoint } = route
    if (!endpoint) return
    const values = this.valuesOf(route.ownParams, route.asks, solved)
    const [first] = endpoint.parameters
    if (route.kind === "route" && first && !first.annotation) values.set(first.name, external("starlette.requests.Request()"))
    this.enter(endpoint.value, { positional: [], keywords: values, open: false }, endpoint.at)
  }

  // -------------------------------------------------------------------------- what FastAPI passes

  private valuesOf(params: readonly Param[], asks: readonly Dependency[], solved: readonly (Solved | undefined)[]): Map<string, Value> {
    const values = new Map<string, Value>()
    for (const param of params) {
      const value = isFilled(param, this.route) ? this.sent(param) : undefined
      if (value) values.set(param.name, value)
    }
    for (const [i, { param }] of asks.entries()) {
      const value = solved[i]?.value
      if (value && param !== undefined && param !== "self") values.set(param, value)
    }
    return values
  }

  private sent(param: Param): Value {
    return sentValue(this.project, this.route, param, (one, source) => {
      if (source) this.sources.set(one, source)
      if (one.is === "instance") this.carrying.own.add(one)
    })
  }

  /** What a dependency gives, once for a request. */
  private solve(dependency: Dependency): Solved | undefined {
    const key: object = dependency.call?.value.def ?? dependency.value
    if (this.solved.has(key)) return this.solved.get(key)
    this.solved.set(key, undefined)
    const below = dependency.dependencies.map((one) => this.solve(one))
    const known = this.shared.find(dependency, below, this.route)
    if (known) this.take(known)
    const solved = known ?? this.play(dependency, below)
    this.solved.set(key, solved)
    return solved
  }

  /** Does as if the dependency had been played here. */
  private take({ heard, sources, own, bodies, state }: Solved): void {
    state.restore()
    for (const one of heard) this.heard.push(one)
    for (const [value, source] of sources) this.sources.set(value, source)
    for (const value of own) this.carrying.own.add(value)
    this.visits += addBodies(bodies, this.bodies)
  }

  private play(dependency: Dependency, below: readonly (Solved | undefined)[]): Solved {
    const { bodies, heard, sources, carrying } = this
    const before = { heard: heard.length, sources: sources.size, own: carrying.own.size }
    // By itself, so that it is heard as a whole, whatever was played before.
    this.bodies = new Map()
    this.isWhole = true
    const value = this.resultOf(dependency, this.valuesOf(dependency.params, dependency.dependencies, below))
    const solved: Solved = {
      value,
      heard: heard.slice(before.heard),
      sources: [...sources].slice(before.sources),
      own: [...carrying.own].slice(before.own),
      bodies: this.bodies,
      state: new Snapshot([value, ...below.map((one) => one?.value)], (one) => carrying.own.has(one)),
    }
    addBodies(this.bodies, bodies)
    this.bodies = bodies
    if (this.isWhole && solved.state.isWhole) this.shared.keep(dependency, below, this.route, solved)
    return solved
  }

  private resultOf({ value, call, at }: Dependency, keywords: Map<string, Value>): Value | undefined {
    const given: Arguments = { positional: [], keywords, open: false }
    if (value.is === "class") return this.construct(value, given)
    const summary = call && this.enter(call.value, given, at)
    return summary && (summary.yields ?? summary.returns)
  }

  private construct(of: ClassValue, given: Arguments): Value {
    const { player } = this.project
    const instance: Instance = { is: "instance", of, attributes: new Map(player.prototype(of).attributes) }
    this.carrying.own.add(instance)
    const init = player.methodOf(of, "__init__")
    if (init) this.enter({ ...init, self: instance }, given, player.place(of.module, of.def.name_span))
    else for (const [name, value] of given.keywords) instance.attributes.set(name, value)
    return instance
  }

  // -------------------------------------------------------------------------- what it is passed to

  carries(values: Iterable<Value>): boolean {
    for (const value of values) if (this.carrying.holdsAny(value)) return true
    return false
  }

  enter(fn: FunctionValue, passed: Arguments, at: Place, frame?: Frame): Summary | undefined {
    if (fn.def.kind === "Lambda" || this.active.has(fn.def)) return undefined
    const bound = this.bound(fn)
    const inputs = [...passed.positional, ...passed.keywords.values(), ...(bound.self ? [bound.self] : [])]
    if (frame && !this.closesOver(fn, frame) && !this.carries(inputs)) return undefined
    const bodies = implementationsOf(this.project, fn)
    if (bodies.length > 0) return bodies.map((body) => this.enter(body, passed, at, frame)).find((summary) => summary !== undefined)
    const given = asDeclared(this.project.player, fn, passed, (value) => saysNothing(value) && !this.carrying.holdsAny(value))
    const played = this.bodies.get(fn.def) ?? new Map<string, Summary>()
    this.bodies.set(fn.def, played)
    // A constructor is run for each object that it fills.
    const key = fn.def.name === "__init__" ? `${this.visits}` : this.kindsOf(inputs)
    const seen = played.get(key)
    if (seen) return seen
    if (!this.isWithinBounds(fn)) return undefined
    const before = this.current
    this.current = { fn: this.project.functionOf(fn) as Fn, ...(before && { from: { visit: before, at } }) }
    this.active.add(fn.def)
    try {
      const summary = this.project.player.replay(bound, given, this)
      played.set(key, summary)
      return summary
    } finally {
      this.active.delete(fn.def)
      this.current = before
    }
  }

  private isWithinBounds(fn: FunctionValue): boolean {
    if (this.active.size < LIMITS.depth && this.visits++ < LIMITS.visits) return true
    this.isWhole = false
    const { player } = this.project
    const why =
      this.active.size < LIMITS.depth ? "a request that goes through too many functions" : "a request whose calls are nested too deeply"
    if (!player.stopped.some((stop) => stop.why === why && stop.at.path === fn.module))
      player.stopped.push({ at: player.place(fn.module, fn.def), why })
    return false
  }

  /** A function that is defined in the body that calls it sees what that body holds. */
  private closesOver(fn: FunctionValue, { fn: around }: Frame): boolean {
    return around !== undefined && fn.module === around.module && fn.qualname.startsWith(`${around.qualname}.<locals>.`)
  }

  /** Bodies change their object; one that this request did not make is not theirs to change. */
  private bound(fn: FunctionValue): FunctionValue {
    const { self } = fn
    if (self?.is !== "instance" || this.carrying.own.has(self)) return fn
    const isNew = self.built !== undefined && fn.def.kind !== "Lambda" && fn.def.name === "__init__"
    if (isNew) {
      this.carrying.own.add(self)
      return fn
    }
    const copy: Instance = { ...self, attributes: new Map(self.attributes) }
    this.carrying.own.add(copy)
    return { ...fn, self: copy }
  }

  /** Which sources each input carries: a body that is passed the same kinds again does the same again. */
  private kindsOf(inputs: readonly Value[]): string {
    return inputs
      .map((value) =>
        [...this.carrying.in(value)]
          .map((source) => source.name)
          .sort()
          .join("+"),
      )
      .join("|")
  }

  // -------------------------------------------------------------------------- what happens

  hear(event: BodyEvent | Comparison, frame: Frame): void {
    if (!this.current) return
    this.heard.push({ event, visit: this.current })
    if (event.is !== "call") return
    this.handOver(event, frame)
    const started = startedBy(this.project.player, event)
    if (started) this.enter(started, noArguments, event.at, frame)
  }

  /** A function that is handed to a thread or a task runs too. */
  private handOver({ callee, positional, keywords, open, at }: Extract<BodyEvent, { is: "call" }>, frame: Frame): void {
    const how = callee.is === "external" ? offload(callee.name) : undefined
    if (!how || how.callable === "self") return
    const handed = positional[how.callable] ?? (how.keyword ? keywords.get(how.keyword) : undefined)
    if (!handed) return
    const rest = how.passes === "rest" ? positional.slice(how.callable + 1) : []
    for (const option of options(handed)) {
      const target = targetOf(this.project.player, option)
      const given = option.is === "external" ? option.built?.positional.slice(1) : undefined
      if (target) this.enter(target, { positional: [...(given ?? []), ...rest], keywords: new Map(keywords), open }, at, frame)
    }
  }

  private readonly clients = new Map<string, Source>()

  /** One object for each thing that a client wrote. */
  private written(value: Value): Source | undefined {
    const source = writtenByClient(value)
    if (!source || value.is !== "external") return undefined
    let own = this.clients.get(value.name)
    if (!own) {
      own = { ...source }
      this.clients.set(value.name, own)
    }
    return own
  }
}

/** Is this nothing of which a class is known? */
const saysNothing = (value: Value): boolean => value.is === "unknown" || (value.is === "external" && resultOf(value.name) === undefined)
