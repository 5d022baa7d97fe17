/**
 * The name that a `Query(...)` keeps. FastAPI copies one that stands in `Annotated`, but not one that stands as a default:
 * the name of the first parameter that it is read for is written into it, and every later parameter that shares the object
 * goes by that name (`analyze_param` in `fastapi/dependencies/utils.py`, with Pydantic 2).
 */
import { isNone, type Value } from "#python"
import { isDepends, type Marker, placeOf } from "./markers.ts"

const kept = new WeakMap<Marker, string>()

/** Follows FastAPI in the order in which routes are added: parameter by parameter, into dependencies where they are asked for. */
export function keepNames(endpoint: Value, depth = 0): void {
  if (endpoint.is !== "function" || depth > 8) return
  for (const [name, given] of endpoint.defaults) {
    if (isDepends(given)) keepNames(given.built.positional[0] ?? given.built.keywords.get("dependency") ?? given, depth + 1)
    else if (placeOf(given) !== undefined) {
      const { alias } = Object.fromEntries((given as Marker).built.keywords)
      if ((alias === undefined || isNone(alias)) && !kept.has(given as Marker)) kept.set(given as Marker, name)
    }
  }
}

/** The name of the parameter that a marker was read for first; undefined where it is not known to have been. */
export const keptName = (marker: Marker): string | undefined => kept.get(marker)
