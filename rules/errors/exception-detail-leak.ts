import {
  type Arguments,
  type CallEvent,
  type Event,
  type External,
  exceptionClass,
  exceptionTexts,
  type Finding,
  type Fn,
  gathered,
  isHTTPException,
  isKindOf,
  isResponse,
  type Mapping,
  options,
  type Place,
  type Project,
  plural,
  quote,
  type Route,
  routeNames,
  rule,
  type Span,
  type Step,
  shortName,
  type Value,
} from "#rule"

export default rule({
  summary: "The text of an unexpected exception sent to the client",
  why: `
What a broad \`except\` catches was not expected, so nobody knows what its text says: SQL with its values, paths and host
names of the server, answers of other services, parts of secrets. Whoever provokes the error reads it, and clients
begin to depend on it.
`,
  help: "Answer with a fixed text, and write the exception to the log with `logger.exception`",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/",
  equivalents: [],
  cwe: ["CWE-209"],
  exemptions: [
    "exceptions of the project, `ValueError` and others that are caught by a narrow class and may be written for users",
    "validation errors and the `detail` of an `HTTPException`",
    "on `/internal/` routes, which services of the same house call, it is told as information",
    "branches that run in debug mode only, or for the kinds that `isinstance` picks out",
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
            except Exception as error:
                raise HTTPException(status_code=500, detail=f"Payment failed: {error}") # expect: The text of any \`Exception\` reaches the client of \`POST /orders/{order_id}/pay\`
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
                logger.exception("Payment failed")
                raise HTTPException(status_code=500, detail="Payment failed") from error
      `,
    },
  ],

  notes(file) {
    const texts = [...exceptionTexts(file)]
    return texts.length > 0 ? texts : undefined
  },

  *project(project, _options, notes: { path: string; notes: Span[] }[]) {
    yield* gathered(
      findings(project, notes),
      (count, { message }) => `${message}; ${plural(count - 1, "other answer")} of this file ${count === 2 ? "does" : "do"} the same`,
      { few: Number.POSITIVE_INFINITY, flood: 120 },
    )
  },
})

function* findings(project: Project, notes: { path: string; notes: Span[] }[]): Generator<Finding> {
  const texts = new Map(notes.map(({ path, notes: spans }) => [path, spans]))
  const told = new Map<string, { leak: Leak; senders: Fn[] }>()
  for (const leak of leaks(project)) {
    // The text itself, where it stands in the sink: that is what has to go.
    const text = texts.get(leak.at.path)?.find(({ start, end }) => start >= leak.at.start && end <= leak.at.end)
    const sink = text ? { ...leak, at: { path: leak.at.path, start: text.start, end: text.end } } : leak
    const key = `${sink.at.path}:${sink.at.start}:${sink.at.end}`
    const { senders } = told.get(key) ?? told.set(key, { leak: sink, senders: [] }).get(key)!
    senders.push(leak.sender ?? leak.fn)
  }
  for (const { leak, senders } of told.values()) yield finding(project, leak, senders)
}

/** Text of an exception on its way out. */
interface Leak {
  what: Found
  /** The function in which it leaves. */
  fn: Fn
  /** Who sends it, where that is another: of the routes that lead to `fn`, only those through here show it. */
  sender?: Fn
  at: Place
  trace: Step[]
}

function finding(project: Project, { what, fn, at, trace }: Leak, senders: readonly Fn[]): Finding {
  const sending = new Set(senders.flatMap((sender) => project.reach.routesTo(sender)))
  const routes = project.routes.filter((route) => sending.has(route))
  const to = routeNames(routes)
  return {
    at,
    message: `${what.said} reaches the client${to ? ` of ${to}` : ""}`,
    level: routes.length > 0 && routes.every(isInternal) ? "info" : what.isGrave ? "error" : "warning",
    ...(trace.length > 0 && { trace: [...trace, { at, message: "builds what the client sees", symbol: fn.name }] }),
    routes,
    scope: fn.id,
    discriminator: what.said,
  }
}

/** Between services of one house: what is told there helps who runs it. */
const isInternal = ({ path }: Route): boolean => path.known && /(^|\/)_?internal(\/|$)/i.test(path.value)

function* leaks(project: Project): Generator<Leak> {
  const answers = new Set(project.routes.flatMap((route) => route.endpoint ?? []))
  const origins = originsIn(project)
  for (const fn of project.functions) {
    if (fn.role !== "app") continue
    yield* leaksIn(project, fn, fn.events, answers.has(fn), origins)
  }
  for (const app of project.apps) {
    for (const { exception, handler } of app.exceptionHandlers) {
      const fn = project.functionOf(handler)
      const type: Value = exception.is === "literal" ? { is: "external", name: "builtins.Exception" } : exception
      if (fn?.role !== "app") continue
      const given: Arguments = { positional: [{ is: "unknown" }, caught(type)], keywords: new Map(), open: false }
      yield* leaksIn(project, fn, project.replay(fn, given), true, origins)
    }
  }
}

const caught = (type: Value): External => ({ is: "external", name: "builtins.BaseException()", caught: [type] })

function* leaksIn(project: Project, fn: Fn, body: readonly Event[], answers: boolean, origins: Map<External, Fn>): Generator<Leak> {
  const sinks: Place[] = []
  for (const event of body) {
    if (event.is !== "call" || !(event.fn || isAnswer(event))) continue
    const passed = leakInto(event)
    if (!passed || isInDebug(event)) continue
    const what = isAnswer(event) ? passed : undefined
    if (what && !isDebugOnly(event.at, body)) {
      sinks.push(event.at)
      yield* atOrigin(project, { what, fn, at: textIn(event.at, body), trace: [] }, origins)
    } else if (event.fn && !isAnswer(event)) {
      const inner = leakThrough(project, event, event.fn, 2)
      if (inner && !isDebugOnly(event.at, body)) {
        sinks.push(event.at)
        // Whoever makes text of the exception is to blame: the helper that is handed the exception, else its caller.
        if (passed.isBare && inner.fn.role === "app")
          yield {
            ...inner,
            sender: fn,
            trace: [{ at: event.at, message: `calls ${quote(event.fn.name)}`, symbol: fn.name }, ...inner.trace],
          }
        else yield { what: passed, fn, at: textIn(event.at, body), trace: [] }
      }
    }
  }
  for (const event of answers ? body : []) {
    if (event.is !== "return" || isInDebug(event) || sinks.some((sink) => isWithin(sink, event.at))) continue
    // A Response was looked at where it was built.
    const what = leakIn(options(event.value).filter((value) => !(value.is === "external" && isResponse(value.name.replace(/\(\)$/, "")))))
    if (what && !isDebugOnly(event.at, body)) yield* atOrigin(project, { what, fn, at: textIn(event.at, body), trace: [] }, origins)
  }
}

/** `str(error)` inside the sink, where there is one: that is what has to go. */
function textIn(sink: Place, body: readonly Event[]): Place {
  const made = body.find(
    (event) =>
      event.is === "call" &&
      (event.name === "builtins.str" || event.name === "builtins.repr") &&
      isWithin(event.at, sink) &&
      leakIn(event.positional) !== undefined,
  )
  return made?.at ?? sink
}

/** Does a helper send on what it is given? The sink in it, or in what it calls. */
function leakThrough(project: Project, call: CallEvent, fn: Fn, depth: number): Leak | undefined {
  const body = project.replay(fn, call)
  for (const event of body) {
    if (event.is === "call" && isAnswer(event)) {
      const what = leakInto(event)
      if (what && !isInDebug(event)) return { what, fn, at: event.at, trace: [] }
    } else if (event.is === "call" && event.fn && depth > 1 && leakInto(event)) {
      const inner = leakThrough(project, event, event.fn, depth - 1)
      if (inner) return { ...inner, trace: [{ at: event.at, message: `calls ${quote(event.fn.name)}`, symbol: fn.name }, ...inner.trace] }
    }
  }
  return undefined
}

/** A text that was made in another function is shown where it was made: there it can be changed. */
function* atOrigin(project: Project, leak: Leak, origins: Map<External, Fn>): Generator<Leak> {
  const origin = leak.what.from && origins.get(leak.what.from)
  if (!origin || origin === leak.fn) return void (yield leak)
  if (origin.role !== "app") return
  const made = origin.events.find(
    (event) => (event.is === "return" || event.is === "yield") && exceptionIn(event.value)?.from === leak.what.from,
  )
  if (!made || isInDebug(made)) return void (yield leak)
  const call = leak.fn.events.find((event) => event.is === "call" && event.fn === origin)
  const routes = project.reach.routesTo(leak.fn)
  yield {
    ...leak,
    fn: origin,
    sender: leak.sender ?? leak.fn,
    at: made.at,
    trace: call && routes ? [{ at: call.at, message: `calls ${quote(origin.name)}`, symbol: leak.fn.name }] : [],
  }
}

/** In which function each caught exception was caught. */
function originsIn(project: Project): Map<External, Fn> {
  const origins = new Map<External, Fn>()
  for (const [fn, handled] of project.bodies.handling)
    for (const value of handled.flatMap(toldBy)) {
      const from = exceptionIn(value)?.from
      if (from && !origins.has(from)) origins.set(from, fn)
    }
  return origins
}

/** The values that an event deals with. */
function toldBy(event: Event): Value[] {
  if (event.is === "call") return [...argumentsOf(event), event.result]
  return event.value ? [event.value] : []
}

const itemsIn = ({ entries }: Mapping): Value[] => entries.map(([, item]) => item)
const argumentsOf = ({ positional, keywords }: Arguments): Value[] => [...positional, ...keywords.values()]

const isWithin = (inner: Place, outer: Place): boolean => inner.path === outer.path && inner.start >= outer.start && inner.end <= outer.end

// ---------------------------------------------------------------------------- sinks

/** Does this call build or send what a client sees? */
function isAnswer({ callee, name }: CallEvent): boolean {
  if (name !== undefined && (isResponse(name) || SENDS.test(name))) return true
  if (callee.is === "external") return !callee.name.endsWith(")") && !callee.caught && isHTTPException(callee.name)
  const cls = callee.is === "class" ? exceptionClass(callee) : undefined
  return cls !== undefined && (isHTTPException(cls) || isResponse(cls))
}

const SENDS = /^starlette\.websockets\.WebSocket\(\)\.(send_text|send_json|send_bytes|close)$/

const DEBUG = /debug|develop|is_dev|^dev$|is_local|^testing$|^(app_)?env(ironment)?$/i

/** In debug mode, or where `isinstance(error, Conflict)` told one kind from the others. */
const isInDebug = ({ within }: Event): boolean =>
  within.some(
    (around) =>
      around.is === "branch" &&
      (around.reads?.some((name) => DEBUG.test(name)) || (around.holds === true && around.reads?.includes("isinstance"))),
  )

/** `str(error) if settings.debug else "..."`: the text is made in debug mode only, inside the sink or anywhere before it. */
function isDebugOnly(at: Place, body: readonly Event[]): boolean {
  const making = body.filter(
    (event): event is CallEvent =>
      event.is === "call" &&
      event.fn === undefined &&
      !isAnswer(event) &&
      TEXT.test(event.name ?? "") &&
      leakIn([event.result]) !== undefined,
  )
  const inside = making.filter((event) => isWithin(event.at, at))
  const all = inside.length > 0 ? inside : making
  return all.length > 0 && all.every(isInDebug)
}

const TEXT = /^builtins\.(str|repr)$|^traceback\.format_/

// ---------------------------------------------------------------------------- values

interface Found {
  said: string
  /** A traceback or the error of a database: it holds code, SQL and values. */
  isGrave: boolean
  /** The exception itself, of which no text has been made yet. */
  isBare: boolean
  from?: External
}

/** The first exception of a kind that nobody expected in any of these values. */
function leakIn(values: Iterable<Value | string>, depth = 0): Found | undefined {
  for (const value of values) {
    const found = typeof value === "string" ? undefined : exceptionIn(value, depth)
    if (found) return found
  }
  return undefined
}

/** The first among the arguments of a call. */
const leakInto = ({ positional, keywords }: Arguments): Found | undefined =>
  leakIn(positional) ?? (keywords.size > 0 ? leakIn(keywords.values()) : undefined)

function exceptionIn(value: Value, depth = 0): Found | undefined {
  if (depth > 6) return undefined
  switch (value.is) {
    case "external":
      return ofExternal(value, depth + 1)
    case "text":
      return value.parts.length > 1 || typeof value.parts[0] === "object" ? inPartOf(value.parts, depth + 1) : undefined
    case "sequence":
      return inPartOf(value.items, depth + 1)
    case "mapping":
      return inPartOf(itemsIn(value), depth + 1)
    case "instance":
      return value.built && inPartOf(argumentsOf(value.built), depth + 1)
    case "either":
      return inPartOf(value.options, depth + 1)
  }
  return undefined
}

/** What is in a part is no exception itself any more. */
function inPartOf(parts: Iterable<Value | string>, depth: number): Found | undefined {
  const found = leakIn(parts, depth)
  return found && { ...found, isBare: false }
}

/** What an exception has that holds its text. */
const TELLING =
  /^builtins\.BaseException\(\)\.(args|orig|message|msg|strerror|filename|reason|stderr|stdout|output|user_message|__str__|__repr__|with_traceback)\b/

/** Functions that hand on what they are given. */
const CARRIERS = new Set(["json.dumps()", "fastapi.encoders.jsonable_encoder()", "html.escape()", "builtins.dict()", "builtins.str()"])

function ofExternal(value: External, depth: number): Found | undefined {
  if (value.caught && !value.self) return unexpected(value, value.caught)
  if (value.name.startsWith("traceback.") && /^traceback\.(format_exc|format_exception|format_tb|format_stack)\(\)/.test(value.name))
    return { said: `The traceback (${quote(shortName(value.name))})`, isGrave: true, isBare: false }
  if (value.self?.is === "external" && value.self.caught) return TELLING.test(value.name) ? inPartOf([value.self], depth) : undefined
  if (value.self && value.name.startsWith("builtins.str()")) return inPartOf([value.self], depth)
  if (value.built && (CARRIERS.has(value.name) || isResponse(value.name.replace(/\(\)$/, ""))))
    return inPartOf(argumentsOf(value.built), depth)
  return undefined
}

const DATABASES = ["sqlalchemy.exc.SQLAlchemyError", "psycopg2.Error", "asyncpg.exceptions.PostgresError", "pymongo.errors.PyMongoError"]

const LIBRARIES = [
  ...DATABASES,
  ..."builtins.OSError subprocess.SubprocessError httpx.HTTPError aiohttp.ClientError".split(" "),
  ..."botocore.exceptions.BotoCoreError botocore.exceptions.ClientError redis.exceptions.RedisError openai.OpenAIError".split(" "),
]

/** Of several kinds the broadest counts; narrow ones may be meant for users, and those of the project are. */
function unexpected(from: External, kinds: readonly Value[]): Found | undefined {
  const broad = kinds.find(
    (kind) => kind.is === "external" && (kind.name === "builtins.Exception" || kind.name === "builtins.BaseException"),
  )
  const kind = broad ?? kinds.find((one) => isKindOf(one, ...LIBRARIES) || (one.is === "external" && /^stripe\.|^psycopg\./.test(one.name)))
  // Raised by hand to refuse somebody, with words for them; and "No row was found", which says nothing of the database.
  if (
    kind?.is !== "external" ||
    isKindOf(kind, "builtins.PermissionError", "sqlalchemy.exc.NoResultFound", "sqlalchemy.exc.MultipleResultsFound")
  )
    return undefined
  const isGrave = isKindOf(kind, ...DATABASES)
  const said = broad ? `any ${quote(lastPart(kind.name))}` : `${article(lastPart(kind.name))} ${quote(lastPart(kind.name))}`
  return { said: `The text of ${said}`, isGrave, isBare: true, from }
}

const lastPart = (name: string): string => name.split(".").at(-1) ?? name

const article = (word: string): string => (/^[AEIOU]/.test(word) ? "an" : "a")
