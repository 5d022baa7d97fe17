import { describe, expect, test } from "vitest"
import { catches, exceptionBases, families, isHTTPException, isSubclass } from "../../src/knowledge/exceptions.ts"
import { hasBody, isResponse, reasonOf, responseClass, statusOf } from "../../src/knowledge/http.ts"
import { canonical } from "../../src/knowledge/names.ts"
import { isPublicByName } from "../../src/knowledge/openings.ts"
import { guardOf, schemeKind, tokenReader } from "../../src/knowledge/security.ts"
import { type GateName, hasChange } from "../../src/knowledge/versions.ts"

describe("exceptions", () => {
  test.each([
    ["builtins.KeyError", "builtins.LookupError", true],
    ["builtins.KeyError", "builtins.Exception", true],
    ["builtins.KeyError", "builtins.ValueError", false],
    ["builtins.IOError", "builtins.OSError", true],
    ["asyncio.TimeoutError", "builtins.OSError", true],
    ["asyncio.CancelledError", "builtins.Exception", false],
    ["builtins.SystemExit", "builtins.Exception", false],
    ["builtins.ExceptionGroup", "builtins.Exception", true],
    ["fastapi.HTTPException", "starlette.exceptions.HTTPException", true],
    ["starlette.exceptions.HTTPException", "fastapi.HTTPException", false],
    ["fastapi.exceptions.HTTPException", "builtins.Exception", true],
    ["pydantic_core.ValidationError", "builtins.ValueError", true],
    ["fastapi.exceptions.RequestValidationError", "pydantic.ValidationError", false],
    ["sqlalchemy.exc.IntegrityError", "sqlalchemy.exc.SQLAlchemyError", true],
    ["sqlalchemy.orm.exc.NoResultFound", "sqlalchemy.exc.SQLAlchemyError", true],
    ["requests.Timeout", "requests.exceptions.RequestException", true],
    ["json.decoder.JSONDecodeError", "builtins.ValueError", true],
    ["shop.errors.OutOfStock", "shop.errors.OutOfStock", true],
    ["shop.errors.OutOfStock", "builtins.Exception", undefined],
  ])("is %s a %s: %s", (name, other, expected) => {
    expect(isSubclass(name, other)).toBe(expected)
    expect(catches(other, name)).toBe(expected)
  })

  test("every family ends at BaseException, under canonical names", () => {
    const names = families.flatMap(([module, , classes]) => classes.split(" ").map((name) => `${module}.${name}`))
    expect(names.filter((name) => canonical(name) !== name)).toEqual([])
    expect(names.filter((name) => isSubclass(name, "builtins.BaseException") !== true)).toEqual([])
    expect(exceptionBases("builtins.BaseException")).toEqual([])
  })

  test("which HTTPException the framework answers for", () => {
    expect(isHTTPException("fastapi.HTTPException")).toBe(true)
    expect(isHTTPException("http.client.HTTPException")).toBe(false)
    expect(isHTTPException("shop.HTTPException")).toBe(false)
  })
})

describe("HTTP", () => {
  test.each([
    ["fastapi.status.HTTP_201_CREATED", 201],
    ["starlette.status.HTTP_422_UNPROCESSABLE_ENTITY", 422],
    ["fastapi.status.WS_1008_POLICY_VIOLATION", 1008],
    ["http.HTTPStatus.NOT_FOUND", 404],
    ["http.HTTPStatus.NOT_FOUND.value", 404],
    ["http.client.CREATED", 201],
    ["shop.status.HTTP_201_CREATED", undefined],
    ["http.HTTPStatus.NO_SUCH", undefined],
    ["fastapi.status.toString", undefined],
  ])("%s is %s", (name, status) => {
    expect(statusOf(name)).toBe(status)
  })

  test("words and bodies of statuses", () => {
    expect([404, 200, 414, 299].map(reasonOf)).toEqual(["Not Found", "OK", "URI Too Long", undefined])
    expect([100, 200, 204, 205, 304, 404].map(hasBody)).toEqual([false, true, false, false, false, true])
  })

  test("response classes", () => {
    expect(responseClass("fastapi.responses.RedirectResponse")?.status).toBe(307)
    expect(responseClass("fastapi.responses.HTMLResponse")?.media).toBe("text/html")
    expect(responseClass("sse_starlette.sse.EventSourceResponse")).toMatchObject({ media: "text/event-stream", streams: true })
    expect(isResponse("fastapi.Response")).toBe(true)
    expect(isResponse("requests.Response")).toBe(false)
  })
})

describe("security", () => {
  test("schemes", () => {
    expect(schemeKind("fastapi.security.http.HTTPBearer")).toBe("http-bearer")
    expect(schemeKind("fastapi.security.OAuth2PasswordRequestForm")).toBeUndefined()
  })

  test("readers of tokens", () => {
    expect(tokenReader("jwt.api_jwt.decode")).toMatchObject({ library: "PyJWT", verifies: "yes", options: { position: 3 } })
    expect(tokenReader("jose.jwt.decode")?.algorithms?.without).toBe("any")
    expect(tokenReader("jose.jwt.get_unverified_claims")?.verifies).toBe("no")
    expect(tokenReader("authlib.jose.jwt.decode")?.algorithms).toBeUndefined()
    expect(tokenReader("shop.jwt.decode")).toBeUndefined()
  })

  test("libraries that authenticate", () => {
    expect(guardOf("fastapi_users.FastAPIUsers().current_user()")).toBe("fastapi-users")
    expect(guardOf("fastapi_login.LoginManager()")).toBe("fastapi-login")
    expect(guardOf("shop.current_user")).toBeUndefined()
  })

  test.each([
    ["/login", ""],
    ["/api/v1/login/access-token", ""],
    ["/auth/token", ""],
    ["/token", ""],
    ["/users/signup", ""],
    ["/auth/register", ""],
    ["/password-recovery/{email}", ""],
    ["/reset-password/", ""],
    ["/api/v1/auth/refresh", ""],
    ["/users/{user_id}/verify-email", ""],
    ["/webhook", ""],
    ["/stripe/webhooks", ""],
    ["/connector/slack/callback", ""],
    ["/healthz", ""],
    ["/public/orders", ""],
    ["/", "resetPassword"],
    ["/", "login_for_access_token"],
    ["/v1/session", ""],
  ])("%s %s takes anybody", (path, name) => {
    expect(isPublicByName(path, name)).toBe(true)
  })

  test.each([
    ["/items", "create_item"],
    ["/tokens", "create_token"],
    ["/api-tokens/{token_id}", "revoke"],
    ["/bookings", ""],
    ["/providers/{id}/activate", "activate_provider"],
    ["/cache/reset", ""],
    ["/orders/{id}/status", "update_status"],
    ["/orders/{id}/confirm", ""],
    ["/documents/{id}/public", "make_public"],
    ["/devices", "register_device"],
    ["/loginsights", ""],
    ["/blogs/{login}", ""],
    ["/republic/x", ""],
    ["/healthcare/patients", ""],
    ["/connectors/{id}/refresh", ""],
    ["/", ""],
  ])("%s %s does not", (path, name) => {
    expect(isPublicByName(path, name)).toBe(false)
  })
})

test.each<[GateName, string | undefined, boolean | undefined]>([
  ["annotated", "0.95.0", true],
  ["annotated", "0.94.1", false],
  ["live-routers", "0.137", true],
  ["live-routers", "0.136.3", false],
  ["live-routers", "1.0", true],
  ["no-body-205", "0.109.1", true],
  ["no-body-205", "0.109", false],
  ["pydantic-2", "2.0b3", true],
  ["pydantic-2", "1.10.4", false],
  ["lifespan", undefined, undefined],
  ["lifespan", "latest", undefined],
])("%s in %s: %s", (gate, version, expected) => {
  expect(hasChange(gate, version)).toBe(expected)
})
