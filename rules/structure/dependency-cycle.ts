import { type Dependency, type Finding, isSameCallable, quote, type Route, rule, type Value } from "#rule"

export default rule({
  summary: "Dependencies that depend on each other",
  why: `
FastAPI follows the dependencies of a route to the end before it starts. Classes that ask for each other with \`Depends()\` have no
end: \`RecursionError\` where the route is added.
`,
  help: "Let one of them take what it needs in another way, or move what both need into a third",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/sub-dependencies/",
  equivalents: [],
  startup: true,
  exemptions: ["dependencies that are not known"],
  examples: [
    {
      bad: `
        from __future__ import annotations

        from fastapi import Depends, FastAPI

        app = FastAPI()

        class Users:
            def __init__(self, teams: Teams = Depends()): ...

        class Teams:
            def __init__(self, users: Users = Depends()): ... # expect: \`Users\` depends on itself, through \`Teams\`

        @app.get("/users")
        def list_users(users: Users = Depends()):
            return []
      `,
      good: `
        from fastapi import Depends, FastAPI

        app = FastAPI()

        class Users:
            def __init__(self): ...

        class Teams:
            def __init__(self, users: Users = Depends()): ...

        @app.get("/users")
        def list_users(users: Users = Depends(), teams: Teams = Depends()):
            return []
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      for (const asked of route.asks) {
        const ring = ringIn(asked, [])
        const last = ring?.at(-1)
        const key = last && `${last.at.path}:${last.at.start}`
        if (!ring || !key || told.has(key)) continue
        told.add(key)
        yield found(route, ring)
      }
    }
  },
})

/** The dependencies from one to where it asks for itself again. */
function ringIn(dependency: Dependency, above: readonly Dependency[]): Dependency[] | undefined {
  if (above.length > DEEPEST) return undefined
  const start = above.findIndex((one) => isOneFunction(one.value, dependency.value))
  if (start >= 0) return [...above.slice(start), dependency]
  for (const below of dependency.dependencies) {
    const ring = ringIn(below, [...above, dependency])
    if (ring) return ring
  }
  return undefined
}

const DEEPEST = 24

/** A \`partial\` of a function is another callable, and may end where the function does not. */
const isOneFunction = (one: Value, other: Value): boolean =>
  (one.is === "class" && other === one) ||
  (one.is === "function" && !one.given && other.is === "function" && !other.given && isSameCallable(one, other))

function found(route: Route, ring: readonly Dependency[]): Finding {
  const names = ring.map(({ value }) =>
    quote(value.is === "class" || (value.is === "function" && value.def.kind !== "Lambda") ? value.qualname : "a dependency"),
  )
  const between = names.slice(1, -1)
  return {
    at: (ring.at(-1) as Dependency).at,
    message: `${names[0]} depends on itself${between.length > 0 ? `, through ${between.join(" and ")}` : ""}: a RecursionError when the module is imported`,
    routes: [route],
    scope: names[0]?.replaceAll("`", "") ?? "",
    discriminator: "ring",
  }
}
