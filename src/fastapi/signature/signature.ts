/** The parameters of anything that FastAPI may call, as `inspect.signature` lists them. */
import {
  type Built,
  type ClassValue,
  external,
  type FunctionValue,
  firstParameterIsBound,
  literal,
  type Place,
  parametersOf,
  text,
  type Value,
} from "#python"
import type { Context } from "../context.ts"
import { unreadable } from "../forward.ts"
import type { Fn } from "../project.ts"
import { isScheme } from "../schemes.ts"
import { ancestryOf, isDataclass, isModel } from "./kinds.ts"
import { modelFields } from "./models.ts"

/** A parameter as it is declared, before FastAPI decides where it is read from. */
export interface Declared {
  name: string
  annotation?: Value
  default?: Value
  at: Place
  declaredBy: Fn
}

/**
 * @param asking  the function whose parameter asks for this callable; it stands in as the declarer of what is declared
 *                in no function of the project (fields of a model, a library's form)
 * @param at      where it asks
 * @returns undefined where the parameters cannot be known
 */
export function signatureOf(ctx: Context, value: Value, asking: Fn | undefined, at: Place, depth = 0): Declared[] | undefined {
  if (depth > 8) return undefined
  switch (value.is) {
    case "function":
      return ofFunction(ctx, value, asking, at, depth)
    case "class":
      return ofClass(ctx, value, asking, at)
    case "instance": {
      const method = ctx.player.methodOf(value.of, "__call__")
      if (method) return ofFunction(ctx, { ...method, self: value }, asking, at, depth)
      return isScheme(ctx, value) ? [] : undefined
    }
    case "generic":
      // A model with its types filled in is a class of its own; any other `C[int]` shows FastAPI `*args, **kwargs`.
      return value.of.is === "class" && isModel(ctx, value.of) ? ofClass(ctx, value.of, asking, at) : undefined
    case "external": {
      if (value.name === "functools.partial()" && value.built) return ofPartial(ctx, value.built, asking, at, depth)
      if (isScheme(ctx, value)) return []
      const form = FORMS[value.name]
      return form && asking && form.map((field) => ({ ...field, at, declaredBy: asking }))
    }
    default:
      return undefined
  }
}

function ofFunction(ctx: Context, value: FunctionValue, asking: Fn | undefined, at: Place, depth: number): Declared[] | undefined {
  if (value.signature) return undefined
  const isBound = firstParameterIsBound(value)
  // A method that is given by its class alone keeps `self`, which FastAPI then takes for a query parameter; but a
  // decorator of the class (`@cbv(router)`) is there to change that.
  const drops = isBound === "cls" || (isBound === "self" && (value.self !== undefined || (value.owner?.decorators.length ?? 0) > 0))
  if (value.wraps) {
    const wrapped = signatureOf(ctx, value.wraps, asking, at, depth + 1)
    return drops && !(value.wraps.is === "function" && value.wraps.self) ? wrapped?.slice(1) : wrapped
  }
  const fn = ctx.functionOf(value)
  const annotations = new Map([...parametersOf(value)].map(({ arg }) => [arg.arg, arg.annotation]))
  const all = fn.parameters.map((parameter) => {
    const given = value.given?.keywords.get(parameter.name) ?? value.defaults.get(parameter.name)
    return {
      name: parameter.name,
      ...(parameter.annotation && { annotation: unreadable(value, annotations.get(parameter.name)) ?? parameter.annotation.value }),
      ...(given && { default: given }),
      at: parameter.at,
      declaredBy: fn,
    }
  })
  const rest = drops ? all.slice(1) : all
  return value.given ? rest.slice(value.given.positional.length) : rest
}

/** Arguments bound by position disappear; those bound by name become defaults. */
function ofPartial(ctx: Context, built: Built, asking: Fn | undefined, at: Place, depth: number): Declared[] | undefined {
  const [inner, ...given] = built.positional
  const declared = inner && !built.open ? signatureOf(ctx, inner, asking, at, depth + 1) : undefined
  return declared?.slice(given.length).map((one) => {
    const bound = built.keywords.get(one.name)
    return bound ? { ...one, default: bound } : one
  })
}

/** A class is called by its `__init__`; models and dataclasses by their fields. */
function ofClass(ctx: Context, of: ClassValue, asking: Fn | undefined, at: Place): Declared[] | undefined {
  const init = ctx.player.methodOf(of, "__init__")
  if (init && !init.owner) return undefined // put there by somebody else
  if (init) return ofFunction(ctx, { ...init, self: ctx.player.prototype(of) }, asking, at, 0)
  const hasFields = isModel(ctx, of) || isDataclass(ctx, of)
  if (hasFields === undefined) return undefined
  if (hasFields) {
    const fields = modelFields(ctx, of)
    if (!fields.known || !asking) return undefined
    return fields.value.map((field) => ({
      name: field.alias.known ? field.alias.value : field.name,
      annotation: field.type.value,
      ...(field.required.known && field.required.value ? {} : { default: field.default ?? literal("NoneType", null) }),
      at: field.at,
      declaredBy: asking,
    }))
  }
  const { libraries, complete } = ancestryOf(ctx, of)
  return complete && [...libraries].every((name) => /^(builtins\.object|abc\.ABC|typing\.(Generic|Protocol))$/.test(name)) ? [] : undefined
}

// ---------------------------------------------------------------------------- the library's own form

const string = external("builtins.str")
const maybeString: Value = { is: "either", options: [string, literal("NoneType", null)] }
const nothing = literal("NoneType", null)

/** A default rather than `Annotated`, which FastAPI reads since 0.95: the form is older. */
function form(name: string, annotation: Value, whenLeftOut?: Value, ...keywords: [string, Value][]): Omit<Declared, "at" | "declaredBy"> {
  const positional = whenLeftOut ? [whenLeftOut] : []
  const built: Built = { positional, keywords: new Map(keywords), open: false, at: { path: "", start: 0, end: 0 } }
  return { name, annotation, default: external("fastapi.Form()", { built }) }
}

const password: [string, Value] = ["pattern", text("^password$")]
const rest = [
  form("username", string),
  form("password", string),
  form("scope", string, text("")),
  form("client_id", maybeString, nothing),
  form("client_secret", maybeString, nothing),
]

/** Parameters of FastAPI's own class dependencies (fastapi/security/oauth2.py). */
const FORMS: Record<string, Omit<Declared, "at" | "declaredBy">[]> = {
  "fastapi.security.OAuth2PasswordRequestForm": [form("grant_type", maybeString, nothing, password), ...rest],
  "fastapi.security.OAuth2PasswordRequestFormStrict": [form("grant_type", string, undefined, password), ...rest],
}
