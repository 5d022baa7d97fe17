/**
 * What the callables of FastAPI and Starlette accept, over all versions: a name that only some versions know is not
 * refused here.
 *
 * Source: `inspect.signature` of each, FastAPI 0.92 to 0.165 and Starlette 0.26 to 1.10.
 */

export interface Signature {
  /** Names that may be given by position, in order. */
  positional: readonly string[]
  /** All names that may be given by keyword. */
  names: ReadonlySet<string>
  /** Names without a default. */
  required: readonly string[]
  /** Takes any other keyword as well. */
  isLoose: boolean
}

const VERB =
  "path! * response_model status_code tags dependencies summary description response_description responses deprecated operation_id " +
  "response_model_include response_model_exclude response_model_by_alias response_model_exclude_unset response_model_exclude_defaults " +
  "response_model_exclude_none include_in_schema response_class name openapi_extra generate_unique_id_function max_body_size form_limits"
const WEBSOCKET = "path! name * dependencies"
const INCLUDE =
  "router! * prefix tags dependencies responses deprecated include_in_schema default_response_class callbacks generate_unique_id_function " +
  "max_body_size form_limits"
/** Some versions take any keyword, for the schema. */
const MARKER = "default * **"
const API_KEY = "* name! scheme_name description auto_error"

/** Positional names first, keyword-only ones after `*`, `**` for any others; `!` marks what must be given. */
const written: Record<string, string> = {
  "fastapi.FastAPI": "* **",
  "fastapi.Query": MARKER,
  "fastapi.Path": MARKER,
  "fastapi.Header": MARKER,
  "fastapi.Cookie": MARKER,
  "fastapi.Body": MARKER,
  "fastapi.Form": MARKER,
  "fastapi.File": MARKER,
  "fastapi.Depends": "dependency * use_cache scope max_concurrency",
  "fastapi.Security": "dependency * scopes use_cache scope",
  "fastapi.APIRouter":
    "* prefix tags dependencies default_response_class responses callbacks routes redirect_slashes default dependency_overrides_provider " +
    "route_class on_startup on_shutdown lifespan deprecated include_in_schema generate_unique_id_function strict_content_type max_body_size form_limits",
  "fastapi.security.APIKeyCookie": API_KEY,
  "fastapi.security.APIKeyHeader": API_KEY,
  "fastapi.security.APIKeyQuery": API_KEY,
  "fastapi.security.HTTPBasic": "* scheme_name realm description auto_error",
  "fastapi.security.HTTPBearer": "* bearerFormat scheme_name description auto_error",
  "fastapi.security.HTTPDigest": "* scheme_name description auto_error",
  "fastapi.security.OAuth2": "* flows scheme_name description auto_error",
  "fastapi.security.OAuth2PasswordBearer": "tokenUrl! scheme_name scopes description auto_error refreshUrl",
  "fastapi.security.OAuth2AuthorizationCodeBearer": "authorizationUrl! tokenUrl! refreshUrl scheme_name scopes description auto_error",
  "fastapi.security.OpenIdConnect": "* openIdConnectUrl! scheme_name description auto_error",
  "starlette.middleware.cors.CORSMiddleware":
    "app! allow_origins allow_methods allow_headers allow_credentials allow_origin_regex allow_private_network expose_headers max_age",
  "starlette.middleware.gzip.GZipMiddleware": "app! minimum_size compresslevel thread_minimum_size exclude_content_types",
  "starlette.middleware.trustedhost.TrustedHostMiddleware": "app! allowed_hosts www_redirect",
  "starlette.middleware.httpsredirect.HTTPSRedirectMiddleware": "app!",
  "starlette.middleware.sessions.SessionMiddleware": "app! secret_key! session_cookie max_age path same_site https_only domain partitioned",
}

const ENDPOINT = (signature: string): string => signature.replace("path!", "path! endpoint!")

/** Methods of apps, of routers, or of both. */
const METHODS: readonly (readonly [owners: string, names: string, signature: string])[] = [
  ["FastAPI APIRouter", "get put post delete options head patch trace", `${VERB} callbacks`],
  ["FastAPI", "api_route", `${VERB} methods`],
  ["FastAPI", "add_api_route", `${ENDPOINT(VERB)} methods`],
  ["APIRouter", "api_route", `${VERB} methods callbacks`],
  ["APIRouter", "add_api_route", `${ENDPOINT(VERB)} methods callbacks route_class_override strict_content_type`],
  ["FastAPI APIRouter", "websocket", WEBSOCKET],
  ["FastAPI APIRouter", "add_api_websocket_route", ENDPOINT(WEBSOCKET)],
  ["FastAPI APIRouter", "include_router", INCLUDE],
  ["FastAPI APIRouter", "mount", "path! app! name"],
  ["FastAPI APIRouter", "on_event", "event_type!"],
  ["FastAPI APIRouter", "frontend", "path! * directory! fallback check_dir"],
  ["FastAPI", "middleware", "middleware_type!"],
  ["FastAPI", "exception_handler", "exc_class_or_status_code!"],
  ["FastAPI", "add_exception_handler", "exc_class_or_status_code! handler!"],
]

const signatures = new Map<string, Signature>([
  ...Object.entries(written).map(([name, text]): [string, Signature] => [name, read(text)]),
  ...METHODS.flatMap(([owners, names, text]) =>
    owners.split(" ").flatMap((owner) => names.split(" ").map((name): [string, Signature] => [`fastapi.${owner}().${name}`, read(text)])),
  ),
])

function read(text: string): Signature {
  const words = text.split(" ")
  const bar = words.indexOf("*")
  const plain = (word: string): string => word.replace("!", "")
  return {
    positional: (bar < 0 ? words : words.slice(0, bar)).map(plain),
    names: new Set(words.filter((word) => !word.startsWith("*")).map(plain)),
    required: words.filter((word) => word.endsWith("!")).map(plain),
    isLoose: words.includes("**"),
  }
}

/** The signature of a callable by its qualified name (`fastapi.FastAPI().get`); undefined for what is not in the table or takes any keyword. */
export const signatureOf = (name: string): Signature | undefined => signatures.get(name)

/** The last FastAPI whose signatures are in the table: newer ones may take more. */
export const SIGNATURES_UNTIL = "0.165"

/** Why arguments do not fit a signature: Python raises a TypeError for each. */
export type Misfit =
  | { is: "unknown"; name: string }
  | { is: "extra"; given: number; taken: number }
  | { is: "twice"; name: string }
  | { is: "missing"; names: string[] }

/** The first reason why a call cannot be made; undefined where it fits, or where `open` arguments may make it fit. */
export function misfit(signature: Signature, given: number, keywords: Iterable<string>, open: boolean): Misfit | undefined {
  const { positional, names, required, isLoose } = signature
  const named = [...keywords]
  const unknown = isLoose ? undefined : named.find((name) => !names.has(name))
  if (unknown !== undefined) return { is: "unknown", name: unknown }
  if (given > positional.length) return { is: "extra", given, taken: positional.length }
  const byPosition = positional.slice(0, given)
  const twice = named.find((name) => byPosition.includes(name))
  if (twice !== undefined) return { is: "twice", name: twice }
  const missing = required.filter((name) => !byPosition.includes(name) && !named.includes(name))
  return !open && missing.length > 0 ? { is: "missing", names: missing } : undefined
}
