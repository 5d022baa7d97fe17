import { type Dependency, type Finding, mayBeAtLeast, quote, type Route, rule } from "#rule"

export default rule({
  summary: "A dependency with `yield` that outlives what it depends on",
  why: `
A dependency with \`yield\` ends after the response was sent, unless it says \`scope="function"\`. If it uses another one that ends
with the function, it would work with something that is closed already. FastAPI raises a \`DependencyScopeError\` where the route
is added.
`,
  help: 'Ask for the outer one with `scope="function"` too, or drop the scope of the inner one',
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/",
  equivalents: [],
  startup: true,
  exemptions: ["dependencies without `yield`", "FastAPI before 0.121, which has no scopes"],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_db():
            yield "session"

        def get_repository(db=Depends(get_db, scope="function")): # expect: \`get_repository\` lasts until the response is sent
            yield db

        @app.get("/items")
        def list_items(repository=Depends(get_repository)):
            return []
      `,
      good: `
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_db():
            yield "session"

        def get_repository(db=Depends(get_db, scope="function")):
            yield db

        @app.get("/items")
        def list_items(repository=Depends(get_repository, scope="function")):
            return []
      `,
    },
  ],

  *project(project) {
    if (!mayBeAtLeast(project.versions, "fastapi", "0.121.0")) return
    for (const route of project.routes) for (const dependency of route.dependencies) yield* below(route, dependency)
  },
})

function* below(route: Route, { call, asked, scope, dependencies }: Dependency): Generator<Finding> {
  // A scope that is given and not understood may be any.
  if (!call?.generator || !asked || scope === "function" || (scope === undefined && asked.keywords.has("scope")) || asked.open) return
  for (const { scope: inner, at, name } of dependencies) {
    if (inner !== "function") continue
    yield {
      at,
      message: `${quote(call.name)} lasts until the response is sent, and what it depends on ends with the function: a DependencyScopeError when the module is imported`,
      routes: [route],
      scope: call.id,
      discriminator: name ?? "",
    }
  }
}
