/** When a dependency with `yield` ends: its code after the `yield` runs before the response is sent, or after. */
import type { Dependency, Versions } from "./project.ts"

/**
 * Does what follows its `yield` run before the response is sent, so that a stream or a background task finds it closed?
 * From 0.106 to 0.117 it always did; since 0.121 it does where `scope="function"` asks for it. False for what does not yield.
 */
export function exitsEarly({ atLeast }: Versions, { call, scope }: Pick<Dependency, "call" | "scope">): boolean {
  if (!call?.generator) return false
  return scope === "function" || (atLeast("fastapi", "0.106.0") && !atLeast("fastapi", "0.118.0"))
}
