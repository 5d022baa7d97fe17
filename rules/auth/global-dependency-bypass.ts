import { type App, type Finding, type Project, plural, publicWord, quote, type Route, routeName, rule } from "#rule"

export default rule({
  summary: "Something that the app serves past its own guard",
  why: `
\`FastAPI(dependencies=[...])\` reads as if it guarded everything. It guards routes that FastAPI makes itself: a mounted
app, a plain Starlette route (\`add_route\`) and a plain socket run none of these dependencies, and answer anyone.
`,
  help: "Give what is mounted the same dependency, add the route with `add_api_route`, or check in a middleware",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/sub-applications/",
  equivalents: [],
  cwe: ["CWE-306", "CWE-288"],
  exemptions: [
    "mounted apps whose routes ask who is calling, or may do so; files; apps that are no FastAPI",
    "routes that are public by their name",
    "middleware that may ask",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI, Header, HTTPException

        def check_key(x_api_key: str = Header()) -> None:
            if x_api_key != "expected":
                raise HTTPException(401)

        reports = FastAPI()

        @reports.get("/sales")
        def sales() -> list[int]:
            return []

        app = FastAPI(dependencies=[Depends(check_key)])

        @app.get("/items")
        def items() -> list[int]:
            return []

        app.mount("/reports", reports) # expect: \`check_key\` guards the app, but not what is mounted at \`/reports\`
      `,
      good: `
        from fastapi import Depends, FastAPI, Header, HTTPException

        def check_key(x_api_key: str = Header()) -> None:
            if x_api_key != "expected":
                raise HTTPException(401)

        reports = FastAPI(dependencies=[Depends(check_key)])

        @reports.get("/sales")
        def sales() -> list[int]:
            return []

        app = FastAPI(dependencies=[Depends(check_key)])

        @app.get("/items")
        def items() -> list[int]:
            return []

        app.mount("/reports", reports)
      `,
    },
  ],

  *project(project) {
    for (const app of project.apps) {
      const guard = guardOf(app)
      if (guard && project.role(app.at.path) === "app") yield* bypasses(project, app, guard)
    }
  },
})

/** What the constructor of the app asks of every route, by name. */
function guardOf(app: App): string | undefined {
  const guarded = app.routes.find(({ auth }) => auth.answer === "yes" && auth.level === "app")
  return guarded?.auth.by?.split(/[.:]/).at(-1)
}

function* bypasses(project: Project, app: App, guard: string): Generator<Finding> {
  for (const entry of app.served) {
    if (entry.maybe) continue
    if (entry.kind === "mount") {
      const inner = entry.app?.routes.filter(({ kind }) => kind === "api" || kind === "websocket") ?? []
      const open = inner.filter((route) => route.auth.answer === "no" && !isPublic(route))
      if (open.length === 0) continue
      const path = entry.path.known ? entry.path.value : "…"
      yield {
        at: entry.at,
        message: `${quote(guard)} guards the app, but not what is mounted at ${quote(path)}: ${plural(open.length, "route")} there ${open.length === 1 ? "asks" : "ask"} nobody`,
        related: open.slice(0, 5).map((route) => ({ at: route.at, message: `${routeName(route)} is open` })),
        routes: open,
        scope: app.name ?? "app",
        discriminator: path,
      }
    } else if ((entry.kind === "route" || entry.kind === "socket") && entry.auth.answer === "no" && !isPublic(entry)) {
      if (project.role(entry.at.path) !== "app") continue
      yield {
        at: entry.at,
        message: `${quote(guard)} guards the app, but not ${routeName(entry)}: it is a plain route, which runs no dependencies`,
        routes: [entry],
        scope: routeName(entry).replaceAll("`", ""),
        discriminator: "plain",
      }
    }
  }
}

const isPublic = ({ path, endpoint }: Route): boolean => publicWord(path.known ? path.value : "", endpoint?.name) !== undefined
