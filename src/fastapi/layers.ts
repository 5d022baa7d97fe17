/**
 * The calls that have a say in a route: the app's constructor, each `include_router` above it with the router that it
 * includes, and the decorator itself.
 */
import type { Built, Value } from "#python"
import type { Router } from "./project.ts"

/** The calls that say something of a route, outermost first: the app, each include and its router, the decorator. */
export interface Layers {
  /** Constructors and includes; without the decorator. */
  outer: readonly { built: Built; isApp: boolean }[]
  own: Built
  /** Candidates for defaults such as `default_response_class`, the one that counts first (the decorator left out). */
  defaults: readonly Built[]
}

/** The layers of a route that `through` leads to, from `root`. */
export function layersOf(own: Built, router: Router, through: readonly { built: Built; router: Router }[], root: Router): Layers {
  const outer = [root, ...through.flatMap((include) => [{ ...include, kind: "include" as const }, include.router])]
  const defaults = [router.built]
  for (let i = through.length - 1; i >= 0; i--) {
    const include = through[i]
    if (include) defaults.push(include.built, (through[i - 1]?.router ?? root).built)
  }
  return { outer: outer.map(({ built, kind }) => ({ built, isApp: kind === "app" })), own, defaults }
}

/** A default that is set nearest to the route; undefined where nothing sets one. */
export function nearest({ own, defaults }: Layers, option: string, inherited: string): Value | undefined {
  return [own.keywords.get(option), ...defaults.map((built) => built.keywords.get(inherited))].find(
    (value) => value !== undefined && !isPlaceholder(value),
  )
}

/** `Default(...)`: FastAPI's way to say that nothing was given. */
export const isPlaceholder = (value: Value): boolean => value.is === "external" && value.name === "fastapi.datastructures.Default()"
