import {
  answersOf,
  type CallEvent,
  type Fn,
  isNone,
  knownNumber,
  knownText,
  mayBeAtLeast,
  options,
  type Project,
  quote,
  type Route,
  remembered,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A body with a status that has none",
  why: `
204, 205, 304 and 1xx answers have no body. FastAPI throws away what the function of such a route returns, and the client
waits for data that never comes. A response object that is
built with such a status and a body is sent as it is, and the server breaks off the connection.
`,
  help: "Return nothing (or `Response(status_code=204)`), or answer with 200",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/response-status-code/",
  equivalents: ["CF011", "S8400"],
  exemptions: ["`return None`, `return Response(status_code=204)`, and returned values that are not known"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.responses import JSONResponse

        app = FastAPI()

        @app.delete("/items/{item_id}", status_code=204)
        def delete_item(item_id: int):
            return {"deleted": item_id} # expect: never sent

        @app.post("/items/{item_id}/archive")
        def archive_item(item_id: int):
            return JSONResponse({"archived": item_id}, status_code=204) # expect: breaks off the connection
      `,
      good: `
        from fastapi import FastAPI, Response

        app = FastAPI()

        @app.delete("/items/{item_id}", status_code=204)
        def delete_item(item_id: int) -> None:
            return None

        @app.post("/items/{item_id}/archive")
        def archive_item(item_id: int):
            return Response(status_code=204)
      `,
    },
  ],

  *project(project) {
    for (const fn of project.functions)
      for (const event of fn.events) if (event.is === "call" && sendsBody(event, project)) yield broken(event, fn)
    for (const route of project.routes) {
      yield* brokenByHelper(project, route)
      if (route.kind !== "api" || !route.statusCodeGiven || !route.statusCode.known || hasBody(project, route.statusCode.value)) continue
      // With a model the app does not even start: `http/model-for-bodiless-status`.
      if (!hasModel(project, route)) yield* discarded(project, route, route.statusCode.value)
    }
  },
})

// ---------------------------------------------------------------------------- routes that declare it

/** A model is what FastAPI refuses, `dict` and `Any` included; a response or `None` is none. Annotations count since 0.89. */
function hasModel({ versions }: Project, { response }: Route): boolean {
  if (!response.type || response.type.value.is === "unknown") return false
  return response.from === "response_model" || (response.from === "annotation" && mayBeAtLeast(versions, "fastapi", "0.89.0"))
}

function* discarded(project: Project, route: Route, status: number) {
  const { endpoint } = route
  if (!endpoint || endpoint.generator) return
  for (const { event, value } of answersOf(project, endpoint)) {
    const answers = options(value)
    const trace = [
      { at: route.at, message: `declares ${status}`, symbol: endpoint.name },
      { at: event.at, message: "returns a body", symbol: endpoint.name },
    ]
    const common = { at: event.at, trace, routes: [route], scope: endpoint.id }
    if (answers.every((value) => isPlain(project, value)))
      yield { ...common, message: `${endpoint.name} answers ${status}, so what it returns here is never sent`, discriminator: "discarded" }
    else if (answers.every((value) => isResponseWithBody(project, value)))
      yield {
        ...common,
        message: `${endpoint.name} declares ${status}, but the response it returns here has a status of its own and a body`,
        help: "Declare the status that is sent, or send no body",
        discriminator: "response",
      }
  }
}

/** Certainly data: neither `None` nor a response nor unknown. */
const isPlain = (project: Project, value: Value): boolean =>
  !isNone(value) && value.is !== "unknown" && project.isResponse(value) === false && !isPerhapsNone(value)

/** What a library hands out may be `None`, and nobody is accused of returning that. */
const isPerhapsNone = (value: Value): boolean =>
  value.is === "external" && !/^builtins\.(str|int|float|bool|dict|list|tuple|set|bytes)\(\)$/.test(value.name)

const isResponseWithBody = (project: Project, value: Value): boolean =>
  value.is === "external" &&
  bodyOf(value.name) &&
  value.built !== undefined &&
  !value.built.open &&
  hasBody(project, statusIn(value) ?? 0) &&
  hasContent(value)

// ---------------------------------------------------------------------------- responses that are built with it

/** `JSONResponse(..., status_code=204)`; 205 is sent with its body. */
function sendsBody({ result }: Pick<CallEvent, "result">, project: Project): boolean {
  if (result.is !== "external" || !bodyOf(result.name)) return false
  const status = statusIn(result)
  return status !== undefined && status !== 205 && !hasBody(project, status) && hasContent(result)
}

/** A helper that is told the status builds the response: `return success_response(status_code=204)`. */
function* brokenByHelper(project: Project, route: Route) {
  const { endpoint } = route
  for (const { event, value } of endpoint ? answersOf(project, endpoint) : []) {
    if (event.value !== value && sendsBody({ result: value }, project))
      yield {
        ...broken({ at: event.at, result: value }, endpoint as Fn),
        routes: [route],
        trace: [
          { at: route.at, message: "answers this route" },
          { at: event.at, message: "makes the response" },
        ],
      }
  }
}

function broken({ at, result }: Pick<CallEvent, "at" | "result">, fn: Fn) {
  const name = result.is === "external" ? (result.name.replace("()", "").split(".").at(-1) as string) : "A response"
  const status = statusIn(result) ?? 204
  return {
    at,
    message: `${quote(name)} with status ${status} and a body breaks off the connection, because ${status} has none`,
    help: `Answer with ${quote(`Response(status_code=${status})`)}`,
    level: "error" as const,
    scope: fn.id,
    discriminator: name,
  }
}

/** JSON responses always have content, `null` at least; of the others we must see it. */
const JSON_RESPONSES = /^(starlette|fastapi)\.responses\.(JSON|ORJSON|UJSON)Response\(\)$/
const TEXT_RESPONSES = /^starlette\.responses\.(HTML|PlainText)?Response\(\)$/

const bodyOf = remembered((name) => JSON_RESPONSES.test(name) || TEXT_RESPONSES.test(name))

function hasContent(value: Value): boolean {
  if (value.is !== "external") return false
  const content = value.built?.positional[0] ?? value.built?.keywords.get("content")
  if (JSON_RESPONSES.test(value.name)) return content !== undefined
  const text = knownText(content)
  return text !== undefined && text !== ""
}

function statusIn(value: Value): number | undefined {
  if (value.is !== "external" || !value.built) return undefined
  const given = value.built.positional[1] ?? value.built.keywords.get("status_code")
  return given === undefined ? (value.built.open ? undefined : 200) : statusOf(given)
}

/** `204`, `status.HTTP_204_NO_CONTENT`. */
const statusOf = (value: Value): number | undefined =>
  knownNumber(value) ??
  (value.is === "external" ? Number(/^starlette\.status\.HTTP_(\d{3})_/.exec(value.name)?.[1] ?? Number.NaN) || undefined : undefined)

/** 205 has counted as bodiless since FastAPI 0.109.1. */
const hasBody = ({ versions }: Project, status: number): boolean =>
  !(status < 200 || status === 204 || status === 304 || (status === 205 && versions.atLeast("fastapi", "0.109.1")))
