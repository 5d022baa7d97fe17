import { type CallEvent, type Finding, type Fn, isNone, type Project, quote, routeNames, rule, shortName, type Value } from "#rule"

export default rule({
  summary: "A call over the network that may wait for ever",
  why: `
\`requests\` and \`urllib\` wait for as long as the other side keeps the connection open. One server that stopped answering
takes one thread of the pool, or the event loop itself, with every request that needs it, until nothing is left.
`,
  help: "Pass `timeout=` with a number of seconds that a client would wait",
  concern: "performance",
  level: "warning",
  docs: "https://requests.readthedocs.io/en/latest/user/advanced/#timeouts",
  equivalents: ["S113", "B113"],
  cwe: ["CWE-400"],
  exemptions: [
    "`httpx` and `aiohttp`, which have a timeout by default, unless it is taken away with `timeout=None`",
    "arguments that are passed on as `**kwargs`",
    "sessions with an adapter of their own, and classes that derive from `requests.Session`",
    "commands, jobs, and all that no route leads to",
  ],
  examples: [
    {
      bad: `
        import requests
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/rates")
        def read_rates():
            return requests.get("https://rates.example.com/today").json() # expect: \`requests.get\` has no timeout, so it may hold up \`GET /rates\` for ever
      `,
      good: `
        import requests
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/rates")
        def read_rates():
            return requests.get("https://rates.example.com/today", timeout=5).json()
      `,
      fixed: `
        import requests
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/rates")
        def read_rates():
            return requests.get("https://rates.example.com/today", timeout=10).json()
      `,
    },
  ],

  *project(project) {
    const isEndless = (name: string) => BOUNDED.test(name) || ENDLESS.some(([pattern]) => pattern.test(name))
    for (const { in: fn, event } of project.bodies.callsOf(isEndless)) {
      const what = fn.role === "app" ? endless(event) : undefined
      if (!what || (/Session/.test(event.name ?? "") && hasAdapter(fn)) || project.reach.running(fn) !== "request") continue
      yield finding(project, fn, event, what)
    }
  },
})

/** Adapters have timeouts of their own. */
const hasAdapter = ({ events }: Fn): boolean => events.some((event) => event.is === "call" && event.name === "requests.Session().mount")

/** Calls without a default timeout, and where their timeout stands when it is given by position. */
const ENDLESS: [RegExp, number | undefined][] = [
  [/^requests\.(get|post|put|patch|delete|head|options|request)$/, undefined],
  [/^requests\.Session\(\)\.(get|post|put|patch|delete|head|options|request)$/, undefined],
  [/^urllib\.request\.urlopen$/, 2],
  [/^smtplib\.SMTP$/, 3],
  [/^smtplib\.SMTP_SSL$/, undefined],
  [/^socket\.create_connection$/, 1],
]

/** Clients whose default is taken away. */
const BOUNDED =
  /^(httpx\.(get|post|put|patch|delete|head|options|request|Client|AsyncClient)|httpx\.(Client|AsyncClient)\(\)\.(get|post|put|patch|delete|head|options|request)|aiohttp\.ClientSession|aiohttp\.ClientSession\(\)\.(get|post|put|patch|delete|head|options|request))$/

function endless({ name, callee, positional, keywords, open }: CallEvent): "missing" | "none" | undefined {
  if (name === undefined || open || (callee.is === "external" && callee.self !== undefined && callee.self.is !== "external"))
    return undefined
  const given = keywords.get("timeout")
  if (BOUNDED.test(name)) return given && isNone(given) && !isStream(keywords) ? "none" : undefined
  const [, position] = ENDLESS.find(([pattern]) => pattern.test(name)) ?? []
  if (!ENDLESS.some(([pattern]) => pattern.test(name))) return undefined
  // A connection that is made later: `smtplib.SMTP()` without a host.
  if (/^smtplib/.test(name) && positional.length === 0 && !keywords.has("host")) return undefined
  const timeout = given ?? (position === undefined ? undefined : positional[position])
  if (timeout === undefined) return "missing"
  return isNone(timeout) ? "none" : undefined
}

/** An answer that is read for as long as it comes. */
const isStream = (keywords: ReadonlyMap<string, Value>): boolean => keywords.has("stream")

function finding(project: Project, fn: Fn, event: CallEvent, what: "missing" | "none"): Finding {
  const routes = project.reach.routesTo(fn)
  const name = quote(shortName(event.name as string))
  const isEmpty = event.positional.length === 0 && event.keywords.size === 0
  return {
    at: event.at,
    message: `${name} ${what === "none" ? "takes its timeout away" : "has no timeout"}, so it may hold up ${routeNames(routes) ?? quote(fn.name)} for ever`,
    routes,
    scope: fn.id,
    discriminator: event.name as string,
    ...(what === "missing" &&
      !isEmpty && {
        fix: {
          title: "Wait ten seconds at most",
          safety: "suggestion" as const,
          edits: [{ path: event.at.path, start: event.at.end - 1, end: event.at.end - 1, text: ", timeout=10" }],
        },
      }),
  }
}
