/**
 * Words by which code shows that it is about who is calling. They are used where the project's own names are all
 * there is to go by; a name alone never makes a route "authenticated", it only keeps it from being accused.
 */

/** `current_user` to `current user`, `getUserByID` to `get user by id`. */
export function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase()
}

const IDENTITY =
  /\b(auth|authn|authz|oauth2?|authenticat(e|ed|es|ion|or)|authoriz(e|ed|es|ation|er)|authoris(e|ed|es|ation|er)|unauthori[sz]ed|jwt|bearer|credentials?|permissions?|permitted|rbac|acl|superuser|superadmin|admin|login|logged|signed in|principal|identity|current (user|account|member|customer|organi[sz]ation|tenant|actor|subject|admin|superuser|active)|active user|requires?( \w+)? (user|role|scopes?|owner|admin|access|login)|require (user|role|scopes?|login)|scopes?|roles?|guard|protected|csrf|api ?keys?|apikey|verify|token|access control|check access|has access|secret key|signature|hmac)\b/

/** Does a name (a dependency, a decorator, a middleware) speak of authentication or permission? */
export const speaksOfIdentity = (name: string): boolean => IDENTITY.test(words(name))

const ASKING =
  /\b(current (user|account|member|customer|tenant|actor|principal|identity|subject)|authenticat(e|ed)|authori[sz]e|is authenticated|is authori[sz]ed|has permissions?|check permissions?|has access|check access|verify access|(require|ensure|assert|enforce|check) (\w+ )?(auth|authenticated|user|login|logged in|role|roles|scope|scopes|permission|permissions|access|owner|ownership|admin|superuser|token|api key|signature|secret)|(verify|validate|check|decode|parse|introspect) (\w+ ){0,2}(token|jwt|api key|apikey|signature|hmac|secret|credentials|session|webhook|login|otp|code)|user from (\w+ )?(token|request|session|cookie|header|jwt)|get jwt \w+|jwt required)\b/

/** Does a called function's name say that it asks who is calling: `get_current_user`, `verify_signature`, `check_access`? */
export const asksWho = (name: string): boolean => ASKING.test(words(name))

const CREDENTIAL =
  /\b(auth|authorization|authorisation|token|jwt|bearer|api ?key|apikey|access key|secret|signature|sig|hmac|credentials?|password|session|sid|identity|csrf|user|principal|key)\b/

/** Does the name of a header, cookie or `request.state` field say that it carries who is calling? */
export const isCredentialName = (name: string): boolean =>
  CREDENTIAL.test(words(name)) &&
  !/\b(user agent|(idempotency|cache|partition|sort|primary|public) key|(db|async|sql|database|read|write|orm) session|session (maker|factory|local))\b/.test(
    words(name),
  )

const CREDENTIAL_PARAMETER =
  /^(authorization|(x )?(\w+ )?api ?key|apikey|(access |refresh |id |auth |bearer |reset |magic |session |invite |invitation |verification |confirmation |unsubscribe |client |user |csrf |jwt |x )*token|credentials?|jwt|(\w+ )*signature|client secret|secret( key)?|security scopes)$/

/** Does a parameter's name say that the caller passes what proves who they are? `page_token` and `max_tokens` do not. */
export const isCredentialParameter = (name: string): boolean => CREDENTIAL_PARAMETER.test(words(name))

const REFUSAL =
  /\b(unauthori[sz]ed|unauthenticated|not authenticated|forbidden|access denied|permission denied|not permitted|not allowed user|insufficient (permissions?|scopes?|privileges?|rights)|(in)?valid ?credentials?|invalid (access |refresh |auth )?token|credentials?|expired token|token expired|login required|auth(entication|orization|orisation)?|not authori[sz]ed|permissions?|could not validate)( \w+)? ?(error|exception|denied|required|failed|failure)?\b/

/** Does the name of an exception say that the caller is refused: `Unauthorized`, `PermissionDenied`, `CredentialsException`? */
export function isRefusal(name: string): boolean {
  const said = words(name)
  return REFUSAL.test(said) && !/\b(unauthori[sz]ed client error|smtp|database|db|connection)\b/.test(said)
}

const PROOF =
  /\b(compare digest|construct event|verify id token|verify oauth2 token|verify firebase token|checkpw|check password( hash)?|verify (\w+ )?password( hash)?|verify hash|verify key|verify (\w+ )?signature|decode (\w+ )?(token|jwt)|verify (\w+ )?(token|jwt|otp|totp))\b/

/** Does a called function's name say that it checks a proof: a signature, a token, a password? */
export const checksProof = (name: string): boolean => PROOF.test(words(name))

/** Names of things that read the caller's address or token only to count requests. */
export const limitsRate = (name: string): boolean => /\b(rate|limit|limiter|limits|throttle|quota)\b/.test(words(name))
