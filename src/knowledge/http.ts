/** HTTP as the frameworks spell it: status names, statuses without a body, response classes, verbs. */
import { lineage } from "./bases.ts"
import { canonical } from "./names.ts"
import { remembered } from "./remembered.ts"

/** Names of `http.HTTPStatus`. Source: https://docs.python.org/3/library/http.html#http-status-codes */
export const reasons: Readonly<Record<string, number>> = {
  CONTINUE: 100,
  SWITCHING_PROTOCOLS: 101,
  PROCESSING: 102,
  EARLY_HINTS: 103,
  OK: 200,
  CREATED: 201,
  ACCEPTED: 202,
  NON_AUTHORITATIVE_INFORMATION: 203,
  NO_CONTENT: 204,
  RESET_CONTENT: 205,
  PARTIAL_CONTENT: 206,
  MULTI_STATUS: 207,
  ALREADY_REPORTED: 208,
  IM_USED: 226,
  MULTIPLE_CHOICES: 300,
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  NOT_MODIFIED: 304,
  USE_PROXY: 305,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  PAYMENT_REQUIRED: 402,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  PROXY_AUTHENTICATION_REQUIRED: 407,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  GONE: 410,
  LENGTH_REQUIRED: 411,
  PRECONDITION_FAILED: 412,
  REQUEST_ENTITY_TOO_LARGE: 413,
  CONTENT_TOO_LARGE: 413,
  REQUEST_URI_TOO_LONG: 414,
  URI_TOO_LONG: 414,
  UNSUPPORTED_MEDIA_TYPE: 415,
  REQUESTED_RANGE_NOT_SATISFIABLE: 416,
  RANGE_NOT_SATISFIABLE: 416,
  EXPECTATION_FAILED: 417,
  IM_A_TEAPOT: 418,
  MISDIRECTED_REQUEST: 421,
  UNPROCESSABLE_ENTITY: 422,
  UNPROCESSABLE_CONTENT: 422,
  LOCKED: 423,
  FAILED_DEPENDENCY: 424,
  TOO_EARLY: 425,
  UPGRADE_REQUIRED: 426,
  PRECONDITION_REQUIRED: 428,
  TOO_MANY_REQUESTS: 429,
  REQUEST_HEADER_FIELDS_TOO_LARGE: 431,
  UNAVAILABLE_FOR_LEGAL_REASONS: 451,
  INTERNAL_SERVER_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
  HTTP_VERSION_NOT_SUPPORTED: 505,
  VARIANT_ALSO_NEGOTIATES: 506,
  INSUFFICIENT_STORAGE: 507,
  LOOP_DETECTED: 508,
  NOT_EXTENDED: 510,
  NETWORK_AUTHENTICATION_REQUIRED: 511,
}

/**
 * The number that a constant of a status module stands for, by qualified name: `fastapi.status.HTTP_201_CREATED`,
 * `starlette.status.WS_1008_POLICY_VIOLATION`, `http.HTTPStatus.CREATED` and its `.value`, `http.client.CREATED`.
 */
export function statusOf(name: string): number | undefined {
  const known = canonical(name)
  const constant = /^starlette\.status\.(?:HTTP|WS)_(\d{3,4})_[A-Z0-9_]+$/.exec(known)
  if (constant) return Number(constant[1])
  const reason = /^http\.(?:HTTPStatus|client)\.([A-Z_]+)(?:\.value)?$/.exec(known)?.[1]
  return reason === undefined ? undefined : reasons[reason]
}

/** The word for a status code, for messages: 404 -> `Not Found`. */
export function reasonOf(status: number): string | undefined {
  const name = names.get(status)
  return name
    ?.split("_")
    .map((word) => (word === "OK" || word === "URI" || word === "HTTP" ? word : word.charAt(0) + word.slice(1).toLowerCase()))
    .join(" ")
}

const names = new Map(Object.entries(reasons).map(([name, status]) => [status, name]))

/** Statuses whose answer has no body. 205 since FastAPI 0.109.1. Source: `is_body_allowed_for_status_code` of FastAPI. */
export const hasBody = (status: number): boolean => !(status < 200 || status === 204 || status === 205 || status === 304)

/** What a response class answers unless told otherwise. Undefined media type: none is set. */
export interface ResponseClass {
  status: number
  media?: string
  /** Its content comes piece by piece, from an iterator or a file. */
  streams?: true
}

/** Source: the `media_type` and `status_code` that the classes declare (starlette/responses.py, fastapi/responses.py). */
export const responseClasses: Readonly<Record<string, ResponseClass>> = {
  "starlette.responses.Response": { status: 200 },
  "starlette.responses.JSONResponse": { status: 200, media: "application/json" },
  "starlette.responses.HTMLResponse": { status: 200, media: "text/html" },
  "starlette.responses.PlainTextResponse": { status: 200, media: "text/plain" },
  "starlette.responses.RedirectResponse": { status: 307 },
  "starlette.responses.StreamingResponse": { status: 200, streams: true },
  "starlette.responses.FileResponse": { status: 200, streams: true },
  "fastapi.responses.ORJSONResponse": { status: 200, media: "application/json" },
  "fastapi.responses.UJSONResponse": { status: 200, media: "application/json" },
  "fastapi.sse.EventSourceResponse": { status: 200, media: "text/event-stream", streams: true },
  "sse_starlette.EventSourceResponse": { status: 200, media: "text/event-stream", streams: true },
  "starlette.templating._TemplateResponse": { status: 200, media: "text/html" },
}

/** The response class of this qualified name (no `()`), or the nearest one that it derives from. */
export function responseClass(name: string): ResponseClass | undefined {
  for (const ancestor of lineage(name)) {
    const found = responseClasses[ancestor]
    if (found) return found
  }
  return undefined
}

/** Does this class make a Response, so that FastAPI hands it on untouched? False also for what is not known. */
export const isResponse = remembered((name) => responseClass(name) !== undefined)

/** The verbs that apps and routers have a decorator for. Source: `FastAPI.get` and its kin. */
export const verbs: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"])

/** Methods that promise to change nothing. Source: RFC 9110, section 9.2.1. */
export const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"])

/** Methods that may be repeated with the same effect. Source: RFC 9110, section 9.2.2. */
export const idempotentMethods: ReadonlySet<string> = new Set([...safeMethods, "PUT", "DELETE"])

/** Methods whose body means something. Source: RFC 9110, section 9.3. */
export const bodyMethods: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"])
