/**
 * Where FastAPI reads a parameter from. The algorithm is that of `analyze_param` in `fastapi/dependencies/utils.py`;
 * whatever rests on something unknown is `unknown`.
 */
import { type Built, isNone, knownBoolean, knownText, type Value } from "#python"
import type { Context } from "../context.ts"
import { type Known, known, type Param, unseen } from "../project.ts"
import { hasPydantic2, mayBeAtLeast } from "../versions.ts"
import { keptName } from "./kept-names.ts"
import { isScalar, isSpecial, isUpload } from "./kinds.ts"
import { annotated, constraintsOf, isDepends, isField, type Marker, mayBeMarker, placeOf } from "./markers.ts"
import type { Declared } from "./signature.ts"
import { typeOf } from "./types.ts"

export interface Classified {
  param: Param
  /** The `Depends(...)` that the parameter is filled by. */
  depends?: Marker
}

/** Parameters without a marker: a name that the path holds makes them path parameters. */
const unmarked = new WeakSet<Param>()

export function classify(ctx: Context, declared: Declared): Classified {
  const { type, metadata, isOpaque } = readAnnotation(ctx, declared.annotation)
  const given = declared.default && !isEllipsis(declared.default) ? declared.default : undefined
  const markers = metadata.filter((item) => isDepends(item) || placeOf(item) !== undefined) as Marker[]
  const inAnnotation = markers.at(-1)
  const shape = { name: declared.name, type: typeOf(ctx, type), at: declared.at, declaredBy: declared.declaredBy }
  const depends = inAnnotation && isDepends(inAnnotation) ? inAnnotation : given && isDepends(given) ? given : undefined
  if (depends)
    return { param: { ...shape, wireName: declared.name, in: "dependency", required: known(true), constraints: new Map() }, depends }

  const marker = given && (placeOf(given) || isField(given)) ? (given as Marker) : inAnnotation
  const constraints = constraintsOf(ctx, declared.annotation, marker)
  const place = marker && placeOf(marker)
  const hidden =
    metadata.some((item) => mayBeMarker(ctx, item)) ||
    (given !== undefined && given !== marker && mayBeMarker(ctx, given)) ||
    (marker !== undefined && place === undefined)
  const isOwn = marker !== undefined && marker === given
  const value = isOwn ? defaultIn(marker.built) : given
  const required: Known<boolean> = isOwn ? requiredBy(marker.built) : given ? known(false) : marker ? requiredBy(marker.built) : known(true)
  const param: Param = { ...shape, wireName: declared.name, in: "unknown", required, ...(value && { default: value }), constraints }
  if (place) {
    param.in = place
    param.marker = marker.name
    const name = (isOwn && hasPydantic2(ctx.versions) ? keptName(marker) : undefined) ?? declared.name
    param.wireName = wireName(ctx, name, place, marker.built)
    return { param }
  }
  if (hidden) return { param: { ...param, required: unseen("its default or annotation is not known") } }
  const special = type ? isSpecial(ctx, type) : false
  if (special) return { param: { ...param, in: "special", required: known(true) } }
  // What may be a request object cannot be placed; but its name may still be in the path.
  param.in = isOpaque ? "query" : special === undefined ? "unknown" : byType(ctx, type)
  unmarked.add(param)
  return { param }
}

/** The type and what is said of it, as far as this FastAPI looks. */
function readAnnotation(ctx: Context, annotation: Value | undefined): { type: Value | undefined; metadata: Value[]; isOpaque?: boolean } {
  if (!annotation) return { type: undefined, metadata: [] }
  const read = annotated(ctx, annotation)
  if (read.metadata.length === 0) return read
  // Since 0.95 FastAPI reads `Annotated`; since 0.128.2 also where an alias of the `type` kind names it.
  if (!mayBeAtLeast(ctx.versions, "fastapi", "0.95.0")) return { type: read.type, metadata: [] }
  const isAlias = annotation.is === "generic" && annotation.alias === true
  return isAlias && !mayBeAtLeast(ctx.versions, "fastapi", "0.128.2") ? { type: read.type, metadata: [], isOpaque: true } : read
}

const isEllipsis = (value: Value): boolean => value.is === "literal" && value.type === "ellipsis"

function byType(ctx: Context, type: Value | undefined): Param["in"] {
  if (!type) return "query"
  const upload = isUpload(ctx, type)
  if (upload) return "file"
  const scalar = isScalar(ctx, type)
  if (upload === undefined || scalar === undefined) return "unknown"
  return scalar ? "query" : "body"
}

function defaultIn(built: Built): Value | undefined {
  const value = built.positional[0] ?? built.keywords.get("default")
  return value && !isEllipsis(value) ? value : undefined
}

function requiredBy(built: Built): Known<boolean> {
  if (built.keywords.has("default_factory") && !isNone(built.keywords.get("default_factory"))) return known(false)
  const value = built.positional[0] ?? built.keywords.get("default")
  if (!value) return built.open ? unseen("options passed by * or **") : known(true)
  return known(isEllipsis(value) || (value.is === "external" && /PydanticUndefined$|^fastapi\.params\.Undefined$/.test(value.name)))
}

/** Aliases first; a header's name is otherwise written with dashes. */
function wireName(ctx: Context, name: string, place: Param["in"], built: Built): string {
  const first = mayBeAtLeast(ctx.versions, "fastapi", "0.124.4") ? knownText(built.keywords.get("validation_alias")) : undefined
  const alias = first ?? knownText(built.keywords.get("alias"))
  if (alias !== undefined && alias !== "") return alias
  return place === "header" && knownBoolean(built.keywords.get("convert_underscores")) !== false ? name.replaceAll("_", "-") : name
}

// ---------------------------------------------------------------------------- path

/** Names in braces in the path that a route is served under. */
export interface PathNames extends ReadonlySet<string> {
  /** False when part of the path is not known and may hold more. */
  readonly isComplete: boolean
}

/** `/users/{id:int}/{name}` -> `id`, `name`: as FastAPI reads them, whatever stands between the braces. Complete if the first path is known. */
export function pathNames(...paths: Known<string>[]): PathNames {
  const names = new Set<string>()
  for (const path of paths)
    if (path.known) for (const [, name] of path.value.matchAll(/\{(.*?)\}/g)) names.add((name as string).replace(/:[a-zA-Z_]\w*$/, ""))
  return Object.assign(names, { isComplete: paths[0]?.known ?? false })
}

/** A parameter as the route sees it: what has no marker and is named in the path is a path parameter, and required. */
export function placed(param: Param, path: PathNames): Param {
  if (!unmarked.has(param)) return param
  if (path.has(param.name)) {
    const { default: _discarded, ...rest } = param
    return { ...rest, in: "path", required: known(true) }
  }
  return !path.isComplete && param.in === "query" ? { ...param, in: "unknown" } : param
}
