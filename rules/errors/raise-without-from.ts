import { type Fix, isNone, options, quote, type RaiseEvent, rule, type Value, type Within } from "#rule"

export default rule({
  summary: "An exception raised in an `except` without saying from what",
  why: `
The traceback then reads "During handling of the above exception, another exception occurred", as if the handler were
broken. \`raise ... from error\` says that the second was meant, and keeps the first as its cause.
`,
  help: "Write `from error`, or `from None` where the cause is of no interest",
  optIn: true,
  concern: "maintainability",
  level: "info",
  docs: "https://docs.python.org/3/tutorial/errors.html#exception-chaining",
  equivalents: ["B904"],
  exemptions: ["a bare `raise`, the caught exception itself, and `from None`"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            try:
                return items[item_id]
            except KeyError as error:
                raise HTTPException(status_code=404) # expect: \`HTTPException\` is raised without \`from error\`
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            try:
                return items[item_id]
            except KeyError as error:
                raise HTTPException(status_code=404) from error
      `,
      fixed: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            try:
                return items[item_id]
            except KeyError as error:
                raise HTTPException(status_code=404) from error
      `,
    },
  ],

  *project(project) {
    for (const { in: fn, event } of project.bodies.raises) {
      if (fn.role !== "app" || event.cause || !event.value) continue
      const handler = handlerAround(event.within)
      const what = handler && nameOf(event.value)
      if (!handler || what === undefined) continue
      yield {
        at: event.at,
        message: `${quote(what)} is raised without ${quote(`from ${handler.name ?? "..."}`)}`,
        scope: fn.id,
        discriminator: what,
        ...(handler.name !== undefined && { fix: chained(event, handler.name) }),
      }
    }
  },
})

/** The handler that a raise stands in, unless it is in a lambda. */
function handlerAround(within: readonly Within[]) {
  const inner = within.findLast(({ is }) => is === "handler" || is === "nested")
  return inner?.is === "handler" ? inner.handler : undefined
}

/** The class of an exception that is made here. What is not known may be the caught one. */
function nameOf(value: Value): string | undefined {
  if (options(value).length > 1 || isNone(value)) return undefined
  if (value.is === "instance") return value.of.def.name
  if (value.is === "class") return value.def.name
  if (value.is !== "external" || value.caught || value.self) return undefined
  return value.name.replace(/\(\)$/, "").split(".").at(-1)
}

const chained = ({ at }: RaiseEvent, name: string): Fix => ({
  title: `Add \`from ${name}\``,
  safety: "safe",
  edits: [{ path: at.path, start: at.end, end: at.end, text: ` from ${name}` }],
})
