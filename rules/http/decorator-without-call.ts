import { quote, rule } from "#rule"

export default rule({
  summary: "A decorator of the app without its parentheses, which registers nothing",
  why: `
\`@app.get\` without a call hands the function to \`get\` as its path. FastAPI returns a decorator that nobody applies: no
route is added, the name now means that decorator, and nothing is said at start-up. The same holds for middleware, exception
handlers and events.
`,
  help: 'Call it, with what it needs: `@app.get("/items")`',
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/first-steps/",
  equivalents: [],
  examples: [
    {
      bad: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        router = APIRouter()

        @app.get # expect: \`@app.get\` without a call adds no route
        def read_root():
            return {}

        @router.post # expect: adds no route
        def create_item():
            return {}

        @app.middleware # expect: adds no middleware
        async def count(request, call_next):
            return await call_next(request)
      `,
      good: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        router = APIRouter()

        @app.get("/")
        def read_root():
            return {}

        @router.post("/items")
        def create_item():
            return {}

        @app.middleware("http")
        async def count(request, call_next):
            return await call_next(request)

        app.include_router(router)
      `,
    },
  ],

  *project(project) {
    for (const call of project.calls) {
      const [, owner = "", method = ""] = REGISTRATION.exec(call.name) ?? []
      const given = call.positional[0]
      if (!method || given?.is !== "function" || call.positional.length > 1 || call.keywords.size > 0) continue
      if (project.role(call.at.path) !== "app") continue
      yield {
        at: call.at,
        message: `${quote(`@${owner === "FastAPI" ? "app" : "router"}.${method}`)} without a call adds no ${ADDS[method] ?? "route"}: ${quote(given.def.kind === "Lambda" ? "the function" : given.def.name)} is never ${method in ADDS ? "called" : "served"}`,
        scope: `${call.at.path}:${given.qualname}`,
        discriminator: method,
      }
    }
  },
})

const REGISTRATION =
  /^fastapi\.(FastAPI|APIRouter)\(\)\.(get|put|post|delete|options|head|patch|trace|api_route|websocket|websocket_route|route|middleware|exception_handler|on_event)$/

const ADDS: Record<string, string> = { middleware: "middleware", exception_handler: "handler", on_event: "handler" }
