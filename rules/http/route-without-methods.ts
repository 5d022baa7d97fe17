import { quote, rule } from "#rule"

export default rule({
  summary: "A route for no method at all",
  why: `
\`api_route\` and \`add_api_route\` with an empty list of methods are refused: FastAPI raises an \`AssertionError\` without a
message when the module is imported, and the application does not start.
`,
  help: 'Name the methods, or leave `methods` out for `["GET"]`',
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/reference/apirouter/",
  equivalents: [],
  startup: true,
  exemptions: ["methods that are not known"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.api_route("/items", methods=[]) # expect: no method
        def read_items():
            return []
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.api_route("/items", methods=["GET", "HEAD"])
        def read_items():
            return []
      `,
    },
  ],

  *project({ routers }) {
    for (const { entries } of routers) {
      for (const entry of entries) {
        if (entry.is !== "route" || entry.route.kind !== "api") continue
        const { at, built, endpoint } = entry.route
        const methods = built.keywords.get("methods")
        if (methods?.is !== "sequence" || methods.open || methods.items.length > 0) continue
        yield {
          at,
          message: `${endpoint ? quote(endpoint.name) : "This route"} is for no method: FastAPI raises an AssertionError when the module is imported`,
          ...(endpoint && { scope: endpoint.id }),
        }
      }
    }
  },
})
