import {
  bindsOutside,
  type Call,
  type CallEvent,
  callsOf,
  type Expr,
  type FunctionNode,
  mentionsOf,
  type Node,
  namedIn,
  type PyFile,
  quote,
  routeNames,
  rule,
  shortName,
} from "#rule"

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
    "clients whose base URL, proxy or headers the function was given, and those that only call a URL it was given: each host needs connections of its own",
    "functions that keep the client: in a global, an attribute, a cache; and `__init__`; and dependencies that yield it, which are one place to change",
    "what runs at start-up, in workers, scripts and tests",
  ],
  files: { roles: ["app"] },
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
    const local = [...localCalls(file)]
    return local.length > 0 ? local : undefined
  },

  *project(project, _options, notes: { path: string; notes: Local[] }[]) {
    const local = new Map(notes.flatMap(({ path, notes: all }) => all.map((one) => [`${path}:${one.start}`, one] as const)))
    for (const { in: fn, event } of project.bodies.callsOf(CLIENTS)) {
      if (fn.role !== "app" || fn.name === "__init__" || fn.generator || project.reach.running(fn) !== "request") continue
      if (fn.decorators.some(({ name }) => /cache|once|memo/i.test(name ?? "")) || isPersonal(event)) continue
      const here = local.get(`${event.at.path}:${event.at.start}`)
      if (!here || event.within.some((around) => around.is === "nested")) continue
      const routes = project.reach.routesTo(fn)
      // A proxy asks the same few hosts again and again, whatever its URLs are made of.
      if (here.isElsewhere && !routes.some(({ path, endpoint }) => endpoint === fn && path.known && /:path\}|proxy/.test(path.value)))
        continue
      yield {
        at: event.at,
        message: `${quote(shortName(event.name as string))} is built anew for every ${routeNames(routes) ?? quote(fn.name)}`,
        routes,
        scope: fn.id,
        discriminator: event.name as string,
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
    "connector",
  ].some((name) => keywords.has(name)) ||
  positional.length > 1

interface Local {
  start: number
  /** It only asks hosts that the function was given. */
  isElsewhere: boolean
}

/** Where calls begin whose value ends with the function: entered by `with`, or held by a local name. */
function* localCalls(file: PyFile): Generator<Local> {
  for (const { call: node, def, use } of callsOf(file)) {
    if (!def || (use.is !== "entered" && use.is !== "bound")) continue
    const parent = file.parentOf(node)
    if (parent?.kind === "withitem") {
      if (isMadeFor(node, def, file)) continue
      const name = parent.optional_vars?.kind === "Name" ? parent.optional_vars.id : undefined
      yield { start: node.start, isElsewhere: name !== undefined && asksElsewhere(name, def, file) }
    }
    if (parent?.kind !== "Assign" || parent.targets[0]?.kind !== "Name") continue
    const { id } = parent.targets[0]
    // Returned, handed on or put away: whoever gets it may keep it.
    const isHandedOn = namedIn(def, id, file).some((other) => other.start > node.end && file.parentOf(other)?.kind !== "Attribute")
    if (!isHandedOn && !bindsOutside(def, id, file) && !isMadeFor(node, def, file))
      yield { start: node.start, isElsewhere: asksElsewhere(id, def, file) }
  }
}

/** Settings of a client that are not about one host or one user. */
const COMMON = new Set(["timeout", "limits", "follow_redirects", "trust_env", "http2", "decode_responses", "max_retries"])

/** Is it built from what the function was given or has looked up? */
const isMadeFor = (call: Call, def: FunctionNode, file: PyFile): boolean =>
  call.args.some((argument) => isGiven(argument, def, file)) ||
  call.keywords.some(({ arg, value }) => (arg === null || !COMMON.has(arg)) && isGiven(value, def, file))

/** Does a client of this name only ask hosts that the function was given? A pool helps who asks the same host again. */
function asksElsewhere(name: string, def: FunctionNode, file: PyFile): boolean {
  const urls = mentionsOf(name, def, file).flatMap(({ node }) => urlOf(node, file) ?? [])
  return urls.length > 0 && urls.every((url) => isGiven(hostOf(url), def, file))
}

/** What `client.get(url)` and its like are given. */
function urlOf(client: Node, file: PyFile): Expr | undefined {
  const verb = file.parentOf(client)
  const call = verb && file.parentOf(verb)
  if (verb?.kind !== "Attribute" || call?.kind !== "Call" || call.func !== verb) return undefined
  const position = /^(get|post|put|patch|delete|head|options)$/.test(verb.attr) ? 0 : /^(request|stream)$/.test(verb.attr) ? 1 : undefined
  return position === undefined ? undefined : (call.keywords.find(({ arg }) => arg === "url")?.value ?? call.args[position])
}

/** The part that a URL begins with. */
function hostOf(url: Expr): Expr {
  if (url.kind === "BinOp") return hostOf(url.left)
  if (url.kind !== "JoinedStr") return url
  const first = url.values[0]
  return first?.kind === "FormattedValue" ? first.value : (first ?? url)
}

/** Does an expression read what the function was given, itself or by way of a name? A function that is called decides by itself. */
function isGiven(expr: Expr, def: FunctionNode, file: PyFile, depth = 0): boolean {
  for (const node of file.walk(expr)) {
    if (node.kind !== "Name" || /^(self|cls|settings|config)$/.test(node.id)) continue
    if (isParameter(node.id, def)) return true
    if (depth > 2) continue
    const bindings = mentionsOf(node.id, def, file).filter(({ isBinding, node: other }) => isBinding && other.start < node.start)
    for (const { node: bound } of bindings) {
      const value = givenTo(bound, file)
      if (value === undefined || isGiven(hostOf(value), def, file, depth + 1)) return true
    }
  }
  return false
}

const isParameter = (name: string, { args }: FunctionNode): boolean =>
  args.args.some(({ arg }) => arg === name) ||
  args.kwonlyargs.some(({ arg }) => arg === name) ||
  args.posonlyargs.some(({ arg }) => arg === name) ||
  args.vararg?.arg === name ||
  args.kwarg?.arg === name

/** What a name is given by a plain assignment. */
function givenTo(name: Node, file: PyFile): Expr | undefined {
  const parent = file.parentOf(name)
  return parent?.kind === "Assign" || parent?.kind === "AnnAssign" ? (parent.value ?? undefined) : undefined
}
