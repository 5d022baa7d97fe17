import {
  argument,
  type CallEvent,
  type Finding,
  knownBoolean,
  knownText,
  list,
  type Middleware,
  options,
  quote,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A session cookie that scripts can read or that travels unencrypted",
  why: `
A cookie that says who is calling is worth as much as the password. Without \`httponly\` any script on the page can send
it away, one injected by an attacker too; without \`secure\` the browser sends it over plain HTTP, where anyone on the way
reads it. Starlette sets neither by itself.
`,
  help: 'Set it with `httponly=True, secure=True, samesite="lax"`',
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/response-cookies/",
  equivalents: ["S2092", "S3330"],
  cwe: ["CWE-614", "CWE-1004"],
  exemptions: [
    "cookies that are no key to anything (preferences), and those that scripts must read (`csrf_token`)",
    "values that a setting gives, and `**options` that are not known",
    "`secure` alone missing is told as info: a proxy may add it",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Response

        app = FastAPI()

        @app.post("/login")
        def login(response: Response) -> None:
            response.set_cookie("access_token", "...") # expect: The cookie \`access_token\` is set without \`httponly=True\` and \`secure=True\`
      `,
      good: `
        from fastapi import FastAPI, Response

        app = FastAPI()

        @app.post("/login")
        def login(response: Response) -> None:
            response.set_cookie("access_token", "...", httponly=True, secure=True, samesite="lax")
            response.set_cookie("theme", "dark")
      `,
    },
  ],

  *project(project) {
    for (const { in: fn, event } of project.bodies.callsOf(/\.set_cookie$/)) {
      const found = fn.role === "app" ? judge(event) : undefined
      if (found) yield { ...found, scope: fn.id, routes: project.reach.routesTo(fn) }
    }
    for (const app of project.apps) for (const middleware of app.middleware) if (isOpenSession(middleware)) yield sessionFinding(middleware)
  },
})

const KEY = /(?:^|[^a-z])(?:session\w*|sid|jwt|auth\w*|access|refresh|token|credentials?|remember)(?:$|[^a-z])/i

/** A script of the page has to send it back, or it says nothing about who is calling. */
const READABLE = /csrf|xsrf|expires|last_|method|locale|lang|theme|state|nonce|redirect|verifier/i

function judge(event: CallEvent): Finding | undefined {
  const key = argument(event, 0, "key")
  const name = key && knownText(key)
  if (event.open || name === undefined || !KEY.test(name) || READABLE.test(name)) return undefined
  const value = argument(event, 1, "value")
  // Taken away: an empty value, or one that is over already.
  if ((value && knownText(value) === "") || isZero(argument(event, 2, "max_age")) || isZero(argument(event, 3, "expires"))) return undefined
  const missing = [
    ...(isOff(argument(event, 7, "httponly")) ? ["httponly"] : []),
    ...(isOff(argument(event, 6, "secure")) ? ["secure"] : []),
  ]
  if (missing.length === 0) return undefined
  return {
    at: event.at,
    message: `The cookie ${quote(name)} is set without ${list(missing.map((word) => quote(`${word}=True`)))}`,
    level: missing.includes("httponly") ? "warning" : "info",
    discriminator: name,
  }
}

/** Left out, or off for certain. */
const isOff = (value: Value | undefined): boolean =>
  value === undefined || options(value).every((one) => knownBoolean(one) === false && !(one.is === "literal" && one.assumed))

const isZero = (value: Value | undefined): boolean => value?.is === "literal" && value.value === 0

const isOpenSession = ({ name, built }: Middleware): boolean =>
  name === "starlette.middleware.sessions.SessionMiddleware" && !built.open && isOff(built.keywords.get("https_only"))

const sessionFinding = ({ at }: Middleware): Finding => ({
  at,
  message: `The session cookie is sent over plain HTTP too: ${quote("SessionMiddleware")} is added without ${quote("https_only=True")}`,
  level: "info",
  help: "Give `https_only=True`, from a setting where development has no TLS",
  scope: "SessionMiddleware",
})
