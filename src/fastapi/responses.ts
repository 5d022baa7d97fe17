/** What a route answers with: its model, its response class, its status, and whether its endpoint makes responses itself. */
import { responseClass, statusOf as statusByName } from "#knowledge"
import { externalBase, isNone, knownNumber, options, targetOf, type Value } from "#python"
import type { Context } from "./context.ts"
import { unreadable } from "./forward.ts"
import { isPlaceholder, layersOf, nearest } from "./layers.ts"
import {
  type Entry,
  type Fn,
  type Known,
  known,
  type OwnRoute,
  type ResponseModel,
  type Route,
  type Router,
  type Type,
  unseen,
} from "./project.ts"
import { ancestryOf, isResponse } from "./signature/kinds.ts"
import { bare, genericName, type Linked, resolved, typeOf } from "./signature/types.ts"
import { mayBeAtLeast } from "./versions.ts"

type Include = Extract<Entry, { is: "include" }>

/**
 * @param through  the `include_router` calls that lead to the route, outermost first
 * @param root     the app (or router) that the first of them was called on
 */
export function responseOf(ctx: Context, own: OwnRoute, through: readonly Include[], root: Router): ResponseModel {
  if (own.kind !== "api") return { from: "none" }
  const given = nearest(layersOf(own.built, own.router, through, root), "response_class", "default_response_class")
  const responseClass = given && className(ctx, given)
  const cls = { ...(responseClass !== undefined && { responseClass }), ...(given && { classValue: given }) }
  const { keywords, open } = own.built
  const model = keywords.get("response_model")
  if (model && !isPlaceholder(model)) {
    if (isNone(model)) return { from: "none", ...cls, at: own.at }
    if (model.is === "unknown") return { from: "unknown", ...cls, at: own.at }
    return { from: "response_model", type: typeOf(ctx, model), ...cls, at: own.at }
  }
  if (open && !model) return { from: "unknown", ...cls }
  return { ...byAnnotation(ctx, own.endpoint ?? behind(ctx, own.endpointValue)), ...cls }
}

/** A stream's annotation says what the items are, not what the answer is (FastAPI 0.134). */
const STREAMS = /^(typing|collections\.abc)\.(AsyncIterable|AsyncIterator|AsyncGenerator|Iterable|Iterator|Generator)$/

function byAnnotation(ctx: Context, endpoint: Fn | undefined): ResponseModel {
  if (!endpoint) return { from: "unknown" }
  // A return annotation is the response model since 0.89.
  if (!mayBeAtLeast(ctx.versions, "fastapi", "0.89.0")) return { from: "none" }
  const { returns, value: fn } = signed(ctx, endpoint)
  if (!returns) return { from: "none" }
  const { at } = returns
  const forward = fn.def.kind === "Lambda" ? undefined : unreadable(fn, fn.def.returns)
  if (forward) return { from: "annotation", type: typeOf(ctx, forward), at }
  const value = resolved(ctx, returns.value)
  if (isNone(value)) return { from: "none", at }
  if (value.is === "unknown") return { from: "unknown", at }
  const response = isResponse(ctx, value)
  if (response) return { from: "response", type: typeOf(ctx, value), at }
  const type = bare(ctx, value)
  if (
    endpoint.generator &&
    ctx.versions.atLeast("fastapi", "0.134.0") &&
    STREAMS.test((type.is === "generic" ? genericName(type) : type.is === "external" ? type.name : undefined) ?? "")
  )
    return { from: "none", at }
  // A class of a library we do not know may be a response. A model in an unknown container is a model all the same.
  if (response === undefined && type.is !== "generic") return { from: "unknown", type: typeOf(ctx, value), at }
  return { from: "annotation", type: typeOf(ctx, value), at }
}

/** How an endpoint that yields answers: JSON lines, events, or neither; with the type of what it yields. */
export function streamOf(
  ctx: Linked,
  { own, response }: Pick<Route, "own" | "response">,
): Known<{ kind: "sse" | "jsonl" | null; item?: Type }> {
  const endpoint = own.endpoint
  if (!endpoint) return unseen("the endpoint is not known")
  if (!endpoint.generator || !ctx.versions.atLeast("fastapi", "0.134.0")) return known({ kind: null })
  const { classValue } = response
  const isEvents = classValue && derivesFromEvents(ctx, classValue)
  if (classValue && isEvents === undefined) return unseen("a response class that is not known")
  const kind = !classValue ? "jsonl" : isEvents ? "sse" : null
  const given = own.built.keywords.get("response_model")
  if (kind === null || (given && !isPlaceholder(given))) return known({ kind })
  const returns = endpoint.returns && bare(ctx, endpoint.returns.value)
  const name = returns && (returns.is === "generic" ? genericName(returns) : returns.is === "external" ? returns.name : undefined)
  if (!returns || !STREAMS.test(name ?? "")) return known({ kind })
  const item = returns.is === "generic" ? returns.args[0] : undefined
  const type = typeOf(ctx, item)
  return known({ kind, ...(type.text !== "fastapi.sse.ServerSentEvent" && { item: type }) })
}

const derivesFromEvents = (ctx: Linked, value: Value): boolean | undefined => {
  if (value.is === "external") return value.name === "fastapi.sse.EventSourceResponse"
  if (value.is !== "class") return undefined
  const { libraries, complete } = ancestryOf(ctx, value)
  return libraries.has("fastapi.sse.EventSourceResponse") || (complete ? false : undefined)
}

/** The function behind a `functools.partial`. */
function behind(ctx: Context, value: Value): Fn | undefined {
  const target = targetOf(ctx.player, value)
  return target && ctx.functionOf(target)
}

/** The function whose annotations FastAPI reads: the one under `functools.wraps`. */
function signed(ctx: Context, fn: Fn, depth = 0): Fn {
  const { wraps } = fn.value
  return wraps?.is === "function" && depth < 8 ? signed(ctx, ctx.functionOf(wraps), depth + 1) : fn
}

// ---------------------------------------------------------------------------- response class

function className(ctx: Context, value: Value): string | undefined {
  if (value.is === "external") return value.name
  return value.is === "class" ? `${ctx.player.modules.nameOf(value.module)}:${value.qualname}` : undefined
}

// ---------------------------------------------------------------------------- status

/** The status of a success: `status_code=`, else what the response class sends by itself. */
export function statusCodeOf(ctx: Context, own: OwnRoute): Known<number> {
  const given = own.built.keywords.get("status_code")
  if (given && !isNone(given)) {
    const code = statusOf(given)
    return code === undefined ? unseen("a status code that is not known") : known(code)
  }
  if (own.built.open && !given) return unseen("options passed by **")
  const cls = own.built.keywords.get("response_class")
  if (!cls) return known(200)
  if (cls.is === "external") return known(responseClass(cls.name)?.status ?? 200)
  if (cls.is !== "class") return unseen("a response class that is not known")
  // A class of the project may bring a status of its own.
  const init = ctx.player.methodOf(cls, "__init__")
  const ownDefault = init?.defaults.get("status_code")
  const code = ownDefault ? statusOf(ownDefault) : (responseClass(externalBase(ctx.player, cls) ?? "")?.status ?? 200)
  return code === undefined ? unseen("a status code that is not known") : known(code)
}

/** A status as a number: `201`, `status.HTTP_201_CREATED`, `HTTPStatus.CREATED`. */
export const statusOf = (value: Value): number | undefined =>
  knownNumber(value) ?? (value.is === "external" ? statusByName(value.name) : undefined)

// ---------------------------------------------------------------------------- returned responses

export type Often = "always" | "sometimes" | "never" | "unknown"

/** Does a function return `Response` objects, which pass by response model, status code and filtering? */
export function returnedResponses(ctx: Linked, fn: Fn): Often {
  if (fn.generator) return "never"
  const returned = fn.events.flatMap((event) =>
    event.is === "return" && !event.within.some((w) => w.is === "nested") ? options(event.value) : [],
  )
  const falls = options(ctx.player.summary(fn.value).returns).some(isNone) && !returned.some(isNone)
  const answers = returned.map((value) => isResponseObject(ctx, value))
  if (falls) answers.push(false)
  if (answers.includes(undefined)) return "unknown"
  if (!answers.includes(true)) return "never"
  return answers.includes(false) ? "sometimes" : "always"
}

/** Is a value a response? `undefined` where that is not known. */
export function isResponseObject(ctx: Linked, value: Value): boolean | undefined {
  switch (value.is) {
    case "unknown":
      return undefined
    case "instance":
      return isResponse(ctx, value.of)
    case "external": {
      if (!value.name.endsWith("()")) return value.name.endsWith(".response") ? undefined : isPlainLibrary(value.name) ? false : undefined
      if (/(^|\.)TemplateResponse\(\)$/.test(value.name)) return true
      const cls = value.name.slice(0, -2)
      const answer = /[)\]]/.test(cls) ? undefined : isResponse(ctx, { is: "external", name: cls })
      return answer ?? (isPlainLibrary(value.name) ? false : undefined)
    }
    case "either": {
      const answers = value.options.map((option) => isResponseObject(ctx, option))
      return answers.every((answer) => answer === answers[0]) ? answers[0] : undefined
    }
    default:
      return false
  }
}

/** Libraries that hand out no responses of Starlette. */
const isPlainLibrary = (name: string): boolean =>
  /^(builtins|datetime|uuid|decimal|json|os|time|random|math|collections|itertools|re|pathlib|asyncio\.Queue|sqlalchemy|sqlmodel|pydantic|pymongo|redis|asyncpg|psycopg2?|httpx|requests|pandas|numpy|logging)\b/.test(
    name,
  )
