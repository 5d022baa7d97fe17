import { type Fn, isAsWritten, isNone, quote, type ReturnEvent, routeName, rule } from "#rule"

export default rule({
  summary: "A websocket endpoint that is not `async`",
  why: `
FastAPI awaits what a websocket endpoint returns; there is no thread for it, as there is for a route. A plain \`def\` runs on the
event loop, gives back \`None\`, and every connection ends in a \`TypeError\`.
`,
  help: "Write `async def`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/websockets/",
  equivalents: [],
  exemptions: ["a decorator that may make it `async`"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, WebSocket

        app = FastAPI()

        @app.websocket("/live")
        def live(socket: WebSocket): # expect: \`live\` is not \`async\`
            socket.accept()
      `,
      good: `
        from fastapi import FastAPI, WebSocket

        app = FastAPI()

        @app.websocket("/live")
        async def live(socket: WebSocket):
            await socket.accept()
      `,
    },
  ],

  *project({ routes }) {
    const told = new Set<string>()
    for (const route of routes) {
      const { endpoint, kind, own } = route
      if (kind !== "websocket" || !endpoint || endpoint.async || endpoint.role !== "app" || told.has(endpoint.id)) continue
      const value = own.endpointValue
      const isPlain = value.is === "function" && value.def.kind === "FunctionDef" && !value.wraps && isAsWritten(endpoint)
      const mayReturnOne = endpoint.events.some((event) => event.is === "return" && returnsCall(endpoint, event))
      if (!isPlain || mayReturnOne) continue
      told.add(endpoint.id)
      yield {
        at: endpoint.at,
        message: `${quote(endpoint.name)} is not ${quote("async")}, so every connection to ${routeName(route)} ends in a TypeError`,
        routes: [route],
        scope: endpoint.id,
      }
    }
  },
})

/** `return serve(socket)` hands over a coroutine, if that is one. */
const returnsCall = ({ events }: Fn, { at, value }: ReturnEvent): boolean =>
  !isNone(value) || events.some((event) => event.is === "call" && event.at.start >= at.start && event.at.end <= at.end)
