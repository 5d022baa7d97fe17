import {
  ancestryOf,
  type ClassValue,
  type Finding,
  hasPydantic2,
  isModel,
  knownText,
  members,
  modelFields,
  type Place,
  type Project,
  quote,
  rule,
  type Type,
  type Value,
} from "#rule"

export default rule({
  summary: "A discriminator that a member of the union does not have",
  why: `
\`discriminator="kind"\` tells Pydantic to choose the member of a union by its field \`kind\`. Each member must be a model with that
field, and the field must be a \`Literal\`; otherwise Pydantic raises when the class, or the route, is made.
`,
  help: 'Give every member the field, as `kind: Literal["..."]`',
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/concepts/unions/#discriminated-unions",
  equivalents: [],
  startup: true,
  exemptions: ["members whose fields are not all known", "Pydantic 1"],
  examples: [
    {
      bad: `
        from typing import Literal
        from pydantic import BaseModel, Field

        class Cat(BaseModel):
            kind: Literal["cat"]

        class Dog(BaseModel):
            sort: Literal["dog"]

        class Owner(BaseModel):
            pet: Cat | Dog = Field(discriminator="kind") # expect: \`Dog\` has no field \`kind\`
      `,
      good: `
        from typing import Literal
        from pydantic import BaseModel, Field

        class Cat(BaseModel):
            kind: Literal["cat"]

        class Dog(BaseModel):
            kind: Literal["dog"]

        class Owner(BaseModel):
            pet: Cat | Dog = Field(discriminator="kind")
      `,
    },
  ],

  *project(project) {
    if (!hasPydantic2(project.versions)) return
    for (const cls of project.classes) {
      if (isModel(project, cls) !== true) continue
      const fields = modelFields(project, cls)
      for (const field of fields.known ? fields.value : []) if (field.owner === cls) yield* faults(project, field, cls.qualname)
    }
    for (const route of project.routes) for (const param of route.params) yield* faults(project, param, param.declaredBy.id)
  },
})

interface Discriminated {
  name: string
  at: Place
  type: Type
  constraints: Map<string, Value>
}

function* faults(project: Project, { name, at, type, constraints }: Discriminated, scope: string): Generator<Finding> {
  const by = knownText(constraints.get("discriminator"))
  if (by === undefined) return
  for (const member of members(project, type.value)) {
    const why = member.is === "class" ? without(project, member, by) : scalar(member)
    if (!why) continue
    yield {
      at,
      message: `${why}, by which ${quote(name)} is to be told apart: Pydantic raises ${member.is === "class" ? "a PydanticUserError" : "a TypeError"} when the module is imported`,
      ...(member.is === "class" && {
        related: [{ at: { path: member.module, ...member.def.name_span }, message: "this member of the union" }],
      }),
      scope,
      discriminator: `${name} ${by}`,
    }
    return
  }
}

/** A model whose fields are all known, and that has none of that name, or one that is plain text or a number. */
function without(project: Project, model: ClassValue, by: string): string | undefined {
  const { libraries } = ancestryOf(project, model)
  if (isModel(project, model) !== true || libraries.has("pydantic.RootModel")) return undefined
  const fields = modelFields(project, model)
  if (!fields.known) return undefined
  const field = fields.value.find((one) => one.name === by)
  if (!field) return model.body.own(by) ? undefined : `${quote(model.def.name)} has no field ${quote(by)}`
  const { value } = field.type
  return value.is === "external" && /^builtins\.(str|int|float|bool)$/.test(value.name)
    ? `${quote(`${model.def.name}.${by}`)} is no \`Literal\``
    : undefined
}

function scalar(member: Value): string | undefined {
  const of = member.is === "generic" ? member.of : member
  const name = of.is === "external" ? /^builtins\.(str|int|float|bool|list|dict|set)$/.exec(of.name)?.[1] : undefined
  return name && `${quote(name)} is no model and has no field`
}
