/** What is known of a route, each fact with where it comes from. */
import { type Dependency, type Known, type Project, type Route, testedBy } from "#fastapi"
import type { Place } from "#python"

export function factsOfRoute(route: Route, project: Project, place: (at: Place) => string): [string, string][] {
  const { auth, endpoint, response, statusCode, includes, asks, app } = route
  const tests = testedBy(project, route)
  const facts: [string, string | undefined][] = [
    ["added", `${place(route.at)}${route.maybe ? ", under a condition" : ""}`],
    ["through", includes.length > 0 ? includes.map((at) => `include_router at ${place(at)}`).join(", ") : undefined],
    ["app", app ? (app.name ?? place(app.at)) : "no app includes its router"],
    [
      "handler",
      endpoint
        ? `${endpoint.async ? "async def" : "def"} ${endpoint.qualname} at ${place(endpoint.at)}, ${endpoint.async ? "runs on the event loop" : "runs in the thread pool"}`
        : "not known",
    ],
    ["auth", `${auth.answer}: ${auth.by ? `${auth.by}, ` : ""}${auth.why}${auth.at ? ` (${place(auth.at)})` : ""}`],
    [
      "response",
      response.type?.text
        ? `${response.type.text}, from ${response.from === "response_model" ? "response_model=" : "the return annotation"}`
        : responseText(response.from),
    ],
    ["status", route.kind === "websocket" ? undefined : `${shown(statusCode)}${route.statusCodeGiven ? "" : " (the default)"}`],
    ["asks for", asks.length > 0 ? asks.map(asked).join(", ") : "no dependency"],
    [
      "tests",
      tests === "unknown"
        ? "not known: a test whose URL is not known may call it"
        : tests === 0
          ? "no test calls it"
          : `${tests} ${tests === 1 ? "call" : "calls"}`,
    ],
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined)
}

const shown = (known: Known<number>): string => (known.known ? String(known.value) : `not known: ${known.why}`)

const responseText = (from: Route["response"]["from"]): string =>
  ({ response: "a Response, sent as it is", none: "no model", unknown: "not known", response_model: "not known", annotation: "not known" })[
    from
  ]

/** `get_user (get_token, get_db)`. */
function asked({ call, name = "something unknown", dependencies, level }: Dependency): string {
  const inner = dependencies.length > 0 ? ` (${dependencies.map(asked).join(", ")})` : ""
  return `${call?.qualname ?? name.replace(/\(\)$/, "").split(".").at(-1)}${level === "parameter" ? "" : ` by ${level}`}${inner}`
}
