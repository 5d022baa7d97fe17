import {
  bare,
  type Finding,
  isNone,
  knownNumber,
  knownText,
  mayBeAtLeast,
  type OwnRoute,
  type Project,
  quote,
  type Route,
  rule,
  statusOf,
  type Value,
  type Versions,
} from "#rule"

export default rule({
  summary: "A response model for a status that has no body",
  why: `
204, 205, 304 and 1xx answers have no body. FastAPI raises an \`AssertionError\` at the decorator when a route with such a
status has a response model, given by \`response_model\` or by the return annotation, or when \`responses\` documents one.
`,
  help: "Drop the model (`-> None`, or `response_model=None`), or answer with 200",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/response-status-code/",
  equivalents: ["CF011", "S8400"],
  startup: true,
  exemptions: ["status codes and models that are not known", "205 before FastAPI 0.109.1"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Gone(BaseModel):
            at: str

        @app.delete("/items/{item_id}", status_code=204) # expect: the return annotation \`main.Gone\`
        def delete_item(item_id: int) -> Gone: ...

        @app.put("/items/{item_id}", responses={204: {"model": Gone}}) # expect: \`responses\` gives 204 a model
        def replace_item(item_id: int): ...
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.delete("/items/{item_id}", status_code=204)
        def delete_item(item_id: int) -> None: ...

        @app.put("/items/{item_id}", responses={204: {"description": "Nothing changed"}})
        def replace_item(item_id: int): ...
      `,
    },
  ],

  *project(project) {
    for (const route of project.routes) {
      if (route.kind !== "api") continue
      const { statusCode } = route
      if (route.statusCodeGiven && statusCode.known && isBodiless(project.versions, statusCode.value) && hasModel(project, route))
        yield byStatus(route, statusCode.value)
      yield* byResponses(project, route)
    }
  },
})

const isBodiless = (versions: Versions, status: number): boolean =>
  status < 200 || status === 204 || status === 304 || (status === 205 && versions.atLeast("fastapi", "0.109.1"))

/** A model is what FastAPI refuses, `dict` and `Any` included; a response or `None` is none. */
function hasModel(project: Project, { response }: Route): boolean {
  if (response.from !== "response_model" && response.from !== "annotation") return false
  if (response.from === "annotation" && !mayBeAtLeast(project.versions, "fastapi", "0.89.0")) return false
  if (response.type === undefined || /\bunknown\b/.test(response.type.text)) return false
  return response.type.value.is === "either"
    ? response.type.value.options.every(({ is }) => is !== "unknown")
    : response.type.value.is !== "unknown"
}

function byStatus(route: Route, status: number): Finding {
  const { response, endpoint } = route
  const text = response.type?.text ?? ""
  const where = response.from === "annotation" ? `the return annotation ${quote(text)}` : quote(`response_model=${text}`)
  return {
    at: route.at,
    message: `FastAPI raises an AssertionError here: ${where} promises a body, and ${status} has none`,
    routes: [route],
    ...(endpoint && { scope: endpoint.id }),
    discriminator: "model",
    ...(response.at && { related: [{ at: response.at, message: "the model is given here" }] }),
  }
}

function* byResponses(project: Project, route: Route): Generator<Finding> {
  for (const [key, value] of givenResponses(route.own)) {
    const status = statusIn(key)
    if (status === undefined || !isBodiless(project.versions, status) || value.is !== "mapping") continue
    const model = value.entries.findLast(([name]) => knownText(name) === "model")?.[1]
    if (!model || isNone(model) || bare(project, model).is === "unknown") continue
    yield {
      at: route.at,
      message: `FastAPI raises an AssertionError here: ${quote("responses")} gives ${status} a model, and ${status} has no body`,
      routes: [route],
      ...(route.endpoint && { scope: route.endpoint.id }),
      discriminator: String(status),
    }
  }
}

/** Those of the router, then the route's own. */
function givenResponses({ built, router }: OwnRoute): [Value, Value][] {
  return [router.built.keywords.get("responses"), built.keywords.get("responses")].flatMap((given) =>
    given?.is === "mapping" ? given.entries : [],
  )
}

/** `204`, `"204"`, `status.HTTP_204_NO_CONTENT`. */
function statusIn(key: Value): number | undefined {
  const text = knownText(key)
  if (text !== undefined) return /^\d{3}$/.test(text) ? Number(text) : undefined
  return knownNumber(key) ?? (key.is === "external" ? statusOf(key.name) : undefined)
}
