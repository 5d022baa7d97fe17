import { ancestryOf, type ClassValue, type Place, type Project, quote, rule, type Type, type Value } from "#rule"

export default rule({
  summary: "A model of `pydantic.v1` in a signature",
  why: `
\`pydantic.v1\` holds the old Pydantic for code that has not moved yet. FastAPI took its models for a while (0.119 to 0.127, with a
warning) and refuses them since 0.128: a \`PydanticV1NotSupportedError\` at the decorator, and the application does not start.
`,
  help: "Derive the model from Pydantic 2's `BaseModel`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/how-to/migrate-from-pydantic-v1-to-pydantic-v2/",
  equivalents: [],
  startup: true,
  exemptions: ["FastAPI before 0.128", "models whose base depends on what is installed"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic.v1 import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        @app.post("/items")
        def create_item(item: Item): # expect: \`Item\` is a model of \`pydantic.v1\`
            return item.name
      `,
      good: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        @app.post("/items")
        def create_item(item: Item):
            return item.name
      `,
    },
  ],

  *project(project) {
    if (!project.versions.atLeast("fastapi", "0.128.0")) return
    for (const route of project.routes) {
      if (route.kind !== "api") continue
      const places: { at: Place; type: Type }[] = route.params.filter(({ in: place }) => place !== "special" && place !== "dependency")
      const { response } = route
      const answer = response.from === "response_model" || response.from === "annotation" ? response.type : undefined
      for (const { at, type } of answer ? [...places, { at: response.at ?? route.at, type: answer }] : places) {
        const model = oldModel(project, type.value)
        if (!model) continue
        yield {
          at,
          message: `${quote(model.def.name)} is a model of ${quote("pydantic.v1")}: FastAPI raises a PydanticV1NotSupportedError when the module is imported`,
          related: [{ at: { path: model.module, ...model.def.name_span }, message: "the model is defined here" }],
          routes: [route],
          ...(route.endpoint && { scope: route.endpoint.id }),
          discriminator: model.def.name,
        }
      }
    }
  },
})

/** The first class in a type that derives from the old \`BaseModel\`. */
function oldModel(project: Project, type: Value, depth = 0): ClassValue | undefined {
  if (depth > 6) return undefined
  const inner = type.is === "generic" ? [type.of, ...type.args] : type.is === "either" ? type.options : []
  for (const part of inner) {
    const found = oldModel(project, part, depth + 1)
    if (found) return found
  }
  if (type.is !== "class") return undefined
  const { libraries, complete } = ancestryOf(project, type)
  return complete && [...libraries].some((name) => /^pydantic\.v1\.(main\.)?BaseModel$/.test(name)) ? type : undefined
}
