import {
  type CallEvent,
  type ClassValue,
  type FileNotes,
  type Finding,
  type Fix,
  type Fn,
  gathered,
  hasPydantic2,
  knownBoolean,
  type Level,
  list,
  options,
  type Place,
  type Project,
  type PyFile,
  quote,
  rule,
  type Span,
  supportsBothPydantics,
  type Value,
} from "#rule"

export default rule({
  summary: "Pydantic 1 in a project that runs on Pydantic 2",
  why: `
Pydantic 2 renamed most of what Pydantic 1 offered. Some old names only warn until Pydantic 3; others are worse, because they
are accepted and have no effect any more: a model with \`orm_mode = True\` refuses database objects, one with
\`allow_population_by_field_name\` drops the value and uses the default. (What raises at once has rules of its own.)
`,
  help: "Use the name that Pydantic 2 has for it",
  concern: "correctness",
  level: "warning",
  docs: "https://docs.pydantic.dev/latest/migration/",
  equivalents: ["FASTT040", "FASTT041"],
  exemptions: [
    "the project pins Pydantic 1, or a FastAPI that needs it (older than 0.100)",
    "`pydantic.v1`, and files that support both versions",
    "`.dict()`, `.json()`, `.copy()` of anything that is not certainly a Pydantic model",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel, validator

        app = FastAPI()

        class Item(BaseModel):
            name: str

            @validator("name") # expect: \`@validator\`
            def strip(cls, value):
                return value.strip()

            class Config: # expect: \`orm_mode\` has no effect (now \`from_attributes\`)
                orm_mode = True

        @app.post("/items")
        def create_item(item: Item) -> Item:
            return Item(**item.dict()) # expect: \`Item.dict\` is Pydantic 1, now \`model_dump\`
      `,
      good: `
        from fastapi import FastAPI
        from pydantic import BaseModel, ConfigDict, field_validator

        app = FastAPI()

        class Item(BaseModel):
            model_config = ConfigDict(from_attributes=True)
            name: str

            @field_validator("name")
            def strip(cls, value):
                return value.strip()

        @app.post("/items")
        def create_item(item: Item) -> Item:
            return Item(**item.model_dump())
      `,
    },
  ],

  notes: (file) => (file.text.includes("pydantic") ? remnantsOf(file) : undefined),

  *project(project, _, notes: FileNotes<Remnants>[]) {
    if (!hasPydantic2(project.versions)) return
    const supportsBoth = new Set(notes.filter((left) => left.notes.supportsBoth).map((left) => left.path))
    for (const finding of findings(project, notes)) if (!supportsBoth.has(finding.at.path)) yield finding
  },
})

function* findings(project: Project, notes: FileNotes<Remnants>[]): Generator<Finding> {
  for (const { path, notes: left } of notes) {
    for (const keyword of left.keywords) yield keywordFinding(path, keyword)
  }
  const models = project.classes.filter((cls) => isModel(cls))
  const overridden = new Set(models.flatMap((cls) => [...METHODS.keys()].filter((name) => cls.body.own(name))))
  for (const cls of models) yield* configFindings(cls)
  for (const fn of project.functions) yield* decoratorFindings(fn)
  yield* gathered(calls(project, overridden), (count, { message }) => `${message}; ${count} such calls in this file`)
}

function* calls({ bodies }: Project, overridden: ReadonlySet<string>): Generator<Finding> {
  for (const { in: fn, event } of bodies.callsPerhapsOf(oldMethod)) yield* callFindings(event, fn, overridden)
}

// ---------------------------------------------------------------------------- what only the syntax says

interface Keyword extends Span {
  name: string
}

interface Remnants {
  /** Keywords of `Field`. */
  keywords: Keyword[]
  /** The file asks which version it has. */
  supportsBoth: boolean
}

function remnantsOf(file: PyFile): Remnants {
  const keywords: Keyword[] = []
  for (const node of file.all("Call")) {
    const old = node.keywords.filter(({ arg }) => arg !== null && KEYWORDS.has(arg))
    if (old.length === 0 || file.qualified(node.func) !== "pydantic.Field") continue
    for (const { arg, start } of old) if (arg !== null) keywords.push({ name: arg, start, end: start + arg.length })
  }
  return { keywords, supportsBoth: supportsBothPydantics(file) }
}

/** Keywords of `Field` that still work: what they are now, and where that is only another name. */
const KEYWORDS = new Map<string, { now: string; level: Level; renamed?: string }>([
  ["min_items", { now: "`min_length`", level: "warning", renamed: "min_length" }],
  ["max_items", { now: "`max_length`", level: "warning", renamed: "max_length" }],
  ["allow_mutation", { now: "`frozen`", level: "warning" }],
  ["example", { now: "`examples=[...]`", level: "info" }],
])

function keywordFinding(path: string, { name, start, end }: Keyword): Finding {
  const { now, level, renamed } = KEYWORDS.get(name)!
  const at = { path, start, end }
  return {
    at,
    level,
    message: `${quote(`Field(${name}=)`)} is Pydantic 1, now ${now}`,
    ...(renamed ? { fix: { title: `Write ${quote(renamed)}`, safety: "safe", edits: [{ ...at, text: renamed }] } } : {}),
  }
}

// ---------------------------------------------------------------------------- classes

const BASES = new Set(
  "pydantic.BaseModel pydantic.RootModel pydantic.BaseSettings pydantic.generics.GenericModel pydantic_settings.BaseSettings sqlmodel.SQLModel".split(
    " ",
  ),
)

const isModel = (cls: ClassValue, depth = 0): boolean =>
  depth < 20 &&
  cls.bases.some((base) => {
    const of = base.is === "generic" ? base.of : base
    return of.is === "class" ? isModel(of, depth + 1) : of.is === "external" && BASES.has(of.name)
  })

const RENAMED_KEYS: Record<string, string> = {
  orm_mode: "from_attributes",
  allow_population_by_field_name: "populate_by_name",
  anystr_lower: "str_to_lower",
  anystr_upper: "str_to_upper",
  anystr_strip_whitespace: "str_strip_whitespace",
  min_anystr_length: "str_min_length",
  max_anystr_length: "str_max_length",
  keep_untouched: "ignored_types",
  schema_extra: "json_schema_extra",
  validate_all: "validate_default",
  allow_mutation: "frozen",
}
const REMOVED_KEYS = new Set(
  "error_msg_templates fields getter_dict smart_union underscore_attrs_are_private json_loads json_dumps copy_on_model_validation".split(
    " ",
  ),
)

function* configFindings(cls: ClassValue): Generator<Finding> {
  const config = cls.body.own("Config")
  if (config?.is !== "class" || config.qualname !== `${cls.qualname}.Config`) return
  const finding = { at: { path: config.module, ...config.def.name_span }, scope: config.qualname }
  const where = `${quote("class Config")} of ${quote(cls.def.name)}`
  const idle = [...config.body.entries()].map(([key]) => key).filter((key) => key in RENAMED_KEYS || REMOVED_KEYS.has(key))
  // Both of them raise, of which another rule tells.
  if (cls.body.own("model_config")) return
  if (idle.length > 0) {
    const told = idle.map((key) => `${quote(key)} has no effect${RENAMED_KEYS[key] ? ` (now ${quote(RENAMED_KEYS[key])})` : ""}`)
    yield { ...finding, message: `In ${where}, ${list(told)}` }
  } else {
    yield { ...finding, level: "info", message: `${where} is Pydantic 1, now ${quote("model_config = ConfigDict(...)")}` }
  }
}

// ---------------------------------------------------------------------------- functions

function* decoratorFindings(fn: Fn): Generator<Finding> {
  for (const [i, decorator] of fn.value.decorators.entries()) {
    const old = decoratorVerdict(decorator, fn)
    if (old) yield { at: fn.decorators[i]?.at ?? fn.at, scope: fn.qualname, ...old }
  }
}

/** Those that Pydantic 2 still takes; of what it refuses another rule tells. */
function decoratorVerdict(decorator: Value, fn: Fn): Pick<Finding, "message" | "level"> | undefined {
  if (decorator.is !== "external") return undefined
  const isOn = (name: string) => knownBoolean(decorator.built?.keywords.get(name)) !== false && decorator.built?.keywords.has(name)
  switch (decorator.name) {
    case "pydantic.validator()":
      if (fn.parameters.some(({ name }) => name === "field" || name === "config")) return undefined
      return { message: `${quote("@validator")} is Pydantic 1, now ${quote("@field_validator")}` }
    case "pydantic.root_validator()":
      if (!isOn("pre") && !isOn("skip_on_failure") && !decorator.built?.open) return undefined
      return { message: `${quote("@root_validator")} is Pydantic 1, now ${quote("@model_validator")}` }
    case "pydantic.validate_arguments":
    case "pydantic.validate_arguments()":
      return { message: `${quote("@validate_arguments")} is Pydantic 1, now ${quote("@validate_call")}` }
    default:
      return undefined
  }
}

/** Methods of a model: the new name, and the arguments with which both do the same. */
const DUMP = "include exclude by_alias exclude_unset exclude_defaults exclude_none".split(" ")
const METHODS = new Map<string, { now: string; keywords?: string[] }>([
  ["dict", { now: "model_dump", keywords: DUMP }],
  ["json", { now: "model_dump_json", keywords: DUMP }],
  ["copy", { now: "model_copy", keywords: ["update", "deep"] }],
  ["parse_obj", { now: "model_validate", keywords: [] }],
  ["from_orm", { now: "model_validate", keywords: [] }],
  ["construct", { now: "model_construct" }],
  ["schema", { now: "model_json_schema" }],
  ["schema_json", { now: "model_json_schema" }],
  ["parse_raw", { now: "model_validate_json" }],
  ["parse_file", { now: "model_validate_json" }],
  ["update_forward_refs", { now: "model_rebuild", keywords: [] }],
])
/** These take the object; the others have their arguments by keyword only in Pydantic 2. */
const ONE_POSITIONAL = new Set(["parse_obj", "from_orm"])

function* callFindings(event: CallEvent, fn: Fn, overridden: ReadonlySet<string>): Generator<Finding> {
  if (hasAlternative(event)) return
  const called = options(event.callee).map(modelMethod)
  const [first] = called
  if (!first || called.some((one) => one?.method !== first.method)) return
  const { method, model } = first
  const now = METHODS.get(method)!.now
  const finding: Finding = {
    at: event.func,
    message: `${quote(`${model}.${method}`)} is Pydantic 1, now ${quote(now)}`,
    scope: fn.qualname,
    discriminator: method,
  }
  if (!overridden.has(method) && meansTheSame(event, method)) finding.fix = rename(event.func, method, now)
  yield finding
}

/** `dict` of `pydantic.BaseModel().dict`. */
function oldMethod(name: string): string | undefined {
  const [, base, method] = /^([\w.]+?)(?:\(\))?\.(\w+)$/.exec(name) ?? []
  return base !== undefined && method !== undefined && BASES.has(base) && METHODS.has(method) ? method : undefined
}

/** `pydantic.BaseModel().dict` bound to an instance of `Item`. */
function modelMethod(callee: Value): { method: string; model: string } | undefined {
  if (callee.is !== "external") return undefined
  const method = oldMethod(callee.name)
  if (method === undefined) return undefined
  const { self } = callee
  const model = self?.is === "instance" ? self.of : self?.is === "class" ? self : undefined
  // `super().dict()` within an override is part of the override's own story.
  return model && !model.body.own(method) ? { method, model: model.def.name } : undefined
}

/** `except AttributeError: item.dict()`: the other version is tried elsewhere. */
const hasAlternative = (event: CallEvent): boolean =>
  event.within.some(
    (around) => around.is === "handler" || (around.is === "try" && around.handlers.some((handler) => handler.types.some(isAttributeError))),
  )

const isAttributeError = (value: Value): boolean => value.is === "external" && value.name === "builtins.AttributeError"

function meansTheSame(event: CallEvent, method: string): boolean {
  const keywords = METHODS.get(method)?.keywords
  const positional = ONE_POSITIONAL.has(method) ? 1 : 0
  return (
    keywords !== undefined &&
    !event.open &&
    event.positional.length === positional &&
    [...event.keywords.keys()].every((name) => keywords.includes(name))
  )
}

const rename = (func: Place, from: string, to: string): Fix => ({
  title: `Write ${quote(to)}`,
  safety: "safe",
  edits: [{ path: func.path, start: func.end - from.length, end: func.end, text: to }],
})
