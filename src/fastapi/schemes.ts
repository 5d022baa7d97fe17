/** FastAPI's security schemes: objects that read a credential from the request and check nothing. */
import type { Value } from "#python"
import { ancestryOf } from "./signature/kinds.ts"
import type { Linked } from "./signature/types.ts"

const SCHEME =
  /^fastapi\.security\.(?:\w+\.)?(SecurityBase|HTTPBase|HTTPBasic|HTTPBearer|HTTPDigest|OAuth2|OAuth2PasswordBearer|OAuth2AuthorizationCodeBearer|OpenIdConnect|APIKeyBase|APIKeyQuery|APIKeyHeader|APIKeyCookie)$/

/** Is a class, by qualified name, one of FastAPI's security schemes? */
export const isSchemeName = (name: string): boolean => SCHEME.test(name)

/** An object of a security scheme: `HTTPBearer()`, or of a class of the project that derives from one. */
export function isScheme(ctx: Linked, value: Value): boolean {
  if (value.is === "external") return value.name.endsWith("()") && isSchemeName(value.name.slice(0, -2))
  return value.is === "instance" && [...ancestryOf(ctx, value.of).libraries].some(isSchemeName)
}

/** The class of a scheme, not an object of it: `HTTPBearer`, or a class of the project that derives from one. */
export function isSchemeClass(ctx: Linked, value: Value): boolean {
  if (value.is === "external") return isSchemeName(value.name)
  return value.is === "class" && [...ancestryOf(ctx, value).libraries].some(isSchemeName)
}

/** The scheme's class by qualified name: FastAPI's own, also behind a class of the project. */
export function schemeOf(ctx: Linked, value: Value): string | undefined {
  if (value.is === "external") return isScheme(ctx, value) ? value.name.slice(0, -2) : undefined
  return value.is === "instance" ? [...ancestryOf(ctx, value.of).libraries].find(isSchemeName) : undefined
}

/** The status with which a scheme of FastAPI refuses a request without a credential (unless `auto_error=False`): since 0.122 it is always 401. */
export function refusalOf(ctx: Linked, value: Value): number {
  const name = schemeOf(ctx, value)?.split(".").at(-1) ?? ""
  const isOld = !ctx.versions.atLeast("fastapi", "0.122.0")
  return isOld && !/^(HTTPBasic|OAuth2PasswordBearer|OAuth2AuthorizationCodeBearer)$/.test(name) ? 403 : 401
}
