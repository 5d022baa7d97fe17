import { argument, type Finding, knownText, type LibraryCall, quote, rule, type Value } from "#rule"

export default rule({
  summary: "A plain route, a mount or a docs URL without its leading slash",
  why: `
Starlette asserts that the path of a plain route, of a mount and of the documentation begins with a slash. Without it the
application raises \`AssertionError: Routed paths must start with '/'\` while the module is imported.
`,
  help: "Begin the path with a slash",
  concern: "correctness",
  level: "error",
  docs: "https://www.starlette.io/routing/",
  equivalents: [],
  startup: true,
  exemptions: ["paths that are not known, or come from a setting", "paths of `@app.get` and its like, which FastAPI does not check"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI(docs_url="docs") # expect: \`docs_url\` is \`docs\`
        admin = FastAPI()

        app.mount("admin", admin) # expect: \`admin\` has no leading slash
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI(docs_url="/docs", redoc_url=None)
        admin = FastAPI()

        app.mount("/admin", admin)
        app.mount("", FastAPI())
      `,
    },
  ],

  *project({ calls }) {
    for (const call of calls) if (!call.isGuarded) yield* APP.test(call.name) ? ofApp(call) : ofPath(call)
  },
})

const APP = /^fastapi\.FastAPI(\(\)\.__init__)?$/
const ROUTE =
  /^(fastapi\.(FastAPI|APIRouter)\(\)\.(add_route|add_websocket_route|route|websocket_route)|starlette\.routing\.(Route|WebSocketRoute))$/
const MOUNT = /^(fastapi\.(FastAPI|APIRouter)\(\)\.mount|starlette\.routing\.Mount)$/

function* ofPath(call: LibraryCall): Generator<Finding> {
  const isMount = MOUNT.test(call.name)
  if (!isMount && !ROUTE.test(call.name)) return
  const path = written(argument(call, 0, "path"))
  if (path === undefined || path.startsWith("/") || (isMount && path === "")) return
  yield { at: call.at, message: `${quote(path)} has no leading slash: ${RAISED}`, discriminator: "path" }
}

/** The URLs of the documentation, as far as the app serves it. */
function* ofApp({ keywords, open, at }: LibraryCall): Generator<Finding> {
  const isServed = (name: string) => (!keywords.has(name) ? !open : Boolean(written(keywords.get(name))))
  const served = ["openapi_url"]
  if (isServed("openapi_url")) served.push("docs_url", "redoc_url", ...(isServed("docs_url") ? ["swagger_ui_oauth2_redirect_url"] : []))
  for (const name of served) {
    const url = written(keywords.get(name))
    if (url && !url.startsWith("/"))
      yield { at, message: `${quote(name)} is ${quote(url)}, without a leading slash: ${RAISED}`, discriminator: name }
  }
}

const RAISED = "an AssertionError when the module is imported"

const written = (value: Value | undefined): string | undefined => (value?.is === "text" && value.assumed ? undefined : knownText(value))
