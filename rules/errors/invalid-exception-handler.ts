import {
  exceptionClass,
  type Fn,
  isHTTPException,
  isNone,
  knownNumber,
  type Place,
  type Project,
  quote,
  type RaiseEvent,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "An exception handler that fails itself",
  why: `
An exception handler is called with the request and the exception, and must return a response. What it returns is not made
into JSON as a route's answer is: a dictionary, or a forgotten \`return\`, ends in a 500. A handler for \`HTTPException\` that
always raises one again is a 500 too, and one for \`Exception\` that raises leaves the client with no answer at all.
`,
  help: "Return a `JSONResponse` (or another response) from the handler, on every way",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/#install-custom-exception-handlers",
  equivalents: [],
  exemptions: [
    "handlers of exceptions that only WebSockets meet, which may return nothing",
    "handlers that raise an `HTTPException` for an exception of another kind: FastAPI handles that one",
    "a handler for `HTTPException` that raises only for some of them",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException, Request

        app = FastAPI()

        class OutOfStock(Exception): ...

        @app.exception_handler(OutOfStock)
        def answer_out_of_stock(request: Request, error: OutOfStock):
            return {"detail": "Out of stock"} # expect: \`answer_out_of_stock\` returns no response, so the client gets a 500

        @app.exception_handler(HTTPException)
        async def hide(request: Request, error: HTTPException):
            raise HTTPException(status_code=404) # expect: \`hide\` handles \`HTTPException\` and raises it again, so the client gets a 500
      `,
      good: `
        from fastapi import FastAPI, HTTPException, Request
        from fastapi.responses import JSONResponse

        app = FastAPI()

        class OutOfStock(Exception): ...

        @app.exception_handler(OutOfStock)
        def answer_out_of_stock(request: Request, error: OutOfStock):
            return JSONResponse({"detail": "Out of stock"}, status_code=409)
      `,
    },
  ],

  *project(project) {
    const seen = new Set<string>()
    for (const app of project.apps) {
      for (const { exception, handler } of app.exceptionHandlers) {
        const fn = project.functionOf(handler)
        if (fn?.role !== "app" || fn.generator || fn.decorators.length > 0) continue
        const kind = kindOf(exception)
        if (kind !== undefined && /WebSocket/.test(kind)) continue
        for (const { at, message } of faultsOf(project, fn, kind)) {
          const key = `${at.path}:${at.start}`
          if (seen.has(key)) continue
          seen.add(key)
          yield { at, message, scope: fn.id, discriminator: kind ?? "" }
        }
      }
    }
  },
})

/** What it is for: the library's class that it handles, `500` included. */
function kindOf(exception: Value): string | undefined {
  if (knownNumber(exception) === 500) return "builtins.Exception"
  if (exception.is === "external") return exception.name
  // A class of the project is of a kind of its own, except where it is an HTTPException.
  const base = exception.is === "class" ? exceptionClass(exception) : undefined
  return base !== undefined && isHTTPException(base) ? base : undefined
}

function* faultsOf(project: Project, fn: Fn, kind: string | undefined): Generator<{ at: Place; message: string }> {
  const name = quote(fn.name)
  const free = fn.parameters
  const isOpen = free.some((parameter) => parameter.kind === "*args")
  const taken = free.filter((parameter) => parameter.kind === "positional" || parameter.kind === "positional-only")
  const needed = taken.filter((parameter) => !parameter.default)
  if (!fn.owner && (needed.length > 2 || (taken.length < 2 && !isOpen)))
    yield {
      at: fn.at,
      message: `${name} is called with the request and the exception, and takes ${needed.length > 2 ? needed.length : taken.length} arguments`,
    }
  const returns = fn.events.filter((event) => event.is === "return")
  for (const { at, value } of returns)
    if (project.isResponse(value) === false && isPlain(value))
      yield { at, message: `${name} returns no response, so the client gets a 500` }
  const raises = fn.events.filter((event): event is RaiseEvent => event.is === "raise")
  if (returns.length === 0 && raises.length === 0 && !fn.events.some((event) => event.within.some((around) => around.is === "try")))
    yield { at: fn.at, message: `${name} returns nothing, so the client gets a 500` }
  for (const { at, value, within } of raises) {
    if (within.length > 0) continue
    if (kind === "builtins.Exception")
      yield { at, message: `${name} handles ${quote("Exception")} and raises, so the client gets no answer` }
    else if (kind !== undefined && isHTTPException(kind) && value && isHTTPException(exceptionClass(value) ?? ""))
      yield { at, message: `${name} handles ${quote("HTTPException")} and raises it again, so the client gets a 500` }
  }
}

const isPlain = (value: Value): boolean =>
  value.is === "mapping" || value.is === "sequence" || value.is === "text" || value.is === "literal" || isNone(value)
