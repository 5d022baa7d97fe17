/**
 * Endpoints that nobody can be asked to log in for: logging in itself, resetting a password, a provider calling
 * back, a probe asking for health, a form for strangers. Words are compared whole, so `/bookings` is not `ok` and `/tokens` is not `token`.
 */

/** Said of a path or of a function's name. */
const everywhere = `
  login, log in, logout, log out, signin, sign in, signup, sign up, signout, sign out, authenticate,
  register user, user register, register account, registration, create account,
  forgot password, forget password, forgotten password, reset password, password reset, recover password, password recovery, password forgot,
  access token, refresh token, token refresh, obtain token, token obtain, magic link, login link, one time password, send otp, verify otp,
  verify email, email verify, email verification, verify account, confirm email, email confirm, email confirmation, confirm account,
  activate account, account activation, resend verification, resend confirmation,
  accept invite, invite accept, accept invitation, invitation accept,
  webhook, oauth callback, sso callback, auth callback, saml, oidc, openid, sso,
  healthcheck, health check, healthz, livez, readyz, liveness, readiness,
  unsubscribe, captcha, csp report, first run, initial setup, setup admin,
  contact us, contact form, newsletter, newsletters, waitlist, wait list, inquiry, inquiries, enquiry, enquiries,
  apply job, job application, job applications, jobs application, jobs applications
`

/** Said of a path; in a function's name these words mean too many other things. */
const inPaths =
  "register, verify, verification, webhooks, hooks, callback, callbacks, oauth, oauth2, otp, health, ping, metrics, telemetry, well known, jwks"

/** What is left of a path once `/api`, versions, parameters and the word for accounts are taken away. */
const alone =
  "token, refresh, session, sessions, setup, install, recover, confirm, activate, status, version, ready, alive, live, docs, redoc, openapi json, robots txt, favicon ico, events, contact, subscribe"

/** As a part of the path that others follow. */
const before = "public, anonymous, guest"

const list = (text: string) => text.split(",").map((phrase) => phrase.trim())

const phrases = list(everywhere)
const pathPhrases = list(inPaths)
const wholes = new Set(list(alone))
const prefixes = new Set(list(before))
const frame = new Set(["api", "rest", "auth", "authentication", "user", "users", "account", "accounts"])

/** The word that makes this endpoint public by its name, to be told to the user; undefined for none. */
export function publicWord(path: string, functionName = ""): string | undefined {
  const parts = path.split("/").filter((part) => part !== "" && !part.startsWith("{"))
  const spoken = parts.map(words)
  const whole = spoken.flat()
  const left = whole.filter((word) => !frame.has(word) && !/^v\d+$/.test(word)).join(" ")
  if (wholes.has(left)) return left
  const opening = spoken.slice(0, -1).find((part) => prefixes.has(part.join(" ")))
  if (opening) return opening.join(" ")
  return (
    find(phrases, whole) ??
    find(pathPhrases, whole) ??
    (/[/-](?:token)$/.test(path) && whole.at(-1) === "token" ? "token" : find(phrases, words(functionName)))
  )
}

/** Is this endpoint one that takes callers who are not logged in, judging by its full path and its function's name? */
export const isPublicByName = (path: string, functionName = ""): boolean => publicWord(path, functionName) !== undefined

/** `getUserByID` and `get-user_by.id` alike are `get user by id`. */
function words(name: string): string[] {
  return name
    .replace(/\{[^}]*\}/g, " ")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}

function find(phrases: string[], words: string[]): string | undefined {
  const text = ` ${words.join(" ")} `
  return phrases.find((phrase) => text.includes(` ${phrase} `))
}
