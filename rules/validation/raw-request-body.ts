import { type CallEvent, type Fn, isNone, options, type Project, quote, type Route, routeNames, rule, type Value } from "#rule"

export default rule({
  summary: "A route that reads its body from the request by hand",
  why: `
What is read by \`await request.json()\` is anything: nothing is checked, a key that is missing is a 500, text that is not JSON
is a 500, and the documentation says that the route takes no body at all. A Pydantic model as a parameter checks, documents
and answers 422 by itself.
`,
  help: "Declare the body as a parameter: a Pydantic model, or `Form()` fields",
  concern: "correctness",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/body/",
  equivalents: ["SAFE907"],
  exemptions: [
    "webhooks, proxies, JSON-RPC and GraphQL, whose bodies others define; routes that check a signature over the raw body",
    "a body that is only handed on to another server",
    "routes that are not in the schema, and those that document the body by `openapi_extra`",
    "routes that declare a body besides, or serve `GET` too; forms of routes that answer with pages",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Request

        app = FastAPI()
        notes = {}

        @app.put("/notes/{note_id}")
        async def save_note(note_id: int, request: Request): # expect: \`PUT /notes/{note_id}\` reads its body by \`request.json()\`
            data = await request.json()
            notes[note_id] = data["text"]
      `,
      good: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()
        notes = {}

        class Note(BaseModel):
            text: str

        @app.put("/notes/{note_id}")
        async def save_note(note_id: int, note: Note):
            notes[note_id] = note.text
      `,
    },
    {
      bad: `
        import json
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.post("/events")
        async def add_event(request: Request): # expect: \`POST /events\` reads its body by \`request.body()\` and \`json.loads\`
            body = await request.body()
            event = json.loads(body)
            return {"kind": event["kind"]}
      `,
      good: `
        import hmac
        import json
        from fastapi import FastAPI, HTTPException, Request

        app = FastAPI()

        @app.post("/events")
        async def add_event(request: Request):
            body = await request.body()
            if not hmac.compare_digest(hmac.new(b"key", body, "sha256").hexdigest(), request.headers["x-signature"]):
                raise HTTPException(401)
            event = json.loads(body)
            return {"kind": event["kind"]}
      `,
    },
  ],

  *project(project) {
    const told = new Set<Fn>()
    for (const route of project.routes) {
      const { endpoint } = route
      if (endpoint?.role !== "app" || told.has(endpoint) || !isDocumented(route) || isFreeForm(route) || checksSignature(route)) continue
      if (route.params.some(({ in: place }) => place === "body" || place === "form" || place === "file" || place === "unknown")) continue
      const reading = readingIn(project, endpoint)
      if (!reading) continue
      told.add(endpoint)
      const routes = project.routes.filter((other) => other.endpoint === endpoint)
      yield {
        at: requestOf(endpoint)?.at ?? reading.event.at,
        message: `${routeNames(routes)} ${routes.length > 1 ? "read their" : "reads its"} body by ${reading.how}, so that nothing checks or documents it`,
        trace: [{ at: reading.event.at, message: `reads it by ${reading.how}`, symbol: endpoint.name }],
        routes,
        scope: endpoint.id,
      }
    }
  },
})

/** The parameter that stands where the body should be declared. */
const requestOf = ({ parameters }: Fn) =>
  parameters.find(
    ({ annotation }) =>
      annotation?.value.is === "external" && /^starlette\.requests\.(Request|HTTPConnection)$/.test(annotation.value.name),
  )

const isDocumented = ({ kind, methods, includeInSchema, own }: Route): boolean =>
  kind === "api" &&
  includeInSchema.known &&
  includeInSchema.value &&
  methods.known &&
  methods.value.length > 0 &&
  methods.value.every((method) => method === "POST" || method === "PUT" || method === "PATCH" || method === "DELETE") &&
  !own.built.keywords.has("openapi_extra")

/** Protocols whose bodies are defined elsewhere, and callers that sign what they send. */
const FREE_FORM = /webhook|callback|graphql|rpc|json.?patch|proxy|passthrough|forward|mcp\b|slack|telegram|stripe|github|hook/i

const isFreeForm = ({ path, endpoint }: Route): boolean =>
  FREE_FORM.test(path.known ? path.value : "") || FREE_FORM.test(endpoint?.name ?? "") || (path.known && /:path\}/.test(path.value))

const checksSignature = ({ endpoint, dependencies }: Route): boolean =>
  [endpoint, ...dependencies.map(({ call }) => call)].some((fn) =>
    fn?.events.some(
      (event) =>
        event.is === "call" && /^hmac\.|\.construct_event$|signature|verify_webhook/i.test(`${event.name ?? ""} ${event.fn?.name ?? ""}`),
    ),
  )

const READS = /^starlette\.requests\.(Request|HTTPConnection)\(\)\.(json|form|body)$/

/** The call that makes data of the body: `request.json()`, `json.loads(await request.body())`. */
function readingIn(project: Project, fn: Fn): { event: CallEvent; how: string } | undefined {
  const calls = fn.events.filter((event): event is CallEvent => event.is === "call" && !event.within.some(({ is }) => is === "nested"))
  for (const event of calls) {
    const what = READS.exec(event.name ?? "")?.[2]
    if (what === "json" || what === "form") {
      if (event.dropped || isOnlySentOn(event, calls) || (what === "form" && !answersData(project, fn))) continue
      return { event, how: quote(`request.${what}()`) }
    }
    if (what !== "body") continue
    const parsed = calls.find(
      (call) => /^(json|orjson|ujson|simplejson)\.loads$/.test(call.name ?? "") && call.positional.some((value) => comesFrom(value, event)),
    )
    if (parsed) return { event: parsed, how: `${quote("request.body()")} and ${quote(parsed.name ?? "json.loads")}` }
  }
  return undefined
}

/** Does it answer with data? Pages take their own forms. */
const answersData = (project: Project, { events }: Fn): boolean =>
  events.some((event) => event.is === "return" && !isNone(event.value) && project.isResponse(event.value) === false)

/** The value itself, or something asked of it: `body.decode()`. */
const comesFrom = (value: Value, { result }: CallEvent): boolean =>
  options(value).some((option) => option === result || (option.is === "external" && option.self !== undefined && option.self === result))

/** Handed whole to an HTTP client, and to nothing else. */
function isOnlySentOn({ result }: CallEvent, calls: readonly CallEvent[]): boolean {
  const takers = calls.filter((call) => [...call.positional, ...call.keywords.values()].includes(result))
  return (
    takers.length > 0 &&
    takers.every(({ name = "" }) =>
      /^(httpx|requests|aiohttp|urllib3)\b.*\.(get|post|put|patch|delete|request|send|stream|build_request)$/.test(name),
    )
  )
}
