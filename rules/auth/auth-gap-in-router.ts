import {
  asksFor,
  type CallEvent,
  changesData,
  type Dependency,
  type Finding,
  type Fn,
  knownText,
  openRouteNotes,
  type Project,
  permissionsIn,
  publicWord,
  quote,
  type Route,
  type Router,
  rightsOf,
  routeName,
  rule,
  shownFields,
  unreadParameters,
  type Value,
} from "#rule"

export default rule({
  summary: "A route that asks for less than its neighbours do",
  why: `
When most routes of a router ask who is calling and one that reads the same data does not, or when one asks for a right
and the next only for a login, the one that asks for less is the way in. Such gaps come from copying a route and
forgetting its dependency, and no test fails for it.
`,
  help: "Give it the dependency of its neighbours, or put that into `dependencies=[...]` of the router",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: [],
  cwe: ["CWE-862", "CWE-306"],
  exemptions: [
    "routers of which less than three routes, or not most, ask who is calling, and those whose reads are all open",
    "routes that only answer a constant",
    "routes that are public by their name, and routes of which not all is known",
    "a route whose function looks at the caller or checks a right itself",
    "routes that change data and ask nobody: see `auth/unprotected-mutating-route`",
  ],
  examples: [
    {
      bad: `
        from fastapi import APIRouter, Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer

        router = APIRouter(prefix="/invoices")
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        @router.get("")
        def list_invoices(user: str = Depends(get_user)) -> list[int]:
            return []

        @router.post("")
        def create_invoice(user: str = Depends(get_user)) -> int:
            return 1

        @router.get("/open")
        def list_open(user: str = Depends(get_user)) -> list[int]:
            return []

        @router.get("/{invoice_id}") # expect: \`GET /invoices/{invoice_id}\` asks nobody who is calling, and 3 of the 4 routes of its router do
        def read_invoice(invoice_id: int) -> int:
            return load(invoice_id)

        def load(invoice_id: int) -> int:
            return invoice_id

        app = FastAPI()
        app.include_router(router)
      `,
      good: `
        from fastapi import APIRouter, Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer

        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        router = APIRouter(prefix="/invoices", dependencies=[Depends(get_user)])

        @router.get("")
        def list_invoices() -> list[int]:
            return []

        @router.get("/{invoice_id}")
        def read_invoice(invoice_id: int) -> int:
            return invoice_id

        app = FastAPI()
        app.include_router(router)
      `,
    },
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

        def get_admin(user: str = Depends(get_user)) -> str:
            if user != "root":
                raise HTTPException(403)
            return user

        @app.post("/roles", dependencies=[Depends(get_admin)])
        def create_role(name: str) -> str:
            return name

        @app.delete("/roles/{role_id}") # expect: \`DELETE /roles/{role_id}\` only asks who is calling, and \`POST /roles\` asks for \`get_admin\`
        def delete_role(role_id: int, user: str = Depends(get_user)) -> None:
            print(role_id)
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

        def get_admin(user: str = Depends(get_user)) -> str:
            if user != "root":
                raise HTTPException(403)
            return user

        @app.post("/roles", dependencies=[Depends(get_admin)])
        def create_role(name: str) -> str:
            return name

        @app.delete("/roles/{role_id}")
        def delete_role(role_id: int, user: str = Depends(get_admin)) -> None:
            print(role_id)
      `,
    },
  ],

  *project(project) {
    const told = new Set<Fn>()
    const routes = once(project)
    const protectedRoutes = routes.filter(({ auth }) => auth.answer === "yes").length
    const ofRouter = new Map<Router, Route[]>()
    for (const route of routes) {
      const others = ofRouter.get(route.own.router)
      if (others) others.push(route)
      else ofRouter.set(route.own.router, [route])
    }
    for (const route of routes) {
      const siblings = ofRouter.get(route.own.router) ?? []
      const found =
        openRead(project, route, siblings, protectedRoutes, routes) ??
        weakerGuard(project, route, siblings) ??
        rawRead(project, route, routes) ??
        readPermission(route, siblings)
      if (!found || !route.endpoint || told.has(route.endpoint)) continue
      told.add(route.endpoint)
      yield { at: route.at, routes: [route], scope: routeName(route).replaceAll("`", ""), discriminator: "gap", ...found }
    }
  },
})

type Found = Omit<Finding, "at">

/** Every registration once, with the first path it is served under. */
function once(project: Project): Route[] {
  const seen = new Set<Route["own"]>()
  return project.routes.filter(({ app, own, maybe, kind, methods, path, at }) => {
    if (!app || maybe || kind !== "api" || seen.has(own) || !methods.known || !path.known || project.role(at.path) !== "app") return false
    seen.add(own)
    return true
  })
}

const pathOf = ({ path }: Route): string => (path.known ? path.value : "")

// ---------------------------------------------------------------------------- reads that ask nobody

/** What says who somebody is, or how to reach them. */
const PERSONAL =
  /^(?:e_?mail(?:_address)?|phone(?:_?number)?|mobile|address|street|birth_?(?:day|date)|date_of_birth|ssn|tax_id|iban|passport\w*)$/i

function openRead(project: Project, route: Route, siblings: Route[], protectedRoutes: number, routes: Route[]): Found | undefined {
  if (route.auth.answer !== "no" || changesData(route) || isPublic(route) || !(route.includeInSchema.known && route.includeInSchema.value))
    return undefined
  const guarded = siblings.filter(({ auth }) => auth.answer === "yes")
  const isOutlier = guarded.length >= 3 && guarded.length * 2 >= siblings.length && readsSomething(project, route)
  // Catalogues and articles are often read by everyone while only their owners change them.
  const readers = siblings.filter((other) => other !== route && !changesData(other) && other.auth.answer === "yes")
  if (isOutlier && readers.length >= 1) {
    const [example] = readers
    return {
      message: `${routeName(route)} asks nobody who is calling, and ${guarded.length} of the ${siblings.length} routes of its router do`,
      // Where several reads are open, that may be what the router is for.
      level: siblings.some((other) => other !== route && !changesData(other) && other.auth.answer === "no") ? "info" : "warning",
      ...(example?.auth.at && { related: [{ at: example.auth.at, message: `${routeName(example)} is protected here` }] }),
      notes: openRouteNotes(route, guarded),
    }
  }
  const own = routes.filter(({ app }) => app === route.app)
  const asking = own.filter(({ auth }) => auth.answer === "yes").length
  if (isForOperators(route) && asking >= 5 && asking * 2 > own.length && readsSomething(project, route))
    return {
      message: `${routeName(route)} asks nobody who is calling and shows what is for operators, and ${asking} of the ${own.length} routes of the application ask`,
    }
  const family = familyOf(route, routes)
  if (family && readsSomething(project, route)) {
    const [example] = family.others
    return {
      message: `${routeName(route)} asks nobody who is calling, and ${family.others.length === 2 ? "both" : `all ${family.others.length}`} other routes of ${quote(family.path)} do`,
      ...(example?.auth.at && { related: [{ at: example.auth.at, message: `${routeName(example)} is protected here` }] }),
    }
  }
  if (protectedRoutes === 0 || !route.response.type) return undefined
  const shown = shownFields(project, route.response.type).find(
    ({ field }) => PERSONAL.test(field.name) && /\bstr\b|Email|Phone/i.test(field.type.text),
  )
  if (!shown || !/\{[^}]+\}/.test(pathOf(route))) return undefined
  return {
    message: `${routeName(route)} asks nobody who is calling and shows ${quote(shown.path)} of ${quote(shown.model.def.name)}`,
    related: [{ at: shown.field.at, message: `${quote(shown.field.name)} is shown to everyone` }],
  }
}

/** `/logs`, `/logs-stream`, `/audit`, `/env`: what a server writes of itself, and of all its users. */
const isForOperators = (route: Route): boolean =>
  /^(?:logs|server[-_]logs?|logs?[-_](?:stream|tail|file|files|viewer)|(?:stream|tail)[-_]logs?|audit(?:[-_](?:log|logs|trail))?|env|environ|environment|environment[-_]variables|stack[-_]?traces?|tracebacks?|heap[-_]?dump|thread[-_]?dump)$/i.test(
    pathOf(route)
      .split("/")
      .findLast((word) => word !== "") ?? "",
  )

/**
 * The other routes under the path that a route stands directly below, where each of them asks and one of them reads:
 * `/reports` and `/reports/{key}` beside `/reports/summary`.
 */
function familyOf(route: Route, routes: Route[]): { path: string; others: Route[] } | undefined {
  const path = pathOf(route).replace(/\/[^/]+\/?$/, "")
  // What stands below a placeholder or a version only is no family.
  if (path === "" || path.endsWith("}") || /^(?:\/(?:api|rest|v\d+|internal|public))*$/i.test(path)) return undefined
  const others = routes.filter(
    (other) => other !== route && other.app === route.app && (pathOf(other) === path || pathOf(other).startsWith(`${path}/`)),
  )
  const isGuarded = others.length >= 2 && others.every(({ auth }) => auth.answer === "yes")
  return isGuarded && others.some((other) => !changesData(other)) ? { path, others } : undefined
}

/** An answer that is the same for everyone gives nothing away. */
const readsSomething = (project: Project, { endpoint }: Route): boolean =>
  endpoint?.events.some((event) => event.is === "call" && !isPhrase(project, event)) ?? false

/** `return success(200, "Cancelled")`: a response that is made of what stands in the code. */
const isPhrase = (project: Project, { positional, keywords, result, open }: CallEvent): boolean =>
  !open &&
  (positional.length + keywords.size > 0 || (result.is === "external" && /^(fastapi|starlette)\./.test(result.name))) &&
  project.isResponse(result) === true &&
  [...positional, ...keywords.values()].every(isFixed)

const isFixed = (value: Value): boolean =>
  value.is === "literal" ||
  knownText(value) !== undefined ||
  (value.is === "external" && /^(fastapi|starlette|http)\.[\w.]*$/.test(value.name))

const isPublic = (route: Route): boolean =>
  publicWord(pathOf(route), route.endpoint?.name) !== undefined || /setup|status|config|providers|public|info$/i.test(pathOf(route))

// ---------------------------------------------------------------------------- a login where others ask for a right

/** What a path is about: `roles` of `/users/{id}/roles/{role_id}`. */
const resourceOf = (route: Route): string | undefined =>
  pathOf(route)
    .split("/")
    .findLast((word) => word !== "" && !word.startsWith("{"))
    ?.toLowerCase()

function weakerGuard(project: Project, route: Route, siblings: Route[]): Found | undefined {
  if (route.auth.answer !== "yes" || route.auth.level !== "parameter" || !changesData(route)) return undefined
  if (!isCallerUnread(route) || rightsOf(project, route).asked !== "no") return undefined
  const resource = resourceOf(route)
  for (const other of siblings) {
    if (other === route || !changesData(other) || resourceOf(other) !== resource || isSweeping(other)) continue
    const rights = rightsOf(project, other)
    if (rights.asked !== "yes" || !("level" in rights.by)) continue
    const asks = nameOf(rights.by)
    return {
      message: `${routeName(route)} only asks who is calling, and ${routeName(other)} asks for ${quote(asks)}`,
      related: [{ at: rights.by.at, message: `${quote(asks)} is asked for here` }],
      discriminator: "right",
    }
  }
  return undefined
}

/** What the route itself asks for, not what the application asks of all. */
function ownRights(project: Project, { endpoint, isSignatureKnown, dependencies }: Route) {
  const own = dependencies.filter(({ level }) => level === "decorator" || level === "parameter")
  return rightsOf(project, { isSignatureKnown, dependencies: own, ...(endpoint && { endpoint }) })
}

/** `GET /config/raw` with a login, beside `POST /config/save` with a right: secrets that the plain read leaves out are in it. */
function rawRead(project: Project, route: Route, routes: Route[]): Found | undefined {
  const [, path] = /^(.*\/[\w-]+)\/(?:raw|unmasked|unredacted|secrets?|credentials|dump|env)\/?$/i.exec(pathOf(route)) ?? []
  if (path === undefined || changesData(route) || route.auth.answer !== "yes" || ownRights(project, route).asked !== "no") return undefined
  for (const other of routes) {
    if (other.app !== route.app || !changesData(other) || !(pathOf(other) === path || pathOf(other).startsWith(`${path}/`))) continue
    const rights = ownRights(project, other)
    if (rights.asked !== "yes" || !("level" in rights.by)) continue
    const asks = nameOf(rights.by)
    return {
      message: `${routeName(route)} only asks who is calling and shows all as it is, and ${routeName(other)} asks for ${quote(asks)}`,
      related: [{ at: rights.by.at, message: `${quote(asks)} is asked for here` }],
      discriminator: "raw",
    }
  }
  return undefined
}

/** `DELETE /orders` takes away all of them, which is another thing than one. */
const isSweeping = (route: Route): boolean => route.methods.known && route.methods.value.includes("DELETE") && !/\}\/?$/.test(pathOf(route))

const nameOf = ({ name, call, value }: Dependency): string =>
  permissionsIn(value)[0] ??
  (call?.qualname ?? name ?? "a right")
    .replace(/\.__call__$/, "")
    .replace(/\.<locals>\..*$/, "")
    .split(/[:]/)
    .at(-1) ??
  "a right"

/** Is the caller asked for as a parameter that the function never looks at? */
function isCallerUnread({ endpoint, asks, auth }: Route): boolean {
  if (!endpoint || endpoint.decorators.length > 0) return false
  const unread = new Set(unreadParameters(endpoint).map(({ name }) => name))
  const carriers = asks.filter((ask) => ask.level === "parameter" && asksFor(ask, auth.by))
  return carriers.length > 0 && carriers.every(({ param }) => param !== undefined && unread.has(param))
}

// ---------------------------------------------------------------------------- the right to read, to delete with

const READING = /(?:^|[:._-])(?:list|read|view|query|get)$/i

/** A `DELETE`, `PUT` or `PATCH` that is content with the right by which others only read. */
function readPermission(route: Route, siblings: Route[]): Found | undefined {
  if (!route.methods.known || !route.methods.value.every((method) => /^(?:DELETE|PUT|PATCH)$/.test(method))) return undefined
  const asked = permissionsOf(route)
  const [right] = asked
  if (right === undefined || !asked.every((one) => READING.test(one))) return undefined
  const reader = siblings.find((other) => !changesData(other) && permissionsOf(other).includes(right))
  if (!reader) return undefined
  return {
    message: `${routeName(route)} asks for ${quote(right)}, the right with which ${routeName(reader)} only reads`,
    help: "Ask for a right of its own",
    discriminator: right,
  }
}

const permissionsOf = ({ dependencies }: Route): string[] =>
  dependencies.flatMap(({ value, scopes }) => [...permissionsIn(value), ...scopes.filter((scope) => /[:.]/.test(scope))])
