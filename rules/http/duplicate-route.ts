import {
  type App,
  type Finding,
  type Hidden,
  hiddenRoutes,
  isNone,
  knownText,
  list,
  type Place,
  type Project,
  quote,
  type Route,
  rule,
} from "#rule"

export default rule({
  summary: "A route whose method and path are already taken",
  why: `
FastAPI tries routes in the order in which they were added, and the first that matches answers. A second route with the
same method and path is never called, and nothing warns of it. The documentation makes it worse: it shows the later one.
`,
  help: "Remove one of the two, or give it another path",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/path-params/#order-matters",
  equivalents: [],
  exemptions: [
    "one of the two stands in a branch that may not be taken",
    "a router included under several prefixes",
    "files that take routes out of `app.routes`, and paths that are not wholly known",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/reports/{report_id}")
        def read_report(report_id: int):
            return {"id": report_id}

        @app.get("/reports/{id}") # expect: \`read_report\` answers \`GET /reports/{id}\`
        def get_report(id: int):
            return {"id": id, "pages": []}
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/reports/{report_id}")
        def read_report(report_id: int):
            return {"id": report_id}

        @app.get("/reports/{id}/pages")
        def read_pages(id: int):
            return []
      `,
    },
  ],

  *project(project) {
    const includes = new Set<string>()
    for (const hidden of hiddenRoutes(project)) {
      const { later, by, equal } = hidden
      if (!equal || later.kind === "mount" || by.kind === "mount") continue
      if (later.own === by.own) yield* includedAgain(by, later, includes)
      else if (isSamePlace(later.at, by.at) || removesRoutes(project, later)) continue
      else yield isSameEndpoint(by, later) ? twice(hidden, by, later) : taken(hidden, by, later)
    }
    for (const app of project.apps) yield* behindDocs(project, app)
  },
})

function taken({ methods }: Hidden, by: Route, later: Route): Finding {
  const what = spelled(methods, later)
  const first = by.endpoint ? quote(by.endpoint.name) : "an earlier route"
  const second = later.endpoint ? `, so ${quote(later.endpoint.name)} is never called` : ""
  return {
    at: later.at,
    message: `${first} answers ${what} already${second}`,
    related: [{ at: by.at, message: `${what} is registered here first` }],
    routes: [later],
    scope: scopeOf(methods, later),
    discriminator: by.endpoint?.id ?? "",
  }
}

/** One function under one path twice: harmless until the two say different things. */
function twice({ methods }: Hidden, by: Route, later: Route): Finding {
  const what = spelled(methods, later)
  return {
    at: later.at,
    message: `${quote(later.endpoint?.name ?? "")} is registered twice for ${what}, and what is said here has no effect`,
    help: "Remove one of the two",
    level: "warning",
    related: [{ at: by.at, message: `${what} is registered here first` }],
    routes: [later],
    scope: scopeOf(methods, later),
    discriminator: "twice",
  }
}

/** `include_router` twice for one router under one path: all its routes are there twice. */
function* includedAgain(by: Route, later: Route, told: Set<string>): Generator<Finding> {
  const at = later.includes.findIndex((place, i) => !isSamePlace(place, by.includes[i]))
  const [first, second] = [by.includes[at], later.includes[at]]
  if (!first || !second) return
  const key = `${first.path}:${first.start} ${second.path}:${second.start}`
  if (told.has(key)) return
  told.add(key)
  const path = later.path.known ? later.path.value : ""
  yield {
    at: second,
    message: `This router is included a second time under the same path, so every route of it, as ${quote(path)}, is registered twice`,
    help: "Remove one of the two `include_router` calls",
    level: "warning",
    related: [{ at: first, message: "it is included here first" }],
    scope: path,
  }
}

/** FastAPI adds its documentation before any route of the project. */
function* behindDocs(project: Project, app: App): Generator<Finding> {
  const docs = docsOf(app)
  for (const route of app.routes) {
    if (
      route.kind !== "api" ||
      route.maybe ||
      !route.path.known ||
      route.path.assumed ||
      !route.methods.known ||
      removesRoutes(project, route, app)
    )
      continue
    const methods = route.methods.value.filter((method) => method === "GET" || method === "HEAD")
    const option = docs.get(route.path.value)
    if (methods.length === 0 || !option) continue
    yield {
      at: route.at,
      message: `FastAPI's own documentation answers ${spelled(methods, route)} already${route.endpoint ? `, so ${quote(route.endpoint.name)} is never called` : ""}`,
      help: `Pass ${quote(`${option}=None`)} to ${quote("FastAPI")}, or choose another path`,
      related: [{ at: app.at, message: "the documentation is added here" }],
      routes: [route],
      scope: scopeOf(methods, route),
      discriminator: option,
    }
  }
}

/** The paths of FastAPI's documentation by the option that sets each. What an option may be is not known: none. */
function docsOf({ built }: App): Map<string, string> {
  const docs = new Map<string, string>()
  if (built.open) return docs
  const url = (option: string, otherwise: string): string | undefined => {
    const given = built.keywords.get(option)
    if (!given) return otherwise
    return isNone(given) || (given.is === "text" && given.assumed) ? undefined : knownText(given)
  }
  const openapi = url("openapi_url", "/openapi.json")
  if (!openapi) return docs
  for (const [option, path] of [
    ["openapi_url", openapi],
    ["docs_url", url("docs_url", "/docs")],
    ["redoc_url", url("redoc_url", "/redoc")],
  ] as const)
    if (path) docs.set(path, option)
  return docs
}

/** Some projects take routes out of `app.routes` before they add their own; nothing is said of what such a file adds. */
const removesRoutes = ({ modules }: Project, ...places: { at: Place }[]): boolean =>
  places.some(({ at }) => {
    const mentions = modules.get(at.path)?.mentions ?? []
    return mentions.includes("routes") && ["pop", "remove", "clear"].some((name) => mentions.includes(name))
  })

const spelled = (methods: readonly string[], route: Route): string => quote(scopeOf(methods, route))

const scopeOf = (methods: readonly string[], { path }: Route): string => `${list(methods)} ${path.known ? path.value : ""}`

const isSameEndpoint = (a: Route, b: Route): boolean => a.endpoint !== undefined && a.endpoint === b.endpoint

const isSamePlace = (a: Place | undefined, b: Place | undefined): boolean => a?.path === b?.path && a?.start === b?.start
