import {
  type ClassValue,
  type FileNotes,
  type Finding,
  hasPydantic2,
  isModel,
  modelFields,
  type Place,
  type Project,
  quote,
  rule,
  type Type,
  type Value,
} from "#rule"

export default rule({
  summary: "`typing.TypedDict` for Pydantic on a Python before 3.12",
  why: `
Before Python 3.12 a \`TypedDict\` of \`typing\` does not tell which of its keys are required, and Pydantic 2 refuses it: a
\`PydanticUserError\` when a model with such a field, or a route that takes or returns one, is made.
`,
  help: "Import `TypedDict` from `typing_extensions`",
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/errors/usage_errors/#typed-dict-version",
  equivalents: [],
  startup: true,
  exemptions: ["projects that need Python 3.12, or do not say which they need", "imports in a `try` or `if`", "Pydantic 1"],
  files: { words: ["typing"] },
  examples: [
    {
      bad: `
        # with: python==3.11
        from typing import TypedDict
        from fastapi import FastAPI

        app = FastAPI()

        class Total(TypedDict):
            amount: int

        @app.get("/total")
        def read_total() -> Total: # expect: \`Total\` is a \`typing.TypedDict\`
            return {"amount": 1}
      `,
      good: `
        # with: python==3.11
        from typing_extensions import TypedDict
        from fastapi import FastAPI

        app = FastAPI()

        class Total(TypedDict):
            amount: int

        @app.get("/total")
        def read_total() -> Total:
            return {"amount": 1}
      `,
    },
  ],

  /** How the file calls the \`TypedDict\` of \`typing\`. */
  notes(file): string[] | undefined {
    const names = file.module.body.flatMap((stmt) =>
      stmt.kind === "ImportFrom" && stmt.module === "typing" && stmt.level === 0
        ? stmt.names.filter(({ name }) => name === "TypedDict").map(({ name, asname }) => asname ?? name)
        : stmt.kind === "Import"
          ? stmt.names.filter(({ name }) => name === "typing").map(({ name, asname }) => `${asname ?? name}.TypedDict`)
          : [],
    )
    return names.length > 0 ? names : undefined
  },

  *project(project, _, notes: FileNotes<string[]>[]) {
    const { python } = project.versions
    if (!python || notes.length === 0 || !isBefore312(python) || !hasPydantic2(project.versions)) return
    const names = new Map(notes.map((left) => [left.path, left.notes]))
    for (const { at, type, scope } of places(project)) {
      const found = oldDict(type.value, names)
      if (found) yield findingOf(found, at, scope)
    }
  },
})

const isBefore312 = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  return major === 3 && minor < 12
}

/** What Pydantic builds a schema for: fields, parameters and answers. */
function* places(project: Project): Generator<{ at: Place; type: Type; scope: string }> {
  for (const cls of project.classes) {
    if (isModel(project, cls) !== true) continue
    const fields = modelFields(project, cls)
    for (const field of fields.known ? fields.value : []) if (field.owner === cls) yield { ...field, scope: cls.qualname }
  }
  for (const route of project.routes) {
    if (route.kind !== "api") continue
    for (const param of route.params)
      if (param.in !== "special" && param.in !== "dependency") yield { ...param, scope: param.declaredBy.id }
    const { response } = route
    if (response.type && (response.from === "annotation" || response.from === "response_model"))
      yield { at: response.at ?? route.at, type: response.type, scope: route.endpoint?.id ?? "" }
  }
}

/** The first class in a type whose base is written as the \`TypedDict\` of \`typing\`. */
function oldDict(type: Value, names: ReadonlyMap<string, string[]>, depth = 0): ClassValue | undefined {
  if (depth > 6) return undefined
  const inner = type.is === "generic" ? [type.of, ...type.args] : type.is === "either" ? type.options : []
  for (const part of inner) {
    const found = oldDict(part, names, depth + 1)
    if (found) return found
  }
  return type.is === "class" && type.def.bases.some((base) => names.get(type.module)?.includes(spelled(base))) ? type : undefined
}

const spelled = (base: ClassValue["def"]["bases"][number]): string =>
  base.kind === "Name" ? base.id : base.kind === "Attribute" && base.value.kind === "Name" ? `${base.value.id}.${base.attr}` : ""

const findingOf = (dict: ClassValue, at: Place, scope: string): Finding => ({
  at,
  message: `${quote(dict.def.name)} is a ${quote("typing.TypedDict")}, which Pydantic refuses before Python 3.12: a PydanticUserError when the module is imported`,
  related: [{ at: { path: dict.module, ...dict.def.name_span }, message: "it is defined here" }],
  scope,
  discriminator: dict.def.name,
})
