/** What each item of the checklist counts, what keeps it from knowing, and what no reading of the code can tell. */
import type { Route } from "#fastapi"
import type { SECTIONS } from "#lint"
import type { ReadRoute } from "./routes.ts"

export type SectionId = (typeof SECTIONS)[number]["id"]

/** How a thing stands before any finding is looked at. */
export type Standing =
  /** Nothing keeps the rules from seeing it. */
  | { is: "seen" }
  | { is: "unsure"; why: string }
  /** The item says nothing of it. */
  | { is: "outside"; why: string }

export interface ItemSpec {
  /** A few words of the item, for tables. */
  title: string
  unit: "route" | "file"
  /** For items that count routes. */
  standing?(route: Route, about: ReadRoute): Standing
  /** What it promises, and the names of rules that look at each: a promise without such a rule is said to be unchecked. */
  promises?: Readonly<Record<string, RegExp>>
  /** What it promises and no rule can see. */
  blind: string
}

const SEEN: Standing = { is: "seen" }
const unsure = (why: string): Standing => ({ is: "unsure", why })
const outside = (why: string): Standing => ({ is: "outside", why })

const bodyOf = (route: Route): Standing => (route.endpoint ? SEEN : unsure("its function is not known"))

function signatureOf(route: Route): Standing {
  if (route.kind === "route" || route.kind === "socket") return outside("plain Starlette, which declares nothing")
  if (!route.endpoint) return unsure("its function is not known")
  if (!route.isSignatureKnown) return unsure("its signature could not be read")
  const strange = route.params.find((param) => param.in === "unknown")
  if (strange) return unsure(`where \`${strange.name}\` comes from is not known`)
  return route.response.from === "unknown" ? unsure("its response model is not known") : SEEN
}

function authOf({ auth, maybe }: Route): Standing {
  if (auth.answer === "yes" || auth.isSaidPublic) return SEEN
  if (auth.answer === "unknown") return unsure(auth.why)
  return maybe ? unsure("it is added under a condition") : outside("open, and accused by no rule: reading, signing in, health")
}

function httpOf(route: Route): Standing {
  if (!route.path.known) return unsure(`its path is not known: ${route.path.why}`)
  if (!route.methods.known) return unsure(`its methods are not known: ${route.methods.why}`)
  return route.statusCode.known || route.kind !== "api" ? SEEN : unsure(`its status is not known: ${route.statusCode.why}`)
}

export const ITEMS: Record<SectionId, ItemSpec> = {
  validation: {
    title: "Endpoints validate with models",
    unit: "route",
    standing: signatureOf,
    blind: "whether the limits that models set are the right ones for the business",
  },
  auth: {
    title: "Authentication where needed",
    unit: "route",
    standing: authOf,
    promises: {
      authentication: /unprotected|anonymous|without-auth/,
      tokens: /jwt|token/,
      ownership: /owner|object|idor/,
    },
    blind: "whether open reading routes should be open, and whether the right users get in: that the caller owns what is asked for",
  },
  http: {
    title: "Methods and statuses are right",
    unit: "route",
    standing: httpOf,
    promises: {
      methods: /method|get-|mutat|idempot/,
      "status codes": /status|201|204|content/,
      "which route answers": /shadowed|duplicate/,
    },
    blind: "whether a method does what its name promises, where that is hidden in another service",
  },
  database: {
    title: "Database queries are optimised",
    unit: "route",
    standing: (route, { usesDatabase }) =>
      route.endpoint ? (usesDatabase ? SEEN : outside("no call of a database library is seen on the way")) : bodyOf(route),
    promises: {
      "N+1 queries": /loop|n-plus|lazy/,
      indexes: /index/,
      pagination: /unbounded|page|pagina/,
      sessions: /session/,
      transactions: /transaction|commit|rollback/,
    },
    blind: "the plans that the database makes, and the size of its tables",
  },
  async: {
    title: "Async/sync boundaries are right",
    unit: "route",
    standing: bodyOf,
    blind: "how long computations take",
  },
  errors: {
    title: "Errors get proper responses",
    unit: "route",
    standing: bodyOf,
    blind: "exceptions that libraries raise without saying so, and whether a message helps whoever reads it",
  },
  secrets: {
    title: "No secrets in code or answers",
    unit: "file",
    promises: {
      code: /hardcoded/,
      responses: /response|expos|unfiltered|leak/,
      logs: /log/,
    },
    blind: "the git history, environment files and the configuration of the deployment",
  },
  structure: {
    title: "Code follows the structure",
    unit: "file",
    promises: {
      routers: /router|route/,
      models: /model|table/,
      services: /service|layer|import|cycle/,
      dependencies: /depend/,
    },
    blind: "whether the division into modules fits the domain",
  },
  types: {
    title: "Type hints present, accurate",
    unit: "route",
    standing: signatureOf,
    blind: "what a type checker sees in the bodies of functions",
  },
  security: {
    title: "No injection, safe settings",
    unit: "file",
    promises: {
      injection: /inject|interpolation|eval|exec|shell|command|template/,
      CORS: /cors/,
      cryptography: /hash|crypt|cipher|random|password|jwt/,
      deserialisation: /pickle|yaml|deserial|marshal/,
      cookies: /cookie/,
      files: /path-traversal|traversal|upload|file/,
      "outgoing requests": /ssrf|url|verif|redirect|tls/,
    },
    blind: "proxies, TLS, headers that a gateway adds, and known holes of installed packages",
  },
  testing: {
    title: "Critical paths are tested",
    unit: "route",
    standing: (_, { tests }) =>
      tests === "no tests"
        ? unsure("no test that calls a route was found")
        : tests === "unknown"
          ? unsure("a test whose URL is not known may call it")
          : tests > 0
            ? SEEN
            : outside("no test of its own is asked for: health, not in the schema, never reached"),
    promises: {
      "critical paths": /without-test/,
      "data mutations": /without-test|mutation/,
      "error scenarios": /error|failure|negative/,
    },
    blind: "what the tests assert: a route counts as tested when a test calls it",
  },
}
