import {
  catchesAll,
  type ExceptHandler,
  type Expr,
  functionAround,
  functionAt,
  type Node,
  type PyFile,
  routeNames,
  rule,
  type Span,
  type Try,
} from "#rule"

export default rule({
  summary: "An unexpected exception answered without being logged",
  why: `
The client gets "something went wrong", and nobody else gets anything: neither the log nor the monitoring knows what
went wrong. The next question will be asked by a customer, with no way to answer it.
`,
  help: "Write it to the log with `logger.exception`, or let it go: FastAPI answers 500 and the server logs the traceback",
  concern: "maintainability",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/",
  equivalents: ["BLE001"],
  exemptions: [
    "handlers that log, print, report or re-raise, or hand the exception to another function",
    "handlers that show the exception to the client: that is `errors/exception-detail-leak`",
    "a text that makes no sense, and is refused with a 4xx",
    "what a helper returns instead: its caller decides",
    "items of a loop, health checks, and plain answers such as `return None`, which `errors/silent-except` judges",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()

        def charge(order_id: int): ...

        @app.post("/orders/{order_id}/pay")
        def pay(order_id: int):
            try:
                charge(order_id)
            except Exception: # expect: Whatever fails here is answered to the client of \`POST /orders/{order_id}/pay\` and never logged
                raise HTTPException(status_code=500, detail="Payment failed")
      `,
      good: `
        import logging
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        logger = logging.getLogger(__name__)

        def charge(order_id: int): ...

        @app.post("/orders/{order_id}/pay")
        def pay(order_id: int):
            try:
                charge(order_id)
            except Exception as error:
                logger.exception("Payment of %s failed", order_id)
                raise HTTPException(status_code=500, detail="Payment failed") from error
      `,
    },
  ],

  notes(file) {
    const mute = [...muteHandlers(file)]
    return mute.length > 0 ? mute : undefined
  },

  *project(project, _options, notes: { path: string; notes: Mute[] }[]) {
    const endpoints = new Set(project.routes.flatMap(({ endpoint }) => endpoint ?? []))
    for (const { path, notes: all } of notes) {
      for (const { def, start, end, isResponse } of all) {
        const fn = functionAt(project, path, def)
        if (!fn || project.reach.running(fn) !== "request") continue
        // What a helper falls back on is no answer to a client.
        if (!isResponse && !endpoints.has(fn)) continue
        const routes = project.reach.routesTo(fn)
        const to = routeNames(routes)
        yield {
          at: { path, start, end },
          message: `Whatever fails here is answered to the client${to ? ` of ${to}` : ""} and never logged`,
          routes,
          scope: fn.id,
          discriminator: fn.name,
        }
      }
    }
  },
})

/** A handler with an answer and no word for the log, at its `except` line. */
interface Mute extends Span {
  /** Where the name of its function begins. */
  def: number
  /** It raises an `HTTPException` or builds a response: an answer wherever it stands. */
  isResponse: boolean
}

const HEALTH = /health|ready|alive|liveness|ping|probe/i

/** What a handler may do and still have said nothing. */
const QUIET =
  /(HTTPException|HTTPError|Response|rollback|close|dict|list|str|int|url_for|Redirect\w*|template\w*|jsonable_encoder|error_response|fail_response)$/i

function* muteHandlers(file: PyFile): Generator<Mute> {
  for (const node of file.all("Try")) {
    const def = functionAround(node, file)
    if (!def || HEALTH.test(def.name) || isInLoop(node, file)) continue
    for (const handler of node.handlers) {
      if (!catchesAll(handler, file) || !isMute(handler, file) || (isRefusal(handler, file) && onlyParses(node, file))) continue
      const colon = file.text.indexOf(":", handler.type?.end ?? handler.start)
      const isResponse = handler.body.some((one) => one.kind === "Raise" || (one.kind === "Return" && isBuilt(one.value, file)))
      yield { def: def.name_span.start, isResponse, start: handler.start, end: colon < 0 ? handler.end : colon }
    }
  }
}

/** `raise HTTPException(400, "not valid base64")`: told to whoever sent it. */
const isRefusal = ({ body }: ExceptHandler, file: PyFile): boolean =>
  body.some((one) => one.kind === "Raise" && /\b4\d\d\b|BAD_REQUEST|UNPROCESSABLE/.test(file.source(one)))

/** Does the `try` only make sense of a text? What can go wrong there is that it has none. */
function onlyParses({ body }: Try, file: PyFile): boolean {
  const calls = body.flatMap((one) => [...file.walk(one)]).filter((node) => node.kind === "Call")
  return (
    calls.length > 0 &&
    calls.every((call) =>
      /(^|\.)(b64decode|urlsafe_b64decode|decode|encode|loads|UUID|int|float|str|fromisoformat|strptime|split|strip|replace|deepcopy|copy|b58decode)$/.test(
        file.source(call.func),
      ),
    )
  )
}

/** `return JSONResponse(...)`, `return error_response(...)`. */
function isBuilt(value: Expr | null, file: PyFile): boolean {
  const call = value?.kind === "Await" ? value.value : value
  return call?.kind === "Call" && /respon|redirect|template/i.test(file.source(call.func))
}

function isMute({ body, name }: ExceptHandler, file: PyFile): boolean {
  const last = body.at(-1)
  const answer = last?.kind === "Raise" ? last.exc : last?.kind === "Return" ? last.value : undefined
  const call = answer?.kind === "Await" ? answer.value : answer
  if (!last || !call || call.kind === "Constant" || call.kind === "Name") return false
  if (last.kind === "Raise" && !(call.kind === "Call" && /HTTP(Exception|Error)$/.test(file.source(call.func)))) return false
  if (last.kind === "Return" && call.kind !== "Call" && !(call.kind === "Dict" && call.keys.length > 0)) return false
  for (const statement of body) {
    for (const node of file.walk(statement)) {
      if (node.kind === "Raise" && node !== last) return false
      if (node.kind === "Call" && !QUIET.test(file.source(node.func))) return false
      if (node.kind === "Name" && node.id === name && !(last.kind === "Raise" && node === last.cause)) return false
    }
  }
  return true
}

function isInLoop(node: Node, file: PyFile): boolean {
  for (const outer of file.around(node)) {
    if (outer.kind === "For" || outer.kind === "AsyncFor" || outer.kind === "While") return true
    if (outer.kind === "FunctionDef" || outer.kind === "AsyncFunctionDef") return false
  }
  return false
}
