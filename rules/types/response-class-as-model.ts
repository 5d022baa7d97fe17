import { annotated, type Finding, isResponseClass, mayBeAtLeast, members, type Project, quote, type Route, rule, type Value } from "#rule"

export default rule({
  summary: "A response class where FastAPI wants a model",
  why: `
A return annotation is the response model. FastAPI leaves a plain \`-> JSONResponse\` alone, but \`Item | JSONResponse\`,
\`Response | None\` or \`response_model=JSONResponse\` it hands to Pydantic, which knows no such type: a \`FastAPIError\` at the
decorator, and the application does not start.
`,
  help: "Add `response_model=None`, or name the model there and keep the annotation",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/response-model/#invalid-return-type-annotations",
  equivalents: [],
  startup: true,
  exemptions: ["routes with `response_model=` of their own", "classes that are not known"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.responses import JSONResponse

        app = FastAPI()

        @app.get("/items")
        def read_items() -> list[str] | JSONResponse: # expect: \`JSONResponse\` is no model
            return []

        @app.get("/users", response_model=JSONResponse) # expect: \`JSONResponse\` is no model
        def read_users():
            return []
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.responses import JSONResponse

        app = FastAPI()

        @app.get("/items", response_model=list[str])
        def read_items() -> list[str] | JSONResponse:
            return []

        @app.get("/users", response_class=JSONResponse)
        def read_users() -> JSONResponse:
            return JSONResponse([])
      `,
    },
  ],

  *project(project) {
    for (const route of project.routes) {
      const finding = route.kind === "api" ? findingOf(project, route) : undefined
      if (finding) yield finding
    }
  },
})

function findingOf(project: Project, route: Route): Finding | undefined {
  const { response, endpoint } = route
  const given = route.own.built.keywords.get("response_model")
  if (response.from === "response_model" && given) {
    const culprit = members(project, given).find((member) => isResponseClass(project, member))
    return culprit && told(route, route.at, culprit, `in ${quote("response_model")}`)
  }
  // A subclass of Response alone is left as it is: what the model calls "response" is so only in a union or in \`Annotated\`.
  if (response.from === "response_model" || given || route.own.built.open || !endpoint?.returns || endpoint.value.wraps) return undefined
  if (!mayBeAtLeast(project.versions, "fastapi", "0.89.0")) return undefined
  const { at, value } = endpoint.returns
  const all = members(project, value)
  if (all.length < 2 && annotated(project, value).metadata.length === 0) return undefined
  const culprit = all.find((member) => isResponseClass(project, member))
  return culprit && told(route, at, culprit, "in the return annotation")
}

function told(route: Route, at: Finding["at"], culprit: Value, where: string): Finding {
  const name =
    culprit.is === "class" ? culprit.def.name : culprit.is === "external" ? (culprit.name.split(".").at(-1) as string) : "Response"
  return {
    at,
    message: `${quote(name)} is no model, and stands ${where}: FastAPI raises a FastAPIError when the module is imported`,
    routes: [route],
    ...(route.endpoint && { scope: route.endpoint.id }),
    discriminator: name,
  }
}
