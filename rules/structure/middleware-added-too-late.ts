import { type LibraryCall, type Place, quote, type Router, rule, type Value } from "#rule"

export default rule({
  summary: "Middleware added after the app has started",
  why: `
The stack of middleware is built when the server starts, before the lifespan and the start-up handlers run. Adding to it
there, or after a test client has sent a request, is a \`RuntimeError\`: "Cannot add middleware after an application has started".
`,
  help: "Add it where the app is built",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/middleware/",
  equivalents: [],
  startup: true,
  exemptions: ["apps that are themselves built at start-up", "another app than the one that starts", "calls in a branch or a `try`"],
  examples: [
    {
      bad: `
        from contextlib import asynccontextmanager
        from fastapi import FastAPI
        from fastapi.middleware.gzip import GZipMiddleware

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            app.add_middleware(GZipMiddleware) # expect: after the app has started
            yield

        app = FastAPI(lifespan=lifespan)
      `,
      good: `
        from contextlib import asynccontextmanager
        from fastapi import FastAPI
        from fastapi.middleware.gzip import GZipMiddleware

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            yield

        app = FastAPI(lifespan=lifespan)
        app.add_middleware(GZipMiddleware)
      `,
    },
  ],

  *project({ calls, apps }) {
    const requested = new Map<Router, Place>()
    for (const call of calls) {
      const { name, at, maybe, isGuarded, starting } = call
      const sentTo = requestTo(call)
      if (sentTo) requested.set(sentTo, at)
      if (maybe || isGuarded || !/^fastapi\.FastAPI\(\)\.(add_middleware|middleware)$/.test(name)) continue
      const app = routerOf(call.callee.self)
      const after = app && requested.get(app)
      if (!app || (starting !== app && !after) || !apps.some((one) => (one as Router) === app)) continue
      yield {
        at,
        message: `${quote("add_middleware")} is called after the app has started: Starlette raises a RuntimeError`,
        ...(after && { related: [{ at: after, message: "the first request is sent here" }] }),
      }
    }
  },
})

const routerOf = (value: Value | undefined): Router | undefined =>
  value?.is === "external" || value?.is === "instance" ? (value.host as Router | undefined) : undefined

/** `TestClient(app).get("/")`: the app that it starts. */
function requestTo({ name, callee, maybe }: LibraryCall): Router | undefined {
  if (maybe || !/^starlette\.testclient\.TestClient\(\)\.(get|post|put|patch|delete|head|options|request)$/.test(name)) return undefined
  const { self } = callee
  return self?.is === "external" ? routerOf(self.built?.positional[0] ?? self.built?.keywords.get("app")) : undefined
}
