/** What a route depends on: trees of `Depends(...)`, and the order in which FastAPI solves them. */
import { type ClassValue, isNone, itemsOf, knownBoolean, knownText, type Place, targetOf, type Value } from "#python"
import type { Context } from "./context.ts"
import { describe } from "./known.ts"
import type { Dependency, Fn, Param } from "./project.ts"
import { isScheme } from "./schemes.ts"
import { viewSignature } from "./signature/class-views.ts"
import { type Classified, classify, type PathNames, placed } from "./signature/classify.ts"
import { isDepends } from "./signature/markers.ts"
import { type Declared, signatureOf } from "./signature/signature.ts"
import { bare } from "./signature/types.ts"

type Level = Dependency["level"]

interface Asking {
  level: Level
  at: Place
  /** The parameter and its type, when a parameter asks. */
  param?: string
  type?: Value
  /** The function that asks. */
  by?: Fn
  /** Scopes that flow down from above. */
  scopes: readonly string[]
  /** The callables above, to stop at a cycle. */
  above: readonly Value[]
  /** How often a cycle was stopped at, below whoever asks first. */
  met: { cycles: number }
}

/** The dependencies in a `dependencies=[...]` list. */
export function dependenciesFrom(ctx: Context, list: Value | undefined, level: Level, at: Place): Dependency[] {
  if (!list || isNone(list)) return []
  const items = itemsOf(list)
  if (!items || (list.is === "sequence" && list.open)) say(ctx, at, `its dependencies are ${items ? "not all known" : describe(list)}`)
  return (items ?? []).flatMap((item) => dependencyOf(ctx, item, level, at) ?? [])
}

/** The tree below one `Depends(...)`; a value that is none of the kind gives a dependency of which nothing is known. */
export function dependencyOf(ctx: Context, value: Value, level: Level, at: Place, param?: string): Dependency {
  return grow(ctx, value, { level, at, ...(param !== undefined && { param }), ...nothingAbove() })
}

const nothingAbove = (): Pick<Asking, "scopes" | "above" | "met"> => ({ scopes: [], above: [], met: { cycles: 0 } })

function grow(ctx: Context, value: Value, asking: Asking): Dependency {
  const { level } = asking
  if (!isDepends(value)) {
    if (value.is !== "literal") say(ctx, asking.at, `it is ${spoken(value)}`)
    return { ...empty(asking), value, at: asking.at }
  }
  const { built } = value
  const given = built.positional[0] ?? built.keywords.get("dependency")
  const says = given && !isNone(given) ? given : asking.type
  const target = only(says ? bare(ctx, says) : { is: "unknown", why: "`Depends()` without a type" })
  const scope = knownText(built.keywords.get("scope"))
  const call = targetFn(ctx, target)
  const name = nameOf(ctx, target)
  const dependency: Dependency = {
    ...empty(asking),
    asked: built,
    value: target,
    at: level === "parameter" ? asking.at : placeOf(built.at, asking.at),
    ...(call && { call }),
    ...(name !== undefined && { name }),
    security: isScheme(ctx, unwrapped(target)),
    scopes: [...new Set([...asking.scopes, ...scopesIn(built.keywords.get("scopes"))])],
    useCache: knownBoolean(built.keywords.get("use_cache")) ?? true,
    ...((scope === "function" || scope === "request") && { scope }),
  }
  const isCycle = asking.above.length > 24 || asking.above.some((one) => isSameCallable(one, target))
  if (isCycle) asking.met.cycles++
  const takes = isCycle ? NOTHING : takenBy(ctx, target, call, asking, dependency.at)
  if (!takes && !call && target.is !== "external") say(ctx, dependency.at, `it calls ${spoken(target)}`)
  return filled(ctx, dependency, takes ?? NOTHING, asking)
}

/** The parameters of a callable as they are declared, and where FastAPI reads each from. */
interface Takes {
  declared: Declared[]
  classified: readonly Classified[]
  params: Param[]
  /** What those ask for that `Depends` fills: known once it was asked, where nothing above has a say in it. */
  asks?: Dependency[]
}

const NOTHING: Takes = { declared: [], classified: [], params: [] }

function classifiedAs(ctx: Context, declared: readonly Declared[]): Takes {
  const classified = declared.map((one) => classify(ctx, one))
  return { declared: [...declared], classified, params: classified.filter((c) => !c.depends).map((c) => c.param) }
}

const taken = new WeakMap<Context, WeakMap<Value, Takes | undefined>>()

/** What a callable takes. A function of the project says it by itself, whoever asks: worked out once for all routes that depend on it. */
function takenBy(ctx: Context, target: Value, call: Fn | undefined, { by }: Asking, at: Place): Takes | undefined {
  const isOwn = call !== undefined && target.is === "function" && !target.wraps
  const known = taken.get(ctx) ?? new WeakMap<Value, Takes | undefined>()
  taken.set(ctx, known)
  if (isOwn && known.has(target)) return known.get(target)
  const declared = signatureOf(ctx, target, call ?? by, at)
  const takes = declared && classifiedAs(ctx, declared)
  if (isOwn) known.set(target, takes)
  return takes
}

const empty = ({ level, param }: Asking): Omit<Dependency, "value" | "at"> => ({
  level,
  ...(param !== undefined && { param }),
  params: [],
  declared: [],
  dependencies: [],
  scopes: [],
  useCache: true,
  security: false,
})

/** A dependency with what its own parameters are and ask for. */
function filled(ctx: Context, dependency: Dependency, takes: Takes, { by, above, met }: Asking): Dependency {
  const { declared, classified, params } = takes
  const { scopes, call = by, value } = dependency
  if (takes.asks && scopes.length === 0) return { ...dependency, params, declared, dependencies: takes.asks }
  const before = met.cycles
  const dependencies = askedFor(ctx, classified, { by: call, scopes, above: [...above, value], met })
  if (takes !== NOTHING && scopes.length === 0 && met.cycles === before) takes.asks = dependencies
  return { ...dependency, params, declared, dependencies }
}

/** The class of a class-based view, on which each of its routes depends. */
export function viewDependency(ctx: Context, view: ClassValue, by: Fn): Dependency {
  const asking: Asking = { level: "parameter", at: ctx.player.place(view.module, view.def.name_span), by, ...nothingAbove() }
  const name = nameOf(ctx, view)
  const [self] = by.parameters
  return filled(
    ctx,
    { ...empty(asking), value: view, at: asking.at, ...(self && { param: self.name }), ...(name !== undefined && { name }) },
    classifiedAs(ctx, viewSignature(ctx, view, by)),
    asking,
  )
}

/** Notes what is not understood, once. */
function say(ctx: Context, at: Place, why: string): void {
  if (!ctx.unseen.some((one) => one.what === "dependency" && one.at.path === at.path && one.at.start === at.start && one.why === why))
    ctx.unseen.push({ at, what: "dependency", why })
}

const spoken = (value: Value): string => (value.is === "unknown" ? (value.why ?? "not known") : describe(value))

/** The dependencies that the parameters of an endpoint ask for, in order. */
export const askedBy = (ctx: Context, classified: readonly Classified[], by: Fn | undefined): Dependency[] =>
  askedFor(ctx, classified, { by, ...nothingAbove() })

function askedFor(
  ctx: Context,
  classified: readonly Classified[],
  from: { by: Fn | undefined } & Pick<Asking, "scopes" | "above" | "met">,
): Dependency[] {
  return classified.flatMap(({ param, depends }) =>
    depends
      ? [
          grow(ctx, depends, {
            level: "parameter",
            at: param.at,
            param: param.name,
            type: param.type.value,
            scopes: from.scopes,
            above: from.above,
            met: from.met,
            ...(from.by && { by: from.by }),
          }),
        ]
      : [],
  )
}

const placeOf = (built: Place, otherwise: Place): Place => (built.end > built.start ? built : otherwise)

/** `scopes=["a", "b"]`; a text is taken letter by letter, as Python does. */
function scopesIn(value: Value | undefined): string[] {
  if (!value) return []
  const whole = knownText(value)
  if (whole !== undefined) return [...whole]
  return (itemsOf(value) ?? []).flatMap((item) => knownText(item) ?? [])
}

// ---------------------------------------------------------------------------- callables

/** The function of the project that runs: for a class its `__init__`, for an object its `__call__`. */
function targetFn(ctx: Context, value: Value): Fn | undefined {
  const target = targetOf(ctx.player, value)
  return target && ctx.functionOf(target)
}

/** The function under `functools.wraps` and `functools.partial`: what FastAPI, and a reader, takes it for. */
function unwrapped(value: Value, depth = 0): Value {
  if (depth > 8) return value
  if (value.is === "function" && value.wraps) return unwrapped(value.wraps, depth + 1)
  if (value.is === "external" && value.name === "functools.partial()" && value.built?.positional[0])
    return unwrapped(value.built.positional[0], depth + 1)
  return value
}

/** Several wrappers of one function are, to FastAPI, that function. */
function only(value: Value): Value {
  const [first, ...rest] = value.is === "either" ? value.options : []
  return first && rest.every((other) => isSameCallable(unwrapped(first), unwrapped(other))) ? first : value
}

function nameOf(ctx: Context, target: Value): string | undefined {
  const value = unwrapped(target)
  const own = (path: string, qualname: string) => `${ctx.player.modules.nameOf(path)}:${qualname}`
  switch (value.is) {
    case "function":
    case "class":
      return own(value.module, value.qualname)
    case "instance":
      return own(value.of.module, value.of.qualname)
    case "generic":
      return nameOf(ctx, value.of)
    case "external":
      return value.name
    default:
      return undefined
  }
}

/** Would Python say that two callables are equal? */
export function isSameCallable(a: Value, b: Value): boolean {
  if (a === b) return true
  if (a.is === "function" && b.is === "function") return a.def === b.def && a.scope === b.scope && a.self === b.self && a.wraps === b.wraps
  // A function or class of a library, not something that it made.
  return a.is === "external" && b.is === "external" && a.name === b.name && !/[)\]]/.test(a.name)
}

// ---------------------------------------------------------------------------- order

/**
 * All nodes in the order in which FastAPI solves them: sub-dependencies before what asks for them. What it has cached
 * is not listed again. With `path`, parameters that the path names are path parameters.
 */
export function flatten(dependencies: readonly Dependency[], path?: PathNames): Dependency[] {
  const solved: Dependency[] = []
  const visit = (dependency: Dependency): void => {
    dependency.dependencies.forEach(visit)
    if (!dependency.useCache || !solved.some((one) => isCachedAs(one, dependency))) solved.push(dependency)
  }
  dependencies.forEach(visit)
  return path ? solved.map((dependency) => within(dependency, path)) : solved
}

function isCachedAs(one: Dependency, other: Dependency): boolean {
  if (!isSameCallable(one.value, other.value) || one.value.is === "unknown" || one.scope !== other.scope) return false
  return !usesScopes(other) || (one.scopes.length === other.scopes.length && one.scopes.every((scope) => other.scopes.includes(scope)))
}

/** Scopes tell results apart only where something below reads them. */
function usesScopes(dependency: Dependency): boolean {
  return (
    dependency.security ||
    dependency.params.some((param) => param.in === "special" && param.type.text === "fastapi.security.SecurityScopes") ||
    dependency.dependencies.some(usesScopes)
  )
}

/** A dependency and all below it, with their parameters as a route with this path sees them: mostly just as it is. */
export function within(dependency: Dependency, path: PathNames): Dependency {
  const params = mapped(dependency.params, (param) => placed(param, path))
  const dependencies = mapped(dependency.dependencies, (one) => within(one, path))
  return params === dependency.params && dependencies === dependency.dependencies ? dependency : { ...dependency, params, dependencies }
}

/** `items.map(change)`; the very same list where nothing changes. */
function mapped<T>(items: T[], change: (item: T) => T): T[] {
  const changed = items.map(change)
  return changed.every((item, i) => item === items[i]) ? items : changed
}
