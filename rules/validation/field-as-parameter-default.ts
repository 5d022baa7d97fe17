import { declarations, isDepends, isField, isSpecial, quote, rule } from "#rule"

export default rule({
  summary: "Pydantic's `Field` as the default of a parameter",
  why: `
\`Field(...)\` describes a field of a model and says nothing of where a parameter is read from. As the default of a parameter it
makes FastAPI raise \`AssertionError: non-body parameters must be in path, query, header or cookie\` where the route is added.
`,
  help: "Use `Query`, `Body` or another of FastAPI's markers; inside `Annotated`, `Field` may stand for its limits alone",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/query-params-str-validations/",
  equivalents: [],
  startup: true,
  exemptions: ["functions that no route calls"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import Field

        app = FastAPI()

        @app.get("/items")
        def list_items(limit: int = Field(10, le=100)): # expect: \`limit\` has Pydantic's \`Field\` as its default
            return []
      `,
      good: `
        from typing import Annotated

        from fastapi import FastAPI, Query
        from pydantic import Field

        app = FastAPI()

        @app.get("/items")
        def list_items(page: Annotated[int, Field(ge=1)], limit: int = Query(10, le=100)):
            return []
      `,
    },
  ],

  *project(project) {
    for (const { name, at, declaredBy, route, asDefault, inAnnotated, inPath, type, hidden } of declarations(project)) {
      // In the path, beside another marker, or on a `Request`, it is refused for that.
      if (!asDefault || !isField(asDefault) || isDepends(asDefault) || inAnnotated.length > 0 || inPath !== "no" || hidden) continue
      if (type && isSpecial(project, type) !== false) continue
      yield {
        at,
        message: `${quote(name)} has Pydantic's ${quote("Field")} as its default: an AssertionError when the module is imported`,
        routes: [route],
        scope: declaredBy.id,
        discriminator: name,
      }
    }
  },
})
