import {
  ancestryOf,
  bare,
  type ClassValue,
  type Declaration,
  declarations,
  type External,
  hasPydantic2,
  isModel,
  isNone,
  isSpecial,
  knownBoolean,
  members,
  modelFields,
  type Project,
  placeOf,
  quote,
  rule,
  typeOf,
  type Value,
} from "#rule"

export default rule({
  summary: "`None` as the default of a type that does not allow it",
  why: `
Nothing validates a default, so \`name: str = None\` starts, and the code gets a \`None\` that its types deny. A client that sends
\`null\` is refused, and a response with such a field is a 500 as soon as a row holds a null: Pydantic 2 no longer makes the type
optional because of its default.
`,
  help: "Allow it: `note: str | None = None`",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/query-params/",
  equivalents: ["RUF013"],
  exemptions: [
    "projects on Pydantic 1, which makes the type optional",
    "primary keys of SQLModel, and fields with `validate_default` or `SkipValidation`",
    "`Request` and its like, dependencies, and types that are not known",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Query
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str
            note: str = None # expect: \`note\` is \`None\` by default, and \`str\` does not allow that

        @app.post("/items")
        def add_item(item: Item, source: str = Query(None)): # expect: \`source\` is \`None\` by default
            return item
      `,
      good: `
        from fastapi import FastAPI, Query, Request
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str
            note: str | None = None

        @app.post("/items")
        def add_item(item: Item, request: Request = None, source: str | None = Query(None)):
            return item
      `,
    },
  ],

  *project(project) {
    if (!hasPydantic2(project.versions)) return
    const told = new Set<string>()
    for (const declaration of declarations(project)) {
      const { at, name, declaredBy } = declaration
      const key = `${at.path}:${at.start}`
      // The fields of a model that stands as a dependency are told as fields.
      if (told.has(key) || declaredBy.role !== "app" || !declaredBy.parameters.some((parameter) => parameter.at.start === at.start))
        continue
      const type = deniedBy(project, declaration)
      if (!type) continue
      told.add(key)
      yield { at, message: messageOf(name, type), help: helpFor(name, type), scope: declaredBy.id, discriminator: name }
    }
    for (const cls of project.classes) if (project.role(cls.module) === "app") yield* ofModel(project, cls)
  },
})

const messageOf = (name: string, type: string): string =>
  `${quote(name)} is ${quote("None")} by default, and ${quote(type)} does not allow that`

const helpFor = (name: string, type: string): string => `Write ${quote(`${name}: ${type} | None`)}, and keep the default`

/** The type of a parameter that certainly denies its default. */
function deniedBy(project: Project, { type, hidden, inPath, plain, asDefault, inAnnotated }: Declaration): string | undefined {
  if (!type || hidden || inPath !== "no" || inAnnotated.some((marker) => placeOf(marker) === undefined)) return undefined
  const given = asDefault
    ? placeOf(asDefault)
      ? (asDefault.built.positional[0] ?? asDefault.built.keywords.get("default"))
      : undefined
    : plain
  if (!given || !isNone(given) || isSpecial(project, type) !== false) return undefined
  return denied(project, type)
}

function* ofModel(project: Project, cls: ClassValue) {
  if (isModel(project, cls) !== true || validatesDefaults(project, cls)) return
  if (project.modules.get(cls.module)?.mentions.includes("SkipValidation")) return
  const fields = modelFields(project, cls)
  for (const { name, default: given, type, constraints, at, owner, required } of fields.known ? fields.value : []) {
    if (owner !== cls || !given || !isNone(given) || !required.known || required.value) continue
    if (knownBoolean(constraints.get("primary_key")) || constraints.has("validate_default") || constraints.has("sa_column")) continue
    const text = denied(project, type.value)
    if (text)
      yield { at, message: messageOf(name, text), help: helpFor(name, text), scope: `${cls.module}:${cls.qualname}`, discriminator: name }
  }
}

/** Does its configuration, or that of a base, have defaults validated, or is it not known? */
function validatesDefaults(project: Project, cls: ClassValue): boolean {
  return ancestryOf(project, cls).classes.some(({ body }) => {
    const old = body.own("Config")
    if (old?.is === "class" && (old.body.own("validate_all") || old.body.own("validate_default"))) return true
    const config = body.own("model_config")
    if (config === undefined) return false
    if (config.is === "external")
      return (config as External).built?.open || ((config as External).built?.keywords.has("validate_default") ?? false)
    return (
      config.is !== "mapping" || config.open || config.entries.some(([key]) => key.is === "text" && key.parts[0] === "validate_default")
    )
  })
}

/** The text of a type that is certainly not `None`, `Any` or anything that may allow it. */
function denied(project: Project, type: Value): string | undefined {
  const all = members(project, type)
  return all.every((member) => isSolid(project, bare(project, member)))
    ? typeOf(project, type).text.replace(/\b(?:[a-z_]\w*\.)+([A-Za-z_]\w*)/g, "$1")
    : undefined
}

const SOLID =
  /^(builtins\.(str|int|float|bool|bytes|list|dict|set|tuple|frozenset)|typing\.(List|Dict|Set|Tuple|Sequence|Mapping)|datetime\.(date|datetime|time|timedelta)|uuid\.UUID|decimal\.Decimal|pydantic\.(EmailStr|HttpUrl|AnyUrl|SecretStr|PositiveInt|NonNegativeInt)|fastapi\.UploadFile)$/

function isSolid(project: Project, type: Value): boolean {
  if (type.is === "class") return isModel(project, type) === true && !type.keywords.has("table")
  const of = type.is === "generic" ? type.of : type
  if (of.is === "class") return isModel(project, of) === true
  return of.is === "external" && SOLID.test(of.name)
}
