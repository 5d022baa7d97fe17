import {
  catchesHTTPError,
  type Escape,
  type Event,
  endsAt,
  exceptionClass,
  type Finding,
  type Fn,
  type Handler,
  HTTPErrors,
  isHTTPError,
  isResponse,
  knownNumber,
  type Level,
  options,
  type Project,
  quote,
  routeNames,
  rule,
  statusOf,
  type Value,
} from "#rule"

export default rule({
  summary: "A broad `except` that swallows an `HTTPException`",
  why: `
\`HTTPException\` derives from \`Exception\`, so \`except Exception\` around the code that raises it catches it too. The
404 that was meant for the client becomes whatever the handler makes of a failure: a 500, or even a success.
`,
  help: "Put `except HTTPException: raise` before the broad handler, or raise outside the `try`",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/",
  equivalents: [],
  exemptions: [
    "an earlier handler that names `HTTPException`",
    "handlers that raise it again, ask `isinstance`, read its `status_code` or hand it to a function of the project",
    "handlers that answer with the status that was raised",
    "what a called function raises, where the handler gives no answer to a client: jobs, clean-up, helpers",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            try:
                if item_id not in items:
                    raise HTTPException(status_code=404, detail="Item not found")
                return items[item_id]
            except Exception: # expect: The 404 raised in this \`try\` of \`read_item\` is caught here and becomes a 500
                raise HTTPException(status_code=500, detail="Could not read the item")
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            try:
                if item_id not in items:
                    raise HTTPException(status_code=404, detail="Item not found")
                return items[item_id]
            except HTTPException:
                raise
            except Exception:
                raise HTTPException(status_code=500, detail="Could not read the item")
      `,
    },
  ],

  *project(project) {
    const errors = new HTTPErrors()
    for (const fn of project.bodies.handling.keys()) {
      if (fn.role !== "app" || ["elsewhere", "startup"].includes(project.reach.running(fn))) continue
      // A socket that is open has no status any more: it has to say in words what went wrong.
      const routes = project.reach.routesTo(fn)
      if (routes.length > 0 && routes.every(({ kind }) => kind === "websocket")) continue
      for (const [handler, escapes] of swallowed(fn, errors)) {
        const found = finding(project, fn, handler, escapes)
        if (found) yield found
      }
    }
  },
})

/** The HTTPExceptions of a function's own `try` bodies, by the broad handler that they end in. */
function swallowed(fn: Fn, errors: HTTPErrors): Map<Handler, Escape[]> {
  const found = new Map<Handler, Escape[]>()
  for (const event of fn.events) {
    if (event.is !== "raise" && event.is !== "call") continue
    if (!event.within.some((around) => around.is === "try")) continue
    const handler = endsAt(event.within)
    if (!handler || handler === "unknown" || handler.reraises !== "never" || catchesHTTPError(handler) !== "broad") continue
    const escapes = [...errors.raisedBy(event, fn, 2)]
    if (escapes.length > 0) found.set(handler, [...(found.get(handler) ?? []), ...escapes])
  }
  return found
}

function finding(project: Project, fn: Fn, handler: Handler, escapes: Escape[]): Finding | undefined {
  const inside = fn.events.filter((event) => event.within.some((around) => around.is === "handler" && around.handler === handler))
  if (inside.some((event) => looksCloser(event))) return undefined
  const outcome = outcomeOf(fn, inside, project)
  // What a called function raises is its own affair where no client is near: a job that logs and goes on.
  const near = outcome.isSeen ? escapes : escapes.filter(({ calls }) => calls.length === 0)
  const lost = near.filter(({ raised }) => !isSameAnswer(raised.value, outcome))
  const [first] = lost
  if (!first) return undefined
  const status = givenStatus(first.raised.value)
  const what = status === undefined ? quote("HTTPException") : String(status)
  const by = first.calls.length > 0 ? `by ${quote(first.in.name)}` : `in this ${quote("try")} of ${quote(fn.name)}`
  const routes = project.reach.routesTo(fn)
  return {
    at: handler.head,
    message: `The ${what} raised ${by} is caught here and ${outcome.becomes}`,
    level: outcome.level,
    trace: [
      ...first.calls.map((call, i) => ({
        at: call.event.at,
        message: `calls ${quote(first.calls[i + 1]?.in.name ?? first.in.name)}`,
        symbol: call.in.name,
      })),
      { at: first.raised.at, message: `raises ${status === undefined ? "the exception" : status}`, symbol: first.in.name },
    ],
    ...(lost.length > 1 && { related: lost.slice(1, 6).map(({ raised }) => ({ at: raised.at, message: "also lost" })) }),
    routes,
    scope: fn.id,
    discriminator: routeNames(routes) ? "except" : fn.name,
  }
}

/** Does the handler tell one exception from another? */
function looksCloser(event: Event): boolean {
  if (event.is === "raise") return !event.value || isCaught(event.value) || readsIt(event.value)
  if (event.is === "return" || event.is === "yield") return readsIt(event.value)
  const given = [...event.positional, ...event.keywords.values()]
  if (event.name === "builtins.isinstance" || event.name === "builtins.getattr" || event.name === "builtins.hasattr")
    return given.some(isCaught)
  if (given.some(readsIt)) return true
  // A function of the project, or one that is not known, may tell them apart.
  return event.name === undefined && given.some(isCaught)
}

const isCaught = (value: Value): boolean =>
  options(value).some((option) => option.is === "external" && option.caught !== undefined && option.self === undefined)

/** `error.status_code`, `error.detail`: what only an HTTPException has. */
function readsIt(value: Value, depth = 0): boolean {
  if (depth > 4) return false
  switch (value.is) {
    case "external":
      return (
        (value.self?.is === "external" && value.self.caught !== undefined && /\.(status_code|detail|headers)\b/.test(value.name)) ||
        [...(value.built?.positional ?? []), ...(value.built?.keywords.values() ?? [])].some((part) => readsIt(part, depth + 1))
      )
    case "text":
      return value.parts.some((part) => typeof part !== "string" && readsIt(part, depth + 1))
    case "sequence":
      return value.items.some((item) => readsIt(item, depth + 1))
    case "mapping":
      return value.entries.some(([, item]) => readsIt(item, depth + 1))
    case "either":
      return value.options.some((option) => readsIt(option, depth + 1))
    default:
      return false
  }
}

/** The status that was raised, or the class of the project that stands for one. */
function isSameAnswer(raised: Value | undefined, { status, kind }: Outcome): boolean {
  const given = givenStatus(raised)
  return given === undefined || status === undefined
    ? kind !== undefined && raised !== undefined && className(raised) === kind && kind !== "HTTPException"
    : given === status
}

interface Outcome {
  becomes: string
  level: Level
  /** Ends in an answer to the client. */
  isSeen: boolean
  status?: number
  /** The class of the exception that is raised instead. */
  kind?: string
}

/** What the client gets to see in place of the status that was meant. */
function outcomeOf(fn: Fn, inside: Event[], project: Project): Outcome {
  const raised = inside.findLast((event) => event.is === "raise")
  if (raised?.is === "raise" && raised.value) {
    const status = givenStatus(raised.value)
    if (status !== undefined)
      return { becomes: `becomes ${article(status)} ${status}`, level: status >= 500 ? "error" : "warning", isSeen: true, status }
    const name = className(raised.value)
    if (isHTTPError(raised.value)) return { becomes: "becomes another one", level: "warning", isSeen: true, ...(name && { kind: name }) }
    return {
      becomes: name ? `becomes ${/^[AEIOU]/.test(name) ? "an" : "a"} ${quote(name)}` : "becomes another exception",
      level: "warning",
      isSeen: false,
    }
  }
  const isEndpoint = project.routes.some((route) => route.endpoint === fn)
  const returned = inside.findLast((event) => event.is === "return")
  if (returned?.is === "return" && isEndpoint) return answered(returned.value)
  return { becomes: "goes no further", level: "warning", isSeen: false }
}

/** A plain value is sent with the status of the route; a Response says its own. */
function answered(value: Value): Outcome {
  const isSeen = true
  if (value.is === "external" && isResponse(value.name.replace(/\(\)$/, ""))) {
    const status = numberOf(value.built?.keywords.get("status_code"))
    if (status !== undefined)
      return {
        becomes: `is answered with ${article(status)} ${status}`,
        level: status >= 500 || status < 300 ? "error" : "warning",
        isSeen,
        status,
      }
    return { becomes: `is answered with a ${quote(lastPart(value.name))}`, level: "warning", isSeen }
  }
  const isPlain = value.is === "mapping" || value.is === "literal" || value.is === "text" || value.is === "sequence"
  return isPlain
    ? { becomes: "is turned into an ordinary answer", level: "error", isSeen }
    : { becomes: "gets the answer of this handler instead", level: "warning", isSeen }
}

const lastPart = (name: string): string => name.replaceAll("()", "").split(".").at(-1) ?? name

const article = (status: number): string => (String(status).startsWith("8") ? "an" : "a")

function className(value: Value): string | undefined {
  if (value.is === "instance") return value.of.def.name
  if (value.is === "class") return value.def.name
  const name = exceptionClass(value)
  return name === undefined ? undefined : lastPart(name)
}

/** The status that an HTTPException is built with. */
function givenStatus(value: Value | undefined): number | undefined {
  if (!value || (value.is !== "external" && value.is !== "instance") || !isHTTPError(value)) return undefined
  return numberOf(value.built?.positional[0] ?? value.built?.keywords.get("status_code"))
}

/** A status as a number or as a constant of a status module. */
function numberOf(given: Value | undefined): number | undefined {
  const number = knownNumber(given)
  if (number !== undefined) return number
  return given?.is === "external" ? statusOf(given.name) : undefined
}
