/** One route, as `test/oracle/dump_app.py` writes it. */
import { responseClass } from "#knowledge"
import { knownText, type Place, type Value } from "#python"
import { flagOf } from "../known.ts"
import { pathFormat, responseModelIn } from "../operation.ts"
import type { Operation, Route } from "../project.ts"
import { statusOf, streamOf } from "../responses.ts"
import { ancestryOf } from "../signature/kinds.ts"
import { isKnownType } from "../signature/types.ts"
import {
  type BodyDescription,
  bodyOf,
  type DependencyDescription,
  dependenciesOf,
  type ParamDescription,
  paramDescription,
  paramsOf,
  type SecurityDescription,
  securityOf,
} from "./params.ts"
import { type Callable, callableOf, type Described, type Describing, type FileLine, factOf, isUnknown, literalOf, refOf } from "./values.ts"

export interface RouteDescription extends Partial<OperationDescription> {
  kind: "api" | "api_websocket" | "route" | "websocket" | "mount" | "host" | "frontend"
  methods?: Described<string[]>
  full_path: Described<string>
  path?: Described<string>
  path_format?: Described<string>
  convertors?: Described<Record<string, string>>
  name?: Described<string | null>
  endpoint?: Described<Callable>
  registered_at?: FileLine
  included_at?: FileLine[]
  /** What a mount serves. */
  app?: Described<string>
  routes?: RouteDescription[]
  host?: Described<string>
  /** One of FastAPI's own pages. */
  framework?: boolean
  include_in_schema?: Described<boolean>
  /** Who asks for a credential, as fastlint sees it; the runtime has no such field. */
  auth?: { answer: string; by?: string; level?: string; why: string }
  /** What the tests ask of it, which the runtime does not know; null where nobody can tell. */
  tests?: { calls: number | null; requests: FileLine[] }
  /** It may not exist: it is added on a way that may not be taken. */
  maybe?: boolean
}

/** What only FastAPI's own routes have. */
interface OperationDescription {
  route_class: Described<string>
  status_code: Described<number | null>
  effective_status_code: Described<number>
  response_model: Described<string | null>
  response_class: Described<{ ref: string; default: boolean; media_type: Described<string | null> }>
  response_model_options: Record<string, Described<unknown>>
  stream: Described<"sse" | "jsonl" | null>
  stream_item_type: Described<string | null>
  tags: Described<string[]>
  deprecated: Described<boolean>
  operation_id: Described<string | null>
  unique_id: Described<string>
  summary: Described<string | null>
  description: Described<string>
  response_description: Described<string>
  responses: Described<Record<string, { model: Described<string | null>; description: Described<string | null> }>>
  callbacks: Described<string[]>
  openapi_extra: Described<boolean>
  strict_content_type: Described<boolean>
  params: Described<ParamDescription[]>
  dependencies: Described<DependencyDescription[]>
  security: Described<SecurityDescription[]>
  body: Described<BodyDescription | null>
}

const KINDS = { api: "api", websocket: "api_websocket", route: "route", socket: "websocket" } as const

/** @param under  the paths of the mounts it is served below */
export function describeRoute(on: Describing, route: Route, under: string): RouteDescription {
  const { operation } = route
  const path = factOf(route.path)
  const methods = factOf(route.methods)
  const base: RouteDescription = {
    kind: KINDS[route.kind],
    full_path: typeof path === "string" ? under + path : path,
    ...pathInfo(path),
    methods: isUnknown(methods) ? methods : [...new Set(methods)].sort(),
    name: factOf(operation.name),
    endpoint: callableOf(on, route.own.endpointValue),
    registered_at: fileLine(on, route.at),
    included_at: route.includes.map((at) => fileLine(on, at)),
    ...(route.maybe && { maybe: true }),
    ...testsPart(on, route),
  }
  if (route.kind === "socket" || route.kind === "route")
    return { ...base, include_in_schema: route.kind === "route" && plainInSchema(route) }
  const asked = asksOf(on, route)
  if (route.kind === "websocket") return { ...base, ...asked }
  const { answer, by, level, why } = route.auth
  return {
    ...base,
    ...responsePart(on, route),
    ...operationPart(on, operation),
    include_in_schema: factOf(route.includeInSchema),
    ...asked,
    body: route.isSignatureKnown ? bodyOf(on, paramsOf(route)) : UNREAD,
    auth: { answer, ...(by !== undefined && { by }), ...(level && { level }), why },
  }
}

function testsPart(on: Describing, route: Route): Pick<RouteDescription, "tests"> {
  const tests = on.testsOf?.(route)
  return tests ? { tests: { calls: tests.calls, requests: tests.requests.map((at) => fileLine(on, at)) } } : {}
}

export const fileLine = (on: Describing, at: Place): FileLine => ({ file: at.path, line: on.lineOf(at) })

const UNREAD = { unknown: "the endpoint's signature could not be read" }

function asksOf(on: Describing, route: Route): Pick<OperationDescription, "params" | "dependencies" | "security"> {
  if (!route.isSignatureKnown) return { params: UNREAD, dependencies: UNREAD, security: UNREAD }
  return {
    params: paramsOf(route).map((param) => paramDescription(on, param)),
    dependencies: dependenciesOf(on, route.asks),
    security: securityOf(on, route.asks),
  }
}

function operationPart(on: Describing, operation: Operation): Partial<OperationDescription> {
  const responses = factOf(operation.responses)
  return {
    operation_id: factOf(operation.operationId),
    unique_id: factOf(operation.uniqueId),
    summary: factOf(operation.summary),
    description: factOf(operation.description),
    response_description: factOf(operation.responseDescription),
    tags: factOf(operation.tags),
    deprecated: factOf(operation.deprecated),
    responses: isUnknown(responses)
      ? responses
      : Object.fromEntries(
          [...responses].map(([status, response]) => [
            status,
            { model: factOf(responseModelIn(on, response)), description: textIn(response, "description") },
          ]),
        ),
    callbacks: factOf(operation.callbacks),
    openapi_extra: factOf(operation.hasOpenapiExtra),
    ...(on.versions.atLeast("fastapi", "0.132.0") && { strict_content_type: factOf(operation.isStrictAboutContentType) }),
  }
}

function textIn(response: Value, key: string): Described<string | null> {
  if (response.is !== "mapping") return { unknown: "a response that is not wholly known" }
  const value = response.entries.find(([name]) => knownText(name) === key)?.[1]
  if (!value) return response.open ? { unknown: "a response that is not wholly known" } : null
  return knownText(value) ?? { unknown: "a text that is not known" }
}

// ---------------------------------------------------------------------------- response

function responsePart(on: Describing, route: Route): Partial<OperationDescription> {
  const given = route.own.built.keywords.get("status_code")
  const { open } = route.own.built
  const status = given ? (given.is === "literal" && given.value === null ? null : statusOf(given)) : open ? undefined : null
  return {
    status_code: status === undefined ? { unknown: "a status code that is not known" } : status,
    effective_status_code: factOf(route.statusCode),
    response_model: responseModel(route),
    response_class: responseClassOf(on, route),
    response_model_options: modelOptions(on, route),
    ...streamPart(on, route),
  }
}

function responseModel({ response }: Route): Described<string | null> {
  if (response.from === "unknown") return { unknown: "the response model" }
  if (response.from === "none" || response.from === "response" || !response.type) return null
  return isKnownType(response.type) ? response.type.text : { unknown: response.type.text }
}

function responseClassOf(on: Describing, { response: { classValue } }: Route): OperationDescription["response_class"] {
  if (!classValue) return { ref: "starlette.responses:JSONResponse", default: true, media_type: "application/json" }
  const ref = refOf(on, classValue)
  return isUnknown(ref) ? ref : { ref, default: false, media_type: mediaOf(on, classValue) }
}

/** `media_type` of a response class, own or inherited. */
function mediaOf(on: Describing, value: Value): Described<string | null> {
  if (value.is === "external") {
    const known = responseClass(value.name)
    return known ? (known.media ?? null) : { unknown: `\`${value.name}\`` }
  }
  if (value.is !== "class") return { unknown: "a class that is not known" }
  const { classes, libraries, complete } = ancestryOf(on, value)
  for (const cls of classes) {
    const own = cls.body.own("media_type")
    if (own) return knownText(own) ?? { unknown: "a text that is not known" }
  }
  const inherited = [...libraries].map(responseClass).find((known) => known !== undefined)
  return complete && inherited ? (inherited.media ?? null) : { unknown: "a class that is not wholly known" }
}

const OPTIONS = { include: null, exclude: null, by_alias: true, exclude_unset: false, exclude_defaults: false, exclude_none: false }

function modelOptions(on: Describing, { own: { built } }: Route): Record<string, Described<unknown>> {
  return Object.fromEntries(
    Object.entries(OPTIONS).map(([name, otherwise]) => {
      const given = built.keywords.get(`response_model_${name}`)
      if (!given) return [name, built.open ? { unknown: "options passed by **" } : otherwise]
      return [name, literalOf(on, given)]
    }),
  )
}

function streamPart(on: Describing, route: Route): Pick<OperationDescription, "stream" | "stream_item_type"> {
  const stream = streamOf(on, route)
  if (!stream.known) return { stream: { unknown: stream.why }, stream_item_type: { unknown: stream.why } }
  const { kind, item } = stream.value
  return { stream: kind, stream_item_type: item === undefined ? null : isKnownType(item) ? item.text : { unknown: item.text } }
}

// ---------------------------------------------------------------------------- path

/** Starlette's converters, by the name that their classes have. */
const CONVERTORS: Record<string, string> = { str: "string", path: "path", int: "integer", float: "float", uuid: "uuid" }

/** The path, how OpenAPI writes it, and how its pieces are read. */
export function pathInfo(path: Described<string>): Pick<RouteDescription, "path" | "path_format" | "convertors"> {
  if (isUnknown(path)) return { path, path_format: path, convertors: path }
  const pieces = [...path.matchAll(/\{([a-zA-Z_]\w*)(?::([a-zA-Z_]\w*))?\}/g)].map(([, name, convertor]) => [
    name,
    CONVERTORS[convertor ?? "str"],
  ])
  return {
    path,
    path_format: pathFormat(path),
    convertors: pieces.some(([, convertor]) => convertor === undefined)
      ? { unknown: "a converter of the project" }
      : Object.fromEntries(pieces),
  }
}

function plainInSchema({ own: { built } }: Route): Described<boolean> {
  return factOf(flagOf(built.keywords.get("include_in_schema"), true))
}
