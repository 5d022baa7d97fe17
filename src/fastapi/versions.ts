import { remembered } from "#knowledge"

/** Versions as the project pins them: lock file, then bounds; `undefined` when nothing says. */
export interface Versions {
  fastapi?: string
  starlette?: string
  pydantic?: string
  sqlalchemy?: string
  httpx?: string
  torch?: string
  python?: string
  /** Names whose version is a lower bound only. */
  loose?: readonly string[]
  /** True when the version is at least the given one. An unknown version counts as the newest. */
  atLeast(name: "fastapi" | "starlette" | "pydantic" | "sqlalchemy" | "httpx" | "torch", version: string): boolean
}

export type Pinned = Partial<Record<"fastapi" | "starlette" | "pydantic" | "sqlalchemy" | "httpx" | "torch" | "python", string>> & {
  /** Names whose version is a lower bound only. */
  loose?: readonly string[]
}

/** Versions that can be asked "at least ...?". What nothing pins counts as the newest. */
export function versionsFrom(pinned: Pinned = {}): Versions {
  return {
    ...pinned,
    atLeast: (name, version) => {
      const have = pinned[name]
      return have === undefined || compare(have, version) >= 0
    },
  }
}

/**
 * May the project run on this version or a later one? Yes also where it only asks for an older one or more. For gates
 * behind which code loses its meaning: who writes that code does not run what would ignore it.
 */
export const mayBeAtLeast = (versions: Versions, name: "fastapi" | "pydantic", version: string): boolean =>
  versions.atLeast(name, version) || (versions.loose?.includes(name) ?? false)

/** Release numbers only, which is all that the gates compare: `0.115.14` before `0.137`. */
function compare(a: string, b: string): number {
  const [x, y] = [numbers(a), numbers(b)]
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The same few versions are compared for every parameter of every route. */
const numbers = remembered((version) => (/\d+(\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number))

/** Does the project run on Pydantic 2? Where only FastAPI is pinned, it decides: before 0.100 it needs Pydantic 1. */
export const hasPydantic2 = (versions: Versions): boolean =>
  versions.pydantic === undefined ? versions.atLeast("fastapi", "0.100.0") : versions.atLeast("pydantic", "2.0.0")

/** Does the project run on Starlette 1? FastAPI allows it from 0.133. */
export const hasStarlette1 = (versions: Versions): boolean =>
  versions.starlette === undefined ? versions.atLeast("fastapi", "0.133.0") : versions.atLeast("starlette", "1.0.0")
