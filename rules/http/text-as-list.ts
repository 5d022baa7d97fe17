import { type Built, type Finding, knownText, type Place, type Project, quote, rule, type Value } from "#rule"

export default rule({
  summary: "Text where a list is meant, which is taken letter by letter",
  why: `
Text is a sequence of letters, and so \`methods="GET"\` makes a route for the methods G, E and T, which no client uses;
\`scopes="admin"\` asks for the scopes a, d, m, i and n. Nothing fails when the application starts.
`,
  help: 'Write a list: `methods=["GET"]`',
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/reference/apirouter/",
  equivalents: [],
  exemptions: ['`"*"` in the options of `CORSMiddleware`, which works by chance'],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Security
        from fastapi.middleware.cors import CORSMiddleware
        from fastapi.security import SecurityScopes

        app = FastAPI()
        app.add_middleware(CORSMiddleware, allow_origins="https://example.com") # expect: \`allow_origins\` is text

        def get_user(scopes: SecurityScopes):
            return scopes.scopes

        @app.api_route("/users", methods="GET") # expect: \`methods\` is text, and taken for "G", "E", "T"
        def read_users(
            user=Security(get_user, scopes="admin"), # expect: \`scopes\` is text
        ):
            return []
      `,
      good: `
        from fastapi import FastAPI, Security
        from fastapi.middleware.cors import CORSMiddleware
        from fastapi.security import SecurityScopes

        app = FastAPI()
        app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])

        def get_user(scopes: SecurityScopes):
            return scopes.scopes

        @app.api_route("/users", methods=["GET"])
        def read_users(user=Security(get_user, scopes=["admin"])):
            return []
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const { built, at, names, scope } of given(project)) {
      for (const name of names) {
        const text = knownText(built.keywords.get(name))
        const key = `${at.path}:${at.start}:${name}`
        if (text === undefined || text === "*" || told.has(key) || project.role(at.path) !== "app") continue
        told.add(key)
        yield finding(name, text, at, scope)
      }
    }
  },
})

interface Given {
  built: Built
  at: Place
  names: string[]
  scope: string
}

/** The calls that take lists, and the names of these. The tags of a router are checked when the application starts. */
function* given({ apps, routers, routes }: Project): Generator<Given> {
  for (const { entries } of routers) {
    for (const entry of entries) {
      if (entry.is === "include") yield { built: entry.built, at: entry.at, names: ["tags"], scope: "include_router" }
      if (entry.is !== "route") continue
      const { built, at, endpoint } = entry.route
      yield { built, at, names: ["methods", "tags"], scope: endpoint?.id ?? "" }
    }
  }
  for (const { middleware, name = "" } of apps)
    for (const one of middleware) if (isCors(one.value)) yield { built: one.built, at: one.at, names: CORS, scope: name }
  for (const { dependencies, endpoint } of routes)
    for (const { asked, at } of dependencies) if (asked) yield { built: asked, at, names: ["scopes"], scope: endpoint?.id ?? "" }
}

const CORS = ["allow_origins", "allow_methods", "allow_headers", "expose_headers"]

const isCors = (value: Value): boolean => value.is === "external" && value.name === "starlette.middleware.cors.CORSMiddleware"

function finding(name: string, text: string, at: Place, scope: string): Finding {
  const letters = [...text].slice(0, 3).map((letter) => `"${letter}"`)
  return {
    at,
    message: `${quote(name)} is text, and taken for ${letters.join(", ")}${text.length > 3 ? " and so on" : ""}`,
    help: `Write ${quote(`${name}=["${text}"]`)}`,
    scope,
    discriminator: name,
  }
}
