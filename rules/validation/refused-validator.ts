import {
  type External,
  type FileNotes,
  type Finding,
  type Fn,
  hasPydantic2,
  isModel,
  knownBoolean,
  knownText,
  modelFields,
  type Project,
  quote,
  rule,
  supportsBothPydantics,
} from "#rule"

export default rule({
  summary: "A validator that Pydantic refuses",
  why: `
Pydantic looks at validators when the class is made. One without the name of a field, for a field that the model does not have,
on a method with \`self\`, or of Pydantic 1 with what Pydantic 2 no longer gives (\`field\`, \`config\`, a bare \`@root_validator\`) raises
a \`PydanticUserError\` or a \`TypeError\` there, and the application does not start.
`,
  help: "Name the field, take `cls`, and write `@field_validator` or `@model_validator(mode=...)`",
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/concepts/validators/",
  equivalents: ["FASTT041"],
  startup: true,
  exemptions: [
    "the project pins Pydantic 1, or a FastAPI that needs it (older than 0.100)",
    "`check_fields=False`, and models whose fields are not all known",
    "files that support both versions",
  ],
  examples: [
    {
      bad: `
        from pydantic import BaseModel, field_validator, model_validator, root_validator, validator

        class Item(BaseModel):
            name: str

            @field_validator("title") # expect: \`Item\` has no field \`title\`
            @classmethod
            def strip(cls, value):
                return value.strip()

            @field_validator("name") # expect: stands on a method with \`self\`
            def lower(self, value):
                return value.lower()

            @validator("name") # expect: takes \`field\`
            def check(cls, value, field):
                return value

            @root_validator # expect: without \`skip_on_failure=True\`
            def whole(cls, values):
                return values

            @model_validator() # expect: without \`mode\`
            def last(self):
                return self
      `,
      good: `
        from pydantic import BaseModel, ValidationInfo, field_validator, model_validator

        class Item(BaseModel):
            name: str

            @field_validator("name")
            @classmethod
            def strip(cls, value, info: ValidationInfo):
                return value.strip().lower()

            @model_validator(mode="after")
            def last(self):
                return self
      `,
    },
  ],

  notes: (file) => supportsBothPydantics(file) || undefined,

  *project(project, _, notes: FileNotes<boolean>[]) {
    if (!hasPydantic2(project.versions)) return
    const undecided = new Set(notes.map(({ path }) => path))
    for (const fn of project.functions) {
      if (!fn.owner || undecided.has(fn.path)) continue
      for (const [i, decorator] of fn.value.decorators.entries()) {
        const name = decorator.is === "external" ? VALIDATORS.exec(decorator.name)?.[1] : undefined
        const why = name && faultOf(project, fn, decorator as External, name)
        if (why) yield findingOf(fn, i, name, why)
      }
    }
  },
})

const VALIDATORS = /^pydantic\.(field_validator|model_validator|validator|root_validator)(\(\))?$/

interface Fault {
  says: string
  exception: "PydanticUserError" | "TypeError"
}

const user = (says: string): Fault => ({ says, exception: "PydanticUserError" })
const type = (says: string): Fault => ({ says, exception: "TypeError" })

const findingOf = (fn: Fn, decorator: number, name: string, { says, exception }: Fault): Finding => ({
  at: fn.decorators[decorator]?.at ?? fn.at,
  message: `${quote(`@${name}`)} ${says}: Pydantic raises a ${exception} when the class is made`,
  scope: fn.id,
  discriminator: name,
})

function faultOf(project: Project, fn: Fn, { name: called, built }: External, name: string): Fault | undefined {
  const isBare = !called.endsWith("()")
  const first = fn.parameters[0]
  if (name === "model_validator") {
    if (isBare) return type("stands without its `mode`")
    return built && !built.open && !built.keywords.has("mode") ? type("stands without `mode`") : undefined
  }
  if (name === "root_validator") {
    const isLate = isBare || (built !== undefined && !built.open && isOff(built, "pre") && isOff(built, "skip_on_failure"))
    if (isLate) return user("without `skip_on_failure=True` or `pre=True` is refused")
    return first?.name === "self" ? type("stands on a method with `self`") : undefined
  }
  if (isBare) return user("stands without the name of a field")
  if (built && !built.open && built.positional.length === 0 && !built.keywords.has("field"))
    return type("stands without the name of a field")
  if (first?.name === "self") return user("stands on a method with `self`")
  const old =
    name === "validator" ? fn.parameters.find((parameter) => parameter.name === "field" || parameter.name === "config") : undefined
  if (old) return user(`takes ${quote(old.name)}, which Pydantic 2 does not give`)
  return built ? withoutField(project, fn, built) : undefined
}

/** Certainly not given, or given as `False`. */
const isOff = ({ keywords }: NonNullable<External["built"]>, option: string): boolean =>
  !keywords.has(option) || knownBoolean(keywords.get(option)) === false

function withoutField(project: Project, { owner }: Fn, built: NonNullable<External["built"]>): Fault | undefined {
  if (!owner || built.open || built.keywords.has("check_fields") || isModel(project, owner) !== true) return undefined
  const fields = modelFields(project, owner)
  const names = built.positional.map(knownText)
  if (!fields.known || names.includes("*")) return undefined
  const missing = names.find((name) => name !== undefined && !fields.value.some((field) => field.name === name))
  return missing === undefined ? undefined : user(`is for ${quote(missing)}, and ${quote(owner.def.name)} has no field ${quote(missing)}`)
}
