import { executionOf, guardCallsOf, type Project, plural, quote, type Route, routeName, rule, shortName } from "#rule"

export default rule({
  summary: "A route that runs something without the check that its neighbours call first",
  why: `
Where every handler calls the guard itself, the one that forgets it looks like all the others: nothing in the signature or in
the router says that it is open. What runs code or programs is the worst place to forget it, since whoever finds the route
has the machine.
`,
  help: "Call the same check first, or make it a dependency of the router, where no route can forget it",
  concern: "security",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-in-path-operation-decorators/",
  equivalents: [],
  cwe: ["CWE-306", "CWE-862"],
  exemptions: [
    "routers in which less than three routes call the check, or not most of those that run something",
    "routes that ask by a dependency, or call another check",
  ],
  examples: [
    {
      bad: `
        import subprocess
        from fastapi import APIRouter, FastAPI, HTTPException, Request

        router = APIRouter(prefix="/desk")

        def check_access(request: Request) -> None:
            if request.headers.get("Authorization") != "expected":
                raise HTTPException(401)

        @router.post("/open_file")
        def open_file(request: Request, path: str) -> None:
            check_access(request)
            subprocess.Popen(["xdg-open", path])

        @router.post("/open_folder")
        def open_folder(request: Request, path: str) -> None:
            check_access(request)
            subprocess.Popen(["xdg-open", path])

        @router.post("/close")
        def close(request: Request) -> None:
            check_access(request)

        @router.post("/print") # expect: \`POST /desk/print\` runs \`subprocess.Popen\` without \`check_access\`, which 3 other routes of its router call first
        def print_file(path: str) -> None:
            subprocess.Popen(["lp", path])

        app = FastAPI()
        app.include_router(router)
      `,
      good: `
        import subprocess
        from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request

        def check_access(request: Request) -> None:
            if request.headers.get("Authorization") != "expected":
                raise HTTPException(401)

        router = APIRouter(prefix="/desk", dependencies=[Depends(check_access)])

        @router.post("/open_file")
        def open_file(path: str) -> None:
            subprocess.Popen(["xdg-open", path])

        @router.post("/print")
        def print_file(path: str) -> None:
            subprocess.Popen(["lp", path])

        app = FastAPI()
        app.include_router(router)
      `,
    },
  ],

  *project(project) {
    for (const routes of byRouter(project)) {
      const running = routes.filter(({ endpoint }) => endpoint && executionOf(endpoint, "switched"))
      if (running.length < 2) continue
      const asked = new Map(routes.map((route) => [route, route.endpoint ? guardCallsOf(project, route.endpoint) : []]))
      const guard = commonest([...asked.values()].flat())
      if (guard === undefined) continue
      const guarded = running.filter((route) => asked.get(route)?.includes(guard))
      const open = running.filter((route) => asked.get(route)?.length === 0 && route.auth.answer !== "yes")
      if (guarded.length < 2 || guarded.length <= open.length) continue
      const calling = routes.filter((route) => asked.get(route)?.includes(guard))
      const [example] = guarded
      for (const route of open) {
        const runs = route.endpoint && executionOf(route.endpoint, "switched")
        if (!runs) continue
        yield {
          at: route.at,
          message: `${routeName(route)} runs ${quote(shortName(runs.name))} without ${quote(lastWord(guard))}, which ${plural(calling.length, "other route")} of its router call first`,
          related: [
            { at: runs.at, message: `${quote(shortName(runs.name))} is called here` },
            ...(example ? [{ at: example.at, message: `${routeName(example)} asks first` }] : []),
          ],
          routes: [route],
          scope: routeName(route).replaceAll("`", ""),
          discriminator: lastWord(guard),
        }
      }
    }
  },
})

/** Every registration once, with the routes of the same router. */
function byRouter(project: Project): Iterable<Route[]> {
  const seen = new Set<Route["endpoint"]>()
  const groups = new Map<Route["own"]["router"], Route[]>()
  for (const route of project.routes) {
    const { own, kind, endpoint, at } = route
    if (kind !== "api" || !endpoint || seen.has(endpoint) || project.role(at.path) !== "app") continue
    seen.add(endpoint)
    groups.set(own.router, [...(groups.get(own.router) ?? []), route])
  }
  return groups.values()
}

/** Fewer routes than these share no habit. */
const HABIT = 3

function commonest(names: string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return most && most[1] >= HABIT ? most[0] : undefined
}

const lastWord = (name: string): string => name.replaceAll("()", "").split(/[.:]/).at(-1) ?? name
