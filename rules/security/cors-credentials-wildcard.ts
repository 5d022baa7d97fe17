import { type App, knownBoolean, knownText, type Middleware, options, quote, rule, type Value } from "#rule"

export default rule({
  summary: "CORS that lets every site read what a logged-in user sees",
  why: `
With \`allow_origins=["*"]\` and \`allow_credentials=True\` Starlette answers every origin with that origin's own name and
allows credentials, so the browser's rule against \`*\` with cookies does not help. Any page that a logged-in user
visits can call the API in the user's name and read the answers.
`,
  help: "List the origins of your own front ends, or drop `allow_credentials`",
  concern: "security",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/cors/",
  equivalents: ["FASTT015", "S5122"],
  cwe: ["CWE-942", "CWE-346"],
  exemptions: [
    "origins or credentials that configuration gives and no literal in the code",
    "middleware added in a branch for debugging, local use or tests",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware( # expect: Every origin may send credentials
            CORSMiddleware,
            allow_origins=["*"],
            allow_credentials=True,
        )
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware(
            CORSMiddleware,
            allow_origins=["https://shop.example"],
            allow_credentials=True,
        )
      `,
    },
  ],

  *project({ apps }) {
    for (const app of apps) {
      for (const middleware of app.middleware) {
        if (!isCors(middleware) || isForDevelopment(middleware) || !allowsCredentials(middleware)) continue
        const by = everyOrigin(middleware)
        if (by === undefined) continue
        yield {
          at: middleware.at,
          message: `Every origin may send credentials: ${by} with ${quote("allow_credentials=True")} lets any site read answers in a user's name`,
          scope: nameOf(app),
        }
      }
      yield* openedByParent(app)
    }
  },
})

/** A parent that answers every origin in front of a mounted app whose own CORS allows credentials: neither call shows it alone. */
function* openedByParent(app: App) {
  const wide = app.middleware.find(
    (middleware) => isCors(middleware) && !middleware.maybe && !allowsCredentials(middleware) && everyOrigin(middleware) !== undefined,
  )
  if (!wide) return
  for (const { app: child } of app.served.filter((entry) => entry.kind === "mount")) {
    const inner = child?.middleware.find((middleware) => isCors(middleware) && !middleware.maybe && allowsCredentials(middleware))
    if (!child || !inner || everyOrigin(inner) !== undefined) continue
    yield {
      at: wide.at,
      message: `Every origin may send credentials to ${quote(nameOf(child))}: it is mounted below, and its CORS allows them`,
      help: "List the origins here too, or add CORS to the two apps side by side",
      related: [{ at: inner.at, message: `${quote("allow_credentials=True")} is given here` }],
      scope: nameOf(app),
      discriminator: nameOf(child),
    }
  }
}

const isCors = ({ name }: Middleware): boolean => name === "starlette.middleware.cors.CORSMiddleware"

/** Only a literal: a default that a deployment may change proves nothing. */
function allowsCredentials({ built }: Middleware): boolean {
  const given = built.keywords.get("allow_credentials")
  return knownBoolean(given) === true && !isAssumed(given)
}

/** What admits every origin, in words; undefined where nothing certainly does. */
function everyOrigin({ built }: Middleware): string | undefined {
  const origins = built.keywords.get("allow_origins")
  if (origins && options(origins).every(holdsStar)) return quote('allow_origins=["*"]')
  const regex = built.keywords.get("allow_origin_regex")
  const pattern = isAssumed(regex) ? undefined : knownText(regex)
  return pattern !== undefined && matchesEverything(pattern) ? quote(`allow_origin_regex=${JSON.stringify(pattern)}`) : undefined
}

const holdsStar = (value: Value): boolean =>
  value.is === "sequence"
    ? value.items.some((item) => knownText(item) === "*" && !isAssumed(item))
    : knownText(value) === "*" && !isAssumed(value)

const isAssumed = (value: Value | undefined): boolean => (value?.is === "text" || value?.is === "literal") && (value.assumed ?? false)

/** `.*` and what is as wide. */
const matchesEverything = (pattern: string): boolean =>
  /^\^?(\(?(\.[*+]|https\?:\/\/\.[*+]|http(s)?:\/\/\.[*+]|\[\\s\\S\][*+])\)?)\$?$/.test(pattern)

/** Where the condition is not seen, the branch may be one for development. */
const isForDevelopment = ({ maybe, reads }: Middleware): boolean =>
  maybe && (!reads || reads.some((name) => /debug|dev|local|test|prod|env|stage|staging|mode\b/i.test(name)))

const nameOf = (app: App): string => app.name ?? "app"
