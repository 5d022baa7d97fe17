import { type CallEvent, type Fn, mayBeAtLeast, options, quote, rule, type Value } from "#rule"

export default rule({
  summary: "A start-up or shutdown handler on an app that has a lifespan",
  why: `
An app with \`lifespan=\` runs its lifespan and nothing else: handlers added with \`on_event\`, \`add_event_handler\`,
\`on_startup=\` or \`on_shutdown=\` never run, and nothing warns of it. The connection pool they were to open is not there
when the first request comes.
`,
  help: "Do the work in the lifespan, before or after its `yield`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/events/",
  equivalents: [],
  exemptions: ["the lifespan runs the handlers itself", "what is given as lifespan is not known, or may be `None`"],
  examples: [
    {
      bad: `
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            yield

        app = FastAPI(lifespan=lifespan)

        @app.on_event("startup") # expect: \`open_pool\` never runs at startup
        async def open_pool():
            app.state.pool = object()
      `,
      good: `
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        async def open_pool(app: FastAPI):
            app.state.pool = object()

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            await open_pool(app)
            yield

        app = FastAPI(lifespan=lifespan)
      `,
    },
  ],

  *project({ apps, functionOf, versions }) {
    // Older versions take any keyword and do nothing with it.
    if (!mayBeAtLeast(versions, "fastapi", "0.93.0")) return
    for (const app of apps) {
      const { lifespan } = app
      if (!lifespan || !isCertain(lifespan.value)) continue
      const body = functionOf(lifespan.value)
      const calls = body ? [...callsIn(body)] : []
      if (calls.some(runsHandlers)) continue
      for (const { event, handler, at } of app.events) {
        if (handler && calls.some((call) => call.fn === handler)) continue
        const when = event.known ? `at ${event.value}` : "at all"
        yield {
          at,
          message: `${handler ? quote(handler.name) : "This handler"} never runs ${when}: the app has a lifespan, which replaces its event handlers`,
          related: [{ at: lifespan.at, message: "the lifespan is given here" }],
          scope: handler?.id ?? app.name ?? "",
          discriminator: event.known ? event.value : "",
        }
      }
    }
  },
})

/** Certainly a lifespan: not `None` in some case, nor something not known. */
const isCertain = (value: Value): boolean =>
  options(value).every(
    (option) =>
      option.is === "function" || option.is === "instance" || (option.is === "external" && !/^(builtins|typing)\./.test(option.name)),
  )

/** Calls in a lifespan and in what it calls. */
function* callsIn(fn: Fn, seen = new Set<Fn>()): Generator<CallEvent> {
  if (seen.has(fn) || seen.size > 60) return
  seen.add(fn)
  for (const event of fn.events) {
    if (event.is !== "call") continue
    yield event
    if (event.fn) yield* callsIn(event.fn, seen)
  }
}

/** `app.router.startup()`, a loop over `app.router.on_startup`, or the app's former `lifespan_context`. */
const runsHandlers = ({ name = "", within }: CallEvent): boolean =>
  /\.(startup|shutdown|_startup|_shutdown|lifespan_context)$/.test(name) ||
  within.some((w) => w.is === "loop" && w.over?.is === "external" && /\.on_(startup|shutdown)$/.test(w.over.name))
