/**
 * Releases that changed what a program means, so that a rule can say for which versions it speaks.
 *
 * Source: https://fastapi.tiangolo.com/release-notes/, https://www.starlette.io/release-notes/,
 * https://docs.pydantic.dev/latest/migration/, https://docs.sqlalchemy.org/en/20/changelog/, each at its version.
 */
export interface Gate {
  package: string
  /** The first release with the change. */
  since: string
  change: string
}

export const gates = {
  "return-annotation-is-response-model": { package: "fastapi", since: "0.89", change: "A return annotation is the response model" },
  lifespan: { package: "fastapi", since: "0.93", change: "lifespan= exists, and on_event handlers do not run beside it" },
  annotated: { package: "fastapi", since: "0.95", change: "Annotated parameters" },
  "websocket-dependencies": { package: "fastapi", since: "0.97", change: "Dependencies of routers and apps apply to WebSocket routes" },
  "redirect-slashes": { package: "fastapi", since: "0.98", change: "FastAPI(redirect_slashes=)" },
  "openapi-31": { package: "fastapi", since: "0.99", change: "OpenAPI 3.1: example= gives way to examples=[...]" },
  "pydantic-2-supported": { package: "fastapi", since: "0.100", change: "Pydantic 2; regex= gives way to pattern=" },
  "yield-exits-before-response": { package: "fastapi", since: "0.106", change: "Dependencies with yield end before the response is sent" },
  "no-body-205": { package: "fastapi", since: "0.109.1", change: "205 has no body" },
  "yield-must-reraise": { package: "fastapi", since: "0.110", change: "A dependency with yield that swallows an exception is an error" },
  "standard-extra": { package: "fastapi", since: "0.112", change: "python-multipart, uvicorn and httpx come with fastapi[standard] only" },
  "nested-lifespan": { package: "fastapi", since: "0.112.2", change: "The lifespan of an included router runs" },
  "form-models": { package: "fastapi", since: "0.113", change: "A form as a Pydantic model" },
  "query-models": { package: "fastapi", since: "0.115", change: "Query, header and cookie parameters as a Pydantic model" },
  "yield-exits-after-response": {
    package: "fastapi",
    since: "0.118",
    change: "Dependencies with yield end after the response, so streams and background tasks may use them",
  },
  "depends-scope": { package: "fastapi", since: "0.121", change: "Depends(scope=)" },
  "security-401": { package: "fastapi", since: "0.122", change: "Security schemes answer 401, not 403, to a missing credential" },
  "pydantic-1-dropped": { package: "fastapi", since: "0.126", change: "Pydantic 1 is no longer supported" },
  "pydantic-v1-module-dropped": { package: "fastapi", since: "0.128", change: "Models of pydantic.v1 are no longer supported" },
  "json-by-pydantic": { package: "fastapi", since: "0.130", change: "With a response type, Pydantic writes the JSON itself" },
  "orjson-deprecated": { package: "fastapi", since: "0.131", change: "ORJSONResponse and UJSONResponse are deprecated" },
  "strict-content-type": { package: "fastapi", since: "0.132", change: "A JSON body needs a JSON content type" },
  "starlette-1-allowed": { package: "fastapi", since: "0.133", change: "Starlette 1.0 is allowed" },
  "yield-json-lines": { package: "fastapi", since: "0.134", change: "A generator endpoint answers with JSON Lines" },
  "yield-events": { package: "fastapi", since: "0.135", change: "Server-sent events by yield" },
  "live-routers": { package: "fastapi", since: "0.137", change: "Included routers are kept, not copied: routes added later are served" },
  frontend: { package: "fastapi", since: "0.138", change: "app.frontend()" },
  "no-on-startup": {
    package: "starlette",
    since: "1.0",
    change: "on_startup, on_shutdown, app.route, and TemplateResponse(name, context) are gone",
  },
  "no-asyncclient-app": { package: "httpx", since: "0.28", change: "AsyncClient(app=) is gone" },
  "pydantic-2": { package: "pydantic", since: "2.0", change: "Pydantic 2" },
  "sqlalchemy-2": { package: "sqlalchemy", since: "2.0", change: "SQLAlchemy 2: no autocommit, Engine.execute gone" },
  "jwt-needs-algorithms": { package: "pyjwt", since: "2.0", change: "jwt.decode needs algorithms=, and verify= is ignored" },
  "async-mongo-client": { package: "pymongo", since: "4.9", change: "pymongo.AsyncMongoClient" },
} as const satisfies Record<string, Gate>

export type GateName = keyof typeof gates

/**
 * Does this release of the gate's package have the change? Undefined when the version is not known. Only the
 * release segment counts (`0.137.0rc1` is 0.137.0): pre-releases are judged as what they lead to.
 */
export function hasChange(gate: GateName, version: string | undefined): boolean | undefined {
  const release = version === undefined ? undefined : numbers(version)
  if (!release) return undefined
  const since = numbers(gates[gate].since) ?? []
  for (let i = 0; i < since.length; i++) {
    const difference = (release[i] ?? 0) - (since[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

function numbers(version: string): number[] | undefined {
  const release = /^v?\s*(?:\d+!)?(\d+(?:\.\d+)*)/.exec(version.trim())?.[1]
  return release?.split(".").map(Number)
}
