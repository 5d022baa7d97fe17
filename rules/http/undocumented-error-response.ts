import { errorAnswer, type Fn, HTTPErrors, list, type Place, plural, quote, type Route, routeName, rule, type Value } from "#rule"

export default rule({
  summary: "A route that documents some of its errors, and not all",
  why: `
Clients are generated from the documentation. A route that names its 404 there and keeps quiet about its 409 says that there
is none, and the client that trusts it meets an answer that it has no type and no branch for.
`,
  help: "Add the status to `responses=`",
  concern: "correctness",
  level: "info",
  docs: "https://fastapi.tiangolo.com/advanced/additional-responses/",
  equivalents: ["S8415"],
  exemptions: [
    "routes that document no error at all",
    "401, 403 and 422, which security schemes and FastAPI bring, and server errors",
    "exceptions whose status is not known, and what another function may catch",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        def find(item_id: int) -> str:
            if item_id not in items:
                raise HTTPException(404, "No such item")
            return items[item_id]

        @app.delete("/items/{item_id}", responses={404: {"description": "No such item"}}) # expect: \`DELETE /items/{item_id}\` may answer 409, which its \`responses\` do not name
        def delete_item(item_id: int):
            if find(item_id) == "last":
                raise HTTPException(409, "The last one stays")
            del items[item_id]
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        def find(item_id: int) -> str:
            if item_id not in items:
                raise HTTPException(404, "No such item")
            return items[item_id]

        @app.delete("/items/{item_id}", responses={404: {}, 409: {"description": "The last one"}})
        def delete_item(item_id: int):
            if find(item_id) == "last":
                raise HTTPException(409, "The last one stays")
            del items[item_id]

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            return find(item_id)
      `,
    },
  ],

  *project(project) {
    const errors = new HTTPErrors()
    const told = new Set<string>()
    for (const route of project.routes) {
      const { own, endpoint, kind, includeInSchema } = route
      const key = `${own.at.path}:${own.at.start}`
      if (kind !== "api" || endpoint?.role !== "app" || told.has(key) || !includeInSchema.known || !includeInSchema.value) continue
      if (!documentsErrors(own.built.keywords.get("responses"))) continue
      const documented = route.operation.responses
      if (!documented.known || documented.value.has("default") || documented.value.has("4XX")) continue
      const missing = [...raised(errors, route)].filter(([status]) => !documented.value.has(String(status))).sort(([a], [b]) => a - b)
      if (missing.length === 0) continue
      told.add(key)
      yield {
        at: route.at,
        message: `${routeName(route)} may answer ${list(missing.map(([status]) => String(status)))}, which its ${quote("responses")} do not name`,
        related: missing.map(([status, { at, fn }]) => ({ at, message: `${quote(fn.name)} answers ${status}` })),
        routes: [route],
        scope: endpoint.id,
        discriminator: plural(missing.length, "status"),
      }
    }
  },
})

/** `responses={404: ...}` of the route itself. */
const documentsErrors = (given: Value | undefined): boolean =>
  given?.is === "mapping" &&
  !given.open &&
  given.entries.some(([key]) => key.is === "literal" && typeof key.value === "number" && key.value >= 400 && key.value < 500)

const BROUGHT = new Set([401, 403, 422])

/** The client errors that leave the endpoint and its dependencies, each with one place. */
function raised(errors: HTTPErrors, { endpoint, dependencies }: Route): Map<number, { at: Place; fn: Fn }> {
  const found = new Map<number, { at: Place; fn: Fn }>()
  for (const fn of [endpoint, ...dependencies.map(({ call }) => call)])
    for (const error of fn ? errors.leaving(fn, 3) : []) {
      const answer = error.raised.value && errorAnswer(error.raised.value)
      if (answer && answer.status >= 400 && answer.status < 500 && !BROUGHT.has(answer.status) && !found.has(answer.status))
        found.set(answer.status, { at: error.raised.at, fn: error.in })
    }
  return found
}
