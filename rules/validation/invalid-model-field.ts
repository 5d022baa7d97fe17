import {
  ancestryOf,
  type ClassValue,
  type FileNotes,
  type Finding,
  hasPydantic2,
  isFieldCall,
  isModel,
  knownText,
  type Project,
  quote,
  rule,
  type Span,
  supportsBothPydantics,
  type Value,
} from "#rule"

export default rule({
  summary: "An attribute of a model that Pydantic takes for a broken field",
  why: `
Every public attribute of a model is a field, and a field needs an annotation. Pydantic 2 raises when the class is made for a
value without one, for a name of its own (\`model_dump\`), for \`Field(...)\` under a private name, and for the \`__root__\` of Pydantic 1;
the application does not start.
`,
  help: "Annotate it: with its type, or with `ClassVar` if it is no field",
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/concepts/models/",
  equivalents: ["PYD002", "PYD005"],
  startup: true,
  exemptions: [
    "`ClassVar`, private names, functions, properties, nested classes and whatever value is not plainly data",
    "models with `ignored_types`, a metaclass, or bases that are not known",
    "the project pins Pydantic 1, or a FastAPI that needs it (older than 0.100); files that support both versions",
  ],
  examples: [
    {
      bad: `
        from pydantic import BaseModel, Field

        class Base(BaseModel):
            name: str
            price = 0 # expect: \`price\` has a value and no annotation
            size = Field(1) # expect: \`size\` has a value and no annotation

        class Item(BaseModel):
            name: str

        class Pen(Item):
            name = "pen" # expect: \`name\` overrides a field without an annotation
            model_dump: bool = True # expect: \`model_dump\` is a method of every model
      `,
      good: `
        from typing import ClassVar
        from pydantic import BaseModel, Field

        class Base(BaseModel):
            TABLE: ClassVar = "items"
            _cache = None
            name: str
            price: int = 0
            size: int = Field(1)

        class Pen(Base):
            name: str = "pen"
            TABLE = "pens"
      `,
    },
  ],

  notes: (file) => supportsBothPydantics(file) || undefined,

  *project(project, _, notes: FileNotes<boolean>[]) {
    if (!hasPydantic2(project.versions)) return
    const undecided = new Set(notes.map(({ path }) => path))
    for (const cls of project.classes) if (!undecided.has(cls.module) && isPlainModel(project, cls)) yield* faults(project, cls)
  },
})

/** What a model may derive from without Pydantic's rules for its attributes being others. */
const PLAIN = /^(pydantic\.BaseModel|pydantic_settings\.BaseSettings|typing\.Generic|abc\.ABC|builtins\.object)$/

function isPlainModel(project: Project, cls: ClassValue): boolean {
  if (isModel(project, cls) !== true) return false
  const { classes, libraries, complete } = ancestryOf(project, cls)
  return (
    complete &&
    [...libraries].every((name) => PLAIN.test(name)) &&
    classes.every((one) => !one.keywords.has("metaclass") && !mayIgnore(one.body.own("model_config")))
  )
}

/** Might the configuration name types that are no fields, or free the names of Pydantic's own? */
function mayIgnore(config: Value | undefined): boolean {
  if (!config) return false
  const names =
    config.is === "mapping" && !config.open
      ? config.entries.map(([key]) => knownText(key))
      : config.is === "external" && config.built && !config.built.open && config.built.positional.length === 0
        ? [...config.built.keywords.keys()]
        : [undefined]
  return names.some((name) => name === undefined || name === "ignored_types" || name === "protected_namespaces")
}

const OWN = new Set(["model_dump", "model_dump_json", "model_validate", "model_validate_json", "model_validate_strings"])

function* faults(project: Project, cls: ClassValue): Generator<Finding> {
  for (const { name, span, value, isAnnotated } of attributesOf(cls)) {
    const why = faultOf(project, cls, name, value, isAnnotated)
    if (!why) continue
    yield {
      at: { path: cls.module, ...span },
      message: `${why}: Pydantic raises when the class is made`,
      scope: cls.qualname,
      discriminator: name,
    }
  }
}

interface Attribute {
  name: string
  span: Span
  value: Value | undefined
  isAnnotated: boolean
}

/** The names that the class body itself binds, not those in its branches. */
function* attributesOf({ def, body }: ClassValue): Generator<Attribute> {
  for (const stmt of def.body) {
    const target =
      stmt.kind === "AnnAssign" ? stmt.target : stmt.kind === "Assign" && stmt.targets.length === 1 ? stmt.targets[0] : undefined
    if (target?.kind === "Name")
      yield {
        name: target.id,
        span: { start: target.start, end: target.end },
        value: body.own(target.id),
        isAnnotated: body.annotations.has(target.id),
      }
  }
}

function faultOf(project: Project, cls: ClassValue, name: string, value: Value | undefined, isAnnotated: boolean): string | undefined {
  if (name === "__root__") return `${quote("__root__")} is Pydantic 1, now ${quote("RootModel[...]")}`
  if (name.startsWith("__") || name === "model_config") return undefined
  if (name.startsWith("_"))
    return isAnnotated && isFieldCall(value)
      ? `${quote(name)} is private, and given a ${quote("Field(...)")} that only fields have`
      : undefined
  if (isAnnotated) return OWN.has(name) ? `${quote(name)} is a method of every model, and no name for a field` : undefined
  if (!isData(value)) return undefined
  const above = ancestryOf(project, cls).classes.filter((one) => one !== cls && one.body.annotations.has(name))
  if (above.length === 0) return `${quote(name)} has a value and no annotation`
  return above.every((one) => !isClassVar(one, name)) ? `${quote(name)} overrides a field without an annotation` : undefined
}

const isData = (value: Value | undefined): boolean =>
  value !== undefined &&
  (value.is === "text" ||
    value.is === "sequence" ||
    value.is === "mapping" ||
    (value.is === "literal" && value.type !== "ellipsis") ||
    isFieldCall(value))

/** Written so, in any way that may mean it. */
function isClassVar({ body }: ClassValue, name: string): boolean {
  const annotation = body.annotations.get(name)
  return annotation !== undefined && JSON.stringify(annotation).includes("ClassVar")
}
