/** Calls and decorators: which value comes out, and which body is entered. */

import { annotationValue, instanceOf } from "./annotations.ts"
import { attribute } from "./attributes.ts"
import { builtin } from "./builtins.ts"
import { evaluate } from "./evaluate.ts"
import type { BodyCall } from "./events.ts"
import type { Expr, Span } from "./nodes.ts"
import { bindArguments, firstParameterIsBound, isDecoratedWith } from "./parameters.ts"
import type { Frame, PlayedCall, Player } from "./play.ts"
import {
  type Built,
  because,
  type Called,
  type ClassValue,
  type External,
  external,
  type FunctionValue,
  type Instance,
  joinAll,
  type Place,
  sequence,
  unknown,
  type Value,
} from "./values.ts"

/** What a call passes. */
export interface Arguments {
  positional: Value[]
  keywords: Map<string, Value>
  /** True when `*args` or `**kwargs` of unknown content are passed too. */
  open: boolean
  /** Functions of the project that were called right there to make an argument. */
  called?: Called
}

/** A call with its places. */
export interface Site extends Arguments {
  at: Place
  func: Place
  awaited?: boolean
}

/** Most calls pass nothing by keyword: they share one map, which nobody writes to. */
export const NO_KEYWORDS: Map<string, Value> = new Map()

export const noArguments: Arguments = { positional: [], keywords: NO_KEYWORDS, open: false }

export function call(player: Player, callee: Value, site: Site, frame: Frame): Value {
  switch (callee.is) {
    case "function":
      return callFunction(player, callee, site, frame)
    case "class":
      return construct(player, callee, site, frame)
    case "external":
      return callExternal(player, callee, site, frame)
    case "instance": {
      const method = attribute(player, callee, "__call__", frame)
      return method.is === "unknown" ? unknown : call(player, method, site, frame)
    }
    case "generic":
      return call(player, callee.of, site, frame)
    case "either":
      // Alternatives are played as such: what each adds may not happen.
      return joinAll(callee.options.map((option) => call(player, option, site, { ...frame, maybe: frame.maybe + 1 })))
    default:
      return unknown
  }
}

/** The function that a call of this value enters, if it is one of the project's. */
export function targetOf(player: Player, callee: Value): FunctionValue | undefined {
  switch (callee.is) {
    case "function":
      return callee
    case "class": {
      const init = player.methodOf(callee, "__init__")
      return init && player.constructorOf(callee, init)
    }
    case "instance": {
      const method = player.methodOf(callee.of, "__call__")
      return method && { ...method, self: callee }
    }
    case "generic":
      return targetOf(player, callee.of)
    case "external":
      return callee.name === "functools.partial()" && callee.built?.positional[0] ? targetOf(player, callee.built.positional[0]) : undefined
    default:
      return undefined
  }
}

function callFunction(player: Player, fn: FunctionValue, site: Site, frame: Frame): Value {
  const followed = frame.following?.enter(fn, site, site.at, frame)
  if (followed) {
    if (followed.yields) return sequence("list", [followed.yields], true)
    return followed.returns.is === "unknown" ? (declared(player, fn) ?? followed.returns) : followed.returns
  }
  const enters = frame.mode === "import" && player.isWorthPlaying(fn) && !player.isWornOut(fn)
  const isOneExpression = fn.def.kind !== "Lambda" && isShort(fn) && frame.depth < 4
  if (enters || isOneExpression) {
    const result = player.enter(fn, bindArguments(player, fn, site), frame)
    return result.is === "unknown" ? (declared(player, fn) ?? result) : result
  }
  const summary = player.summary(fn)
  if (summary.yields) return sequence("list", [summary.yields], true)
  if (
    summary.returns.is === "unknown" ||
    (summary.returns.is === "either" && summary.returns.options.some((option) => option.is === "unknown"))
  )
    return declared(player, fn) ?? summary.returns
  return summary.returns
}

/**
 * What this very call gives: its callee is played once more, with the arguments of the call. A call event's own `result`
 * is what the callee gives to anybody.
 */
export function outcome(player: Player, event: BodyCall): Value {
  const { target, callee } = event
  if (!target || target.def.kind === "Lambda" || callee.is === "class") return event.result
  const { returns, yields } = player.replay(target, event)
  return yields ? event.result : returns
}

/** A body of one `return`: cheap to play with the real arguments, which says more than its summary. */
function isShort({ def }: FunctionValue): boolean {
  if (def.kind === "Lambda") return true
  // Asked at every call; the body itself may have to be unpacked.
  let answer = short.get(def)
  if (answer === undefined) {
    const body = def.body.filter((s) => !(s.kind === "Expr" && s.value.kind === "Constant"))
    answer = body.length === 1 && body[0]?.kind === "Return"
    short.set(def, answer)
  }
  return answer
}

const short = new WeakMap<object, boolean>()

function declared(player: Player, fn: FunctionValue): Value | undefined {
  if (fn.def.kind === "Lambda" || !fn.def.returns) return undefined
  const value = instanceOf(player, annotationValue(player, fn.def.returns, fn.module, fn.scope))
  return value.is === "unknown" ? undefined : value
}

function construct(player: Player, of: ClassValue, site: Site, frame: Frame): Value {
  const instance: Instance = {
    is: "instance",
    of,
    attributes: new Map(),
    built: { positional: site.positional, keywords: site.keywords, open: site.open, at: site.at },
  }
  const init = player.methodOf(of, "__init__")
  if (init && frame.depth < 8) {
    const bound: FunctionValue = { ...init, self: instance }
    if (frame.mode === "import" && !player.isWornOut(bound)) player.enter(bound, bindArguments(player, bound, site), frame)
    else if (frame.following?.enter(bound, site, site.at, frame)) return instance
    else for (const [name, value] of player.prototype(of).attributes) instance.attributes.set(name, value)
  } else if (!init) {
    const base = externalBase(player, of)
    if (base) player.host.call(played(external(base, { self: instance }), site, frame))
    else for (const [name, value] of site.keywords) instance.attributes.set(name, value) // dataclass-like
    if (base) for (const [name, value] of site.keywords) if (of.body.annotations.has(name)) instance.attributes.set(name, value)
  }
  return instance
}

/** The name of the first library class that a project class derives from, in method resolution order. */
export function externalBase(player: Player, of: ClassValue, seen = 0): string | undefined {
  if (seen > 12) return undefined
  for (const base of of.bases) {
    const cls = base.is === "generic" ? base.of : base
    const name = cls.is === "external" ? cls.name : cls.is === "class" ? externalBase(player, cls, seen + 1) : undefined
    if (name && name !== "builtins.object" && name !== "abc.ABC" && name !== "typing.Generic" && name !== "typing.Protocol") return name
  }
  return undefined
}

const played = (callee: External, site: Site, frame: Frame): PlayedCall => ({
  callee,
  positional: site.positional,
  keywords: site.keywords,
  open: site.open,
  at: site.at,
  func: site.func,
  frame,
})

function callExternal(player: Player, callee: External, site: Site, frame: Frame): Value {
  if (callee.name === "functools.partial()" && callee.built) {
    const [inner, ...given] = callee.built.positional
    if (!inner) return unknown
    return call(
      player,
      inner,
      {
        ...site,
        positional: [...given, ...site.positional],
        keywords: new Map([...callee.built.keywords, ...site.keywords]),
        open: site.open || callee.built.open,
      },
      frame,
    )
  }
  const answer = player.host.call(played(callee, site, frame)) ?? builtin(player, callee, site, frame)
  if (answer) return answer
  const built: Built = { positional: site.positional, keywords: site.keywords, open: site.open, at: site.at }
  if (site.called) built.called = site.called
  const result: External = { is: "external", name: player.names.called(callee.name), built }
  if (callee.self) result.self = callee.self
  if (frame.following && callee.on) result.on = callee.on
  return result
}

/** A method of an object, called without arguments; undefined when it has none. */
export function callMethod(player: Player, of: Instance, name: string): Value | undefined {
  const method = player.methodOf(of.of, name)
  if (!method) return undefined
  const summary = player.summary({ ...method, self: of })
  return summary.yields ?? (summary.returns.is === "unknown" ? declared(player, method) : summary.returns)
}

// ---------------------------------------------------------------------------- decorators

/** Applies decorators bottom-up. One that is not understood keeps what it decorates, and is noted on it. */
export function applyDecorators(player: Player, defined: FunctionValue | ClassValue, list: readonly Expr[], frame: Frame): Value {
  const decorators = list.map((expr) => ({ expr, value: evaluate(player, expr, frame) }))
  if (defined.is === "function" && decorators.length > 1)
    defined.decoratedBy = decorators.map(({ expr, value }) => ({ value, at: player.place(frame.path, expr) }))
  let value: Value = defined
  for (const { expr, value: decorator } of decorators.reverse()) {
    const span: Span = expr
    const at = player.place(frame.path, span)
    const site: Site = { positional: [value], keywords: NO_KEYWORDS, open: false, at, func: at }
    value = applyDecorator(player, decorator, value, site, frame)
  }
  return value
}

function applyDecorator(player: Player, decorator: Value, value: Value, site: Site, frame: Frame): Value {
  const keep = (): Value => {
    if (value.is === "function" || value.is === "class") value.decorators.unshift(decorator)
    return value
  }
  if (decorator.is === "external") {
    const answer = player.host.call(played(decorator, site, frame))
    if (answer) return answer
    if (decorator.name === "functools.wraps()" && value.is === "function")
      return { ...value, ...(decorator.built?.positional[0] && { wraps: decorator.built.positional[0] }) }
    return keep()
  }
  if (decorator.is === "function" && decorator.def.kind !== "Lambda") {
    // A project decorator: what it returns is what the name means from now on. Noted all the same.
    const result = player.enter(decorator, bindArguments(player, decorator, site), frame)
    if (result.is === "function" || result.is === "class" || result.is === "instance") {
      if (result === value || result.is !== "function") return result === value ? keep() : result
      return {
        ...result,
        decorators: [decorator, ...(value.is === "function" ? value.decorators : [])],
        ...(value.is === "function" && value.owner && { owner: value.owner }),
      }
    }
    return keep()
  }
  if (decorator.is === "instance" || decorator.is === "class") {
    const result = call(player, decorator, site, frame)
    return result.is === "function" ? result : keep()
  }
  return keep()
}

/** What reading a method through an object gives: bound, plain, or the value of a property. */
export function bind(player: Player, fn: FunctionValue, self: Value, frame: Frame | undefined): Value {
  if (fn.decorators.some((d) => d.is === "external" && PROPERTIES.has(d.name))) {
    const bound: FunctionValue = { ...fn, self }
    if (frame && isShort(fn) && frame.depth < 4) return player.enter(bound, bindArguments(player, bound, noArguments), frame)
    const { returns } = player.summary(bound)
    return returns.is === "unknown" ? (declared(player, fn) ?? because("a property")) : returns
  }
  if (isDecoratedWith(fn, "builtins.staticmethod")) return fn
  const bound = firstParameterIsBound(fn)
  if (bound === "cls") return { ...fn, self: self.is === "instance" ? self.of : self }
  return self.is === "instance" ? { ...fn, self } : fn
}

const PROPERTIES = new Set([
  "builtins.property",
  "functools.cached_property",
  "pydantic.computed_field",
  "sqlalchemy.ext.hybrid.hybrid_property",
  "abc.abstractproperty",
])
