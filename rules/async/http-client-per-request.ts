import { bindsOutside, type CallEvent, functionAround, namedIn, notedStarts, type PyFile, quote, routeNames, rule, shortName } from "#rule"

export default rule({
  summary: "A client that is built anew for every request",
  why: `
A client keeps connections open so that the next call need not begin with DNS, TCP and TLS again. One that is built inside
a route is thrown away with them: every request pays the handshake, and under load the server runs out of ports.
\`boto3.client\` and the clients of AI services also read files and build certificates' stores each time.
`,
  help: "Build it once, in the lifespan or at module level, and share it",
  concern: "performance",
  level: "info",
  docs: "https://www.python-httpx.org/advanced/clients/",
  equivalents: [],
  exemptions: [
    "clients with credentials, certificates or a transport of their own",
    "functions that keep the client: in a global, an attribute, a cache; and `__init__`; and dependencies that yield it, which are one place to change",
    "what runs at start-up, in workers, scripts and tests",
  ],
  examples: [
    {
      bad: `
        import httpx
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/rates")
        async def read_rates():
            async with httpx.AsyncClient() as client: # expect: \`httpx.AsyncClient\` is built anew for every \`GET /rates\`
                response = await client.get("https://rates.example.com")
            return response.json()
      `,
      good: `
        import httpx
        from contextlib import asynccontextmanager
        from fastapi import FastAPI, Request

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            async with httpx.AsyncClient() as client:
                app.state.client = client
                yield

        app = FastAPI(lifespan=lifespan)

        @app.get("/rates")
        async def read_rates(request: Request):
            response = await request.app.state.client.get("https://rates.example.com")
            return response.json()
      `,
    },
  ],

  notes(file) {
    if (file.role !== "app") return undefined
    const local = [...localCalls(file)]
    return local.length > 0 ? local : undefined
  },

  *project(project, _options, notes: { path: string; notes: number[] }[]) {
    const isLocal = notedStarts(notes)
    for (const fn of project.functions) {
      if (fn.role !== "app" || fn.name === "__init__" || fn.generator || project.reach.running(fn) !== "request") continue
      if (fn.decorators.some(({ name }) => /cache|once|memo/i.test(name ?? ""))) continue
      for (const event of fn.events) {
        if (event.is !== "call" || event.name === undefined || !CLIENTS.test(event.name) || isPersonal(event)) continue
        if (!isLocal(event.at) || event.within.some((around) => around.is === "nested")) continue
        const routes = project.reach.routesTo(fn)
        yield {
          at: event.at,
          message: `${quote(shortName(event.name))} is built anew for every ${routeNames(routes) ?? quote(fn.name)}`,
          routes,
          scope: fn.id,
          discriminator: event.name,
        }
      }
    }
  },
})

const CLIENTS =
  /^(httpx\.(Async)?Client|aiohttp\.ClientSession|boto3\.(client|resource)|(openai\.(Async)?(Azure)?|anthropic\.(Async)?|groq\.(Async)?)(OpenAI|Anthropic|Groq)|(redis|redis\.asyncio)\.(Redis|from_url|Redis\.from_url)|elasticsearch\.(Async)?Elasticsearch|qdrant_client\.(Async)?QdrantClient)$/

/** Made for one user, one certificate or one test: nothing to share. */
const isPersonal = ({ keywords, open, positional }: CallEvent): boolean =>
  open ||
  [
    "auth",
    "cert",
    "transport",
    "cookies",
    "app",
    "aws_session_token",
    "aws_access_key_id",
    "api_key",
    "http_client",
    "verify",
    "proxy",
  ].some((name) => keywords.has(name)) ||
  positional.length > 1

/** Where calls begin whose value ends with the function: entered by `with`, or held by a local name. */
function* localCalls(file: PyFile): Generator<number> {
  for (const node of file.all("Call")) {
    const def = functionAround(node, file)
    const parent = file.parentOf(node)
    if (!def || !parent) continue
    if (parent.kind === "withitem") yield node.start
    if (parent.kind !== "Assign" || parent.targets.length !== 1 || parent.targets[0]?.kind !== "Name") continue
    const { id } = parent.targets[0]
    // Returned, handed on or put away: whoever gets it may keep it.
    const isHandedOn = namedIn(def, id, file).some((other) => other.start > node.end && file.parentOf(other)?.kind !== "Attribute")
    if (!isHandedOn && !bindsOutside(def, id, file)) yield node.start
  }
}
