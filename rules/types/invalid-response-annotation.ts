import {
  type Finding,
  hasPydantic2,
  isAsWritten,
  isModel,
  isNone,
  isResponseClass,
  mayBeAtLeast,
  type Project,
  quote,
  type Route,
  rule,
  type UnfitType,
  unfitPart,
  type Value,
} from "#rule"

export default rule({
  summary: "A response model of a type that Pydantic does not know",
  why: `
The return annotation of an endpoint, and \`response_model=\`, become a Pydantic field. For a class that is no model, a table of
SQLAlchemy or a list of types instead of a type there is none: \`FastAPIError: Invalid args for response field\`, and the
application does not start.
`,
  help: "Return a Pydantic model, or say `response_model=None`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/response-model/#invalid-return-type-annotations",
  equivalents: [],
  startup: true,
  exemptions: [
    "classes with a base, a decorator or a metaclass that is not known",
    "routes with `response_model=` of their own, whose annotation FastAPI does not read",
    "names that are imported for type checkers only",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        class Report:
            pages: int

        @app.get("/reports")
        def read_report() -> Report: # expect: \`main.Report\` in the return annotation is a class of which Pydantic makes no field
            return Report()

        @app.get("/items", response_model=[Item]) # expect: is no type but a list
        def read_items():
            return []
      `,
      good: `
        from fastapi import FastAPI, Response
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        class Report:
            pages: int

        @app.get("/reports", response_model=None)
        def read_report() -> Report:
            return Report()

        @app.get("/items")
        def read_items() -> list[Item]:
            return []

        @app.get("/file")
        def read_file() -> Response:
            return Response()
      `,
    },
  ],

  *project(project) {
    for (const route of project.routes) if (route.kind === "api") yield* ofRoute(project, route)
  },
})

function* ofRoute(project: Project, route: Route): Generator<Finding> {
  const { response, endpoint, own } = route
  const given = own.built.keywords.get("response_model")
  const responses = own.built.keywords.get("responses")
  for (const model of responses?.is === "mapping" ? modelsIn(responses) : []) yield* told(project, route, route.at, model, "in `responses`")
  if (given) {
    yield* told(project, route, route.at, given, "in `response_model`")
    return
  }
  if (
    own.built.open ||
    response.from !== "annotation" ||
    !endpoint?.returns ||
    endpoint.value.wraps ||
    endpoint.generator ||
    !isAsWritten(endpoint)
  )
    return
  if (mayBeAtLeast(project.versions, "fastapi", "0.89.0"))
    yield* told(project, route, endpoint.returns.at, endpoint.returns.value, "in the return annotation")
}

/** `{404: {"model": Message}}`. */
const modelsIn = (responses: Extract<Value, { is: "mapping" }>): Value[] =>
  responses.entries.flatMap(([, value]) =>
    value.is === "mapping" ? value.entries.flatMap(([key, model]) => (isText(key, "model") && !isNone(model) ? [model] : [])) : [],
  )

const isText = (value: Value, text: string): boolean => value.is === "text" && value.parts.length === 1 && value.parts[0] === text

function* told(project: Project, route: Route, at: Finding["at"], model: Value, where: string): Generator<Finding> {
  if (isNone(model)) return
  if (isInstanceOfModel(project, model)) {
    yield finding(route, at, `An object stands ${where} instead of its class`, where)
    return
  }
  const part = unfitPart(project, model)
  // Response classes and iterators are rules of their own.
  if (
    !part ||
    isResponseClass(project, part.value) ||
    /\b(Async)?(Iterable|Iterator|Generator)\b/.test(part.text) ||
    !isBound(part, at.path, project)
  )
    return
  if (part.is === "no type") yield finding(route, at, `What stands ${where} is no type but ${part.text}`, where, "an error")
  else yield finding(route, at, `${quote(part.text)} ${where} is a class of which Pydantic makes no field`, where)
}

const isInstanceOfModel = (project: Project, value: Value): boolean =>
  value.is === "instance" && isModel(project, value.of) === true && hasPydantic2(project.versions)

/** Is the name there when the application runs? What is imported for type checkers only is another fault. */
function isBound({ value }: UnfitType, path: string, { modules }: Project): boolean {
  return !modules.get(path)?.mentions.includes("TYPE_CHECKING") || (value.is === "class" && value.module === path)
}

const finding = (route: Route, at: Finding["at"], message: string, where: string, error = "a FastAPIError"): Finding => ({
  at,
  message: `${message}: ${error} when the module is imported`,
  routes: [route],
  ...(route.endpoint && { scope: route.endpoint.id }),
  discriminator: where,
})
