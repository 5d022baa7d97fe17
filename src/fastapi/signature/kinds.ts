/**
 * What kind of thing a type is to FastAPI: a model, a scalar, an upload, a response. Follows the predicates of
 * `fastapi/_compat/shared.py`. Every answer is yes, no, or `undefined` where a class comes from a place we do not know.
 */
import { lineage, remembered } from "#knowledge"
import type { ClassValue, Value } from "#python"
import { hasPydantic2 } from "../versions.ts"
import { bare, genericName, type Linked, members, plain } from "./types.ts"

export type Answer = boolean | undefined

/** Yes if one says yes, no if all say no. */
export function some(values: readonly Value[], ask: (value: Value) => Answer): Answer {
  const answers = values.map(ask)
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false
}

/** Yes if all say yes, no if one says no. */
export function every(values: readonly Value[], ask: (value: Value) => Answer): Answer {
  const answers = values.map(ask)
  return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true
}

const or = (...asks: (() => Answer)[]): Answer => {
  let answer: Answer = false
  for (const ask of asks) {
    const one = ask()
    if (one) return true
    if (one === undefined) answer = undefined
  }
  return answer
}

// ---------------------------------------------------------------------------- ancestors

interface Ancestry {
  /** The class and the project classes it derives from, in the order in which a name is looked up (nearly Python's). */
  classes: ClassValue[]
  /** Library classes above them, each with what it derives from. */
  libraries: Set<string>
  /** False when a base is not known. */
  complete: boolean
  /** Library classes that may be above them, where a base is one of several; undefined when a base is not known at all. */
  possible: Set<string> | undefined
}

const ancestries = new WeakMap<ClassValue, Ancestry>()

export function ancestryOf(ctx: Linked, of: ClassValue): Ancestry {
  const seen = ancestries.get(of)
  if (seen) return seen
  const ancestry: Ancestry = { classes: [], libraries: new Set(), complete: true, possible: new Set() }
  ancestries.set(of, ancestry)
  const climb = (cls: ClassValue): void => {
    if (ancestry.classes.includes(cls)) return
    ancestry.classes.push(cls)
    for (const given of cls.bases) {
      const base = bare(ctx, given.is === "generic" ? given.of : given)
      if (base.is === "class") climb(base)
      else if (base.is === "external") for (const name of lineage(base.name)) ancestry.libraries.add(name)
      else {
        if (base.is !== "either" || !base.options.every((option) => addsNothing(ctx, option))) ancestry.complete = false
        if (base.is === "either") choose(base.options.map((option) => aboveOf(ctx, option)))
        else ancestry.possible = undefined
      }
    }
  }
  /** One of several, as an import with a fallback makes it: what all of them derive from is certain. */
  const choose = (options: ReturnType<typeof aboveOf>[]): void => {
    const [first, ...others] = options
    for (const name of first?.libraries ?? []) if (others.every(({ libraries }) => libraries.has(name))) ancestry.libraries.add(name)
    const all = options.map(({ possible }) => possible)
    if (!all.every((one) => one !== undefined)) ancestry.possible = undefined
    for (const name of all.flatMap((one) => [...(one ?? [])])) ancestry.possible?.add(name)
  }
  climb(of)
  for (const name of ancestry.libraries) ancestry.possible?.add(name)
  return ancestry
}

/** A library's class, or one of the project with no field of its own. */
const addsNothing = (ctx: Linked, base: Value): boolean =>
  base.is === "external" || (base.is === "class" && base.body.annotations.size === 0 && ancestryOf(ctx, base).complete)

function aboveOf(ctx: Linked, base: Value): Pick<Ancestry, "libraries" | "possible"> {
  if (base.is === "class") return ancestryOf(ctx, base)
  const libraries = new Set(base.is === "external" ? lineage(base.name) : [])
  return { libraries, possible: base.is === "external" ? libraries : undefined }
}

/** Packages of whose classes we know enough to say what they are not. */
const SETTLED = new Set(
  "builtins typing typing_extensions abc enum collections datetime uuid decimal fractions pathlib ipaddress re types numbers dataclasses io os json http logging asyncio email threading contextlib functools string time zoneinfo sqlalchemy starlette fastapi pydantic pydantic_settings pydantic_core pydantic_extra_types sqlmodel annotated_types".split(
    " ",
  ),
)

/** Is the library one whose classes are known well enough to deny something of them? */
export const isSettled = remembered((name) => SETTLED.has(name.split(".")[0] as string))

/** Does a class derive from (or is it) one of these library classes? */
export function derivesFrom(ctx: Linked, type: Value, targets: ReadonlySet<string>): Answer {
  const value = plain(bare(ctx, type))
  switch (value.is) {
    case "class": {
      const { libraries, possible } = ancestryOf(ctx, value)
      for (const name of libraries) if (targets.has(name)) return true
      return possible && [...possible].every((name) => isSettled(name) && !targets.has(name)) ? false : undefined
    }
    case "external":
      if (lineage(value.name).some((name) => targets.has(name))) return true
      return !/[)\]]$/.test(value.name) && isSettled(value.name) ? false : undefined
    case "generic":
      return derivesFrom(ctx, value.of, targets)
    case "unknown":
      return undefined
    default:
      return false
  }
}

// ---------------------------------------------------------------------------- kinds

const set = (names: string): ReadonlySet<string> => new Set(names.split(" "))

const MODELS = set(
  "pydantic.BaseModel fastapi.security.HTTPBasicCredentials fastapi.security.HTTPAuthorizationCredentials fastapi.sse.ServerSentEvent",
)
/** The models of Pydantic 1 within Pydantic 2: FastAPI took them for bodies until 0.127, and raises since. */
const OLD_MODELS = set("pydantic.v1.BaseModel")
const MAPPINGS = set(
  "builtins.dict typing.Dict typing.Mapping typing.MutableMapping typing.TypedDict typing.DefaultDict typing.OrderedDict typing.Counter collections.abc.Mapping collections.abc.MutableMapping collections.defaultdict collections.OrderedDict collections.Counter collections.ChainMap collections.UserDict",
)
const SEQUENCES = set(
  "builtins.list builtins.tuple builtins.set builtins.frozenset builtins.range builtins.bytearray typing.List typing.Tuple typing.Set typing.FrozenSet typing.Sequence typing.MutableSequence typing.Deque typing.NamedTuple collections.abc.Sequence collections.abc.MutableSequence collections.deque collections.UserList",
)
const STRINGS = set("builtins.str builtins.bytes")
const ENUMS = set("enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag")
const UPLOADS = set("fastapi.UploadFile")
const SPECIALS = set(
  "starlette.requests.Request starlette.requests.HTTPConnection starlette.websockets.WebSocket starlette.responses.Response starlette.background.BackgroundTasks fastapi.security.SecurityScopes fastapi.BackgroundTasks",
)
const RESPONSES = set("starlette.responses.Response")
const DATACLASSES = set("dataclasses.dataclass dataclasses.dataclass() pydantic.dataclasses.dataclass pydantic.dataclasses.dataclass()")
/** Class decorators that leave alone what FastAPI looks at. */
const HARMLESS = set("typing.final typing.runtime_checkable functools.total_ordering enum.unique enum.verify()")

export const isModel = (ctx: Linked, type: Value): Answer => derivesFrom(ctx, type, MODELS)
export const isEnum = (ctx: Linked, type: Value): Answer => derivesFrom(ctx, type, ENUMS)
/** `UploadFile` itself, not in a list or union. */
export const isUploadFile = (ctx: Linked, type: Value): Answer => derivesFrom(ctx, type, UPLOADS)
/** `Request`, `Response`, `WebSocket`, `BackgroundTasks`, `SecurityScopes`: given by FastAPI, not by the client. */
export const isSpecial = (ctx: Linked, type: Value): Answer => (bare(ctx, type).is === "generic" ? false : derivesFrom(ctx, type, SPECIALS))
/** A class of responses: Starlette's, FastAPI's, or the project's own. */
export const isResponse = (ctx: Linked, type: Value): Answer => derivesFrom(ctx, type, RESPONSES)

export function isDataclass(ctx: Linked, type: Value): Answer {
  const value = bare(ctx, type)
  if (value.is === "generic") return isDataclass(ctx, value.of)
  if (value.is !== "class")
    return value.is === "external" ? (isSettled(value.name) ? false : undefined) : value.is === "unknown" ? undefined : false
  const { classes, complete } = ancestryOf(ctx, value)
  const decorators = classes.flatMap((cls) => cls.decorators)
  if (decorators.some((d) => d.is === "external" && DATACLASSES.has(d.name))) return true
  return complete && decorators.every((d) => d.is === "external" && HARMLESS.has(d.name)) ? false : undefined
}

/** A list, tuple or set, not a text. */
export const isSequence = (ctx: Linked, type: Value): Answer => {
  const text = derivesFrom(ctx, type, STRINGS)
  return text === true ? false : derivesFrom(ctx, type, SEQUENCES)
}

/** Names without a class behind them: no client can tell them from a scalar. */
const isComplex = (ctx: Linked, type: Value): Answer => {
  const value = plain(bare(ctx, type))
  if (value.is === "either" || (value.is === "generic" && members(ctx, value).length > 1))
    return some(members(ctx, value), (member) => isComplex(ctx, member))
  if (value.is === "generic") {
    if (genericName(value) === "typing.Literal") return false
    const hook = value.of.is === "class" && value.of.body.own("__get_pydantic_core_schema__") !== undefined
    return hook || isComplex(ctx, value.of)
  }
  if (value.is === "external" && value.name === "typing.TypeVar()") return false
  return or(
    () => isModel(ctx, value),
    () => derivesFrom(ctx, value, OLD_MODELS),
    () => isUploadFile(ctx, value),
    () => derivesFrom(ctx, value, MAPPINGS),
    () => isSequence(ctx, value),
    () => isDataclass(ctx, value),
  )
}

/** Can the type be read from one piece of text: a path or query parameter? */
export function isScalar(ctx: Linked, type: Value): Answer {
  const complex = isComplex(ctx, type)
  return complex === undefined ? undefined : !complex
}

/** `UploadFile`, `UploadFile | None`, `list[UploadFile]`; also any container that does not say what it holds. */
export function isUpload(ctx: Linked, type: Value): Answer {
  return some(members(ctx, type), (member) => {
    const value = plain(bare(ctx, member))
    return or(
      () => isUploadFile(ctx, value),
      () => {
        const sequence = isSequence(ctx, value)
        if (!sequence) return sequence
        if (value.is !== "generic" && !hasPydantic2(ctx.versions)) return false
        return every(value.is === "generic" ? value.args : [], (arg) =>
          arg.is === "literal" ? false : some(members(ctx, arg), (a) => isUploadFile(ctx, a)),
        )
      },
    )
  })
}
