/** `def`, `lambda` and `class`: the values that they make. */
import { applyDecorators, NO_KEYWORDS } from "./call.ts"
import { evaluate } from "./evaluate.ts"
import { run } from "./execute.ts"
import type { ClassDef } from "./nodes.ts"
import type { Frame, Player } from "./play.ts"
import { Scope } from "./scope.ts"
import type { ClassValue, FunctionValue, Value } from "./values.ts"

export function define(player: Player, def: FunctionValue["def"], frame: Frame): FunctionValue {
  const { args } = def
  const defaults: FunctionValue["defaults"] = args.defaults.length + args.kw_defaults.length > 0 ? new Map() : NO_KEYWORDS
  const positional = [...args.posonlyargs, ...args.args]
  args.defaults.forEach((d, i) => {
    const parameter = positional[positional.length - args.defaults.length + i]
    const value = evaluate(player, d, frame)
    if (parameter) defaults.set(parameter.arg, value)
  })
  args.kwonlyargs.forEach((parameter, i) => {
    const d = args.kw_defaults[i]
    if (d) defaults.set(parameter.arg, evaluate(player, d, frame))
  })
  const name = def.kind === "Lambda" ? "<lambda>" : def.name
  const fn: FunctionValue = {
    is: "function",
    def,
    module: frame.path,
    qualname: qualified(frame, name),
    scope: closure(frame.scope),
    defaults,
    decorators: [],
    ...(frame.scope.classValue && { owner: frame.scope.classValue }),
  }
  if (def.kind !== "Lambda") player.defined.push(fn)
  return fn
}

export function defineClass(player: Player, s: ClassDef, frame: Frame): void {
  const bases = s.bases.map((b) => evaluate(player, b.kind === "Starred" ? b.value : b, frame))
  const keywords = new Map(s.keywords.flatMap((k): [string, Value][] => (k.arg ? [[k.arg, evaluate(player, k.value, frame)]] : [])))
  const body = new Scope(frame.path, closure(frame.scope))
  const cls: ClassValue = {
    is: "class",
    def: s,
    module: frame.path,
    qualname: qualified(frame, s.name),
    bases,
    keywords,
    body,
    decorators: [],
  }
  player.classes.push(cls)
  body.isClass = true
  body.classValue = cls
  run(player, s.body, { ...frame, scope: body })
  frame.scope.set(s.name, applyDecorators(player, cls, s.decorator_list, frame))
}

/** The scope that a function closes over: class bodies are skipped, as Python does. */
function closure(scope: Scope): Scope {
  let at = scope
  while (at.isClass && at.outer) at = at.outer
  return at
}

function qualified(frame: Frame, name: string): string {
  if (frame.scope.classValue) return `${frame.scope.classValue.qualname}.${name}`
  return frame.fn ? `${frame.fn.qualname}.<locals>.${name}` : name
}
