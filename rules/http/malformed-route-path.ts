import { argument, type Finding, knownText, quote, type Route, routeName, rule } from "#rule"

export default rule({
  summary: "A route whose path no request can match as it was meant",
  why: `
FastAPI joins the prefixes and the path of a route as they are written, and checks little of it. A path without its slash is
served at \`/itemslist\`, or never; a space or a dash in \`{item-id}\` makes the braces plain text; what follows a \`?\` or a \`#\`
is not part of the path that a server compares.
`,
  help: "Begin the path with a slash, and write parameters as `{name}` or `{name:converter}`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: [],
  exemptions: [
    "paths that are not known, or come from a setting",
    "a path that goes on with `:` or `.` after a prefix, as in `/items:upload` and `/feed.xml`",
    "plain routes, mounts and prefixes without a slash, which raise at start-up and have rules of their own",
  ],
  examples: [
    {
      bad: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        router = APIRouter(prefix="/items")

        @router.get("list") # expect: is served at \`/itemslist\`
        def list_items():
            return []

        @router.get("/{item-id}") # expect: \`{item-id}\` is no parameter
        def read_item():
            return {}

        app.include_router(router)

        @app.get("health") # expect: \`health\` has no leading slash, so no request matches it
        def health():
            return {}

        @app.get("/search?q={q}") # expect: what follows the \`?\` is never part of a path
        def search(q: str):
            return q
      `,
      good: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        router = APIRouter(prefix="/items")

        @router.get("/list")
        def list_items():
            return []

        @router.post(":upload")
        def upload_items():
            return []

        @router.get("/{item_id:int}")
        def read_item(item_id: int):
            return item_id

        app.include_router(router)

        @app.get("/search")
        def search(q: str):
            return q
      `,
    },
  ],

  *project({ routes, role }) {
    const told = new Set<string>()
    for (const route of routes) {
      const { kind, at } = route
      if ((kind !== "api" && kind !== "websocket") || told.has(`${at.path}:${at.start}`) || role(at.path) !== "app") continue
      const why = faultOf(route)
      if (!why) continue
      told.add(`${at.path}:${at.start}`)
      yield found(route, why)
    }
  },
})

const found = (route: Route, { says, discriminator }: Fault): Finding => ({
  at: route.at,
  message: says,
  routes: [route],
  scope: routeName(route).replaceAll("`", ""),
  discriminator,
})

interface Fault {
  says: string
  discriminator: string
}

function faultOf(route: Route): Fault | undefined {
  const { own, path, app } = route
  if (!own.path.known || own.path.assumed) return undefined
  const text = own.path.value
  const brace = braceIn(text)
  if (brace) return { says: brace, discriminator: "brace" }
  const mark = /[?#]/.exec(text.replace(/\{[^}]*\}/g, ""))?.[0]
  if (mark)
    return { says: `No request matches ${quote(text)}: what follows the ${quote(mark)} is never part of a path`, discriminator: mark }
  const written = knownText(argument(own.built, 0, "path"))
  if (written && !/^[/:.]/.test(written)) {
    const served = own.path.value !== written ? own.path : path
    if (served.known && !served.assumed && served.value !== written && served.value.endsWith(written))
      return {
        says: `The path ${quote(written)} has no leading slash: with its prefix it ${app ? "is served at" : "becomes"} ${quote(served.value)}`,
        discriminator: "slash",
      }
  }
  if (!app || !path.known || path.assumed) return undefined
  if (!path.value.startsWith("/"))
    return {
      says:
        path.value === ""
          ? "The path is empty, so no request matches it"
          : `The path ${quote(path.value)} has no leading slash, so no request matches it`,
      discriminator: "slash",
    }
  if (path.value.includes("//"))
    return { says: `The path is ${quote(path.value)}, with two slashes in a row: clients ask for one`, discriminator: "slashes" }
  return undefined
}

/** Starlette reads `{name}` and `{name:converter}`; every other brace is text that a client would have to send. */
function braceIn(path: string): string | undefined {
  for (const [whole, within = ""] of path.matchAll(/\{([^{}]*)\}/g))
    if (!/^[a-zA-Z_]\w*(:[a-zA-Z_]\w*)?$/.test(within))
      return `${quote(whole)} is no parameter to Starlette, which takes the braces for text: no request matches ${quote(path)}`
  const rest = path.replace(/\{[^{}]*\}/g, "")
  return /[{}]/.test(rest) ? `A brace of ${quote(path)} is not closed or opened: it is taken for text, and no request matches` : undefined
}
