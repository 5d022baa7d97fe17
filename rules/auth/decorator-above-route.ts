import { type Fn, type FunctionValue, options, type Project, quote, type Route, routeName, rule, type Value } from "#rule"

export default rule({
  summary: "A decorator above the route, which no request passes",
  why: `
Decorators work from the bottom up. \`@app.get\` registers the function that it gets and hands it on unchanged; what stands
above it wraps that function under its name in the module, which no request asks for. A check of permissions, a limit or a
cache there does nothing, and nothing fails.
`,
  help: "Put the decorator below the route",
  concern: "security",
  level: "error",
  docs: "https://docs.python.org/3/reference/compound_stmts.html#function-definitions",
  equivalents: [],
  cwe: ["CWE-862"],
  exemptions: ["other routes on the same function", "decorators that give back the function they got, or of which that is not known"],
  examples: [
    {
      bad: `
        from functools import wraps
        from fastapi import FastAPI, HTTPException, Request

        app = FastAPI()

        def require_admin(endpoint):
            @wraps(endpoint)
            async def guarded(request: Request):
                if request.headers.get("x-role") != "admin":
                    raise HTTPException(403)
                return await endpoint(request)
            return guarded

        @require_admin # expect: \`require_admin\` stands above the route, so \`DELETE /users\` never passes it
        @app.delete("/users")
        async def delete_users(request: Request):
            return {"deleted": True}
      `,
      good: `
        from functools import wraps
        from fastapi import FastAPI, HTTPException, Request

        app = FastAPI()

        def require_admin(endpoint):
            @wraps(endpoint)
            async def guarded(request: Request):
                if request.headers.get("x-role") != "admin":
                    raise HTTPException(403)
                return await endpoint(request)
            return guarded

        @app.delete("/users")
        @require_admin
        async def delete_users(request: Request):
            return {"deleted": True}
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      const { endpoint, own } = route
      if (endpoint?.role !== "app") continue
      const all = endpoint.value.decoratedBy ?? []
      const place = all.findIndex(({ at }) => at.path === own.at.path && at.start === own.at.start)
      for (const { value, at } of all.slice(0, Math.max(0, place))) {
        const wraps = wrapperOf(project, value)
        if (!wraps || told.has(`${at.path}:${at.start}`)) continue
        told.add(`${at.path}:${at.start}`)
        yield {
          at,
          message: `${quote(wraps.name)} stands above the route, so ${routeName(route)} never passes it`,
          level: wraps.refuses ? "error" : wraps.name === "deprecated" ? "info" : "warning",
          related: [{ at: own.at, message: "the route is registered here, with the function below" }],
          routes: routesOf(project, route),
          scope: endpoint.id,
          discriminator: wraps.name,
        }
      }
    }
  },
})

const routesOf = ({ routes }: Project, { own }: Route): Route[] => routes.filter((route) => route.own === own)

/** A decorator that certainly puts something around the function. Does it refuse calls? */
function wrapperOf(project: Project, value: Value): { name: string; refuses: boolean } | undefined {
  if (value.is === "external") {
    const name = value.name.replaceAll("()", "")
    const known = WRAPPERS.exec(name)
    return known ? { name: name.split(".").slice(-2).join("."), refuses: REFUSING.test(name) } : undefined
  }
  if (value.is !== "function" || value.def.kind === "Lambda") return undefined
  const wrappers = options(project.player.summary(value).returns)
  const isWrapping = wrappers.length > 0 && wrappers.every((wrapper) => wrapper.is === "function" && isInside(wrapper, value))
  if (!isWrapping) return undefined
  const name = outerName(value)
  const refuses = REFUSING.test(name) || wrappers.some((wrapper) => wrapper.is === "function" && raises(project.functionOf(wrapper)))
  return { name, refuses }
}

const isInside = (wrapper: FunctionValue, decorator: FunctionValue): boolean =>
  wrapper.module === decorator.module && wrapper.def.start > decorator.def.start && wrapper.def.end <= decorator.def.end

/** `limited` of `limited.<locals>.decorate`, which is what `@limited(5)` gives. */
const outerName = ({ qualname }: FunctionValue): string => qualname.split(".<locals>.")[0] as string

const raises = (fn: Fn | undefined): boolean => fn?.events.some(({ is }) => is === "raise") ?? false

const REFUSING = /auth|limit|permi|role|requir|login|guard|admin|scope|access|protect|allow|check|verif/i

/** Decorators of libraries that put something around a function, and do nothing else that a request would meet. */
const WRAPPERS =
  /^(slowapi\.Limiter\.(limit|shared_limit)|fastapi_cache\.decorator\.cache|functools\.(lru_)?cache|cachetools\.(cached|func\.\w+)|tenacity\.retry|backoff\.on_(exception|predicate)|dependency_injector\.wiring\.inject|starlette\.authentication\.requires|aiocache\.(cached|cached_stampede)|fastapi_limiter\.\w+|ratelimit\.\w+|async_lru\.alru_cache)$/
