/** `Query(...)`, `Depends(...)` and their like, as they stand in annotations and defaults. */
import type { Built, External, Instance, Value } from "#python"
import type { Param } from "../project.ts"
import { ancestryOf, isSettled } from "./kinds.ts"
import { CONSTRAINED, genericName, type Linked, members, NARROWED, resolved } from "./types.ts"

export type Marker = External & { built: Built }

const PLACES: Record<string, Param["in"]> = {
  "fastapi.Path()": "path",
  "fastapi.Query()": "query",
  "fastapi.params.Param()": "query",
  "fastapi.Header()": "header",
  "fastapi.Cookie()": "cookie",
  "fastapi.Body()": "body",
  "fastapi.Form()": "form",
  "fastapi.File()": "file",
}

const isCall = (value: Value): value is Marker => value.is === "external" && value.built !== undefined && value.name.endsWith("()")

/** Where a marker says that the parameter is read from; undefined for what is no parameter marker. */
export const placeOf = (value: Value): Param["in"] | undefined => (isCall(value) ? PLACES[value.name] : undefined)

/** `Depends(...)` or `Security(...)`. */
export const isDepends = (value: Value): value is Marker =>
  isCall(value) && (value.name === "fastapi.Depends()" || value.name === "fastapi.Security()")

/** Pydantic's `Field(...)`, which constrains but places nothing. */
export const isField = (value: Value): boolean => isCall(value) && (value.name === "pydantic.Field()" || value.name === "sqlmodel.Field()")

/**
 * Might this value be a marker that we do not see as one? An unknown value may be anything; so may what a library
 * makes that we do not know (`FilterDepends(...)`), or an instance of a class that derives from FastAPI's.
 */
export function mayBeMarker(ctx: Linked, value: Value): boolean {
  if (value.is === "unknown") return true
  if (value.is === "either")
    return value.options.some((option) => isDepends(option) || placeOf(option) !== undefined || mayBeMarker(ctx, option))
  // `Provide["service"]`
  if (value.is === "generic") return mayBeMarker(ctx, value.of)
  if (value.is === "external") return !isSettled(value.name) && !HARMLESS.test(value.name)
  return value.is === "instance" && derivesFromMarker(ctx, value)
}

const HARMLESS =
  /^(os|sys|random|secrets|math|hashlib|inspect|warnings|annotated_types|annotated_doc|typing_extensions|operator|itertools|calendar|platform|getpass|tempfile|base64|socket|struct|copy|numpy)\b/

function derivesFromMarker(ctx: Linked, value: Instance): boolean {
  const { libraries, complete } = ancestryOf(ctx, value.of)
  return (
    !complete ||
    [...libraries].some((name) => /^fastapi\.(params\.\w+|Path|Query|Header|Cookie|Body|Form|File|Depends|Security)$/.test(name))
  )
}

export interface Annotated {
  /** The type that is annotated. */
  type: Value
  /** Everything after it, inner ones first. */
  metadata: Value[]
}

/** The outermost `Annotated` taken apart; nested ones are flattened, as Python does. */
export function annotated(ctx: Linked, annotation: Value, depth = 0): Annotated {
  const value = resolved(ctx, annotation)
  if (value.is !== "generic" || genericName(value) !== "typing.Annotated" || !value.args[0] || depth > 8)
    return { type: value, metadata: [] }
  const within = annotated(ctx, value.args[0], depth + 1)
  return { type: within.type, metadata: [...within.metadata, ...value.args.slice(1).map((arg) => resolved(ctx, arg))] }
}

// ---------------------------------------------------------------------------- constraints

const LIMITS: Record<string, string> = {
  "annotated_types.Gt()": "gt",
  "annotated_types.Ge()": "ge",
  "annotated_types.Lt()": "lt",
  "annotated_types.Le()": "le",
  "annotated_types.MultipleOf()": "multiple_of",
  "annotated_types.MinLen()": "min_length",
  "annotated_types.MaxLen()": "max_length",
}

/** What a type and its metadata demand of a value, by the names of `Field`'s keywords. */
export function constraintsOf(ctx: Linked, annotation: Value | undefined, marker: Marker | undefined): Map<string, Value> {
  const found = new Map<string, Value>()
  const add = (keywords: ReadonlyMap<string, Value>) => {
    for (const [name, value] of keywords) if (name !== "default" && name !== "default_factory") found.set(name, value)
  }
  const collect = (value: Value, depth: number): void => {
    const { type, metadata } = annotated(ctx, value)
    if (depth < 6) for (const member of wrapped(ctx, type)) collect(member, depth + 1)
    if (type.is === "external") {
      const [, name, limit] = NARROWED[type.name] ?? []
      if (name !== undefined && limit !== undefined) found.set(name, { is: "literal", type: "int", value: limit })
      if (CONSTRAINED[type.name] && type.built) add(type.built.keywords)
    }
    for (const item of metadata) {
      if (!isCall(item)) continue
      const limit = LIMITS[item.name]
      if (limit && item.built.positional[0]) found.set(limit, item.built.positional[0])
      else if (isField(item) || item.name === "pydantic.StringConstraints()" || placeOf(item)) add(item.built.keywords)
    }
  }
  if (annotation) collect(annotation, 0)
  if (marker) add(marker.built.keywords)
  return found
}

/** Members of a union, with the `Annotated` that each of them may still wear. */
function wrapped(ctx: Linked, type: Value): Value[] {
  if (type.is === "either") return type.options
  if (type.is === "generic" && ["typing.Optional", "typing.Union"].includes(genericName(type) ?? "")) return type.args
  return members(ctx, type).length > 1 ? members(ctx, type) : []
}
