import {
  brokenPattern,
  type Finding,
  knownText,
  list,
  type Middleware,
  misfit,
  plural,
  quote,
  rule,
  SIGNATURES_UNTIL,
  signatureOf,
  type Value,
} from "#rule"

export default rule({
  summary: "A middleware that cannot be built with its arguments",
  why: `
\`add_middleware\` only notes the class and its arguments; the middleware is built when the server starts. An option that it
does not know, an invalid pattern or an object in place of the class raises there, and no request is ever answered.
`,
  help: "Pass the class, and the options that it has",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/middleware/",
  equivalents: [],
  startup: true,
  exemptions: [
    "middleware of other libraries than Starlette",
    "values that are not known",
    "a FastAPI newer than the signatures that fastlint knows",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware
        from fastapi.middleware.trustedhost import TrustedHostMiddleware

        app = FastAPI()
        app.add_middleware(CORSMiddleware, allowed_origins=["https://shop.example"]) # expect: has no option \`allowed_origins\`
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*shop.example"]) # expect: \`*shop.example\`
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware
        from fastapi.middleware.trustedhost import TrustedHostMiddleware

        app = FastAPI()
        app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*.shop.example"])
      `,
    },
  ],

  *project({ apps, versions }) {
    if (versions.fastapi !== undefined && versions.atLeast("fastapi", `${SIGNATURES_UNTIL}.999`)) return
    for (const app of apps) {
      for (const middleware of app.middleware) {
        const fault = faultOf(middleware)
        if (fault)
          yield {
            at: middleware.at,
            ...fault,
            message: `${fault.message} when the server starts`,
            ...(app.name !== undefined && { scope: app.name }),
          }
      }
    }
  },
})

const OWN = /^starlette\.middleware\.\w+\.(\w+Middleware)$/

function faultOf({ name = "", built }: Middleware): Pick<Finding, "message" | "discriminator"> | undefined {
  const object = /^(starlette\.middleware\.\w+\.(\w+Middleware))\(\)$/.exec(name)
  if (object)
    return {
      message: `${quote(`${object[2]}(...)`)} is an object where the class is wanted: Starlette raises a TypeError`,
      discriminator: "object",
    }
  const short = OWN.exec(name)?.[1]
  const signature = signatureOf(name)
  if (!short || !signature) return undefined
  // The app itself is the first argument.
  const why = misfit(signature, built.positional.length + 1, built.keywords.keys(), built.open)
  const options = { message: `${quote(short)}`, discriminator: short }
  if (why?.is === "unknown")
    return { ...options, message: `${quote(short)} has no option ${quote(why.name)}: Starlette raises a TypeError` }
  if (why?.is === "missing")
    return { ...options, message: `${quote(short)} needs ${list(why.names.map(quote))}: Starlette raises a TypeError` }
  if (why)
    return {
      ...options,
      message: `${quote(short)} is given ${plural(built.positional.length, "positional argument")} that do not fit: Starlette raises a TypeError`,
    }
  return short === "TrustedHostMiddleware"
    ? badHost(built.keywords.get("allowed_hosts"))
    : badOrigin(built.keywords.get("allow_origin_regex"))
}

/** A star stands alone, or for the first label: `*.shop.example`. */
function badHost(hosts: Value | undefined): Pick<Finding, "message" | "discriminator"> | undefined {
  for (const item of hosts?.is === "sequence" ? hosts.items : []) {
    const host = knownText(item)
    if (host === undefined || (!host.slice(1).includes("*") && (!host.startsWith("*") || host === "*" || host.startsWith("*.")))) continue
    return {
      message: `${quote(host)} is no pattern for hosts (${quote("*.shop.example")} is): Starlette raises an AssertionError`,
      discriminator: host,
    }
  }
  return undefined
}

function badOrigin(pattern: Value | undefined): Pick<Finding, "message" | "discriminator"> | undefined {
  const text = knownText(pattern)
  const why = text === undefined ? undefined : brokenPattern(text)
  return why === undefined
    ? undefined
    : {
        message: `${quote("allow_origin_regex")} is no regular expression, because ${why}: ${quote("re.compile")} raises`,
        discriminator: "allow_origin_regex",
      }
}
