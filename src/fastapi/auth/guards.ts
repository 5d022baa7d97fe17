/** Does one dependency ask who is calling? */
import { guardOf } from "#knowledge"
import { options, type Value } from "#python"
import type { Context } from "../context.ts"
import type { Auth, Dependency } from "../project.ts"
import { isScheme, schemeOf } from "../schemes.ts"
import { namesOf, toldOf } from "./answers.ts"
import { type Evidence, evidenceOf, parameterCredential } from "./evidence.ts"
import { limitsRate, speaksOfIdentity, words } from "./identity-words.ts"

export type Verdict = Pick<Auth, "answer" | "why">

const verdicts = new WeakMap<Dependency, Verdict>()

/** The verdict on a dependency together with all below it. */
export function verdictOf(context: Context, dependency: Dependency): Verdict {
  let verdict = verdicts.get(dependency)
  if (!verdict) {
    verdict = told(context, dependency) ?? judge(context, dependency)
    verdicts.set(dependency, verdict)
  }
  return verdict
}

/** What the configuration says about it. */
function told(context: Context, dependency: Dependency): Verdict | undefined {
  const { dependencies = [], notAuth = [] } = context.auth ?? {}
  return dependencies.length + notAuth.length > 0 ? toldVerdict(toldOf(context, namesOf(context, dependency))) : undefined
}

/** The answer of the configuration, as a verdict. */
export function toldVerdict(told: "yes" | "no" | undefined): Verdict | undefined {
  if (told === undefined) return undefined
  return { answer: told, why: `the configuration says that it ${told === "yes" ? "authenticates" : "does not authenticate"}` }
}

function judge(context: Context, dependency: Dependency): Verdict {
  const { value, call, name } = dependency
  const short = shortName(name ?? call?.id ?? "it")
  if (value.is === "external") return judgeLibrary(context, value.name, value)
  if (value.is === "either") return either(options(value).map((option) => judge(context, { ...dependency, value: option })))
  if (isScheme(context, value) && !call) return bareScheme(context, value)
  if (!call) {
    if (value.is === "class") return { answer: "no", why: `\`${short}\` only holds what the request says` }
    return {
      answer: "unknown",
      why: value.is === "unknown" && value.why ? `what it calls is not known: ${value.why}` : "what it calls is not known",
    }
  }
  const evidence = { ...evidenceOf(context, call) }
  const given = evidence.credential ?? parameterCredential(call) ?? credentialBelow(context, dependency)
  if (given) evidence.credential = given
  return weigh(evidence, short, isScheme(context, value) ? () => bareScheme(context, value) : undefined)
}

function weigh(evidence: Evidence, short: string, scheme: (() => Verdict) | undefined): Verdict {
  const { credential, refusal, proof, asked } = evidence
  if (credential && refusal) return { answer: "yes", why: `\`${short}\` takes ${credential} and refuses with ${refusal}` }
  if (proof && (refusal || evidence.raises))
    return { answer: "yes", why: `\`${short}\` checks a proof with ${proof} and refuses without it` }
  if (refusal && (refusal.includes("401") || speaksOfIdentity(short))) return { answer: "yes", why: `\`${short}\` refuses with ${refusal}` }
  if (scheme) return scheme()
  if (limitsRate(short)) return { answer: "no", why: `\`${short}\` counts requests` }
  if (credential) return { answer: "unknown", why: `\`${short}\` takes ${credential}, but is not seen to refuse anyone` }
  if (refusal) return { answer: "unknown", why: `\`${short}\` refuses with ${refusal}, but is not seen to ask who is calling` }
  if (proof) return { answer: "unknown", why: `\`${short}\` checks a proof with ${proof}, but is not seen to refuse anyone` }
  if (asked) return { answer: "unknown", why: `\`${short}\` calls ${asked}, which could not be followed to a refusal` }
  if (evidence.handsOn) return { answer: "unknown", why: `\`${short}\` hands the request to something that is not known` }
  if (speaksOfIdentity(short)) return { answer: "unknown", why: `\`${short}\` is named as if it asked who is calling` }
  return { answer: "no", why: `\`${short}\` does not ask who is calling` }
}

/** A credential that something below hands up: a security scheme, a function that reads a header. */
export function credentialBelow(context: Context, dependency: Dependency): string | undefined {
  for (const below of dependency.dependencies) {
    const scheme = schemeOf(context, below.value)
    if (scheme) return `what \`${scheme.split(".").at(-1)}\` reads`
    const found = below.call
      ? (evidenceOf(context, below.call).credential ?? parameterCredential(below.call))
      : below.value.is === "external" && guardOf(below.value.name)
        ? `what \`${shortName(below.value.name)}\` reads`
        : undefined
    const credential = found ?? credentialBelow(context, below)
    if (credential) return credential
  }
  return undefined
}

/** A security scheme takes a credential out of the request and verifies nothing: whether that is a guard is another question. */
function bareScheme(context: Context, value: Value): Verdict {
  const name = (schemeOf(context, value) ?? "the scheme").split(".").at(-1)
  return { answer: "unknown", why: `\`${name}\` only reads a credential: any value passes` }
}

/** Libraries whose values, as dependencies, are known to have nothing to do with identity. */
const HARMLESS =
  /^(builtins|collections|typing|datetime|uuid|pydantic|pydantic_settings|sqlalchemy|sqlmodel|starlette|redis|motor|pymongo|beanie|fastapi_pagination|fastapi_limiter|slowapi|fastapi_filter|fastapi_cache|dependency_injector|httpx|aiohttp|requests|logging|functools|asyncpg|aioredis|minio|boto3|openai|stripe|prisma|tortoise|databases|arq|celery)\b/

function judgeLibrary(context: Context, name: string, value: Value): Verdict {
  const library = guardOf(name)
  if (library) return { answer: "yes", why: `${library} authenticates` }
  if (isScheme(context, value)) return bareScheme(context, value)
  if (/^fastapi\.security\.OAuth2PasswordRequestForm/.test(name))
    return { answer: "no", why: "a login form takes a name and a password, and checks nothing" }
  if (HARMLESS.test(name) && !speaksOfIdentity(name.split(".").slice(1).join(".")))
    return { answer: "no", why: `\`${name}\` does not ask who is calling` }
  const rest = words(name.split(".").at(-1) ?? "").replace(SESSION, "")
  if (rest !== words(name.split(".").at(-1) ?? "") && !speaksOfIdentity(rest))
    return { answer: "no", why: `\`${name}\` gives a connection by its name, and does not ask who is calling` }
  return { answer: "unknown", why: `\`${name}\` is not known` }
}

/** Names of what hands out a connection to the database: `session_scope`, `get_async_db`. */
const SESSION = /\b(?:(?:db|database|sql|async) session|session (?:scope|local|maker|factory)|db|database)\b/

/** Alternatives guard only where all of them do. */
export function either(verdicts: Verdict[]): Verdict {
  return (
    verdicts.find((v) => v.answer === "unknown") ??
    (verdicts.every((v) => v.answer === "yes")
      ? (verdicts[0] as Verdict)
      : verdicts.some((v) => v.answer === "yes")
        ? { answer: "unknown", why: "one of several dependencies, not all of which authenticate" }
        : (verdicts[0] ?? { answer: "no", why: "nothing" }))
  )
}

/** `app.auth:Guard.check` as a reader calls it: `Guard.check`, without the plumbing of closures and of `__call__`. */
export function shortName(id: string): string {
  return (id.split(":").at(-1) as string).replace(/\.<locals>\..*$/, "").replace(/\.(__call__|__init__)$/, "")
}
