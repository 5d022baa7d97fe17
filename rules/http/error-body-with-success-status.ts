import {
  type Built,
  type CallEvent,
  type Event,
  type Finding,
  type Fn,
  type Instance,
  isEnum,
  isModel,
  isNone,
  isResponse,
  knownBoolean,
  knownNumber,
  knownText,
  members,
  modelFields,
  options,
  type Place,
  type Project,
  quote,
  type ReturnEvent,
  type Route,
  routeNames,
  rule,
  type Step,
  statusOf,
  type Value,
} from "#rule"

export default rule({
  summary: "An error that is sent with a status of success",
  why: `
Clients, proxies, monitoring and retries go by the status. An error inside of a 200 is counted as a success, may be
cached, and every client has to look into the body to learn that nothing was done.
`,
  help: "Raise an `HTTPException`, or answer with a status from 400 on",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/",
  equivalents: ["S6863"],
  exemptions: [
    "protocols that put errors into the body: JSON-RPC, GraphQL, webhooks",
    "routes that were asked whether something is well: health, status, test, check, validate",
    "routes that declare several response models, or set the status of a `Response` they take",
    "models with a nullable field `error`, or with a `status` of several words, which are part of what clients are promised",
    "results of a batch, where some parts may have failed",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()
        reports: dict[str, dict] = {}

        @app.get("/reports/{report_id}")
        def read_report(report_id: str):
            if report_id not in reports:
                return {"error": "No such report"} # expect: \`"error": "No such report"\` is sent with a status of success by \`GET /reports/{report_id}\`
            return reports[report_id]
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        reports: dict[str, dict] = {}

        @app.get("/reports/{report_id}")
        def read_report(report_id: str):
            if report_id not in reports:
                raise HTTPException(status_code=404, detail="No such report")
            return reports[report_id]
      `,
    },
  ],

  *project(project) {
    const found = new Map<string, Answer & { routes: Route[] }>()
    for (const route of project.routes) {
      const { endpoint } = route
      if (!endpoint || endpoint.generator || endpoint.role !== "app" || !mayAccuse(project, route)) continue
      for (const answer of answersIn(project, endpoint, endpoint.events, { isBranch: false, depth: 0 })) {
        const key = `${answer.at.path}:${answer.at.start}`
        const seen = found.get(key)
        if (seen) seen.routes.push(route)
        else found.set(key, { ...answer, routes: [route] })
      }
    }
    for (const answer of found.values()) yield finding(answer, routeNames(answer.routes) ?? quote(answer.fn.name), answer.routes)
    yield* handlers(project)
  },
})

/** What an exception is answered with. */
function* handlers(project: Project): Generator<Finding> {
  const seen = new Set<Fn>()
  for (const app of project.apps)
    for (const { handler } of app.exceptionHandlers) {
      const fn = project.functionOf(handler)
      if (fn?.role !== "app" || seen.has(fn)) continue
      seen.add(fn)
      for (const answer of answersIn(project, fn, fn.events, { isBranch: true, depth: 0 })) {
        // Each handler decides for itself how its exception is answered.
        const own = answer.trace[0]?.at ?? answer.at
        yield finding({ ...answer, fn, at: own }, `the exception handler ${quote(fn.name)}`, [])
      }
    }
}

function finding({ at, said, fn, trace, isTyped }: Answer, who: string, routes: Route[]): Finding {
  return {
    at,
    message: `${quote(said)} is sent with a status of success by ${who}`,
    ...(isTyped && { level: "info" as const }),
    ...(trace.length > 1 && { trace }),
    routes,
    scope: fn.id,
    discriminator: said,
  }
}

// ---------------------------------------------------------------------------- routes

const ASKED =
  /(^|[-_/])(health|healthz|healthcheck|live|liveness|ready|readiness|ping|status|state|test|tests|detect|detection|discover|discovery|check|checks|valid|validate|validation|verify|probe|diagnostics?|exists|availability|available|hooks?|webhooks?|callback|events?|graphql|rpc|jsonrpc|slack|debug|batch|bulk)([-_/]|$)/i

function mayAccuse({ player, versions }: Project, route: Route): boolean {
  const { endpoint, path, response, statusCode, params, kind } = route
  if (kind !== "api" || !statusCode.known || statusCode.value >= 300 || !path.known) return false
  const last = path.value.split("/").filter((piece) => piece !== "" && !piece.includes("{"))
  if (ASKED.test(last.at(-1) ?? "") || ASKED.test(words(endpoint?.name ?? ""))) return false
  if (params.some(({ type }) => type.text.startsWith("starlette.responses."))) return false
  // Stripe and its like send events, by whatever path.
  if (endpoint?.events.some((event) => event.is === "call" && /\bconstruct_event$|Webhook\b.*\.verify$/.test(event.name ?? "")))
    return false
  return !response.type || members({ player, versions }, response.type.value).filter((one) => !isNone(one)).length < 2
}

/** `testConnection` as `test_Connection`. */
const words = (name: string): string => name.replace(/([a-z])([A-Z])/g, "$1_$2")

// ---------------------------------------------------------------------------- answers

interface Answer {
  at: Place
  said: string
  /** An object of a class with fields for it: documented, if only as a success. */
  isTyped: boolean
  /** Where it is decided. */
  fn: Fn
  /** From the outermost `return` down. */
  trace: Step[]
}

interface Around {
  /** Is this one of several answers? A function that can do nothing else is a stub. */
  isBranch: boolean
  depth: number
}

/** Errors among what a function returns; calls of project functions that make the answer are followed with their arguments. */
function* answersIn(project: Project, fn: Fn, events: readonly Event[], around: Around): Generator<Answer> {
  const returns = events.filter((event): event is ReturnEvent => event.is === "return" && event.within.every(({ is }) => is !== "nested"))
  for (const event of returns) {
    const isBranch = around.isBranch || returns.length > 1
    const isCaught = event.within.some(({ is }) => is === "handler")
    const call = around.depth < 3 ? callBehind(event, events) : undefined
    const target = call?.fn
    if (call && target && !target.generator && target.value.def.kind !== "Lambda" && target.name !== "__init__") {
      const inner = [...answersIn(project, target, project.replay(target, call), { isBranch, depth: around.depth + 1 })]
      for (const answer of inner) yield outward(answer, event, fn, target)
      continue
    }
    const said = isBranch && !hasRoomForErrors(project, event.value) ? errorIn(project, event.value, isCaught) : undefined
    const isTyped = options(event.value).every(({ is }) => is === "instance")
    if (said) yield { at: event.at, said, fn, isTyped, trace: [{ at: event.at, message: `returns ${quote(said)}`, symbol: fn.name }] }
  }
}

/** A model with a nullable `error`, or a `status` of several words: its clients were told that they must look there. */
function hasRoomForErrors(project: Project, value: Value): boolean {
  return options(value).every((one) => {
    const fields = one.is === "instance" && isModel(project, one.of) === true ? modelFields(project, one.of) : undefined
    const room = fields?.known ? fields.value.find(({ name }) => name === "error") : undefined
    const status = fields?.known ? fields.value.find(({ name }) => name === "status") : undefined
    return (
      (room !== undefined && members(project, room.type.value).some(isNone)) ||
      (status !== undefined && isOneOfMany(project, status.type.value))
    )
  })
}

/** `Literal["success", "error"]`, or an enum: one of the outcomes that were thought of. */
const isOneOfMany = (project: Project, type: Value): boolean =>
  members(project, type).some(
    (one) =>
      (one.is === "generic" && one.of.is === "external" && /\.Literal$/.test(one.of.name) && one.args.length > 1) ||
      (one.is === "class" && isEnum(project, one) === true),
  )

/** Who is to blame: a function that gives the error among other answers, or one that makes the whole response; else whoever calls it. */
function outward(answer: Answer, event: ReturnEvent, fn: Fn, target: Fn): Answer {
  const step = { at: event.at, message: `returns what ${quote(target.name)} makes`, symbol: fn.name }
  const trace = [step, ...answer.trace]
  const decides = answer.fn !== target || isDecided(target)
  return decides ? { ...answer, trace } : { ...answer, at: event.at, fn, trace }
}

function isDecided({ events }: Fn): boolean {
  const returns = events.filter((event) => event.is === "return")
  return returns.length > 1 || returns.some(({ value }) => value.is === "external" && isResponse(value.name.replace(/\(\)$/, "")))
}

/** The call that makes what is returned. */
function callBehind({ at, value }: ReturnEvent, events: readonly Event[]): CallEvent | undefined {
  const calls = events.filter(
    (other): other is CallEvent => other.is === "call" && other.result === value && other.at.start < at.end && value.is !== "literal",
  )
  return calls.findLast((call) => call.at.start >= at.start) ?? (calls.length === 1 ? calls[0] : undefined)
}

// ---------------------------------------------------------------------------- bodies

/** What in a returned value says that it is an error, when its status says success. */
function errorIn(project: Project, value: Value, isCaught: boolean): string | undefined {
  const said = options(value).map((one) => errorOf(project, one, isCaught))
  return said.every((one) => one !== undefined) ? said[0] : undefined
}

function errorOf(project: Project, value: Value, isCaught: boolean): string | undefined {
  if (value.is === "external" && value.built) {
    const name = value.name.replace(/\(\)$/, "")
    if (isResponse(name)) {
      const content = value.built.keywords.get("content") ?? value.built.positional[0]
      return isSuccess(value.built) && content ? errorOf(project, content, isCaught) : undefined
    }
    const [inner] = value.built.positional
    return CARRIERS.has(name) && inner ? errorOf(project, inner, isCaught) : undefined
  }
  if (value.is === "mapping") return saidBy(entriesOf(value.entries), isCaught)
  if (value.is !== "instance" || !value.built || !isData(project, value)) return undefined
  return saidBy(value.built.keywords, isCaught)
}

/** Certainly no response; where a base of the class is not known, fields show that it is a model. */
function isData(project: Project, value: Instance): boolean {
  const answer = project.isResponse(value)
  return answer === false || (answer === undefined && value.of.body.annotations.size > 0)
}

/** Functions that hand on what they are given. */
const CARRIERS = new Set(["fastapi.encoders.jsonable_encoder", "builtins.dict"])

/** Is the status of a response known to say success? Starlette's default is 200. */
function isSuccess({ keywords, positional, open }: Built): boolean {
  const given = keywords.get("status_code") ?? positional[1]
  if (!given) return !open
  const status = knownNumber(given) ?? (given.is === "external" ? statusOf(given.name) : undefined)
  return status !== undefined && status >= 200 && status < 300
}

/** A later entry replaces an earlier one of the same key. */
function entriesOf(entries: readonly [Value, Value][]): Map<string, Value> {
  const found = new Map<string, Value>()
  for (const [key, value] of entries) {
    const name = knownText(key)
    if (name !== undefined) found.set(name, value)
  }
  return found
}

const PROTOCOL = ["jsonrpc", "id", "errors", "results", "failed", "succeeded", "items"]

function saidBy(entries: ReadonlyMap<string, Value>, isCaught: boolean): string | undefined {
  if (PROTOCOL.some((key) => entries.has(key) && key !== "id") || (entries.has("id") && entries.has("error"))) return undefined
  for (const [key, value] of entries) if (isError(key, value, isCaught)) return `"${key}": ${shown(value)}`
  const [only] = entries
  if (entries.size === 1 && only && /^(message|msg|detail)$/.test(only[0]) && FAILED.test(knownText(only[1]) ?? ""))
    return `"${only[0]}": ${shown(only[1])}`
  return undefined
}

const FAILED = /\b(not found|does not exist|doesn't exist|no such|not allowed|unauthori[sz]ed|forbidden|permission denied|failed to)\b/i

function isError(key: string, value: Value, isCaught: boolean): boolean {
  const word = knownText(value)?.toLowerCase()
  switch (key.toLowerCase()) {
    case "success":
    case "ok":
    case "is_success":
      return knownBoolean(value) === false
    case "code":
    case "status_code":
    case "statuscode":
    case "status": {
      const code = knownNumber(value) ?? (value.is === "external" ? statusOf(value.name) : undefined)
      if (code !== undefined) return code >= 400 && code < 600
      return word === "error" || word === "failure" || word === "fail"
    }
    case "error":
    case "err":
      if (value.is === "text") return word !== ""
      return isCaught && !isNone(value) && knownBoolean(value) !== false
    default:
      return false
  }
}

/** As it is written, or nearly. */
function shown(value: Value): string {
  if (value.is === "text")
    return `"${value.parts
      .map((part) => (typeof part === "string" ? part : "…"))
      .join("")
      .slice(0, 40)}"`
  if (value.is === "literal") return value.type === "bool" ? (value.value ? "True" : "False") : String(value.value)
  if (value.is === "external") return statusOf(value.name) === undefined ? "…" : String(statusOf(value.name))
  return "…"
}
