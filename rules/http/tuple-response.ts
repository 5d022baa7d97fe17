import {
  answersOf,
  isAsWritten,
  knownNumber,
  members,
  options,
  type Project,
  quote,
  type Route,
  rule,
  type Sequence,
  statusOf,
  type Value,
} from "#rule"

export default rule({
  summary: "A status returned in a tuple, which FastAPI sends as data",
  why: `
\`return {...}, 404\` sets a status in Flask. FastAPI takes the tuple for the answer: the client gets 200 and a list whose
second item is the number.
`,
  help: "Raise `HTTPException(404)`, or return `JSONResponse(content, status_code=404)`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/response-change-status-code/",
  equivalents: [],
  exemptions: ["a response model that is a tuple, a list or `Any`", "a decorator that may make something of the tuple"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                return {"detail": "Not found"}, 404 # expect: answers 200 with a list that ends in 404
            return items[item_id]
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                raise HTTPException(404, "Not found")
            return items[item_id]
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      const { endpoint } = route
      if (route.kind !== "api" || !endpoint || endpoint.role !== "app" || endpoint.generator || !isAsWritten(endpoint)) continue
      if (!route.isSignatureKnown || mayBeTuple(project, route)) continue
      for (const { event, value } of answersOf(project, endpoint)) {
        const key = `${event.at.path}:${event.at.start}`
        const status = event.within.some(({ is }) => is === "nested") ? undefined : options(value).map(statusIn).find(Boolean)
        if (status === undefined || told.has(key)) continue
        told.add(key)
        const answered = route.statusCode.known ? route.statusCode.value : "a success"
        yield {
          at: event.at,
          message: `${quote(endpoint.name)} answers ${answered} with a list that ends in ${status}: a tuple sets no status`,
          routes: [route],
          scope: endpoint.id,
          discriminator: String(status),
        }
      }
    }
  },
})

/** The status that stands second or last of a tuple of two or three. */
function statusIn(value: Value): number | undefined {
  if (value.is !== "sequence" || value.type !== "tuple" || value.open || value.items.length < 2 || value.items.length > 3) return undefined
  return statusAt(value, 1) ?? statusAt(value, 2)
}

function statusAt({ items }: Sequence, position: number): number | undefined {
  const item = items[position]
  const status = knownNumber(item) ?? (item?.is === "external" ? statusOf(item.name) : undefined)
  return status !== undefined && Number.isInteger(status) && status >= 100 && status < 600 ? status : undefined
}

/** Is the answer declared to be something that a tuple fits, or not known? */
function mayBeTuple(project: Project, { response }: Route): boolean {
  if (response.from === "unknown" || response.from === "response") return response.from === "unknown"
  if (!response.type) return false
  return members(project, response.type.value).some((type) => {
    const of = type.is === "generic" ? type.of : type
    if (of.is === "class") return false
    return of.is !== "external" || !/^builtins\.(dict|str|int|float|bool)$/.test(of.name)
  })
}
