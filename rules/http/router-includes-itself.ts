import { argument, type Finding, type LibraryCall, type Router, routerOf, rule } from "#rule"

export default rule({
  summary: "A router that is included in itself",
  why: `
A router that includes itself, or a router that already includes it, has no end. FastAPI raises an \`AssertionError\` where it
is included: for the router itself since 0.128.7, for a ring of several since 0.137. Older versions hang when a router with
routes includes itself.
`,
  help: "Include another router, or none",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: [],
  startup: true,
  exemptions: ["rings of several routers before FastAPI 0.137, which end"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()
        app.include_router(app.router) # expect: includes itself
      `,
      good: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        router = APIRouter()
        app.include_router(router)
      `,
    },
    {
      bad: `
        from fastapi import APIRouter

        users = APIRouter()
        teams = APIRouter()
        users.include_router(teams, prefix="/teams")
        teams.include_router(users, prefix="/users") # expect: already includes this one
      `,
      good: `
        from fastapi import APIRouter

        users = APIRouter()
        teams = APIRouter()
        users.include_router(teams, prefix="/teams")
      `,
    },
  ],

  *project({ calls, versions }) {
    const isSelfRefused = versions.atLeast("fastapi", "0.128.7")
    const isRingRefused = versions.atLeast("fastapi", "0.137.0")
    const within = new Map<Router, Router[]>()
    for (const call of calls) {
      if (!/^fastapi\.(APIRouter|FastAPI)\(\)\.include_router$/.test(call.name)) continue
      const parent = routerOf(call.callee.self)
      const child = routerOf(argument(call, 0, "router"))
      if (!parent || !child) continue
      if (parent === child) {
        if (call.isGuarded) continue
        if (isSelfRefused) yield found(call, "The router includes itself: an AssertionError when the module is imported")
        else if (parent.kind === "app") yield found(call, "The router includes itself, and the import never ends")
        continue
      }
      if (isRingRefused && !call.maybe && !call.isGuarded && includes(within, child, parent)) {
        yield found(call, "The included router already includes this one: an AssertionError when the module is imported")
        continue
      }
      if (!call.maybe) within.set(parent, [...(within.get(parent) ?? []), child])
    }
  },
})

const found = ({ at }: LibraryCall, message: string): Finding => ({ at, message, discriminator: "include" })

function includes(within: ReadonlyMap<Router, Router[]>, router: Router, other: Router, seen = new Set<Router>()): boolean {
  if (router === other) return true
  if (seen.has(router)) return false
  seen.add(router)
  return (within.get(router) ?? []).some((child) => includes(within, child, other, seen))
}
