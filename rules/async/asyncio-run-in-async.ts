import { type CallEvent, type Callee, chainFinding, type Fn, type Project, quote, rule, shortName } from "#rule"

export default rule({
  summary: "A second event loop started on the thread of the first",
  why: `
\`asyncio.run\`, \`run_until_complete\` and their kin refuse to start while a loop runs on their thread, and all \`async def\`
functions run on one. The call raises \`RuntimeError\` whenever it is reached, so the route answers 500.
`,
  help: "Await the coroutine, and make the functions on the way to it `async def`",
  concern: "correctness",
  level: "error",
  docs: "https://docs.python.org/3/library/asyncio-runner.html#asyncio.run",
  equivalents: ["FASTT004"],
  exemptions: [
    "`def` routes and whatever runs in a thread: no loop runs there",
    "projects that apply `nest_asyncio`",
    "functions that ask first whether a loop is running",
    "scripts, commands and workers of a task queue",
  ],
  examples: [
    {
      bad: `
        import asyncio
        from fastapi import FastAPI

        app = FastAPI()

        async def fetch(key: str): ...

        def fetch_now(key: str):
            return asyncio.run(fetch(key))

        @app.get("/{key}")
        async def read(key: str):
            return fetch_now(key) # expect: \`asyncio.run\` cannot start a loop inside that of \`GET /{key}\`, through \`fetch_now\`
      `,
      good: `
        import asyncio
        from fastapi import FastAPI

        app = FastAPI()

        async def fetch(key: str): ...

        @app.get("/{key}")
        async def read(key: str):
            return await fetch(key)

        @app.get("/{key}/in-a-thread")
        def read_in_a_thread(key: str):
            return asyncio.run(fetch(key))
      `,
    },
  ],

  *project(project) {
    if (nests(project)) return
    const careful = new Map<Fn, boolean>()
    const sinks = project.bodies.blocking.filter(({ event }) => event.callees.some((callee) => starts(event, callee)))
    if (sinks.length === 0) return
    const chainOf = project.reach.chains(starts, () => 0, sinks)
    for (const fn of project.functions) {
      if (!fn.async || fn.role !== "app") continue
      const running = project.reach.running(fn)
      if (running !== "request" && running !== "background") continue
      for (const event of fn.events) {
        const chain = event.is === "call" ? chainOf(event) : undefined
        if (!chain || event.is !== "call") continue
        const all = [{ in: fn, event }, ...chain.calls]
        if (all.some((call) => looksFirst(call.in, careful) || call.event.within.some(({ is }) => is === "handler"))) continue
        yield chainFinding(project, all, chain.sink, (where) => `${quote(chain.sink)} cannot start a loop inside that of ${where}`)
      }
    }
  },
})

const starts = (event: CallEvent, { blocks }: Callee): string | undefined =>
  blocks?.kind === "loop" && !event.awaited ? shortName(blocks.name) : undefined

/** A patch that lets loops nest. */
const nests = ({ modules }: Project): boolean => [...modules.values()].some(({ mentions }) => mentions.includes("nest_asyncio"))

const ASKS = /(get_running_loop|is_running|current_async_library|get_event_loop)$/

/** Does it ask whether a loop is running, or run things in a thread that it makes itself? */
function looksFirst(fn: Fn, known: Map<Fn, boolean>): boolean {
  let answer = known.get(fn)
  answer ??= fn.events.some(
    (event) => event.is === "call" && (ASKS.test(event.name ?? "") || /Thread(PoolExecutor)?$/.test(event.name ?? "")),
  )
  known.set(fn, answer)
  return answer
}
