/** From a signature to values: what parameters are when a body is read alone, and when a call gives arguments. */
import { annotationValue, instanceOf } from "./annotations.ts"
import type { Arguments } from "./call.ts"
import type { Arg } from "./nodes.ts"
import type { Player } from "./play.ts"
import { because, type FunctionValue, type Value } from "./values.ts"

/** All parameters of a function in order, with where each belongs. */
export function* parametersOf(
  fn: FunctionValue,
): Generator<{ arg: Arg; kind: "positional-only" | "positional" | "*args" | "keyword-only" | "**kwargs" }> {
  const { args } = fn.def
  for (const arg of args.posonlyargs) yield { arg, kind: "positional-only" }
  for (const arg of args.args) yield { arg, kind: "positional" }
  if (args.vararg) yield { arg: args.vararg, kind: "*args" }
  for (const arg of args.kwonlyargs) yield { arg, kind: "keyword-only" }
  if (args.kwarg) yield { arg: args.kwarg, kind: "**kwargs" }
}

/** Is the function an instance or class method, whose first parameter is not the caller's to give? */
export function firstParameterIsBound(fn: FunctionValue): "self" | "cls" | undefined {
  if (!fn.owner || fn.def.kind === "Lambda") return undefined
  if (isDecoratedWith(fn, "builtins.staticmethod")) return undefined
  return isDecoratedWith(fn, "builtins.classmethod") ||
    fn.def.name === "__new__" ||
    fn.def.name === "__init_subclass__" ||
    fn.def.name === "__class_getitem__"
    ? "cls"
    : "self"
}

export const isDecoratedWith = (fn: FunctionValue, name: string): boolean =>
  fn.decorators.some((d) => d.is === "external" && d.name === name)

/** Values of all parameters when nobody says what is passed: by annotation, else by what a default dependency gives. */
export function* parameterValues(player: Player, fn: FunctionValue): Generator<[string, Value]> {
  const bound = firstParameterIsBound(fn)
  let first = true
  for (const { arg, kind } of parametersOf(fn)) {
    if (first && bound && (kind === "positional" || kind === "positional-only"))
      yield [
        arg.arg,
        bound === "cls" ? (fn.owner as Value) : (fn.self ?? player.prototype(fn.owner as NonNullable<FunctionValue["owner"]>)),
      ]
    else if (kind === "*args") yield [arg.arg, { is: "sequence", type: "tuple", items: [], open: true }]
    else if (kind === "**kwargs") yield [arg.arg, { is: "mapping", entries: [], open: true }]
    else yield [arg.arg, fn.given?.keywords.get(arg.arg) ?? parameterValue(player, fn, arg)]
    first = false
  }
}

function parameterValue(player: Player, fn: FunctionValue, arg: Arg): Value {
  if (arg.annotation) {
    const type = annotationValue(player, arg.annotation, fn.module, fn.scope)
    const value = instanceOf(player, type)
    if (value.is !== "unknown") return value
  }
  const given = fn.defaults.get(arg.arg)
  return (given && player.host.parameter?.(given)) ?? because(`parameter \`${arg.arg}\``)
}

/** Arguments of a call, by parameter name. Parameters that got nothing take their defaults. */
export function bindArguments(player: Player, fn: FunctionValue, call: Arguments): Map<string, Value> {
  const bound = new Map<string, Value>()
  const positional = [...(fn.given?.positional ?? []), ...call.positional]
  const keywords = fn.given
    ? new Map([...fn.given.keywords, ...call.keywords])
    : call.keywords.size > 0
      ? new Map(call.keywords)
      : call.keywords
  const isBound = firstParameterIsBound(fn)
  if (isBound && fn.self) positional.unshift(fn.self)
  let next = 0
  for (const { arg, kind } of parametersOf(fn)) {
    const name = arg.arg
    if (kind === "*args") {
      bound.set(name, { is: "sequence", type: "tuple", items: positional.slice(next), open: call.open })
      next = positional.length
    } else if (kind === "**kwargs") {
      bound.set(name, { is: "mapping", entries: [...keywords].map(([k, v]) => [{ is: "text", parts: [k] }, v]), open: call.open })
    } else if (kind !== "keyword-only" && next < positional.length) bound.set(name, positional[next++] as Value)
    else if (kind !== "positional-only" && keywords.has(name)) {
      bound.set(name, keywords.get(name) as Value)
      keywords.delete(name)
    } else if (fn.defaults.has(name) && !call.open) bound.set(name, fn.defaults.get(name) as Value)
    else
      bound.set(
        name,
        call.open && fn.defaults.has(name) ? because(`\`${name}\` may be passed by * or **`) : parameterValue(player, fn, arg),
      )
  }
  return bound
}

/** An argument of a call by position and name, as the callee would see it. */
export const argument = (call: Arguments, position: number, name: string): Value | undefined =>
  call.keywords.get(name) ?? (position >= 0 ? call.positional[position] : undefined)
