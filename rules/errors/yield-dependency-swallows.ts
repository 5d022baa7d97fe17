import { catchesHTTPError, type Fn, type Handler, list, quote, routeNames, rule, type Value } from "#rule"

export default rule({
  summary: "A dependency that keeps the exception of its endpoint",
  why: `
FastAPI throws an endpoint's exception into its \`yield\` dependencies. One that catches it and does not raise it again has
nothing to answer with: the client gets a 500 without a word in the log, even where the endpoint had raised a 404.
`,
  help: "End the `except` with `raise`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/#always-raise-in-dependencies-with-yield-and-except",
  equivalents: [],
  exemptions: ["handlers that raise, whatever they raise", "exceptions of a narrow class", "FastAPI before 0.110, which raised it again"],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session, sessionmaker

        SessionLocal = sessionmaker()

        def get_db():
            db = SessionLocal()
            try:
                yield db
            except Exception: # expect: \`get_db\` keeps every exception of \`POST /items\`, which then answers 500
                db.rollback()
            finally:
                db.close()

        app = FastAPI()

        @app.post("/items")
        def create_item(db: Session = Depends(get_db)): ...
      `,
      good: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session, sessionmaker

        SessionLocal = sessionmaker()

        def get_db():
            db = SessionLocal()
            try:
                yield db
            except Exception:
                db.rollback()
                raise
            finally:
                db.close()

        app = FastAPI()

        @app.post("/items")
        def create_item(db: Session = Depends(get_db)): ...
      `,
    },
  ],

  *project(project) {
    if (!project.versions.atLeast("fastapi", "0.110.0")) return
    const asked = new Set(project.routes.flatMap((route) => route.dependencies.flatMap(({ call }) => call ?? [])))
    for (const fn of asked) {
      if (fn.role !== "app" || !fn.generator) continue
      for (const handler of swallowing(fn)) {
        const routes = project.reach.routesTo(fn)
        yield {
          at: handler.head,
          message: `${quote(fn.name)} keeps every ${handler.types.length === 0 ? "exception" : list(handler.types.map(kindOf), "or")} of ${routeNames(routes) ?? "its endpoint"}, which then ${routes.length > 1 ? "answer" : "answers"} 500`,
          routes,
          scope: fn.id,
          discriminator: "except",
        }
      }
    }
  },
})

/** The handlers around a `yield` that catch an HTTPException and never raise. */
function swallowing(fn: Fn): Set<Handler> {
  const found = new Set<Handler>()
  for (const event of fn.events) {
    if (event.is !== "yield") continue
    const handlers = event.within.flatMap((around) => (around.is === "try" ? around.handlers : []))
    for (const handler of handlers) {
      const answer = catchesHTTPError(handler)
      if (answer === "unknown") return new Set()
      if (answer === "no" || handler.reraises !== "never" || raises(fn, handler)) continue
      found.add(handler)
    }
  }
  return found
}

const raises = ({ events }: Fn, handler: Handler): boolean =>
  events.some(
    (event) =>
      (event.is === "raise" || (event.is === "call" && /fail|raise|abort|exit/i.test(event.fn?.name ?? ""))) &&
      event.within.some((around) => around.is === "handler" && around.handler === handler),
  )

const kindOf = (type: Value): string =>
  type.is === "external" && !/^builtins\.(Base)?Exception$/.test(type.name) ? quote(type.name.split(".").at(-1) ?? "") : "exception"
