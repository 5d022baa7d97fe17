import {
  type Dependency,
  type Finding,
  type Fn,
  isScheme,
  knownBoolean,
  type Project,
  quote,
  type Route,
  routeName,
  routeNames,
  rule,
  unreadParameters,
} from "#rule"

export default rule({
  summary: "A credential that is asked for and that nobody checks",
  why: `
\`OAuth2PasswordBearer\`, \`HTTPBearer\` and the others take a credential out of the request and show a lock in the
documentation. They verify nothing: \`Authorization: Bearer anything\` passes, and with \`auto_error=False\` no header at
all. The lock makes everyone believe that the route is closed.
`,
  help: "Depend on a function that takes the credential, verifies it and raises 401",
  concern: "security",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/security/get-current-user/",
  equivalents: [],
  cwe: ["CWE-287", "CWE-306"],
  exemptions: [
    "the credential is read by the function or by another dependency",
    "something else asks who is calling, or may: a dependency, a middleware, a decorator",
    "a gateway that verifies: name the scheme in `auth.dependencies` of the configuration",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI, Header
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        @app.get("/orders")
        def read_orders(token: str = Depends(scheme)) -> list[int]: # expect: Any value passes: \`OAuth2PasswordBearer\` only reads a credential, and nothing checks it for \`GET /orders\`
            return []

        @app.delete("/orders/{order_id}")
        def delete_order(order_id: int, x_api_key: str = Header()) -> None: # expect: Any value passes: \`DELETE /orders/{order_id}\` takes \`x_api_key\` and never looks at it
            print(order_id)
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

        @app.get("/orders")
        def read_orders(user: str = Depends(get_user)) -> list[int]:
            return []

        @app.get("/token-length")
        def length(token: str = Depends(scheme)) -> int:
            return len(token)
      `,
    },
  ],

  *project(project) {
    const byPlace = new Map<string, { scheme: Dependency; routes: Route[] }>()
    for (const route of project.routes) {
      const scheme = route.app && project.role(route.at.path) === "app" ? uncheckedScheme(project, route) : undefined
      if (!scheme) continue
      const key = `${scheme.at.path}:${scheme.at.start}`
      const group = byPlace.get(key) ?? { scheme, routes: [] }
      group.routes.push(route)
      byPlace.set(key, group)
    }
    for (const { scheme, routes } of byPlace.values()) yield finding(scheme, routes)
    yield* ignoredCredentials(project)
  },
})

const CREDENTIAL =
  /^(?:auth|authorization|authentication|auth_request|credentials?|(?:x_)?(?:api|auth|access|admin|secret)_?(?:key|token)|apikey|(?:access_|auth_|admin_)?token|x_token|secret(?:_key)?|signature|x_signature)$/i

/** What a function takes as proof and never mentions, where nothing else asks who is calling. */
function* ignoredCredentials(project: Project): Generator<Finding> {
  const told = new Set<Fn>()
  for (const route of project.routes) {
    const { endpoint, auth, app, ownParams } = route
    if (!endpoint || !app || told.has(endpoint) || endpoint.role !== "app" || endpoint.decorators.length > 0 || auth.isSaidPublic) continue
    // The function that takes it is then all that may ask.
    if (auth.answer === "yes" || (auth.answer === "unknown" && auth.by !== endpoint.id)) continue
    told.add(endpoint)
    for (const { name, at } of unreadParameters(endpoint)) {
      const param = ownParams.find((one) => one.name === name && one.declaredBy === endpoint)
      if (!param || !CREDENTIAL.test(name) || !/^(?:header|cookie|body|query|form)$/.test(param.in)) continue
      yield {
        at,
        message: `Any value passes: ${routeName(route)} takes ${quote(name)} and never looks at it`,
        help: "Verify it, and refuse with 401 what does not fit",
        routes: [route],
        scope: endpoint.id,
        discriminator: name,
      }
    }
  }
}

/** The scheme that is all there is between the world and the route. */
function uncheckedScheme(project: Project, { auth, asks, endpoint, dependencies, isSignatureKnown, own }: Route): Dependency | undefined {
  if (auth.answer !== "unknown" || auth.isSaidPublic || !endpoint || !isSignatureKnown || endpoint.decorators.length > 0) return undefined
  const schemes = asks.filter(({ value, call }) => !call && isScheme(project, value))
  const [scheme] = schemes
  if (!scheme) return undefined
  // What else may check: a middleware, or another dependency that takes the same credential.
  const unread = new Set(unreadParameters(endpoint).map(({ name }) => name))
  if (schemes.some(({ param }) => param !== undefined && !unread.has(param))) return undefined
  if (
    dependencies.some((one) => !schemes.includes(one) && (one.dependencies.some(({ value }) => isScheme(project, value)) || mayCheck(one)))
  )
    return undefined
  if (own.router.kind === "router" && own.built.keywords.has("route_class")) return undefined
  return mayCheckBefore(project) ? undefined : scheme
}

const mayCheck = ({ name, call, value }: Dependency): boolean =>
  value.is === "unknown" || /auth|user|token|permission|guard|verif|key|secur|login|session_id/i.test(name ?? call?.id ?? "")

/** A middleware of any app may check what the scheme reads: by its name, or because it is not known. */
const mayCheckBefore = ({ apps }: Project): boolean =>
  apps.some(({ middleware }) =>
    middleware.some(({ value, name }) => {
      const called =
        name ?? (value.is === "class" || value.is === "function" ? value.qualname : value.is === "external" ? value.name : undefined)
      return called === undefined || /auth|token|login|jwt|security|permission/i.test(called)
    }),
  )

function finding(scheme: Dependency, routes: Route[]): Finding {
  const { value } = scheme
  const name =
    value.is === "external" ? value.name.replace(/\(\)$/, "").split(".").at(-1) : value.is === "instance" ? value.of.def.name : "the scheme"
  const built = value.is === "external" || value.is === "instance" ? value.built : undefined
  const isLax = knownBoolean(built?.keywords.get("auto_error")) === false
  return {
    at: scheme.at,
    message: `${isLax ? "Everyone passes, with a credential or without" : "Any value passes"}: ${quote(name ?? "")} only reads a credential, and nothing checks it for ${routeNames(routes)}`,
    routes,
    scope: routes[0]?.endpoint?.id ?? "app",
    discriminator: name ?? "scheme",
  }
}
