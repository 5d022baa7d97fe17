import {
  ancestryOf,
  brokenPattern,
  type ClassValue,
  type Finding,
  hasPydantic2,
  isModel,
  knownText,
  modelFields,
  type Place,
  type Project,
  quote,
  rule,
  type Type,
  unsupportedInRust,
  type Value,
} from "#rule"

export default rule({
  summary: "A pattern that Pydantic's regex engine refuses",
  why: `
Pydantic 2 compiles patterns with the \`regex\` crate of Rust, which has no look-ahead, look-behind or backreference. A pattern that
uses one, as one that no engine takes, is a \`SchemaError\` when the model, or the route, is made.
`,
  help: 'Write it without, or set `regex_engine="python-re"` in the model\'s configuration',
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/api/config/#pydantic.config.ConfigDict.regex_engine",
  equivalents: [],
  startup: true,
  exemptions: ["models that set `regex_engine`, or whose configuration is not known", "patterns that are not known", "Pydantic 1"],
  examples: [
    {
      bad: `
        from typing import Annotated
        from fastapi import FastAPI, Query
        from pydantic import BaseModel, Field

        app = FastAPI()

        class User(BaseModel):
            password: str = Field(pattern=r"^(?=.*\\d).{8,}$") # expect: a look-ahead

        @app.get("/users")
        def read_users(name: Annotated[str, Query(pattern=r"^(\\w+$")]): # expect: a \`(\` is not closed
            return []
      `,
      good: `
        from typing import Annotated
        from fastapi import FastAPI, Query
        from pydantic import BaseModel, ConfigDict, Field

        app = FastAPI()

        class User(BaseModel):
            model_config = ConfigDict(regex_engine="python-re")
            password: str = Field(pattern=r"^(?=.*\\d).{8,}$")

        @app.get("/users")
        def read_users(name: Annotated[str, Query(pattern=r"^\\w+$")]):
            return []
      `,
    },
  ],

  *project(project) {
    if (!hasPydantic2(project.versions)) return
    for (const cls of project.classes) {
      if (isModel(project, cls) !== true || !hasDefaultEngine(project, cls)) continue
      const fields = modelFields(project, cls)
      for (const field of fields.known ? fields.value : []) if (field.owner === cls) yield* faults(field, cls.qualname)
    }
    for (const route of project.routes) for (const param of route.params) yield* faults(param, param.declaredBy.id)
  },
})

interface Constrained {
  name: string
  at: Place
  type: Type
  constraints: Map<string, Value>
}

function* faults({ name, at, type, constraints }: Constrained, scope: string): Generator<Finding> {
  const pattern = knownText(constraints.get("pattern") ?? constraints.get("regex"))
  // Of other types than text, Pydantic asks something else.
  if (pattern === undefined || !/^str( \| None)?$/.test(type.text)) return
  const broken = brokenPattern(pattern)
  const unknown = broken === undefined ? unsupportedInRust(pattern) : undefined
  if (broken === undefined && unknown === undefined) return
  const why = broken === undefined ? `uses ${unknown}, which its engine does not know` : `is not valid, because ${broken}`
  yield {
    at,
    message: `The pattern of ${quote(name)} ${why}: Pydantic raises a SchemaError when the module is imported`,
    scope,
    discriminator: name,
  }
}

/** No class in its line sets the engine, or has a configuration that cannot be read. */
function hasDefaultEngine(project: Project, cls: ClassValue): boolean {
  const { classes, complete } = ancestryOf(project, cls)
  return complete && classes.every((one) => !one.keywords.has("regex_engine") && leavesEngine(one.body.own("model_config")))
}

function leavesEngine(config: Value | undefined): boolean {
  if (!config) return true
  if (config.is === "mapping")
    return !config.open && config.entries.every(([key]) => knownText(key) !== undefined && knownText(key) !== "regex_engine")
  return (
    config.is === "external" &&
    config.built !== undefined &&
    !config.built.open &&
    config.built.positional.length === 0 &&
    !config.built.keywords.has("regex_engine")
  )
}
