import {
  exceptionClass,
  type Fn,
  isHTTPException,
  isNone,
  knownNumber,
  options,
  type Project,
  quote,
  type RaiseEvent,
  rule,
  statusOf,
  type Value,
} from "#rule"

export default rule({
  summary: "An `HTTPException` raised with the status of a success",
  why: `
FastAPI sends the status that the exception holds. With 200 the client is told that all went well, reads \`{"detail": ...}\`
where the result should be, and nothing in a log, a metric or a retry says that the request failed.
`,
  help: "Raise it with a status from 400 on, or return the answer",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/",
  equivalents: [],
  exemptions: [
    "a redirect (3xx) with headers, 304, and 202, which says that there is no answer yet",
    "exceptions that a handler of the app answers with a status of its own",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                raise HTTPException(status_code=200, detail="Item not found") # expect: with status 200
            return items[item_id]
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                raise HTTPException(status_code=404, detail="Item not found")
            return items[item_id]

        @app.get("/old")
        def read_old():
            raise HTTPException(status_code=307, headers={"Location": "/items/1"})
      `,
    },
  ],

  *project(project) {
    for (const { in: fn, event } of project.bodies.raises) {
      const status = fn.role === "app" ? successIn(event, project) : undefined
      if (status === undefined) continue
      yield {
        at: event.at,
        message: `${quote("HTTPException")} is raised with status ${status}: the client is ${status < 300 ? "told that the request succeeded" : "sent elsewhere, and no header says where"}`,
        scope: fn.id,
        discriminator: String(status),
      }
    }
  },
})

function successIn({ value }: RaiseEvent, project: Project): number | undefined {
  if (value?.is !== "external" && value?.is !== "instance") return undefined
  const name = exceptionClass(value)
  if (name === undefined || !isHTTPException(name) || !value.built || value.built.open || isHandled(value, project)) return undefined
  if (value.is === "instance" && project.player.methodOf(value.of, "__init__")) return undefined
  const { positional, keywords } = value.built
  const status = positional[0] ?? keywords.get("status_code")
  const number =
    status?.is === "external" ? statusOf(status.name) : status?.is === "literal" && status.assumed ? undefined : knownNumber(status)
  if (number === undefined || number < 100 || number >= 400 || number === 304 || number === 202) return undefined
  const headers = positional[2] ?? keywords.get("headers")
  return number >= 300 && headers && !isNone(headers) ? undefined : number
}

/** A handler of the app may send another status, unless it passes on that of the exception. */
const isHandled = (value: Value, { apps, functionOf }: Project): boolean =>
  apps.some(({ exceptionHandlers }) =>
    exceptionHandlers.some(
      ({ exception, handler }) => options(exception).some((one) => mayBe(one, value)) && !keepsStatus(functionOf(handler)),
    ),
  )

/** Is what a handler is for, a class or a status below 400, possibly this exception? */
const mayBe = (key: Value, raised: Value): boolean =>
  key.is === "class" ? raised.is === "instance" : key.is === "external" ? isHTTPException(key.name) : (knownNumber(key) ?? 0) < 400

const keepsStatus = (handler: Fn | undefined): boolean =>
  handler?.events.some(
    (event) =>
      event.is === "call" &&
      [...event.positional, ...event.keywords.values()].some((given) => given.is === "external" && given.name.endsWith(".status_code")),
  ) ?? false
