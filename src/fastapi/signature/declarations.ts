/** Parameters as they are written, for the rules on what FastAPI refuses of them. */
import type { Value } from "#python"
import type { Fn, Project, Route } from "../project.ts"
import { mayBeAtLeast } from "../versions.ts"
import { type PathNames, pathNames } from "./classify.ts"
import { annotated, isDepends, isField, type Marker, mayBeMarker, placeOf } from "./markers.ts"
import type { Declared } from "./signature.ts"
import { resolved } from "./types.ts"

/** A parameter of an endpoint or of one of its dependencies, taken apart. */
export interface Declaration extends Declared {
  /** A route that it is read for. */
  route: Route
  /**
   * Is its name in the path? `prefix`: only in the prefix of an include, which FastAPI looks at since 0.137 when the first
   * request comes, and before that in `include_router`. Undefined where part of the path is not known.
   */
  inPath: "own" | "prefix" | "no" | undefined
  /** The annotation without its `Annotated`. */
  type?: Value
  /** The markers in its outermost `Annotated`, in order: `Query(...)`, `Depends(...)` and their like. */
  inAnnotated: Marker[]
  /** The marker that is its default; Pydantic's `Field(...)` counts. */
  asDefault?: Marker
  /** Its default, when that is no marker. */
  plain?: Value
  /** Something beside or among them may be a marker that we do not see as one, or a decorator may have changed the signature. */
  hidden: boolean
}

const all = new WeakMap<Project, Declaration[]>()

/** Every parameter that FastAPI reads while it adds the routes of a project; each once for each answer to "is it in the path?". */
export function declarations(project: Project): readonly Declaration[] {
  let found = all.get(project)
  if (!found) {
    found = [...everyDeclaration(project)]
    all.set(project, found)
  }
  return found
}

function* everyDeclaration(project: Project): Generator<Declaration> {
  const told = new Set<string>()
  for (const route of project.routes) {
    if ((route.kind !== "api" && route.kind !== "websocket") || isGuarded(project, route)) continue
    const own = pathNames(route.own.path)
    const whole = pathNames(route.path)
    for (const declared of [route.declared, ...route.dependencies.map((dependency) => dependency.declared)].flat()) {
      const inPath = placeIn(declared.name, own, whole)
      const key = `${declared.at.path}:${declared.at.start}:${declared.name}:${inPath}`
      if (told.has(key)) continue
      told.add(key)
      yield { ...declared, route, inPath, ...takenApart(project, declared) }
    }
  }
}

function placeIn(name: string, own: PathNames, all: PathNames): Declaration["inPath"] {
  if (own.has(name)) return "own"
  if (all.has(name)) return "prefix"
  return all.isComplete ? "no" : undefined
}

function takenApart(
  project: Project,
  { annotation, default: given, declaredBy }: Declared,
): Pick<Declaration, "type" | "inAnnotated" | "asDefault" | "plain" | "hidden"> {
  const isEllipsis = given?.is === "literal" && given.type === "ellipsis"
  const value = given && !isEllipsis ? resolved(project, given) : undefined
  const asDefault = value && (isDepends(value) || placeOf(value) !== undefined || isField(value)) ? (value as Marker) : undefined
  const { type, metadata } =
    annotation && mayBeAtLeast(project.versions, "fastapi", "0.95.0") ? annotated(project, annotation) : { type: annotation, metadata: [] }
  return {
    ...(type && { type }),
    inAnnotated: metadata.filter((item) => isDepends(item) || placeOf(item) !== undefined) as Marker[],
    ...(asDefault ? { asDefault } : value && { plain: value }),
    hidden:
      !isAsWritten(declaredBy) ||
      metadata.some((item) => mayBeMarker(project, item)) ||
      (value !== undefined && !asDefault && mayBeMarker(project, value)),
  }
}

/** Is a function's signature the one in its text? A decorator that we do not know may have given it another. */
export const isAsWritten = ({ decorators }: Pick<Fn, "decorators">): boolean =>
  decorators.every(({ name }) => name !== undefined && KEEPING.test(name))

/** Decorators that leave the signature alone, or copy it with `functools.wraps`. */
const KEEPING =
  /^(builtins\.(staticmethod|classmethod)|functools\.(wraps|cache|lru_cache)|contextlib\.(async)?contextmanager|typing\.(overload|final|no_type_check)|abc\.abstractmethod|slowapi\..*)$/

/** `Query` of `fastapi.Query()`. */
export const markerName = ({ name }: Marker): string => name.slice(name.lastIndexOf(".") + 1).replace("()", "")

const guarded = new WeakMap<Project, Set<string>>()

/** Is a route added, or a router of its way included, inside a `try` that may catch what FastAPI raises? */
export function isGuarded(project: Project, route: Route): boolean {
  let places = guarded.get(project)
  if (!places) {
    places = new Set(project.calls.filter((call) => call.isGuarded).map(({ at }) => `${at.path}:${at.start}`))
    guarded.set(project, places)
  }
  return [route.at, ...route.includes].some(({ path, start }) => places.has(`${path}:${start}`))
}
