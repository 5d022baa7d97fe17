import { quote, rule } from "#rule"

export default rule({
  summary: "A method of apps, called on a router",
  why: `
Middleware and exception handlers belong to the application: an \`APIRouter\` has no \`middleware\`, \`add_middleware\`,
\`exception_handler\` or \`add_exception_handler\`. Asking for one is an \`AttributeError\` while the module is imported.
`,
  help: "Call it on the app; for one router use a dependency, or a `route_class` of your own",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: [],
  startup: true,
  exemptions: ["calls in a `try`", "subclasses of `APIRouter` that define the method"],
  examples: [
    {
      bad: `
        from fastapi import APIRouter, Request

        router = APIRouter()

        @router.exception_handler(ValueError) # expect: \`APIRouter\` has no \`exception_handler\`
        async def on_value_error(request: Request, error: ValueError): ...

        @router.middleware("http") # expect: \`APIRouter\` has no \`middleware\`
        async def log_requests(request: Request, call_next):
            return await call_next(request)
      `,
      good: `
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.exception_handler(ValueError)
        async def on_value_error(request: Request, error: ValueError): ...

        @app.middleware("http")
        async def log_requests(request: Request, call_next):
            return await call_next(request)
      `,
    },
  ],

  *project({ calls }) {
    for (const { name, at, isGuarded } of calls) {
      const method = /^fastapi\.APIRouter\(\)\.(middleware|add_middleware|exception_handler|add_exception_handler)$/.exec(name)?.[1]
      if (!method || isGuarded) continue
      yield {
        at,
        message: `${quote("APIRouter")} has no ${quote(method)}: an AttributeError when the module is imported`,
        discriminator: method,
      }
    }
  },
})
