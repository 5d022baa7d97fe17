/** Fields of the project's own models: what Pydantic and `dataclasses` would find in the class and its bases. */
import { annotationValue, type Built, type ClassValue, type External, isNone, knownText, type Place, type Value } from "#python"
import { type Known, known, type Type, unseen } from "../project.ts"
import { ancestryOf, isSettled } from "./kinds.ts"
import { genericName, isOptional, type Linked, typeOf } from "./types.ts"

export interface ModelField {
  name: string
  /** The name in JSON; unknown where an alias generator makes it. */
  alias: Known<string>
  type: Type
  required: Known<boolean>
  default?: Value
  /** Keyword arguments of `Field(...)`. */
  constraints: Map<string, Value>
  /** The name in the class body. */
  at: Place
  /** The class whose body declares it. */
  owner: ClassValue
}

/** Library bases that bring no fields. */
const FIELDLESS =
  /^(pydantic\.(BaseModel|RootModel)|pydantic_settings\.BaseSettings|sqlmodel\.SQLModel|typing\.(Generic|Protocol|TypedDict|NamedTuple)|abc\.ABC|builtins\.object|sqlalchemy\..*|enum\..*)$/

/** What was found out of each class, by who asks: while modules are still being played, a class may not be whole. */
const found = new WeakMap<Linked, WeakMap<ClassValue, Known<ModelField[]>>>()

/** The fields of a model or dataclass, base classes first; unknown where a base is. */
export function modelFields(ctx: Linked, of: ClassValue): Known<ModelField[]> {
  const all = found.get(ctx) ?? new WeakMap<ClassValue, Known<ModelField[]>>()
  found.set(ctx, all)
  const fields = all.get(of) ?? fieldsOf(ctx, of)
  all.set(of, fields)
  return fields
}

function fieldsOf(ctx: Linked, of: ClassValue): Known<ModelField[]> {
  const { classes, libraries, complete } = ancestryOf(ctx, of)
  if (!complete) return unseen(`a base of ${of.qualname} is not known`)
  const foreign = [...libraries].find((name) => !FIELDLESS.test(name) && !(isSettled(name) && /^(builtins|typing|abc)\./.test(name)))
  if (foreign) return unseen(`${of.qualname} derives from ${foreign}`)
  const fields = new Map<string, ModelField>()
  for (const cls of [...classes].reverse()) for (const field of ownFields(ctx, cls, of)) fields.set(field.name, field)
  return known([...fields.values()])
}

const NO_FIELD = new Set(["sqlmodel.Relationship()", "sqlalchemy.orm.relationship()", "pydantic.PrivateAttr()"])
const FIELD = new Set([
  "pydantic.Field()",
  "sqlmodel.Field()",
  "pydantic.fields.Field()",
  "dataclasses.field()",
  "fastapi.Query()",
  "fastapi.Header()",
  "fastapi.Cookie()",
  "fastapi.Path()",
  "fastapi.Body()",
  "fastapi.Form()",
  "fastapi.File()",
])

/** Is this value a field's declaration (`Field(...)`) rather than its default? */
export const isFieldCall = (value: Value | undefined): value is External & { built: Built } =>
  value?.is === "external" && FIELD.has(value.name) && value.built !== undefined

function* ownFields(ctx: Linked, cls: ClassValue, model: ClassValue): Generator<ModelField> {
  const isAliased = hasAliasGenerator(ctx, model)
  const spans = new Map<string, Place>()
  for (const s of cls.def.body)
    if (s.kind === "AnnAssign" && s.target.kind === "Name") spans.set(s.target.id, ctx.player.place(cls.module, s.target))
  for (const [name, annotation] of cls.body.annotations) {
    if (name.startsWith("_") || name === "model_config") continue
    const written = annotationValue(ctx.player, annotation, cls.module, cls.body)
    const wrapper = written.is === "generic" ? genericName(written) : undefined
    if (wrapper === "typing.ClassVar" || (written.is === "external" && written.name === "typing.ClassVar")) continue
    const given = cls.body.own(name)
    if (given?.is === "external" && NO_FIELD.has(given.name)) continue
    const metadata = written.is === "generic" && wrapper === "typing.Annotated" ? written.args.slice(1) : []
    const calls = [...metadata, ...(given ? [given] : [])].filter(isFieldCall)
    const constraints = new Map(calls.flatMap((call) => [...call.built.keywords]))
    const alias = constraints.get("validation_alias") ?? constraints.get("alias")
    yield {
      name,
      alias: alias ? textOr(alias) : isAliased ? unseen("made by an alias generator") : known(name),
      type: typeOf(ctx, written),
      ...defaultOf(ctx, given, calls, written),
      constraints,
      at: spans.get(name) ?? ctx.player.place(cls.module, cls.def.name_span),
      owner: cls,
    }
  }
}

function textOr(alias: Value): Known<string> {
  const text = knownText(alias)
  return text === undefined ? unseen("an alias that is not plain text") : known(text)
}

function defaultOf(
  ctx: Linked,
  given: Value | undefined,
  calls: (External & { built: Built })[],
  written: Value,
): Pick<ModelField, "required" | "default"> {
  if (given && !isFieldCall(given))
    return given.is === "literal" && given.type === "ellipsis" ? { required: known(true) } : { required: known(false), default: given }
  for (const { built } of calls.reverse()) {
    if (built.keywords.has("default_factory")) return { required: known(false) }
    const value = built.positional[0] ?? built.keywords.get("default")
    if (value?.is === "literal" && value.type === "ellipsis") return { required: known(true) }
    if (value) return { required: known(false), default: value }
    if (built.open) return { required: unseen("options passed by **") }
  }
  // Pydantic 1 took `Optional[X]` without a default for optional.
  return { required: known(ctx.versions.atLeast("pydantic", "2.0") || !isOptional(ctx, written)) }
}

function hasAliasGenerator(ctx: Linked, cls: ClassValue): boolean {
  return ancestryOf(ctx, cls).classes.some((one) => {
    const config = one.body.own("model_config")
    if (config?.is === "external") return config.built?.open || (config.built?.keywords.has("alias_generator") ?? false)
    if (config?.is === "mapping")
      return config.open || config.entries.some(([key, value]) => knownText(key) === "alias_generator" && !isNone(value))
    const old = one.body.own("Config")
    return config !== undefined || (old?.is === "class" && old.body.own("alias_generator") !== undefined)
  })
}
