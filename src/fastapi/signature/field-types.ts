/**
 * Types that Pydantic has no schema for, so that FastAPI cannot make a field of them and raises while the route is
 * added. Established by asking `TypeAdapter` of Pydantic 2 (2.13, 2.14) for each; what is not listed is not accused.
 */
import { lineage } from "#knowledge"
import { type ClassValue, isNone, type Value } from "#python"
import { hasPydantic2 } from "../versions.ts"
import { ancestryOf, isDataclass } from "./kinds.ts"
import { annotated, isDepends, isField, placeOf } from "./markers.ts"
import { genericName, type Linked, resolved, typeOf } from "./types.ts"

export interface UnfitType {
  value: Value
  /** How a reader calls it: `app.services.Mailer`, `sqlalchemy.orm.Session`. */
  text: string
  /** A class that Pydantic does not know, or something that is no type at all (`[Item]`). */
  is: "class" | "no type"
}

/** The part of an annotation that certainly can be no field; undefined where it may be one. */
export function unfitPart(ctx: Linked, annotation: Value, depth = 0): UnfitType | undefined {
  if (depth > 8) return undefined
  const { type, metadata } = annotated(ctx, annotation)
  // Validators and the like may bring a schema of their own.
  if (!metadata.every((item) => isDepends(item) || isField(item) || placeOf(item) !== undefined)) return undefined
  switch (type.is) {
    case "class":
      return isUnfitClass(ctx, type) ? { value: type, text: typeOf(ctx, type).text, is: "class" } : undefined
    case "external":
      return isUnfitLibraryType(type.name) ? { value: type, text: type.name, is: "class" } : undefined
    case "sequence":
    case "mapping":
      return { value: type, text: type.is === "sequence" ? `a ${type.type}` : "a dict", is: "no type" }
    case "literal":
      return isNone(type) || type.type === "ellipsis" ? undefined : { value: type, text: String(type.value), is: "no type" }
    case "either":
      return first(ctx, type.options, depth)
    case "generic":
      if (type.of.is === "class") return unfitPart(ctx, type.of, depth + 1)
      if (UNFIT_ABSTRACT.has(genericName(type) ?? "")) return { value: type, text: typeOf(ctx, type).text, is: "class" }
      return CONTAINERS.has(genericName(type) ?? "") ? first(ctx, type.args, depth) : undefined
    default:
      return undefined
  }
}

const first = (ctx: Linked, values: readonly Value[], depth: number): UnfitType | undefined => {
  for (const value of values) {
    const part = unfitPart(ctx, resolved(ctx, value), depth + 1)
    if (part) return part
  }
  return undefined
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "))

/** Pydantic builds the schema of what they hold. */
const CONTAINERS = words(
  "builtins.list builtins.set builtins.frozenset builtins.tuple builtins.dict typing.List typing.Set typing.FrozenSet typing.Tuple typing.Dict typing.Optional typing.Union typing.Sequence typing.Iterable typing.Mapping collections.abc.Sequence collections.abc.Iterable collections.abc.Mapping",
)

const UNFIT_ABSTRACT = words(
  "typing.AsyncIterable typing.AsyncIterator typing.AsyncGenerator typing.Awaitable typing.Coroutine collections.abc.AsyncIterable collections.abc.AsyncIterator collections.abc.AsyncGenerator collections.abc.Awaitable collections.abc.Coroutine",
)

// ---------------------------------------------------------------------------- libraries

const UNFIT = words(
  "starlette.requests.HTTPConnection starlette.requests.Request starlette.websockets.WebSocket starlette.responses.Response starlette.background.BackgroundTask " +
    "starlette.datastructures.FormData starlette.datastructures.Headers starlette.datastructures.QueryParams starlette.datastructures.State starlette.datastructures.URL " +
    "fastapi.FastAPI fastapi.APIRouter fastapi.HTTPException fastapi.security.OAuth2PasswordRequestForm fastapi.security.OAuth2PasswordRequestFormStrict fastapi.security.SecurityScopes " +
    "fastapi.security.HTTPBearer fastapi.security.HTTPBasic fastapi.security.OAuth2PasswordBearer " +
    "sqlalchemy.orm.Session sqlalchemy.orm.sessionmaker sqlalchemy.Engine sqlalchemy.Connection sqlalchemy.ext.asyncio.AsyncSession sqlalchemy.ext.asyncio.AsyncEngine " +
    "sqlalchemy.ext.asyncio.AsyncConnection sqlalchemy.ext.asyncio.async_sessionmaker " +
    "logging.Logger httpx.Client httpx.AsyncClient httpx.Response threading.Thread asyncio.Queue asyncio.Event asyncio.Task asyncio.AbstractEventLoop " +
    "io.BytesIO io.StringIO email.message.EmailMessage sqlite3.Connection sqlite3.Cursor concurrent.futures.Executor concurrent.futures.ThreadPoolExecutor " +
    "builtins.Exception builtins.BaseException builtins.memoryview builtins.range builtins.slice builtins.property",
)

function isUnfitLibraryType(name: string): boolean {
  // FastAPI's own `UploadFile` brings a schema; the one of Starlette that it derives from does not.
  if (name === "starlette.datastructures.UploadFile") return true
  return UNFIT_ABSTRACT.has(name) || lineage(name).some((one) => UNFIT.has(one))
}

// ---------------------------------------------------------------------------- classes of the project

const SCHEMA_HOOKS = ["__get_pydantic_core_schema__", "__pydantic_core_schema__", "__get_validators__", "__prepare_pydantic_annotations__"]
/** Bases that bring no schema. */
const PLAIN = words(
  "builtins.object abc.ABC typing.Generic typing.Protocol builtins.Exception sqlalchemy.orm.DeclarativeBase sqlalchemy.orm.declarative_base() sqlalchemy.ext.declarative.declarative_base()",
)
/** Bases whose own schema is not taken over by what derives from them; Pydantic 1 took it. */
const NOT_INHERITED = words("builtins.str builtins.int builtins.float builtins.bytes builtins.list builtins.dict")

function isUnfitClass(ctx: Linked, cls: ClassValue): boolean {
  const { classes, libraries, complete } = ancestryOf(ctx, cls)
  if (!complete || isDataclass(ctx, cls) !== false) return false
  const isPlain = (name: string) => PLAIN.has(name) || UNFIT.has(name) || (hasPydantic2(ctx.versions) && NOT_INHERITED.has(name))
  if (![...libraries].every(isPlain)) return false
  return classes.every((one) => SCHEMA_HOOKS.every((hook) => one.body.own(hook) === undefined) && !one.keywords.has("metaclass"))
}
