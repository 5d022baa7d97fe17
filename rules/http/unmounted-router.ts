import { type Project, plural, quote, type Router, rule } from "#rule"

export default rule({
  summary: "A router with routes that no app includes",
  why: `
A router serves nothing by itself. One that no \`include_router\` reaches is dead code at best; more often somebody wrote an endpoint,
saw it in the editor, and will look for the reason of the 404 for a while.
`,
  help: "Include it in the app, or delete it",
  concern: "maintainability",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: [],
  exemptions: [
    "projects that build no app, and so are libraries",
    "projects that find their routers while they run: `importlib`, `pkgutil`, entry points, or an include that is not understood",
    "routers that a package exports in `__all__`, or whose module the project holds twice",
  ],
  examples: [
    {
      bad: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        items = APIRouter(prefix="/items")
        users = APIRouter(prefix="/users") # expect: \`users\` has 1 route, and no app includes it

        @items.get("")
        def list_items():
            return []

        @users.get("")
        def list_users():
            return []

        app.include_router(items)
      `,
      good: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        items = APIRouter(prefix="/items")

        @items.get("")
        def list_items():
            return []

        app.include_router(items)
      `,
    },
  ],

  *project(project) {
    if (project.apps.length === 0 || isFoundAtRunTime(project)) return
    const mounted = mountedIn(project)
    for (const router of project.routers) {
      if (router.kind !== "router" || router.included > 0 || mounted.has(router)) continue
      if (router.entries.length === 0 || project.role(router.at.path) !== "app" || isElsewhere(project, router)) continue
      const name = router.name?.split(":")[1] ?? "This router"
      yield {
        at: router.at,
        message: `${router.name ? quote(name) : name} has ${plural(router.routes.length || router.entries.length, "route")}, and no app includes it`,
        routes: router.routes,
        scope: router.name ?? router.at.path,
        discriminator: name,
      }
    }
  },
})

const FINDERS = [
  "importlib",
  "import_module",
  "pkgutil",
  "iter_modules",
  "walk_packages",
  "entry_points",
  "iter_entry_points",
  "__import__",
  "load_entry_point",
]

/** Does the project import modules that it finds while it runs, or include what we did not see? */
function isFoundAtRunTime({ modules, unseen, role }: Project): boolean {
  if (unseen.some(({ what }) => what === "include" || what === "bound" || what === "app")) return true
  return [...modules.values()].some(
    ({ path, mentions }) =>
      role(path) === "app" &&
      mentions.some((word) => word === "include_router" || word === "APIRouter") &&
      FINDERS.some((word) => mentions.includes(word)),
  )
}

/** Routers that are mounted as applications of their own. */
function mountedIn({ routers }: Project): Set<unknown> {
  const hosts = new Set<unknown>()
  for (const { entries } of routers)
    for (const entry of entries) if ((entry.is === "mount" || entry.is === "host") && "host" in entry.value) hosts.add(entry.value.host)
  return hosts
}

/** Is it built where its user is not seen: in a function, exported for others, or in a module that the project holds twice? */
function isElsewhere({ modules }: Project, { name, at }: Router): boolean {
  if (name === undefined || modules.get(at.path)?.mentions.includes("__all__")) return true
  return [...modules.keys()].some((path) => path.endsWith(`/${at.path}`) || at.path.endsWith(`/${path}`))
}
