import {
  type App,
  catchesHTTPError,
  type Escape,
  type Finding,
  type Fn,
  HTTPErrors,
  isKindOf,
  knownNumber,
  type Project,
  quote,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "An `HTTPException` that leaves a middleware",
  why: `
FastAPI turns an \`HTTPException\` into its answer further inside: middleware stands around that place. One that a middleware
raises itself goes past it, and the client gets a 500 instead of the status that was meant.
`,
  help: "Return a response: `return JSONResponse({...}, status_code=401)`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/middleware/",
  equivalents: [],
  exemptions: [
    "an exception that the middleware, or one around it, catches",
    "an app with a handler for `Exception` that tells exceptions apart",
    "what the routes raise behind `call_next`",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException, Request

        app = FastAPI()

        @app.middleware("http")
        async def check_key(request: Request, call_next):
            if "x-key" not in request.headers:
                raise HTTPException(401) # expect: leaves the middleware \`check_key\`: the client gets a 500
            return await call_next(request)
      `,
      good: `
        from fastapi import FastAPI, Request
        from fastapi.responses import JSONResponse

        app = FastAPI()

        @app.middleware("http")
        async def check_key(request: Request, call_next):
            if "x-key" not in request.headers:
                return JSONResponse({"detail": "Not authenticated"}, status_code=401)
            return await call_next(request)
      `,
    },
  ],

  *project(project) {
    const errors = new HTTPErrors()
    const told = new Set<Fn>()
    for (const app of project.apps) {
      if (answersItself(project, app)) continue
      for (const [i, { value }] of app.middleware.entries()) {
        const fn = bodyOf(project, value)
        if (!fn || told.has(fn) || fn.role !== "app") continue
        if (app.middleware.slice(0, i).some((outer) => mayCatch(project, outer.value))) continue
        told.add(fn)
        for (const leaving of errors.leaving(fn, 3)) yield finding(fn, leaving)
      }
    }
  },
})

function finding(fn: Fn, { raised, calls, in: where }: Escape): Finding {
  const [first] = calls
  const { value } = raised
  const given = value?.is === "external" || value?.is === "instance" ? value.built : undefined
  const status = knownNumber(given?.keywords.get("status_code") ?? given?.positional[0])
  const what = status === undefined ? `The ${quote("HTTPException")}` : `The ${status}`
  const middleware = fn.owner && ["dispatch", "__call__"].includes(fn.name) ? fn.owner.def.name : fn.name
  return {
    at: first?.event.at ?? raised.at,
    message: `${what}${first ? ` that ${quote(where.name)} raises` : ""} leaves the middleware ${quote(middleware)}: the client gets a 500`,
    trace: [
      ...calls.map((call, i) => ({
        at: call.event.at,
        message: `calls ${quote(calls[i + 1]?.in.name ?? where.name)}`,
        symbol: call.in.name,
      })),
      { at: raised.at, message: `raises ${status ?? "the exception"}`, symbol: where.name },
    ],
    scope: fn.id,
    discriminator: String(status ?? where.name),
  }
}

/** The function that a middleware runs for a request: `dispatch`, a plain ASGI `__call__`, or itself. */
function bodyOf(project: Project, value: Value): Fn | undefined {
  if (value.is === "function") return project.functionOf(value)
  const of = value.is === "class" ? value : value.is === "instance" ? value.of : undefined
  const method = of && (project.player.methodOf(of, "dispatch") ?? project.player.methodOf(of, "__call__"))
  return method && of && project.functionOf({ ...method, self: project.player.prototype(of) })
}

/** May a middleware further out catch what those inside raise? */
function mayCatch(project: Project, value: Value): boolean {
  if (value.is === "unknown" || value.is === "either") return true
  const fn = bodyOf(project, value)
  return (
    fn?.events.some((event) =>
      event.within.some((around) => around.is === "try" && around.handlers.some((handler) => catchesHTTPError(handler) !== "no")),
    ) ?? false
  )
}

/** A handler for `Exception` is the outermost of all, and one that looks closer may give the right answer. */
function answersItself(project: Project, app: App): boolean {
  return app.exceptionHandlers.some(({ exception, handler }) => {
    const isLast = knownNumber(exception) === 500 || isKindOf(exception, "builtins.BaseException") || exception.is === "unknown"
    if (!isLast || (exception.is === "external" && !/^builtins\.(Base)?Exception$/.test(exception.name))) return false
    const fn = project.functionOf(handler)
    return !fn || fn.events.some((event) => event.is === "call" && (event.fn !== undefined || LOOKS_CLOSER.test(event.name ?? "")))
  })
}

const LOOKS_CLOSER = /^builtins\.(isinstance|getattr|hasattr)$|http_exception_handler$/
