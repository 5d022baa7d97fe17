import { hasStarlette1, quote, rule } from "#rule"

export default rule({
  summary: "A method that the app does not have in this version",
  why: `
Starlette 1.0, which FastAPI allows from 0.133, took \`route\`, \`add_websocket_route\` and \`add_event_handler\` from the
application; \`frontend\` came with FastAPI 0.138. Calling one that is not there is an \`AttributeError\` while the module is imported.
`,
  help: "Use what FastAPI has for it",
  concern: "correctness",
  level: "error",
  docs: "https://www.starlette.io/release-notes/",
  equivalents: [],
  startup: true,
  exemptions: ["versions that have the method", "calls in a branch or a `try`"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        def open_pool(): ...

        app.add_event_handler("startup", open_pool) # expect: \`FastAPI.add_event_handler\` is gone
      `,
      good: `
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        def open_pool(): ...

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            open_pool()
            yield

        app = FastAPI(lifespan=lifespan)
      `,
    },
  ],

  *project({ calls, versions }) {
    const isGone = hasStarlette1(versions)
    const hasFrontend = versions.atLeast("fastapi", "0.138.0")
    for (const { name, at, maybe, isGuarded } of calls) {
      const [, owner, method = ""] = /^fastapi\.(FastAPI|APIRouter)\(\)\.(\w+)$/.exec(name) ?? []
      if (!owner || maybe || isGuarded) continue
      const asked = quote(`${owner}.${method}`)
      const error = "an AttributeError when the module is imported"
      const instead = owner === "FastAPI" && isGone ? REMOVED[method] : undefined
      if (instead) yield { at, message: `${asked} is gone in Starlette 1: ${error}`, help: `Use ${instead}`, discriminator: method }
      if (method === "frontend" && !hasFrontend)
        yield {
          at,
          message: `${asked} is not there before FastAPI 0.138: ${error}`,
          help: "Mount `StaticFiles`, or update FastAPI",
          discriminator: method,
        }
    }
  },
})

const REMOVED: Record<string, string> = {
  route: "`api_route`, or `add_route`",
  add_websocket_route: "`add_api_websocket_route`",
  add_event_handler: "`lifespan=`",
}
