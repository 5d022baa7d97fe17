import { type CallEvent, exceptionClass, isSubclass, quote, routeNames, rule } from "#rule"

export default rule({
  summary: "An exception that is built and not raised",
  why: `
An exception object does nothing by itself. Without \`raise\` the function goes on past the check that was to stop it, and the
client gets the answer that the check was to refuse.
`,
  help: "Write `raise` before it",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/",
  equivalents: ["PLW0133"],
  exemptions: ["exception classes that are not known"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                HTTPException(status_code=404) # expect: \`HTTPException\` is built and not raised, so \`read_item\` goes on
            return items.get(item_id)
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                raise HTTPException(status_code=404)
            return items.get(item_id)
      `,
    },
  ],

  *project(project) {
    for (const { in: fn, event } of project.bodies.dropped) {
      const name = fn.role === "app" ? exceptionBuiltBy(event) : undefined
      if (name === undefined) continue
      const routes = project.reach.routesTo(fn)
      yield {
        at: event.at,
        message: `${quote(name)} is built and not raised, so ${quote(fn.name)} goes on${routes.length > 1 ? ` (${routeNames(routes)})` : ""}`,
        routes,
        scope: fn.id,
        discriminator: name,
      }
    }
  },
})

/** The exception class that a call makes an object of. */
function exceptionBuiltBy({ callee }: CallEvent): string | undefined {
  if (callee.is !== "external" && callee.is !== "class") return undefined
  const family = exceptionClass(callee)
  if (family === undefined || isSubclass(family, "builtins.BaseException") !== true) return undefined
  if (callee.is === "class") return callee.def.name
  return callee.name.endsWith("()") ? undefined : callee.name.slice(callee.name.lastIndexOf(".") + 1)
}
