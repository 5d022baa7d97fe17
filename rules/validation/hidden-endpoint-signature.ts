import { type Fn, isAsWritten, list, type Parameter, quote, type Route, routeName, rule } from "#rule"

export default rule({
  summary: "An endpoint of which FastAPI sees only `*args` and `**kwargs`",
  why: `
FastAPI reads the signature of the function it is given. That of a wrapper without \`functools.wraps\` is \`*args, **kwargs\`, which
it takes for two query parameters, \`args\` and \`kwargs\`. Every request is answered with a 422, and the real parameters are
not read at all.
`,
  help: "Put `@functools.wraps(fn)` on the wrapper",
  concern: "correctness",
  level: "error",
  docs: "https://docs.python.org/3/library/functools.html#functools.wraps",
  equivalents: [],
  exemptions: ["decorators of libraries, and wrappers that set `__signature__`"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        def logged(fn):
            async def wrapper(*args, **kwargs):
                print(fn.__name__)
                return await fn(*args, **kwargs)
            return wrapper

        @app.get("/items/{item_id}") # expect: every request to \`GET /items/{item_id}\` is a 422
        @logged
        async def read_item(item_id: int):
            return {"item": item_id}
      `,
      good: `
        from functools import wraps
        from fastapi import FastAPI

        app = FastAPI()

        def logged(fn):
            @wraps(fn)
            async def wrapper(*args, **kwargs):
                print(fn.__name__)
                return await fn(*args, **kwargs)
            return wrapper

        @app.get("/items/{item_id}")
        @logged
        async def read_item(item_id: int):
            return {"item": item_id}
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      const { endpoint, own } = route
      const found = (route.kind === "api" || route.kind === "websocket") && endpoint ? hiding(endpoint, route) : []
      const [first] = found
      const key = `${own.at.path}:${own.at.start}`
      if (!endpoint || !first || told.has(key) || endpoint.role !== "app") continue
      told.add(key)
      const stars = found.map((parameter) => quote(parameter.kind === "*args" ? `*${parameter.name}` : `**${parameter.name}`))
      yield {
        at: own.at,
        message: `${quote(endpoint.name)} shows FastAPI ${list(stars)}, so every request to ${routeName(route)} is a 422`,
        related: [
          { at: first.at, message: `FastAPI takes ${list(stars)} for ${found.length > 1 ? "query parameters" : "a query parameter"}` },
        ],
        routes: [route],
        scope: endpoint.id,
        discriminator: found.map(({ name }) => name).join(),
      }
    }
  },
})

/** Parameters that take whatever is left, where FastAPI looks for them. */
function hiding(fn: Fn, { own, isSignatureKnown }: Route): Parameter[] {
  const { endpointValue: value } = own
  if (value.is !== "function" || value.signature || value.wraps || !isSignatureKnown || !isAsWritten({ decorators: outside(fn) })) return []
  return fn.parameters.filter(({ kind }) => kind === "*args" || kind === "**kwargs")
}

/** What decorates it and may have changed its signature: functions of the project were played. */
const outside = ({ decorators }: Fn): Fn["decorators"] => decorators.filter(({ name }) => name === undefined || !name.includes(":"))
