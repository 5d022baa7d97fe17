import {
  type Finding,
  isDepends,
  isNone,
  isScheme,
  type LibraryCall,
  type Place,
  type Project,
  quote,
  type Router,
  routerOf,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A `dependencies` list that holds something other than dependencies",
  why: `
\`dependencies=[...]\` of a route, a router, an app or an include is a list of \`Depends(...)\`. A bare function, a text, a single
\`Depends(...)\` without the list, or \`Depends()\` that names nothing makes FastAPI raise where a route is added. What an include
gives is looked at only when a request comes since FastAPI 0.137: every request that reaches the router is a 500.
`,
  help: "Write `dependencies=[Depends(verify_token)]`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-in-path-operation-decorators/",
  equivalents: [],
  startup: true,
  exemptions: ["items that are not known", "routers and apps to which no route is added"],
  examples: [
    {
      bad: `
        from fastapi import APIRouter, Depends, FastAPI

        app = FastAPI()

        def verify_token(): ...

        @app.get("/items", dependencies=[verify_token]) # expect: \`verify_token\` stands in \`dependencies\` without \`Depends\`
        def list_items():
            return []

        @app.get("/users", dependencies=Depends(verify_token)) # expect: \`dependencies\` is no list
        def list_users():
            return []

        router = APIRouter(dependencies=[Depends()]) # expect: names no dependency

        @router.get("/teams")
        def list_teams():
            return []
      `,
      good: `
        from fastapi import APIRouter, Depends, FastAPI

        app = FastAPI()

        def verify_token(): ...

        @app.get("/items", dependencies=[Depends(verify_token)])
        def list_items():
            return []

        router = APIRouter(dependencies=(Depends(verify_token),))
      `,
    },
  ],

  *project(project) {
    for (const { built, at } of project.routers.filter(addsRoutes)) {
      const given = built.keywords.get("dependencies")
      const fault = given && faultOf(project, given)
      if (fault && !isTried(project, at)) yield found(at, fault, AT_IMPORT)
    }
    for (const call of project.calls) {
      const given = call.keywords.get("dependencies")
      const fault = given && !call.isGuarded && OWNERS.test(call.name) ? faultOf(project, given) : undefined
      if (!fault) continue
      const when = whenRaised(project, call)
      if (when) yield found(call.at, fault, when)
    }
  },
})

interface Fault {
  message: string
  error: string
}

const OWNERS =
  /^fastapi\.(FastAPI|APIRouter)\(\)\.(get|put|post|delete|options|head|patch|trace|api_route|add_api_route|websocket|add_api_websocket_route|include_router)$/

function faultOf(project: Project, given: Value): Fault | undefined {
  if (given.is === "sequence") {
    for (const item of given.items) {
      const fault = faultOfItem(project, item)
      if (fault) return fault
    }
    return undefined
  }
  const isNoList = isDepends(given) || given.is === "function" || given.is === "class" || (given.is === "literal" && !isNone(given))
  return isNoList ? { message: `${quote("dependencies")} is no list`, error: "a TypeError" } : undefined
}

function faultOfItem(project: Project, item: Value): Fault | undefined {
  if (isDepends(item)) {
    const callable = item.built.positional[0] ?? item.built.keywords.get("dependency")
    if (item.built.open || (callable && !isNone(callable))) return undefined
    return { message: `A ${quote("Depends()")} in ${quote("dependencies")} names no dependency`, error: "an AssertionError" }
  }
  const name = nameOf(project, item)
  return name === undefined
    ? undefined
    : { message: `${name} stands in ${quote("dependencies")} without ${quote("Depends")}`, error: "an AttributeError" }
}

function nameOf(project: Project, item: Value): string | undefined {
  if (item.is === "function") return item.def.kind === "Lambda" ? "A lambda" : quote(item.def.name)
  if (item.is === "class") return quote(item.def.name)
  if (item.is === "external" && isScheme(project, item)) return "A security scheme"
  if (item.is === "text") return "A text"
  return item.is === "literal" ? "A plain value" : undefined
}

/** When FastAPI comes to read the list; undefined if perhaps never. */
function whenRaised({ versions }: Project, call: LibraryCall): string | undefined {
  if (!call.name.endsWith(".include_router")) return AT_IMPORT
  const child = routerOf(call.keywords.get("router") ?? call.positional[0])
  if (!child || !addsRoutes(child)) return undefined
  return versions.atLeast("fastapi", "0.137.0") ? "on every request that reaches the router" : AT_IMPORT
}

const AT_IMPORT = "when the module is imported"

const isTried = ({ calls }: Project, { path, start }: Place): boolean =>
  calls.some((call) => call.isGuarded && call.at.path === path && call.at.start === start)

const addsRoutes = ({ entries }: Router): boolean =>
  entries.some((entry) => entry.is === "route" && !entry.route.maybe && entry.route.kind !== "route" && entry.route.kind !== "socket")

const found = (at: Place, { message, error }: Fault, when: string): Finding => ({
  at,
  message: `${message}: ${error} ${when}`,
  discriminator: "dependencies",
})
