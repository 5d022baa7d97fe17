/**
 * The player: runs statements on symbolic values. Importing a module plays its statements once, into a name
 * table that exists before it is full, so import cycles behave as in Python. Both arms of an `if` are played;
 * what they add is marked *maybe*. Everything has a bound, and a bound that was hit is recorded.
 */
import type { Arguments } from "./call.ts"
import { evaluate } from "./evaluate.ts"
import type { BodyEvent, Comparison, Summary, Within } from "./events.ts"
import { run } from "./execute.ts"
import type { ModuleFacts } from "./facts.ts"
import type { Found, Modules } from "./modules.ts"
import { Names } from "./names.ts"
import type { Expr, Span, Stmt } from "./nodes.ts"
import { bindArguments, parameterValues } from "./parameters.ts"
import { Scope } from "./scope.ts"
import {
  because,
  type ClassValue,
  type External,
  type FunctionValue,
  type Instance,
  join,
  none,
  type Place,
  sequence,
  type Value,
} from "./values.ts"

/** What the framework's room adds to plain Python. Every method may answer "no opinion" with `undefined`. */
export interface Host {
  /** One name for what a library exports under several. */
  canonical(name: string): string
  /** What calling an external gives when that is a well-known object, by name. */
  result(name: string): string | undefined
  /** A call of an external, or of a method that a project object inherits from one (then `callee.self` is set). */
  call(played: PlayedCall): Value | undefined
  /** An attribute of an object that the framework's room knows. */
  attribute(of: Value, name: string): Value | undefined
  /** What a parameter is whose default says so (`Depends(get_db)`). */
  parameter?(given: Value): Value | undefined
  /** `of.name = value` and `of.name[key] = value` on an object of the framework, at import time. */
  assign?(of: External, name: string, value: Value, frame: Frame): void
  /** In the bodies of functions too, whenever they are played. */
  assignItem?(of: External, key: Value, value: Value, at: Place, frame: Frame): void
  /** Is this class's own value of a field only a default, which a deployment may override (settings)? */
  isOverridable(of: ClassValue): boolean
}

export interface PlayedCall extends Arguments {
  callee: External
  at: Place
  func: Place
  frame: Frame
}

/** A request that is being played: what it carries is followed into the functions that it is passed to. */
export interface Following {
  /** Plays what a call enters, with its arguments; undefined where nothing of the request is passed to it, or a bound is hit. */
  enter(fn: FunctionValue, given: Arguments, at: Place, frame: Frame): Summary | undefined
  /** Is any of these values, or a part of one, the request's? */
  carries(values: Iterable<Value>): boolean
  /** Told of what a body does, in the order in which it happens. */
  hear(event: BodyEvent | Comparison, frame: Frame): void
}

/** Where the player stands. `import` frames take effect (routes are added); `body` frames only listen. */
export interface Frame {
  mode: "import" | "body"
  path: string
  scope: Scope
  fn?: FunctionValue
  /** How many branches deep: above 0, what happens may not happen. */
  maybe: number
  depth: number
  within: readonly Within[]
  events?: BodyEvent[]
  /** Set while a request is played. */
  following?: Following
  returns: Value[]
  yields: Value[]
}

/** Bounds, chosen so that no project of the corpus hits them by being honest. */
export const LIMITS = { depth: 16, loop: 500, fuel: 400_000, nesting: 40, repeats: 50_000 }

export class Player {
  readonly modules: Modules
  readonly facts: Map<string, ModuleFacts>
  readonly host: Host
  readonly names: Names
  /** Bounds that were hit, with their places. */
  readonly stopped: { at: Place; why: string }[] = []
  /** Functions whose bodies were played at import time. */
  readonly entered = new Set<Stmt | Expr>()
  /** Every function that a played `def` made, and every class, in order; nested ones appear when their surroundings are played. */
  readonly defined: FunctionValue[] = []
  readonly classes: ClassValue[] = []
  private readonly scopes = new Map<string, Scope>()
  private readonly active = new Set<Stmt | Expr>()
  /** By the scope that a function closes over: a module has one for all of its functions. */
  private readonly summaries = new WeakMap<Scope, Map<FunctionValue["def"], Summary>>()
  private readonly prototypes = new WeakMap<ClassValue, Instance>()
  private readonly constructors = new WeakMap<ClassValue, FunctionValue>()
  private readonly worthy: Set<string>
  private fuel = LIMITS.fuel
  /** All steps so far, and how many of them were made inside each function that was entered. */
  private steps = 0
  private readonly spent = new Map<Stmt | Expr, number>()
  /** Bodies that are being listened to, one within the other. */
  private nesting = 0

  constructor(facts: Map<string, ModuleFacts>, modules: Modules, host: Host, worthy: Set<string>) {
    this.facts = facts
    this.modules = modules
    this.host = host
    this.names = new Names(host)
    this.worthy = worthy
  }

  /** Is a function worth playing at import time: can it build or change an application? */
  isWorthPlaying(fn: FunctionValue): boolean {
    if (fn.def.kind === "Lambda") return true
    return (
      this.worthy.has(fn.def.name) ||
      fn.def.body.length <= 3 ||
      fn.def.body.some((s) => s.kind === "FunctionDef" || s.kind === "AsyncFunctionDef" || s.kind === "ClassDef")
    )
  }

  // -------------------------------------------------------------------------- modules

  /** Import a module by path: plays it the first time, hands back its (possibly still filling) names after that. */
  load(path: string): Scope | undefined {
    const seen = this.scopes.get(path)
    if (seen) return seen
    const facts = this.facts.get(path)
    if (!facts) return undefined
    // Python imports `a` and `a.b` before `a.b.c`; in import cycles it matters who begins.
    for (const init of this.packagesAbove(path)) this.load(init)
    const byNow = this.scopes.get(path)
    if (byNow) return byNow
    const scope = new Scope(path)
    this.scopes.set(path, scope)
    scope.set("__name__", because("depends on how the module is run"))
    scope.set("__file__", because("a path of the machine"))
    this.fuel = LIMITS.fuel
    const frame: Frame = { mode: "import", path, scope, maybe: 0, depth: 0, within: [], returns: [], yields: [] }
    run(this, facts.tree.body, frame)
    return scope
  }

  /** The `__init__.py` of each package that a module lies in, outermost first. */
  private packagesAbove(path: string): string[] {
    const inits: string[] = []
    let folder = path.slice(0, Math.max(0, path.lastIndexOf("/")))
    if (path.endsWith("__init__.py")) folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))
    for (; folder !== "" && this.facts.has(`${folder}/__init__.py`); folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/"))))
      inits.unshift(`${folder}/__init__.py`)
    return inits
  }

  /** The value of a module, package or namespace folder that an import leads to. */
  moduleValue(found: Found): Value {
    if (found.is === "file") this.load(found.path)
    return { is: "module", name: found.is === "file" ? found.path : `${found.path}/` }
  }

  /** A name inside a module value: bound there, or a submodule. */
  memberOf(module: string, name: string): Value | undefined {
    const folder = module.endsWith("/")
    const bound = folder ? undefined : this.load(module)?.own(name)
    if (bound) return bound
    const child = this.modules.child(folder ? { is: "folder", path: module.slice(0, -1) } : { is: "file", path: module }, name)
    return child && this.moduleValue(child)
  }

  // -------------------------------------------------------------------------- bodies

  /** Plays a body once, with parameters known by their annotations only. Memoised; recursion gives unknown. */
  summary(fn: FunctionValue): Summary {
    let summaries = this.summaries.get(fn.scope)
    if (!summaries) {
      summaries = new Map()
      this.summaries.set(fn.scope, summaries)
    }
    const seen = summaries.get(fn.def)
    if (seen) return seen
    // Not remembered: asked for by itself, the body is played as any other.
    if (this.nesting >= LIMITS.nesting) {
      this.stopped.push({ at: this.place(fn.module, fn.def), why: "calls nested too deeply" })
      return { events: [], returns: because("calls nested too deeply") }
    }
    const summary: Summary = { events: [], returns: because("a recursive call") }
    summaries.set(fn.def, summary)
    this.listen(fn, parameterValues(this, fn), summary)
    // Kept: without the room to grow.
    summary.events = summary.events.slice()
    return summary
  }

  /** Plays a body as one call would run it: what it does when it is given these arguments. Not memoised. */
  replay(fn: FunctionValue, given: Arguments, following?: Following): Summary {
    const bound = bindArguments(this, fn, given)
    return this.listen(fn, bound, { events: [], returns: because("a recursive call") }, following)
  }

  /** Plays a body for a listener, with these values of its parameters. Not memoised. */
  overhear(fn: FunctionValue, parameters: Iterable<[string, Value]>, following: Following): Summary {
    return this.listen(fn, parameters, { events: [], returns: because("a recursive call") }, following)
  }

  private listen(fn: FunctionValue, parameters: Iterable<[string, Value]>, summary: Summary, following?: Following): Summary {
    const frame: Frame = {
      mode: "body",
      path: fn.module,
      scope: new Scope(fn.module, fn.scope),
      fn,
      maybe: 0,
      depth: 0,
      within: [],
      events: summary.events,
      ...(following && { following }),
      returns: [],
      yields: [],
    }
    for (const [name, value] of parameters) frame.scope.set(name, value)
    const fuel = this.refuel()
    this.nesting++
    try {
      return this.hear(fn, frame, summary)
    } finally {
      this.nesting--
      this.fuel = fuel
    }
  }

  /** Notes what a body does. */
  note(event: BodyEvent, frame: Frame): void {
    frame.events?.push(event)
    frame.following?.hear(event, frame)
  }

  private hear(fn: FunctionValue, frame: Frame, summary: Summary): Summary {
    if (fn.def.kind === "Lambda") {
      summary.returns = evaluate(this, fn.def.body, frame)
      return summary
    }
    const flow = run(this, fn.def.body, frame)
    if (flow === undefined) frame.returns.push(none)
    summary.returns = frame.returns.length > 0 ? frame.returns.reduce(join) : none
    if (frame.yields.length > 0) summary.yields = frame.yields.reduce(join)
    return summary
  }

  /** One step of work; false when the bound is hit, which is told once. */
  spend(path: string, statement: Span): boolean {
    this.steps++
    if (this.fuel-- > 0) return true
    if (this.fuel === -1) this.stopped.push({ at: this.place(path, statement), why: "too many steps" })
    return false
  }

  private refuel(): number {
    const left = this.fuel
    this.fuel = LIMITS.fuel
    return left
  }

  /** Plays a body at import time, with its arguments; returns what it returns. */
  enter(fn: FunctionValue, args: Map<string, Value>, from: Frame): Value {
    if (from.depth >= LIMITS.depth) {
      this.stopped.push({ at: this.place(fn.module, fn.def), why: "calls nested too deeply" })
      return because("calls nested too deeply")
    }
    // A body that is being played already is not entered again: recursion would multiply, and says nothing new.
    if (this.active.has(fn.def)) return because("a recursive call")
    this.entered.add(fn.def)
    this.active.add(fn.def)
    const before = this.steps
    try {
      return this.enterOnce(fn, args, from)
    } finally {
      this.active.delete(fn.def)
      this.count(fn, this.steps - before)
    }
  }

  /**
   * Was a function entered so often that another time says nothing new? A factory that hundreds of examples call builds
   * hundreds of equal applications; helpers that are honest work stay ten times below.
   */
  isWornOut(fn: FunctionValue): boolean {
    return (this.spent.get(fn.def) ?? 0) > LIMITS.repeats
  }

  private count(fn: FunctionValue, steps: number): void {
    const before = this.spent.get(fn.def) ?? 0
    this.spent.set(fn.def, before + steps)
    if (before <= LIMITS.repeats && before + steps > LIMITS.repeats)
      this.stopped.push({ at: this.place(fn.module, fn.def), why: "called from too many places to follow every call" })
  }

  private enterOnce(fn: FunctionValue, args: Map<string, Value>, from: Frame): Value {
    const frame: Frame = {
      mode: from.mode,
      path: fn.module,
      scope: new Scope(fn.module, fn.scope),
      fn,
      maybe: from.maybe,
      depth: from.depth + 1,
      within: [],
      returns: [],
      yields: [],
    }
    for (const [name, value] of args) frame.scope.set(name, value)
    if (fn.def.kind === "Lambda") return evaluate(this, fn.def.body, frame)
    const flow = run(this, fn.def.body, frame)
    if (frame.yields.length > 0) return sequence("list", [frame.yields.reduce(join)], true)
    if (flow === undefined) frame.returns.push(none)
    return frame.returns.length > 0 ? frame.returns.reduce(join) : none
  }

  /** An instance about which only its class is known, with the attributes that `__init__` would set. */
  prototype(of: ClassValue): Instance {
    let instance = this.prototypes.get(of)
    if (!instance) {
      instance = { is: "instance", of, attributes: new Map() }
      this.prototypes.set(of, instance)
      const init = this.methodOf(of, "__init__")
      if (init) this.summary({ ...init, self: instance })
    }
    return instance
  }

  /** `__init__` as it is called on any object of a class: one value for all the calls that say no more. */
  constructorOf(of: ClassValue, init: FunctionValue): FunctionValue {
    const seen = this.constructors.get(of)
    if (seen?.def === init.def && seen.scope === init.scope) return seen
    const bound = { ...init, self: this.prototype(of) }
    this.constructors.set(of, bound)
    return bound
  }

  /** A method by name, through the project's own bases. */
  methodOf(of: ClassValue, name: string, seen = 0): FunctionValue | undefined {
    const own = of.body.own(name)
    if (own) return own.is === "function" ? own : undefined
    if (seen > 12) return undefined
    for (const base of of.bases) {
      const cls = base.is === "generic" ? base.of : base
      const found = cls.is === "class" ? this.methodOf(cls, name, seen + 1) : undefined
      if (found) return found
    }
    return undefined
  }

  place(path: string, span: Span): Place {
    return { path, start: span.start, end: span.end }
  }
}
