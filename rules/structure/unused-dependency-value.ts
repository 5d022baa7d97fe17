import {
  asksFor,
  type Dependency,
  type Finding,
  type Fn,
  type Place,
  type Project,
  plural,
  quote,
  type Route,
  rule,
  unreadParameters,
} from "#rule"

export default rule({
  summary: "A dependency whose value is never used",
  why: `
A parameter that nothing reads makes the reader look for its use, and a linter for Python will have it removed, guard and
all. A dependency that is wanted for what it does belongs into \`dependencies=[...]\` of the decorator; one that is wanted
for nothing, a session say, costs a connection for every request.
`,
  help: "Move it to `dependencies=[Depends(...)]` of the route, or remove it",
  concern: "simplicity",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-in-path-operation-decorators/",
  equivalents: ["ARG001"],
  exemptions: [
    "parameters that begin with an underscore",
    "functions that are decorated, called by other code, or read their parameters another way (`locals()`)",
    "methods that override another, and functions that do nothing yet",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        @app.get("/orders")
        def read_orders(user: str = Depends(get_user)) -> list[int]: # expect: \`user\` is never read: \`get_user\` only guards the route
            return [1]
      `,
      good: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        @app.get("/orders", dependencies=[Depends(get_user)])
        def read_orders() -> list[int]:
            return [1]

        @app.get("/invoices")
        def read_invoices(_user: str = Depends(get_user)) -> list[int]:
            return [1]
      `,
    },
  ],

  *project(project) {
    const byFile = new Map<string, Unused[]>()
    const told = new Set<Fn>()
    for (const route of project.routes) {
      const { endpoint } = route
      if (!endpoint || told.has(endpoint) || endpoint.role !== "app" || !route.app) continue
      told.add(endpoint)
      if (isUsedOtherwise(project, route, endpoint)) continue
      for (const { name, at } of unreadParameters(endpoint)) {
        const asked = route.asks.find(({ level, param }) => level === "parameter" && param === name)
        if (asked && !name.startsWith("_")) byFile.set(at.path, [...(byFile.get(at.path) ?? []), { route, asked, name, at }])
      }
    }
    for (const unused of byFile.values()) {
      if (unused.length > MANY) yield gathered(unused)
      else for (const one of unused) yield finding(one)
    }
  },
})

interface Unused {
  route: Route
  asked: Dependency
  name: string
  at: Place
}

/** From here on those of a file are told together: it is how the file is written. */
const MANY = 4

function gathered(unused: Unused[]): Finding {
  const [first, ...others] = unused as [Unused, ...Unused[]]
  return {
    ...finding(first),
    message: `${quote(first.name)} and ${plural(others.length, "other dependency value")} of this file are never read`,
    help: "Move what guards to `dependencies=[...]` of the router or the routes, and remove the rest",
    related: others.slice(0, 10).map(({ name, at }) => ({ at, message: `${quote(name)} is never read` })),
    routes: unused.map(({ route }) => route),
    scope: first.at.path,
    discriminator: "file",
  }
}

function finding({ route, asked, name, at }: Unused): Finding {
  const called = (asked.name ?? asked.call?.qualname ?? "").replaceAll("()", "").split(/[.:]/).at(-1) ?? ""
  const guards = route.auth.by !== undefined && asksFor(asked, route.auth.by) && route.auth.answer === "yes"
  return {
    at,
    message: `${quote(name)} is never read${guards && isTelling(called) ? `: ${quote(called)} only guards the route` : ""}`,
    help: guards
      ? `Move it to ${quote("dependencies=[Depends(...)]")} of the route`
      : "Remove it, or move it to `dependencies=[Depends(...)]` if it is wanted for what it does",
    routes: [route],
    scope: route.endpoint?.id ?? "",
    discriminator: name,
  }
}

/** The name of a function inside another, or of machinery, tells nobody anything. */
const isTelling = (name: string): boolean => name !== "" && !/^_|^(?:dependency|dep|wrapper|inner|check|checker|__call__)$/.test(name)

/** Something else may need the parameter: a decorator, a caller, the method that it overrides. */
const isUsedOtherwise = (project: Project, { own }: Route, endpoint: Fn): boolean =>
  endpoint.decorators.length > 0 ||
  (own.endpointValue.is === "function" && own.endpointValue.wraps !== undefined) ||
  endpoint.owner?.bases.some((base) => base.is !== "external") === true ||
  project.reach.callersOf(endpoint).length > 0
