import { bare, type Place, type Project, quote, type Route, rule, type Type } from "#rule"

export default rule({
  summary: "A `Callable` in the signature of a documented route",
  why: `
JSON has no functions, and so has OpenAPI: for a route that takes or returns a \`Callable\` Pydantic raises a
\`PydanticInvalidForJsonSchema\` whenever the schema is asked for. \`/openapi.json\` answers 500, and the docs of the whole application
stay empty.
`,
  help: "Take data; what the route calls comes from a dependency",
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/errors/usage_errors/#invalid-for-json-schema",
  equivalents: [],
  startup: true,
  exemptions: ["routes with `include_in_schema=False`, and apps without a schema", "what a dependency fills"],
  examples: [
    {
      bad: `
        from collections.abc import Callable
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/jobs")
        def create_job(run: Callable): # expect: \`run\` is a \`Callable\`
            return None
      `,
      good: `
        from collections.abc import Callable
        from typing import Annotated
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_runner() -> Callable:
            return print

        @app.post("/jobs")
        def create_job(run: Annotated[Callable, Depends(get_runner)]):
            return None
      `,
    },
  ],

  *project(project) {
    for (const route of project.routes) {
      if (!isDocumented(route)) continue
      for (const { what, at, type } of places(route)) {
        if (!isCallable(project, type)) continue
        yield {
          at,
          message: `${what} is a ${quote("Callable")}, for which there is no schema: ${quote("/openapi.json")} answers 500`,
          routes: [route],
          ...(route.endpoint && { scope: route.endpoint.id }),
          discriminator: what,
        }
      }
    }
  },
})

/** A router that no app includes is in no schema. */
function isDocumented({ kind, app, includeInSchema }: Route): boolean {
  return (
    kind === "api" &&
    app !== undefined &&
    includeInSchema.known &&
    includeInSchema.value &&
    !app.built.open &&
    !app.built.keywords.has("openapi_url")
  )
}

function* places({ params, response, at }: Route): Generator<{ what: string; at: Place; type: Type }> {
  for (const param of params)
    if (param.in !== "special" && param.in !== "dependency" && param.in !== "unknown") yield { ...param, what: quote(param.name) }
  if (response.type && (response.from === "annotation" || response.from === "response_model"))
    yield { what: "The response", at: response.at ?? at, type: response.type }
}

function isCallable(project: Project, { value }: Type): boolean {
  const type = bare(project, value)
  const of = type.is === "generic" ? type.of : type
  return of.is === "external" && /^(typing|collections\.abc)\.Callable$/.test(of.name)
}
