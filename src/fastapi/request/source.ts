/** What a client sends with a request, as values that know where they come from. */
import { external, instanceOf, type Value } from "#python"
import { FAR, marked } from "../marks.ts"
import type { Param, Route } from "../project.ts"
import type { Linked } from "../signature/types.ts"

/** One thing that a client may write as it likes. */
export interface Source {
  /** As the code calls it: `name`, `item.url`, `file.filename`. */
  name: string
  in: Param["in"] | "request"
  /** One segment of the URL's path: it holds no slash, but may be `..`. */
  isSegment: boolean
  /** The content of an upload or of the whole body, rather than a text in it. */
  isContent: boolean
}

const SENT = new Set<Param["in"]>(["path", "query", "header", "cookie", "body", "form", "file"])

/** Is a parameter filled by the client? One of an unknown path's may be in the path or in the query, and is sent in any case. */
export const isFilled = (param: Param, { path }: Route): boolean =>
  SENT.has(param.in) || (param.in === "unknown" && !path.known && param.marker === undefined)

/** The value of a parameter that a client fills, and of every field in it, each noted with where it comes from. */
export function sentValue(linked: Linked, route: Route, param: Param, note: (value: Value, source?: Source) => void): Value {
  if (isConstrained(param.constraints)) return instanceOf(linked.player, param.type.value)
  const typed = instanceOf(linked.player, param.type.value)
  const value: Value = typed.is === "unknown" ? external("typing.Any()") : typed
  const isSegment = isOneSegment(param, route)
  return marked(
    linked,
    value,
    (one, field) => {
      if (!isFree(one)) return note(one)
      note(one, {
        name: field === undefined ? param.name : `${param.name}.${field}`,
        in: param.in,
        isSegment,
        isContent: one.is === "external" && one.name === "builtins.bytes()",
      })
    },
    FAR,
  )
}

/** Is a parameter one segment of the route's path, in which no slash can stand? */
export const isOneSegment = (param: Param, route: Route): boolean =>
  (param.in === "path" || param.in === "unknown") && !takesSlashes(route, param.wireName)

/** A pattern or a choice leaves nothing to choose freely. */
const isConstrained = (constraints: Param["constraints"]): boolean => ["pattern", "regex", "const"].some((name) => constraints.has(name))

function takesSlashes({ path, own }: Route, name: string): boolean {
  const written = own.built.positional[0] ?? own.built.keywords.get("path")
  // Of a path that is known in part the parts may still say it.
  const parts = written?.is === "text" ? written.parts.map((part) => (typeof part === "string" ? part : "")) : []
  return [path.known ? path.value : "", parts.join("")].some((one) => one.includes(`{${name}:path}`))
}

const FREE = new Set([
  "builtins.str()",
  "builtins.bytes()",
  "builtins.dict()",
  "builtins.list()",
  "typing.Any()",
  "pathlib.Path()",
  "pathlib.PurePath()",
  "pydantic.FilePath()",
  "pydantic.NewPath()",
  "pydantic.DirectoryPath()",
  "pydantic.AnyUrl()",
  "pydantic.AnyHttpUrl()",
  "pydantic.HttpUrl()",
  "pydantic.networks.AnyUrl()",
  "pydantic.networks.AnyHttpUrl()",
  "pydantic.networks.HttpUrl()",
])

/** Can a client write what it likes here? Numbers, UUIDs, dates, enums and literals are no free text. */
const isFree = (value: Value): boolean => value.is === "external" && FREE.has(value.name)
