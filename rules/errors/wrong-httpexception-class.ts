import { exceptionClass, foreignHTTPExceptions, isSubclass, options, quote, routeNames, rule, type Value } from "#rule"

export default rule({
  summary: "An HTTPException that FastAPI does not know",
  why: `
\`http.client\`, \`werkzeug\`, \`aiohttp\` and \`urllib\` have exceptions of nearly the same name, and an editor likes to import
those. FastAPI handles its own only, so the 404 that was meant is a 500; the one of \`http.client\` does not even take a
\`status_code\`.
`,
  help: "Import `HTTPException` from `fastapi`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/",
  equivalents: [],
  exemptions: ["such exceptions that are caught, not raised", "raises that a handler of the same function catches"],
  examples: [
    {
      bad: `
        from http.client import HTTPException

        from fastapi import FastAPI

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                raise HTTPException(status_code=404, detail="Item not found") # expect: \`http.client.HTTPException\` is not FastAPI's, so \`GET /items/{item_id}\` answers 500
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
      `,
    },
  ],

  *project(project) {
    const handled = project.apps.flatMap((app) =>
      app.exceptionHandlers.flatMap(({ exception }) => (exception.is === "external" ? exception.name : [])),
    )
    for (const { in: fn, event } of project.bodies.raises) {
      if (fn.role !== "app" || !event.value || event.within.some((around) => around.is === "try")) continue
      const name = nameOf(event.value)
      if (name === undefined || !isForeign(name) || handled.some((one) => isSubclass(name, one))) continue
      if (project.reach.running(fn) !== "request") continue
      const routes = project.reach.routesTo(fn)
      yield {
        at: event.at,
        message: `${quote(name)} is not FastAPI's, so ${routeNames(routes) ?? "the client"} ${routes.length > 1 ? "answer" : routes.length === 1 ? "answers" : "gets"} 500`,
        routes,
        scope: fn.id,
        discriminator: name,
      }
    }
  },
})

function nameOf(value: Value): string | undefined {
  const [only, ...more] = options(value)
  return only && more.length === 0 ? (exceptionClass(only) ?? (only.is === "external" ? only.name : undefined)) : undefined
}

/** Every error of a status of these two libraries is one. */
const STATUSES = /^(werkzeug\.exceptions|aiohttp\.web)\.(HTTP)?[A-Z]\w+$/

const isForeign = (name: string): boolean =>
  STATUSES.test(name) || foreignHTTPExceptions.some((foreign) => name === foreign || isSubclass(name, foreign) === true)
