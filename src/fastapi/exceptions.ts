/** Exceptions as they travel: what a `raise` raises, and which handlers let it pass. */
import { catches, isHTTPException, isSubclass } from "#knowledge"
import { type ClassValue, type Handler, options, type Value, type Within } from "#python"
import type { CallEvent, Event, Fn, RaiseEvent } from "./project.ts"

const HTTP = "fastapi.HTTPException"

/** The library class that a raised value is of, or that its project class derives from first: `fastapi.HTTPException`. */
export function exceptionClass(value: Value): string | undefined {
  switch (value.is) {
    case "external":
      return value.caught ? undefined : value.name.replace(/\(\)$/, "")
    case "instance":
      return libraryClass(value.of)
    case "class":
      return libraryClass(value)
    default:
      return undefined
  }
}

function libraryClass(of: ClassValue, seen = 0): string | undefined {
  for (const base of seen > 12 ? [] : of.bases) {
    const cls = base.is === "generic" ? base.of : base
    const name = cls.is === "external" ? cls.name : cls.is === "class" ? libraryClass(cls, seen + 1) : undefined
    if (name !== undefined && name !== "builtins.object") return name
  }
  return undefined
}

/** Is a value certainly an HTTPException of Starlette or FastAPI, or of a class that derives from it? */
export const isHTTPError = (value: Value): boolean =>
  options(value).every((option) => {
    const name = exceptionClass(option)
    return name !== undefined && isHTTPException(name)
  })

/**
 * What a handler does with an HTTPException: `no` when it does not catch it, `named` when it asks for it by its class,
 * `broad` when it catches everything, `unknown` where its types are not known.
 */
export function catchesHTTPError(handler: Handler): "no" | "named" | "broad" | "unknown" {
  if (handler.types.length === 0) return "broad"
  let answer: ReturnType<typeof catchesHTTPError> = "no"
  for (const type of handler.types) {
    const name = exceptionClass(type)
    if (name === undefined) answer = "unknown"
    else if (isHTTPException(name)) return "named"
    else if (type.is === "external" && catches(name, HTTP)) return "broad"
  }
  return answer
}

/** The class of a caught value, where `except` names one of a library; is it that one or derived from it? */
export const isKindOf = (type: Value, ...roots: string[]): boolean =>
  type.is === "external" && roots.some((root) => isSubclass(type.name, root) === true)

/** A raise of an HTTPException, and the calls that lead to it, outermost first. */
export interface Escape {
  raised: RaiseEvent
  in: Fn
  calls: { in: Fn; event: CallEvent }[]
}

/** Where an exception raised inside these surroundings ends: at the first handler that keeps it, or nowhere in this function. */
export function endsAt(within: readonly Within[]): Handler | "unknown" | undefined {
  for (const around of [...within].reverse()) {
    if (around.is === "nested") return "unknown"
    if (around.is === "with" && around.items.some((item) => item.is === "external" && item.name === "contextlib.suppress()"))
      return "unknown"
    if (around.is !== "try") continue
    for (const handler of around.handlers) {
      const answer = catchesHTTPError(handler)
      if (answer === "no") continue
      if (answer === "unknown") return "unknown"
      if (handler.reraises === "always") break
      return handler
    }
  }
  return undefined
}

/** More than these from one function say nothing new. */
const MOST = 8

/** The HTTPExceptions that leave functions, followed a few calls deep. */
export class HTTPErrors {
  /** By the number of calls that may still be followed. */
  private readonly left = new Map<number, Map<Fn, Escape[]>>()

  /** What leaves a function, because none of its own handlers keeps it. */
  leaving(fn: Fn, depth: number): Escape[] {
    const known = this.left.get(depth) ?? new Map<Fn, Escape[]>()
    this.left.set(depth, known)
    const seen = known.get(fn)
    if (seen) return seen
    const all: Escape[] = []
    known.set(fn, all)
    for (const event of fn.events) {
      if (event.is !== "raise" && event.is !== "call") continue
      if (endsAt(event.within) !== undefined) continue
      for (const found of this.raisedBy(event, fn, depth)) if (all.length < MOST) all.push(found)
    }
    return all
  }

  /** What one event of a body raises, itself or through what it calls. */
  *raisedBy(event: Event, fn: Fn, depth = 3): Generator<Escape> {
    if (event.is === "raise" && event.value && isHTTPError(event.value)) yield { raised: event, in: fn, calls: [] }
    if (event.is !== "call" || !event.fn || depth === 0 || !runs(event, event.fn)) return
    for (const found of this.leaving(event.fn, depth - 1)) yield { ...found, calls: [{ in: fn, event }, ...found.calls] }
  }
}

/** Does the body run within this call? That of a coroutine when it is awaited, that of a generator when it is walked over. */
const runs = (event: CallEvent, fn: Fn): boolean =>
  fn.async && !fn.generator ? event.awaited : !fn.generator || event.entered !== undefined
