/**
 * Who calls whom. Which routes lead to a function, when it runs, and where a call leads without leaving the thread
 * it is made on. Calls are followed by what the player knows of the callee, never by its name alone.
 */
import { isTaskDecorator } from "#knowledge"
import { type Expr, type FunctionValue, itemsOf, type Module, targetOf, type Value, walk } from "#python"
import { type Chain, chainsIn, type Entered, enteredIn, type SinkOf } from "./chains.ts"
import { listed } from "./listed.ts"
import type { CallEvent, Dependency, Fn, In, Project, Route } from "./project.ts"

/**
 * When a function runs: for a `request`; in the `background`, as a task that start-up leaves running; at `startup` or
 * shutdown, when nobody waits; `elsewhere`, in another process or a loop of its own; `unknown` where nothing in sight calls it.
 */
export type Running = "request" | "background" | "startup" | "elsewhere" | "unknown"

/** What a route, a start-up handler or a worker makes run. */
interface Entries {
  request: Set<Fn>
  background: Set<Fn>
  startup: Set<Fn>
}

export class Reach {
  private readonly project: Project
  private readonly entrances = new Map<Fn, Route[]>()
  private readonly callers = new Map<Fn, Fn[]>()
  private started: ReadonlySet<string> | undefined
  private readonly mentions = new Map<Fn, Fn[]>()
  private readonly places = new Map<Route, number>()
  private readonly leading = new Map<Fn, Route[]>()
  private entered: Entered | undefined
  private readonly whenRunning = new Map<Fn, Running>()
  private readonly reached: Entries = { request: new Set(), background: new Set(), startup: new Set() }

  constructor(project: Project) {
    this.project = project
    for (const fn of project.functions) for (const callee of this.mentioned(fn)) listed(this.callers, callee).push(fn)
    for (const [place, route] of project.routes.entries()) {
      this.places.set(route, place)
      for (const fn of new Set(entrancesOf(route))) listed(this.entrances, fn).push(route)
    }
    this.spread([...this.entrances.keys(), ...this.aroundRoutes()], this.reached.request, (fn) => this.mentioned(fn))
    this.startUp()
  }

  /** The routes that lead to a function: its own, and those of its callers, in the order of the project. */
  routesTo(fn: Fn): Route[] {
    if (!this.reached.request.has(fn)) return []
    let routes = this.leading.get(fn)
    if (!routes) {
      const found = new Set<Route>()
      const seen = new Set<Fn>([fn])
      for (const one of seen) {
        for (const route of this.entrances.get(one) ?? []) found.add(route)
        for (const caller of this.callers.get(one) ?? []) seen.add(caller)
      }
      routes = [...found].sort((a, b) => this.placeOf(a) - this.placeOf(b))
      this.leading.set(fn, routes)
    }
    return [...routes]
  }

  private placeOf(route: Route): number {
    return this.places.get(route) ?? -1
  }

  /** The routes that lead to any of these functions, in the order of the project. */
  routesInto(fns: Iterable<Fn>): Route[] {
    const found = new Set<Route>()
    for (const fn of this.above(fns)) for (const route of this.entrances.get(fn) ?? []) found.add(route)
    return this.project.routes.filter((route) => found.has(route))
  }

  /** These functions, and all that lead to one of them. */
  above(fns: Iterable<Fn>): Set<Fn> {
    const above = new Set<Fn>()
    this.spread(fns, above, (fn) => this.callersOf(fn))
    return above
  }

  /** The functions that call this one, or hand it on. */
  callersOf(fn: Fn): readonly Fn[] {
    return this.callers.get(fn) ?? []
  }

  /** When it runs, by the first that is true in the order of `Running`. */
  running(fn: Fn): Running {
    const when = this.whenRunning.get(fn) ?? this.whenItRuns(fn)
    this.whenRunning.set(fn, when)
    return when
  }

  private whenItRuns(fn: Fn): Running {
    if (isWorker(fn)) return "elsewhere"
    for (const when of ["request", "background", "startup"] as const) if (this.reached[when].has(fn)) return when
    return this.isElsewhere(fn) ? "elsewhere" : "unknown"
  }

  /** Of a function that no request leads to: do all ways to it that are in sight begin in a script, a worker or a loop of its own? */
  private isElsewhere(fn: Fn, seen = new Set<Fn>()): boolean {
    if (isWorker(fn)) return true
    seen.add(fn)
    const callers = this.callersOf(fn)
    if (fn.async && (callers.some((caller) => !caller.async) || this.scripts.has(fn.name))) return true
    const others = callers.filter((caller) => !seen.has(caller))
    return others.length > 0 && others.every((caller) => this.isElsewhere(caller, seen))
  }

  /** The names that modules hand to a loop of their own: `asyncio.run(main())` among their statements. */
  private get scripts(): ReadonlySet<string> {
    this.started ??= new Set([...this.project.modules.values()].flatMap(({ tree }) => [...startedIn(tree)]))
    return this.started
  }

  /**
   * Where calls lead on their own thread: for a call, the shortest chain through the project's synchronous functions to a
   * call that `sinkOf` knows by its name. Of several sinks the one of lowest `rank` is taken, then the nearest.
   * @param sinks  where that is known: calls among which all sinks are, in the order of the project
   */
  chains<S>(
    sinkOf: SinkOf<S>,
    rank: (sink: S) => number,
    sinks: Iterable<In<CallEvent>> = this.project.bodies.named,
  ): (event: CallEvent) => Chain<S> | undefined {
    this.entered ??= enteredIn(this.project)
    return chainsIn(this.entered, sinkOf, rank, sinks)
  }

  // -------------------------------------------------------------------------- building

  private spread(from: Iterable<Fn>, into: Set<Fn>, next: (fn: Fn) => Iterable<Fn>): void {
    const open = [...from]
    for (let fn = open.pop(); fn; fn = open.pop()) {
      if (into.has(fn)) continue
      into.add(fn)
      open.push(...next(fn))
    }
  }

  /** Functions that a body calls, and those it hands on, each once. */
  private mentioned(fn: Fn): readonly Fn[] {
    let found = this.mentions.get(fn)
    if (!found) {
      found = this.mentionedIn(fn)
      this.mentions.set(fn, found)
    }
    return found
  }

  private mentionedIn(fn: Fn): Fn[] {
    const found: Fn[] = []
    for (const event of fn.events) {
      if (event.is === "return") this.addFunctions(event.value, found)
      if (event.is !== "call") continue
      let isElsewhere = false
      for (const { name, fn: callee } of event.callees) {
        if (callee) addTo(found, callee)
        // A workflow, an activity or a scheduled job runs in a worker, whoever asks for it.
        if (name !== undefined && isRunByWorkers(name)) isElsewhere = true
      }
      if (isElsewhere) continue
      for (const argument of event.positional) this.addFunctions(argument, found)
      if (event.keywords.size > 0) for (const argument of event.keywords.values()) this.addFunctions(argument, found)
      if (event.result.is === "function") this.addFunctions(event.result, found)
    }
    return found
  }

  private functionsIn(value: Value): Fn[] {
    const found: Fn[] = []
    this.addFunctions(value, found)
    return found
  }

  /** Asked of every argument of every call: so what it finds is added to a list, and nothing is made for what holds no function. */
  private addFunctions(value: Value, found: Fn[], depth = 0): void {
    switch (value.is) {
      case "function":
      case "external": {
        const target = value.is === "function" ? value : value.built && targetOf(this.project.player, value)
        const fn = target && this.project.functionOf(target)
        if (fn) addTo(found, fn)
        return
      }
      case "either":
        for (const option of value.options) this.addFunctions(option, found, depth)
        return
      case "sequence":
        if (depth < 2) for (const item of itemsOf(value) ?? []) this.addFunctions(item, found, depth + 1)
    }
  }

  /** Middleware and exception handlers run for requests too. */
  private *aroundRoutes(): Generator<Fn> {
    for (const app of this.project.apps) {
      for (const { value } of app.middleware) yield* this.methodsOf(value, ["dispatch", "__call__"])
      for (const { handler } of app.exceptionHandlers) yield* this.methodsOf(handler, ["__call__"])
    }
  }

  private *methodsOf(value: Value, names: string[]): Generator<Fn> {
    if (value.is === "function") yield* this.functionsIn(value)
    const of = value.is === "class" ? value : value.is === "instance" ? value.of : undefined
    for (const name of of ? names : []) {
      const method: FunctionValue | undefined = of && this.project.player.methodOf(of, name)
      if (method) yield* this.functionsIn(method)
    }
  }

  /** Lifespans and start-up handlers, what they wait for, and the tasks they leave running. */
  private startUp(): void {
    const starts = this.project.apps.flatMap((app) => [
      ...(app.lifespan ? this.functionsIn(app.lifespan.value) : []),
      ...app.events.flatMap((event) => event.handler ?? []),
    ])
    const left: Fn[] = []
    this.spread(starts, this.reached.startup, (fn) => {
      const waited: Fn[] = []
      for (const event of fn.events) {
        if (event.is !== "call") continue
        for (const { fn: callee } of event.callees)
          if (callee) (callee.async && !event.awaited && !callee.generator ? left : waited).push(callee)
        for (const argument of [...event.positional, ...event.keywords.values()])
          for (const handed of this.functionsIn(argument)) if (handed.async) left.push(handed)
      }
      return waited
    })
    this.spread(left, this.reached.background, (fn) => this.mentioned(fn))
  }
}

/** Sources: Temporal's Python SDK (`Client.start_workflow`), APScheduler's `add_job`. */
const RUN_BY_WORKERS =
  /^temporalio\..*\.(start|execute)_(child_)?(workflow|activity|local_activity|activity_method|workflow_method)$|^apscheduler\..*\.add_job$/

/** Asked of every call: most begin otherwise. */
const isRunByWorkers = (name: string): boolean =>
  (name.startsWith("temporalio.") || name.startsWith("apscheduler.")) && RUN_BY_WORKERS.test(name)

/** Adds what is not there yet. Bodies mention few functions. */
function addTo(found: Fn[], fn: Fn): void {
  if (!found.includes(fn)) found.push(fn)
}

/** The functions that a request to a route enters from outside: its endpoint, and all that it depends on. */
export function* entrancesOf(route: Route): Generator<Fn> {
  if (route.endpoint) yield route.endpoint
  yield* calls(route.dependencies)
}

function* calls(dependencies: readonly Dependency[]): Generator<Fn> {
  for (const dependency of dependencies) {
    if (dependency.call) yield dependency.call
    yield* calls(dependency.dependencies)
  }
}

function* startedIn({ body }: Module): Generator<string> {
  for (const statement of body) {
    if (statement.kind !== "If" && statement.kind !== "Expr" && statement.kind !== "Assign" && statement.kind !== "Try") continue
    for (const node of walk(statement, { nested: false })) {
      if (node.kind !== "Call" || !isRun(node.func)) continue
      for (const argument of node.args)
        if (argument.kind === "Call" && argument.func.kind === "Name") yield argument.func.id
        else if (argument.kind === "Name") yield argument.id
    }
  }
}

const isRun = (func: Expr): boolean => func.kind === "Attribute" && /^(run|run_until_complete)$/.test(func.attr)

/** Run by a task queue, a scheduler or the command line. */
const isWorker = (fn: Fn): boolean =>
  fn.decorators.some(
    ({ name }) =>
      name !== undefined &&
      (isTaskDecorator(name) ||
        /[.:](shared_)?(task|flow|activity)$|^(temporalio|click|typer|apscheduler|arq|dramatiq|celery|huey|taskiq|prefect|dagster|airflow)\b/.test(
          name,
        )),
  )
