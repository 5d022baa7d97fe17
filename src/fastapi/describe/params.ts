/** Parameters, body, dependencies and security of a route, as `test/oracle/dump_app.py` writes them. */
import { isNone, knownBoolean, knownText, truthOf, type Value } from "#python"
import { exitsEarly } from "../exits.ts"
import { flagOf } from "../known.ts"
import type { Dependency, Param, Route } from "../project.ts"
import { refusalOf, schemeOf } from "../schemes.ts"
import { isModel } from "../signature/kinds.ts"
import { members } from "../signature/types.ts"
import { mayBeAtLeast } from "../versions.ts"
import { type Callable, callableOf, type Described, type Describing, factOf, isUnknown, literalOf } from "./values.ts"

export interface ParamDescription {
  name: string
  wire_name: string
  in: string
  declared_as: string
  type: Described<string>
  required: Described<boolean>
  default: Described<unknown>
  include_in_schema: Described<boolean>
  deprecated: Described<boolean>
}

export interface DependencyDescription {
  ref: Described<string>
  depth: number
  param: string | null
  kind: Described<Callable["kind"]>
  use_cache: boolean
  scope: string | null
  /** What follows its `yield` runs before the response is sent. */
  exits_early: boolean
  oauth_scopes: Described<string[]>
  security_scheme: boolean
  file?: string
  def_line?: number
}

export interface BodyDescription {
  embedded: Described<boolean>
  media_type: Described<string>
  declared_as: string
  required: Described<boolean>
  fields: string[]
}

export interface SecurityDescription {
  scheme_name: Described<string>
  class: string
  auto_error: Described<boolean>
  /** The status for a request without a credential; null where that is let through. */
  refuses: Described<number | null>
  scopes: Described<string[]>
}

// ---------------------------------------------------------------------------- parameters

/** Form and file fields are body fields to FastAPI. */
const PLACES = ["path", "query", "header", "cookie", "body"] as const
const placeOf = (param: Param): string => (param.in === "form" || param.in === "file" ? "body" : param.in)
const DECLARED: Partial<Record<Param["in"], string>> = {
  path: "Path",
  query: "Query",
  header: "Header",
  cookie: "Cookie",
  body: "Body",
  form: "Form",
  file: "File",
}

/** The endpoint's own parameters, then those of its dependencies, each level by place. */
export function paramsOf(route: Route): Param[] {
  const listed = (params: Param[], asks: Dependency[]): Param[] => [
    ...PLACES.flatMap((place) => params.filter((param) => placeOf(param) === place)),
    ...params.filter((param) => param.in === "unknown"),
    ...asks.flatMap((dependency) => listed(dependency.params, dependency.dependencies)),
  ]
  return listed(route.ownParams, route.asks)
}

export function paramDescription(on: Describing, param: Param): ParamDescription {
  const { text } = param.type
  return {
    name: param.name,
    wire_name: param.wireName,
    in: placeOf(param),
    declared_as: param.marker === "fastapi.params.Param()" ? "Param" : (DECLARED[param.in] ?? "unknown"),
    type: /\bunknown\b/.test(text) ? { unknown: text } : text,
    required: factOf(param.required),
    default: defaultOf(on, param),
    include_in_schema: factOf(flagOf(param.constraints.get("include_in_schema"), true)),
    deprecated: isSet(param.constraints.get("deprecated")),
  }
}

function defaultOf(on: Describing, { required, default: given, constraints }: Param): Described<unknown> {
  if (!required.known) return { unknown: required.why }
  if (required.value) return null
  if (given) return literalOf(on, given)
  return constraints.has("default_factory") ? { factory: true } : { unknown: "a default that is not known" }
}

function isSet(value: Value | undefined): Described<boolean> {
  if (!value) return false
  const answer = truthOf(value)
  return answer ?? { unknown: "a value that is not known" }
}

// ---------------------------------------------------------------------------- body

const MEDIA: Record<string, string> = { body: "application/json", form: "application/x-www-form-urlencoded", file: "multipart/form-data" }

/** The body that all body parameters make together (`_get_body_field` in fastapi/dependencies/utils.py); null for none. */
export function bodyOf(on: Describing, params: readonly Param[]): Described<BodyDescription | null> {
  const fields = params.filter((param) => placeOf(param) === "body")
  const [first] = fields
  if (params.some((param) => param.in === "unknown")) return { unknown: "a parameter whose place is not known" }
  if (!first) return null
  const embedded = isEmbedded(on, fields)
  const declared =
    embedded === true ? (["file", "form", "body"] as const).find((place) => fields.some((param) => param.in === place)) : first.in
  const media = [...new Set(fields.map((param) => mediaOf(param)))]
  return {
    embedded: embedded ?? { unknown: "whether a form parameter is a model" },
    media_type:
      declared !== "body"
        ? embedded === true
          ? (MEDIA[declared ?? "body"] as string)
          : mediaOf(first)
        : media.length === 1
          ? (media[0] as string)
          : (MEDIA.body as string),
    declared_as: DECLARED[declared ?? "body"] as string,
    required: embedded === true ? any(fields.map((param) => factOf(param.required))) : factOf(first.required),
    fields: fields.map((param) => param.name).sort(),
  }
}

const mediaOf = (param: Param): string => knownText(param.constraints.get("media_type")) ?? (MEDIA[param.in] as string)

function any(flags: Described<boolean>[]): Described<boolean> {
  return flags.includes(true) || (flags.find(isUnknown) ?? false)
}

/** Is the body an object with a key for each parameter? (`_should_embed_body_fields`) */
function isEmbedded(on: Describing, fields: readonly Param[]): boolean | undefined {
  const [first] = fields
  if (!first || new Set(fields.map((param) => param.name)).size > 1) return true
  if (knownBoolean(first.constraints.get("embed")) === true) return true
  if (first.in !== "form" && first.in !== "file") return false
  // Models in forms since 0.113.
  if (!mayBeAtLeast(on.versions, "fastapi", "0.113.0")) return true
  const answers = members(on, first.type.value)
    .filter((member) => !isNone(member))
    .map((member) => isModel(on, member))
  return answers.includes(undefined) ? undefined : !answers.every((answer) => answer === true)
}

// ---------------------------------------------------------------------------- dependencies

/** Every dependency, below before above, as FastAPI solves them; what it will find in its cache stands here too. */
export function dependenciesOf(on: Describing, asks: readonly Dependency[], depth = 0): DependencyDescription[] {
  const scopesAreShared = !on.versions.atLeast("fastapi", "0.122.1")
  return asks.flatMap((dependency) => {
    const { value, param, useCache, scope, scopes, security } = dependency
    const called = callableOf(on, value)
    const info = isUnknown(called) && dependency.call ? callableOf(on, dependency.call.value) : called
    const known = isUnknown(info) ? undefined : info
    return [
      ...dependenciesOf(on, dependency.dependencies, depth + 1),
      {
        ref: isUnknown(info) ? info : info.ref,
        depth,
        param: param ?? null,
        kind: isUnknown(info) ? info : info.kind,
        use_cache: useCache,
        scope: scope ?? null,
        exits_early: exitsEarly(on.versions, dependency),
        oauth_scopes: scopesAreShared && scopes.length > 0 ? SHARED : scopes,
        security_scheme: security,
        ...(known?.file !== undefined && { file: known.file }),
        ...(known?.def_line !== undefined && { def_line: known.def_line }),
      },
    ]
  })
}

const SHARED = { unknown: "before FastAPI 0.122.1 dependencies share the list of their scopes" }

/** The security schemes among the dependencies, above before below. */
export function securityOf(on: Describing, asks: readonly Dependency[]): SecurityDescription[] {
  return asks.flatMap((dependency) => [...schemeDescription(on, dependency), ...securityOf(on, dependency.dependencies)])
}

function schemeDescription(on: Describing, { value, security, scopes }: Dependency): SecurityDescription[] {
  if (!security) return []
  const info = callableOf(on, value)
  const built = value.is === "external" || value.is === "instance" ? value.built : undefined
  const ref = isUnknown(info) ? (schemeOf(on, value) ?? "unknown") : info.ref
  // A constructor of the project may pass other arguments on than it is given.
  const isOwn = value.is === "instance" && on.player.methodOf(value.of, "__init__") !== undefined
  const unknown = { unknown: "a scheme of the project's own" }
  const named = built?.keywords.get("scheme_name")
  const error = factOf(flagOf(built?.keywords.get("auto_error"), true))
  const plainName = ref.split(":").at(-1) ?? ref
  return [
    {
      scheme_name: isOwn ? unknown : named && !isNone(named) ? (knownText(named) ?? { unknown: "a name that is not known" }) : plainName,
      class: ref,
      auto_error: isOwn ? unknown : error,
      refuses: isOwn || isUnknown(error) || isCalledOtherwise(on, value) ? unknown : error ? refusalOf(on, value) : null,
      scopes: scopes.length > 0 && !on.versions.atLeast("fastapi", "0.122.1") ? SHARED : scopes,
    },
  ]
}

/** Does a class of the project look for the credential, or refuse, in its own way? */
const isCalledOtherwise = (on: Describing, value: Value): boolean =>
  value.is === "instance" && ["__call__", "make_not_authenticated_error"].some((name) => on.player.methodOf(value.of, name) !== undefined)
