/** What brings authentication, what only looks like it, and what needs none. */
import { baseOf } from "./bases.ts"
import { canonical } from "./names.ts"
import { remembered } from "./remembered.ts"
import { settle } from "./results.ts"
import { type Row, table } from "./table.ts"

/** What a security scheme of FastAPI reads. It takes a credential out of the request and verifies nothing. */
export type SchemeKind =
  | "api-key-cookie"
  | "api-key-header"
  | "api-key-query"
  | "http-basic"
  | "http-bearer"
  | "http-digest"
  | "oauth2"
  | "openid-connect"

/** Source: https://fastapi.tiangolo.com/reference/security/ */
export const schemes: Readonly<Record<string, SchemeKind>> = {
  "fastapi.security.APIKeyCookie": "api-key-cookie",
  "fastapi.security.APIKeyHeader": "api-key-header",
  "fastapi.security.APIKeyQuery": "api-key-query",
  "fastapi.security.HTTPBasic": "http-basic",
  "fastapi.security.HTTPBearer": "http-bearer",
  "fastapi.security.HTTPDigest": "http-digest",
  "fastapi.security.OAuth2": "oauth2",
  "fastapi.security.OAuth2PasswordBearer": "oauth2",
  "fastapi.security.OAuth2AuthorizationCodeBearer": "oauth2",
  "fastapi.security.OpenIdConnect": "openid-connect",
}

/** The kind of scheme that this class (no `()`) is, or derives from. */
export function schemeKind(name: string): SchemeKind | undefined {
  for (let next: string | undefined = canonical(name); next !== undefined; next = baseOf(next)) {
    const kind = schemes[next]
    if (kind) return kind
  }
  return undefined
}

/** A function that reads a JSON Web Token. Positions count from 0; `undefined` means that there is no such argument. */
export interface TokenReader {
  library: "PyJWT" | "python-jose" | "authlib" | "joserfc"
  /** `yes`: checks the signature unless told not to. `no`: never does. */
  verifies: "yes" | "no"
  token: number
  key?: number
  /** The list of accepted algorithms, and what happens without it: it raises, or any algorithm is accepted. */
  algorithms?: { position: number; keyword: string; without: "raises" | "any" | "safe" }
  /** The mapping whose `verify_signature` switches the check off. */
  options?: { position: number; keyword: string }
  /** A keyword that switched the check off in old versions, or still does. */
  switch?: { position: number; keyword: string; until?: string }
  source: string
}

const PYJWT = "https://pyjwt.readthedocs.io/en/stable/api.html"
const JOSE = "https://python-jose.readthedocs.io/en/latest/jwt/api.html"

const pyjwt: TokenReader = {
  library: "PyJWT",
  verifies: "yes",
  token: 0,
  key: 1,
  algorithms: { position: 2, keyword: "algorithms", without: "raises" },
  options: { position: 3, keyword: "options" },
  switch: { position: 4, keyword: "verify", until: "2.0" },
  source: PYJWT,
}

const jose: TokenReader = {
  library: "python-jose",
  verifies: "yes",
  token: 0,
  key: 1,
  algorithms: { position: 2, keyword: "algorithms", without: "any" },
  options: { position: 3, keyword: "options" },
  source: JOSE,
}

const blind = (library: TokenReader["library"], source: string): TokenReader => ({ library, verifies: "no", token: 0, source })

export const tokenReaders: readonly Row<TokenReader>[] = [
  ["jwt.decode", pyjwt],
  ["jwt.api_jwt.decode_complete", pyjwt],
  ["jwt.PyJWT().{decode,decode_complete}", pyjwt],
  ["jwt.get_unverified_header", blind("PyJWT", PYJWT)],
  ["jose.jwt.decode", jose],
  ["jose.jwt.{get_unverified_claims,get_unverified_header,get_unverified_headers}", blind("python-jose", JOSE)],
  [
    "jose.jws.{get_unverified_claims,get_unverified_header,get_unverified_headers}",
    blind("python-jose", "https://python-jose.readthedocs.io/en/latest/jws/api.html"),
  ],
  [
    "jose.jws.verify",
    {
      library: "python-jose",
      verifies: "yes",
      token: 0,
      key: 1,
      algorithms: { position: 2, keyword: "algorithms", without: "any" },
      switch: { position: 3, keyword: "verify" },
      source: "https://python-jose.readthedocs.io/en/latest/jws/api.html",
    },
  ],
  [
    "{authlib.jose.jwt,authlib.jose.JsonWebToken()}.decode",
    { library: "authlib", verifies: "yes", token: 0, key: 1, source: "https://docs.authlib.org/en/latest/jose/jwt.html" },
  ],
  [
    "joserfc.jwt.decode",
    {
      library: "joserfc",
      verifies: "yes",
      token: 0,
      key: 1,
      algorithms: { position: 2, keyword: "algorithms", without: "safe" },
      source: "https://jose.authlib.org/en/guide/jwt/",
    },
  ],
]

const findReader = table(tokenReaders)

/** How this call reads a token: `jwt.decode`, `jose.jwt.get_unverified_claims`. */
export const tokenReader = remembered((name): TokenReader | undefined => findReader(settle(name)))

/** Functions that write a token, and the position of the claims. */
export const tokenWriters: Readonly<Record<string, { claims: number; keyword: string; key: number }>> = {
  "jwt.encode": { claims: 0, keyword: "payload", key: 1 },
  "jwt.PyJWT().encode": { claims: 0, keyword: "payload", key: 1 },
  "jose.jwt.encode": { claims: 0, keyword: "claims", key: 1 },
  "authlib.jose.jwt.encode": { claims: 1, keyword: "payload", key: 2 },
  "joserfc.jwt.encode": { claims: 1, keyword: "claims", key: 2 },
}

/** Where this call, by its qualified name, takes the claims of the token that it writes. */
export const tokenWriter = remembered((name): { claims: number; keyword: string; key: number } | undefined => tokenWriters[settle(name)])

/** Values of libraries that authenticate when used as a dependency. Source: each library's guide. */
export const guards: readonly Row<string>[] = [
  ["fastapi_users.FastAPIUsers().current_user()", "fastapi-users"],
  ["fastapi_users.FastAPIUsers().authenticator.{current_user,current_user_token}()", "fastapi-users"],
  ["fastapi_users.authentication.Authenticator().{current_user,current_user_token}()", "fastapi-users"],
  ["{fastapi_jwt_auth,another_fastapi_jwt_auth,async_fastapi_jwt_auth}.AuthJWT", "fastapi-jwt-auth"],
  [
    "{fastapi_jwt_auth,another_fastapi_jwt_auth,async_fastapi_jwt_auth}.AuthJWT().{jwt_required,fresh_jwt_required,jwt_refresh_token_required}",
    "fastapi-jwt-auth",
  ],
  ["fastapi_login.LoginManager()", "fastapi-login"],
  ["fastapi_clerk_auth.ClerkHTTPBearer()", "fastapi-clerk-auth"],
  ["{fastapi_auth0,auth0_fastapi}.Auth0().get_user", "fastapi-auth0"],
  [
    "fastapi_azure_auth.{SingleTenantAzureAuthorizationCodeBearer,MultiTenantAzureAuthorizationCodeBearer,B2CMultiTenantAuthorizationCodeBearer}()",
    "fastapi-azure-auth",
  ],
  ["fastapi_keycloak.FastAPIKeycloak().get_current_user()", "fastapi-keycloak"],
  [
    "fastapi_cloudauth.{cognito,auth0,firebase}.{Cognito,CognitoCurrentUser,Auth0,Auth0CurrentUser,Firebase,FirebaseCurrentUser}()",
    "fastapi-cloudauth",
  ],
  ["fastapi_jwt.{JwtAccessBearer,JwtRefreshBearer,JwtAccessCookie,JwtRefreshCookie,JwtAccessBearerCookie}()", "fastapi-jwt"],
  ["authx.AuthX().{access_token_required,refresh_token_required,fresh_token_required,token_required()}", "authx"],
  ["supertokens_python.recipe.session.framework.fastapi.verify_session()", "supertokens"],
  ["propelauth_fastapi.init_auth().{require_user,require_org_member}", "propelauth"],
  ["fief_client.integrations.fastapi.FiefAuth().{authenticated,current_user}()", "fief"],
]

const findGuard = table(guards)

/** The library that authenticates when this value is a dependency: `fastapi_users.FastAPIUsers().current_user()`. */
export const guardOf = (name: string): string | undefined => findGuard(settle(name))

/** Middleware that authenticates every request behind it. */
export const guardMiddleware: ReadonlySet<string> = new Set([
  "starlette.middleware.authentication.AuthenticationMiddleware",
  "fastapi_auth_middleware.AuthMiddleware",
])

/** Decorators of Starlette and libraries that refuse a request without a right. */
export const guardDecorators: ReadonlySet<string> = new Set([
  "starlette.authentication.requires",
  "casbin_fastapi_decorator.CasbinGuard().auth_required",
])
