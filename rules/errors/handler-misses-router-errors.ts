import { quote, rule, type Value } from "#rule"

export default rule({
  summary: "An error format that unknown paths do not get",
  why: `
\`fastapi.HTTPException\` is a subclass of Starlette's, and the router raises Starlette's own when no path or no method
matches. A handler for FastAPI's class never sees those: the 404 of a mistyped path and every 405 keep their default body,
so clients have to know two formats.
`,
  help: "Register the handler for `starlette.exceptions.HTTPException`, which covers both",
  concern: "correctness",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/#fastapis-httpexception-vs-starlettes-httpexception",
  equivalents: [],
  exemptions: ["apps with a handler for Starlette's class too, or for the statuses 404 and 405"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException, Request
        from fastapi.responses import JSONResponse

        app = FastAPI()

        @app.exception_handler(HTTPException)
        async def answer(request: Request, error: HTTPException): # expect: \`answer\` does not handle the router's own 404 and 405
            return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)
      `,
      good: `
        from fastapi import FastAPI, Request
        from fastapi.responses import JSONResponse
        from starlette.exceptions import HTTPException

        app = FastAPI()

        @app.exception_handler(HTTPException)
        async def answer(request: Request, error: HTTPException):
            return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)
      `,
    },
  ],

  *project(project) {
    for (const app of project.apps) {
      const all = app.exceptionHandlers
      if (all.some(({ exception }) => isKind(exception, "starlette.exceptions.HTTPException") || isStatus(exception))) continue
      if (all.some(({ exception }) => exception.is === "unknown")) continue
      for (const { exception, handler, at } of all) {
        if (!isKind(exception, "fastapi.HTTPException")) continue
        const fn = project.functionOf(handler)
        if (fn && fn.role !== "app") continue
        yield {
          at: fn?.at ?? at,
          message: `${quote(fn?.name ?? "This handler")} does not handle the router's own 404 and 405, which are raised as Starlette's ${quote("HTTPException")}`,
          scope: fn?.id ?? "",
          discriminator: "router errors",
        }
      }
    }
  },
})

const isKind = (exception: Value, name: string): boolean => exception.is === "external" && exception.name === name

const isStatus = (exception: Value): boolean =>
  exception.is === "external"
    ? /HTTP_40[45]/.test(exception.name)
    : exception.is === "literal" && (exception.value === 404 || exception.value === 405)
