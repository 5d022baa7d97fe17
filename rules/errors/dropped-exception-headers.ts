import {
  exceptionClass,
  type Fn,
  isHTTPException,
  type Node,
  notedStarts,
  options,
  type Place,
  type Project,
  quote,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A handler for `HTTPException` that drops its headers",
  why: `
FastAPI's own handler sends \`exc.headers\` with the answer. A handler that builds a response without them drops what was to be
sent: \`WWW-Authenticate\`, which a 401 must have, \`Allow\` of a 405, \`Retry-After\` of a 429.
`,
  help: "Pass `headers=exc.headers` to the response",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/#add-custom-headers",
  equivalents: [],
  exemptions: ["a project in which no `HTTPException` has headers", "a handler that reads `headers`, or that hands the exception on"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException, Request
        from fastapi.responses import JSONResponse

        app = FastAPI()

        @app.exception_handler(HTTPException)
        async def answer(request: Request, exc: HTTPException):
            return JSONResponse({"error": exc.detail}, status_code=exc.status_code) # expect: \`answer\` drops the headers of the exception

        @app.get("/me")
        def read_me(token: str = ""):
            if not token:
                raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
            return {"me": token}
      `,
      good: `
        from fastapi import FastAPI, HTTPException, Request
        from fastapi.responses import JSONResponse

        app = FastAPI()

        @app.exception_handler(HTTPException)
        async def answer(request: Request, exc: HTTPException):
            return JSONResponse({"error": exc.detail}, status_code=exc.status_code, headers=exc.headers)

        @app.get("/me")
        def read_me(token: str = ""):
            if not token:
                raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
            return {"me": token}
      `,
    },
  ],

  notes(file) {
    if (!file.text.includes("exception_handler") && !file.text.includes("HTTPException")) return undefined
    const readers = file
      .all("FunctionDef", "AsyncFunctionDef")
      .flatMap((node) => ([...file.walk(node)].some(speaksOfHeaders) ? [node.name_span.start] : []))
    return readers.length > 0 ? readers : undefined
  },

  *project(project, _options, notes: { path: string; notes: number[] }[]) {
    const readsHeaders = notedStarts(notes)
    const evidence = headersRaised(project)
    if (!evidence) return
    const told = new Set<Fn>()
    for (const { exceptionHandlers } of project.apps) {
      for (const { exception, handler } of exceptionHandlers) {
        const fn = exception.is === "external" && isHTTPException(exception.name) ? project.functionOf(handler) : undefined
        if (!fn || told.has(fn) || fn.role !== "app" || readsHeaders(fn.at)) continue
        told.add(fn)
        const answers = fn.events.filter((event) => event.is === "return")
        const first = answers.find(({ value }) => options(value).some(hasItsStatus))
        if (!first || !answers.every(({ value }) => options(value).every((answer) => isBare(project, answer)))) continue
        yield {
          at: first.at,
          message: `${quote(fn.name)} drops the headers of the exception, ${evidence.what}`,
          related: [{ at: evidence.at, message: "they are given here" }],
          scope: fn.id,
        }
      }
    }
  },
})

const speaksOfHeaders = (node: Node): boolean =>
  (node.kind === "Attribute" && node.attr === "headers") ||
  (node.kind === "keyword" && (node.arg === "headers" || node.arg === null)) ||
  (node.kind === "Constant" && node.value === "headers")

/** A response that is built right there, without headers. */
const isBare = (project: Project, value: Value): boolean =>
  value.is === "external" &&
  project.isResponse(value) === true &&
  value.built !== undefined &&
  !value.built.open &&
  !value.built.keywords.has("headers") &&
  value.built.positional.length < 3

/** Does the answer take over the status of the exception, and so stand for it? */
function hasItsStatus(value: Value): boolean {
  const given = value.is === "external" ? (value.built?.keywords.get("status_code") ?? value.built?.positional[1]) : undefined
  return given?.is === "external" && given.name.endsWith(".status_code")
}

/** Schemes of FastAPI that have always refused with a header. */
const WITH_HEADER = /^fastapi\.security\.(OAuth2PasswordBearer|OAuth2AuthorizationCodeBearer|HTTPBasic)\(\)$/

/** Where an HTTPException gets headers: in the project, or in a scheme of FastAPI that it uses. */
function headersRaised(project: Project): { at: Place; what: string } | undefined {
  for (const { in: fn, event } of project.bodies.raises) {
    if (fn.role !== "app" || !event.value) continue
    for (const value of options(event.value)) {
      const given = value.is === "external" ? value.built?.keywords.get("headers") : undefined
      if (given?.is === "mapping" && given.entries.length > 0 && isHTTPException(exceptionClass(value) ?? ""))
        return { at: event.at, what: "which say how to go on" }
    }
  }
  for (const { dependencies } of project.routes) {
    const scheme = dependencies.find(({ value }) => value.is === "external" && WITH_HEADER.test(value.name))
    if (scheme) return { at: scheme.at, what: "such as the `WWW-Authenticate` of a 401" }
  }
  return undefined
}
