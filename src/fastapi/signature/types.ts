/**
 * Types as FastAPI sees them, and their canonical text: builtin names bare, `A | None` however it was written, project
 * classes by module and qualified name, `Annotated` taken off. What is not known reads `unknown`.
 */
import { external, type Generic, isNone, knownText, options, type Value } from "#python"
import type { Context } from "../context.ts"
import type { Type } from "../project.ts"

/** All that these questions need of a context; a `Project` will do. */
export type Linked = Pick<Context, "player" | "versions">

export const ANY = external("typing.Any")
const NOTHING: ReadonlySet<string> = new Set(["builtins.None", "types.NoneType"])

/** The type that an annotation gives; a missing one counts as `Any`, as in FastAPI. */
export function typeOf(ctx: Linked, annotation: Value | undefined): Type {
  if (!annotation) return { text: "Any", value: ANY, annotated: false }
  const value = bare(ctx, annotation)
  return { text: textOf(ctx, value), value, annotated: true }
}

/** Is every part of a type known? */
export const isKnownType = (type: Type): boolean => !/\bunknown\b/.test(type.text)

/** The qualified name of a subscripted external: `typing.Annotated` of `Annotated[int, Query()]`. */
export const genericName = (value: Generic): string | undefined => (value.of.is === "external" ? value.of.name : undefined)

/** Pydantic's own subscriptable wrappers are `Annotated[T, ...]` underneath (pydantic/types.py). */
const WRAPPERS = new Set([
  "typing.Annotated",
  "pydantic.Json",
  "pydantic.SkipValidation",
  "pydantic.OnErrorOmit",
  "pydantic.FailFast",
  "typing.ClassVar",
  "typing.Final",
  "typing.Required",
  "typing.NotRequired",
])

/** A name that an import cycle left open is looked up again; an alias with its type variables filled in becomes that type. */
export function resolved(ctx: Linked, value: Value): Value {
  if (value.is === "unknown" && value.late) return ctx.player.memberOf(value.late.module, value.late.name) ?? value
  return value.is === "generic" && value.of.is === "generic" ? filledIn(value.of, value.args) : value
}

/** `Items[int]` of `Items = list[T]`: variables are filled in the order in which they first stand there. */
function filledIn(alias: Generic, args: readonly Value[]): Value {
  const variables: Value[] = []
  const fill = (value: Value): Value => {
    if (value.is === "external" && value.name === "typing.TypeVar()") {
      if (!variables.includes(value)) variables.push(value)
      return args[variables.indexOf(value)] ?? value
    }
    if (value.is === "generic") return { ...value, args: value.args.map(fill) }
    return value.is === "either" ? { ...value, options: value.options.map(fill) } : value
  }
  return fill(alias)
}

/** The type inside `Annotated[...]` and the like, outermost only. */
export function bare(ctx: Linked, value: Value, depth = 0): Value {
  const type = resolved(ctx, value)
  if (type.is !== "generic" || depth > 8 || !WRAPPERS.has(genericName(type) ?? "")) return type
  return type.args[0] ? bare(ctx, type.args[0], depth + 1) : type
}

/** The members of a union: of `Optional`, `Union`, `A | B`; a type that is none is its only member. */
export function members(ctx: Linked, value: Value, depth = 0): Value[] {
  const type = bare(ctx, value)
  if (depth > 8) return [type]
  if (type.is === "either") return options(type).flatMap((option) => members(ctx, option, depth + 1))
  if (type.is === "generic") {
    const name = genericName(type)
    if (name === "typing.Optional")
      return [...(type.args[0] ? members(ctx, type.args[0], depth + 1) : []), { is: "literal", type: "NoneType", value: null }]
    if (name === "typing.Union") return type.args.flatMap((arg) => members(ctx, arg, depth + 1))
  }
  return [type]
}

/** Does the type allow `None`? */
export const isOptional = (ctx: Linked, value: Value): boolean => members(ctx, value).some(isNothing)

/** The type without `None`; a union of several others stays as it is. */
export function inner(ctx: Linked, value: Value): Value {
  const some = members(ctx, value).filter((member) => !isNothing(member))
  return some.length === 1 ? (some[0] as Value) : some.length === 0 ? value : { is: "either", options: some }
}

const isNothing = (value: Value): boolean => isNone(value) || (value.is === "external" && NOTHING.has(value.name))

/** Pydantic's named types that are another type with constraints, with those constraints (pydantic/types.py). */
export const NARROWED: Record<string, readonly [of: string, constraint?: string, value?: number]> = {
  "pydantic.PositiveInt": ["builtins.int", "gt", 0],
  "pydantic.NegativeInt": ["builtins.int", "lt", 0],
  "pydantic.NonNegativeInt": ["builtins.int", "ge", 0],
  "pydantic.NonPositiveInt": ["builtins.int", "le", 0],
  "pydantic.PositiveFloat": ["builtins.float", "gt", 0],
  "pydantic.NegativeFloat": ["builtins.float", "lt", 0],
  "pydantic.NonNegativeFloat": ["builtins.float", "ge", 0],
  "pydantic.NonPositiveFloat": ["builtins.float", "le", 0],
  "pydantic.FiniteFloat": ["builtins.float"],
  "pydantic.StrictInt": ["builtins.int"],
  "pydantic.StrictStr": ["builtins.str"],
  "pydantic.StrictBool": ["builtins.bool"],
  "pydantic.StrictFloat": ["builtins.float"],
  "pydantic.StrictBytes": ["builtins.bytes"],
  "pydantic.UUID1": ["uuid.UUID"],
  "pydantic.UUID3": ["uuid.UUID"],
  "pydantic.UUID4": ["uuid.UUID"],
  "pydantic.UUID5": ["uuid.UUID"],
  "pydantic.FilePath": ["pathlib.Path"],
  "pydantic.DirectoryPath": ["pathlib.Path"],
  "pydantic.NewPath": ["pathlib.Path"],
  "pydantic.Base64Bytes": ["builtins.bytes"],
  "pydantic.Base64Str": ["builtins.str"],
}

/** Pydantic's functions that make a constrained type, with what they constrain. */
export const CONSTRAINED: Record<string, string> = {
  "pydantic.conint()": "builtins.int",
  "pydantic.confloat()": "builtins.float",
  "pydantic.constr()": "builtins.str",
  "pydantic.conbytes()": "builtins.bytes",
  "pydantic.condecimal()": "decimal.Decimal",
  "pydantic.condate()": "datetime.date",
  "pydantic.conlist()": "builtins.list",
  "pydantic.conset()": "builtins.set",
  "pydantic.confrozenset()": "builtins.frozenset",
}

/** `conlist(int)` as `list[int]`, `PositiveInt` as `int`; any other type is itself. */
export function plain(value: Value): Value {
  if (value.is !== "external") return value
  const narrowed = NARROWED[value.name]
  if (narrowed) return external(narrowed[0])
  const constrained = CONSTRAINED[value.name]
  if (!constrained) return value
  const item = value.built?.positional[0] ?? value.built?.keywords.get("item_type")
  return /list|set/.test(constrained) && item ? { is: "generic", of: external(constrained), args: [item] } : external(constrained)
}

const BARE = /^(builtins|typing|typing_extensions|collections|collections\.abc)\.(?=\w+$)/

function textOf(ctx: Linked, type: Value, depth = 0): string {
  const value = plain(bare(ctx, type))
  if (depth > 12) return "unknown"
  if (isNothing(value)) return "None"
  switch (value.is) {
    case "class":
      return `${ctx.player.modules.nameOf(value.module)}.${value.qualname}`
    case "external":
      if (value.name === "typing.ForwardRef" && value.built) return `ForwardRef('${knownText(value.built?.positional[0]) ?? "unknown"}')`
      if (value.name === "typing.TypeVar()") return `~${knownText(value.built?.positional[0]) ?? "unknown"}`
      return value.name.endsWith(")") || value.name.endsWith("]") ? "unknown" : value.name.replace(BARE, "")
    case "either":
      return union(ctx, value, depth)
    case "generic":
      return generic(ctx, value, depth)
    default:
      return "unknown"
  }
}

const union = (ctx: Linked, value: Value, depth: number): string =>
  [...new Set(members(ctx, value).map((member) => textOf(ctx, member, depth + 1)))].join(" | ")

function generic(ctx: Linked, value: Generic, depth: number): string {
  const name = genericName(value)
  if (name === "typing.Optional" || name === "typing.Union") return union(ctx, value, depth)
  if (name === "typing.Literal") return `Literal[${value.args.map(written).join(", ")}]`
  if (name === "typing.Callable" || name === "collections.abc.Callable") return "Callable"
  const args = value.args.map((arg) => (arg.is === "literal" && arg.type === "ellipsis" ? "..." : textOf(ctx, arg, depth + 1)))
  return `${textOf(ctx, value.of, depth + 1)}[${args.join(", ")}]`
}

/** A value inside `Literal[...]`, as Python's `repr` writes it. */
function written(value: Value): string {
  const text = knownText(value)
  if (text !== undefined)
    return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
  if (value.is !== "literal") return "unknown"
  if (value.type === "bool") return value.value ? "True" : "False"
  return value.type === "NoneType" ? "None" : String(value.value)
}
