import {
  type Blocks,
  type CallEvent,
  type Callee,
  type Chain,
  type Finding,
  type Fix,
  type Fn,
  gathered,
  list,
  option,
  type Project,
  plural,
  quote,
  routeNames,
  rule,
  type Step,
  shortName,
  waits,
} from "#rule"

export default rule({
  summary: "A call that blocks the event loop",
  why: `
All \`async def\` functions of a server share one thread. A call that waits there for a network, a database or a disk, or
that computes for long, stops every other request of the process until it returns, health checks included. FastAPI runs
\`def\` routes and dependencies in a pool of threads, where such calls do no harm.
`,
  help: "Await an asynchronous client, hand the call to `run_in_threadpool`, or make the route `def`",
  concern: "performance",
  level: "error",
  docs: "https://fastapi.tiangolo.com/async/",
  equivalents: [
    "ASYNC210",
    "ASYNC212",
    "ASYNC220",
    "ASYNC221",
    "ASYNC222",
    "ASYNC230",
    "ASYNC240",
    "ASYNC250",
    "ASYNC251",
    "S7487",
    "S7488",
    "S7499",
  ],
  exemptions: [
    "what runs in a thread: `def` routes and dependencies, `run_in_threadpool`, `asyncio.to_thread`, executors, `def` background tasks",
    "start-up and shutdown, when nobody is waiting yet",
    "workers of a task queue, commands, scripts and tests",
    "calls that are cheap as a rule, such as `Path.exists` and `os.makedirs`",
  ],
  options: {
    "extra-blocking": option.strings({ default: [], says: "More calls that block, as dotted names in which `*` stands for anything" }),
    allow: option.strings({ default: [], says: "Calls that are fine, as dotted names in which `*` stands for anything" }),
    "cheap-calls": option.flag({ default: false, says: "Report calls that are cheap as a rule too" }),
  },
  examples: [
    {
      bad: `
        import requests
        from fastapi import FastAPI

        app = FastAPI()

        def fetch_json(url: str):
            return requests.get(url, timeout=5).json()

        def load(user_id: int):
            return fetch_json(f"https://profiles.example.com/{user_id}")

        @app.get("/users/{user_id}/profile")
        async def read_profile(user_id: int):
            return load(user_id) # expect: \`requests.get\` runs on the event loop of \`GET /users/{user_id}/profile\`, through \`load\` and \`fetch_json\`
      `,
      good: `
        import httpx
        from fastapi import FastAPI

        app = FastAPI()
        client = httpx.AsyncClient(timeout=5)

        @app.get("/users/{user_id}/profile")
        async def read_profile(user_id: int):
            response = await client.get(f"https://profiles.example.com/{user_id}")
            return response.json()
      `,
    },
    {
      bad: `
        import asyncio
        import time
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/jobs/{job_id}/retry")
        async def retry(job_id: int):
            time.sleep(2) # expect: \`time.sleep\` runs on the event loop of \`POST /jobs/{job_id}/retry\`
            await asyncio.sleep(0)
      `,
      good: `
        import time
        from fastapi import FastAPI
        from fastapi.concurrency import run_in_threadpool

        app = FastAPI()

        @app.post("/jobs/{job_id}/retry")
        async def retry(job_id: int):
            await run_in_threadpool(time.sleep, 2)

        @app.post("/jobs/{job_id}/retry-in-a-thread")
        def retry_in_a_thread(job_id: int):
            time.sleep(2)
      `,
      fixed: `
        import asyncio
        import time
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/jobs/{job_id}/retry")
        async def retry(job_id: int):
            await asyncio.sleep(2)
            await asyncio.sleep(0)
      `,
    },
  ],

  *project(project, options) {
    yield* gathered(
      findings(project, options),
      (count, { message }) => `${message}; ${plural(count - 1, "other call")} of this file ${count === 2 ? "blocks" : "block"} it, too`,
      { few: Number.POSITIVE_INFINITY, flood: FLOOD },
    )
  },
})

interface Settings {
  "extra-blocking": readonly string[]
  allow: readonly string[]
  "cheap-calls": boolean
}

/** From here on a project does so on principle, a synchronous session in `async def` most often, and every file is told once. */
const FLOOD = 300

function* findings(project: Project, options: Settings): Generator<Finding> {
  const extra = namesLike(options["extra-blocking"])
  const allowed = namesLike(options.allow)
  const sinkOf = (event: CallEvent, { name, blocks }: Callee): Blocks | undefined => {
    if (name === undefined || event.awaited || allowed(name) || (blocks && allowed(blocks.name))) return undefined
    if (extra(name)) return { name, kind: "service", instead: "", certain: true, source: "" }
    return blocks && blocks.kind !== "loop" && (blocks.certain || options["cheap-calls"]) ? blocks : undefined
  }
  // What the options add may have any name; else only what is known to block is a sink.
  const sinks = options["extra-blocking"].length > 0 ? undefined : project.bodies.blocking
  const chainOf = project.reach.chains(sinkOf, ({ kind }) => (waits(kind) ? 0 : 1), sinks)
  for (const fn of project.functions) {
    if (!fn.async || fn.role !== "app") continue
    const isServing = servesRequests(fn, project)
    let opens = false
    for (const event of fn.events) {
      const chain = event.is === "call" && chainOf(event)
      if (!chain || writesLog(chain) || readsOnce(chain) || !isServing(chain.sink.kind)) continue
      // One word about a file that is opened, read and closed.
      if (opens && chain.calls.length === 0 && chain.sink.name.startsWith("builtins.open()")) continue
      opens ||= chain.calls.length === 0 && chain.sink.name === "builtins.open"
      yield finding(project, fn, event, chain)
    }
  }
}

/**
 * Does it run on a loop that serves requests? A coroutine that nothing in sight calls may: a framework calls it, or a subclass.
 * Reading a file is not worth that doubt, except where no route is in sight at all.
 */
function servesRequests(fn: Fn, { reach, routes }: Project): (kind: Blocks["kind"]) => boolean {
  const running = reach.running(fn)
  if (running === "request" || running === "background") return () => true
  // Of a command that nothing in sight calls, a framework for commands is the caller.
  if (running !== "unknown" || /(^|\/)(cli|commands?|management)(\/|\.py$)/.test(fn.path)) return () => false
  return (kind) => routes.length === 0 || (kind !== "file" && kind !== "archive")
}

/** Building a logger opens its file once. */
const writesLog = ({ calls, sink }: Chain<Blocks>): boolean =>
  sink.kind === "file" && calls.some((call) => /logg(er|ing)/i.test(call.in.name))

/** What is cached by the name of a file, and what is read when something is made on first use: `if name not in services: create(...)`. */
const readsOnce = ({ calls, sink }: Chain<Blocks>): boolean =>
  sink.kind === "file" &&
  calls.some(
    ({ in: fn, event }, i) =>
      fn.decorators.some(({ name }) => /^functools\.(lru_cache|cache)$/.test(name ?? "")) ||
      (event.within.some(({ is }) => is === "branch") && /^_*(create|discover|init|make)/.test(calls[i + 1]?.in.name ?? "")),
  )

/** A function as a message names it; building an object is told by its class. */
const nameOf = ({ name, owner }: Fn): string => quote(name === "__init__" && owner ? owner.def.name : name)

function finding(project: Project, fn: Fn, event: CallEvent, { calls, sink }: Chain<Blocks>): Finding {
  const routes = project.reach.routesTo(fn)
  const name = quote(shortName(sink.name))
  const where = routeNames(routes) ?? quote(fn.name)
  const through = calls.length > 0 ? `, through ${list(namesOn(calls))}` : ""
  const fix = sleepFix(project, event, sink)
  return {
    at: event.at,
    message: `${name} runs on the event loop of ${where}${through}`,
    level: waits(sink.kind) ? "error" : "warning",
    ...(calls.length > 0 && { trace: steps(fn, event, calls, name) }),
    ...(sink.instead && { help: helpFor(sink, calls.length === 0) }),
    routes,
    scope: fn.id,
    discriminator: sink.name,
    ...(fix && { fix }),
  }
}

/** The trace tells all of a long way; the message only how it begins. */
function namesOn(calls: Chain<Blocks>["calls"]): string[] {
  const names = calls.map((call) => nameOf(call.in))
  return names.length <= 3 ? names : [...names.slice(0, 2), plural(names.length - 2, "more call")]
}

function steps(fn: Fn, event: CallEvent, calls: Chain<Blocks>["calls"], sink: string): Step[] {
  const all = [{ in: fn, event }, ...calls]
  return all.map(({ in: caller, event }, i) => {
    const next = all[i + 1]
    return { at: event.at, message: next ? `calls ${nameOf(next.in)}` : `calls ${sink}, which blocks`, symbol: caller.name }
  })
}

function helpFor({ instead }: Blocks, isDirect: boolean): string {
  const thread = isDirect ? "hand this call to `run_in_threadpool`" : "hand the outermost call to `run_in_threadpool`"
  return /to_thread|in a thread|^a def/.test(instead)
    ? `${thread[0]?.toUpperCase()}${thread.slice(1)}, or make the route \`def\``
    : `Use ${instead.startsWith("await ") ? quote(instead) : instead}, ${thread}, or make the route \`def\``
}

/** `time.sleep(n)` as a statement becomes `await asyncio.sleep(n)`, where the module knows `asyncio`. */
function sleepFix(project: Project, event: CallEvent, sink: Blocks): Fix | undefined {
  if (sink.name !== "time.sleep" || event.name !== "time.sleep" || !event.dropped) return undefined
  const module = project.player.load(event.at.path)?.own("asyncio")
  if (module?.is !== "external" || module.name !== "asyncio") return undefined
  return { title: "Await `asyncio.sleep`", safety: "unsafe", edits: [{ ...event.func, text: "await asyncio.sleep" }] }
}

/** Does a qualified name fit one of these patterns? Calls on the way to it do not count: `sdk.Client().get` fits `sdk.Client.*`. */
function namesLike(patterns: readonly string[]): (name: string) => boolean {
  const all = patterns.map((pattern) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`))
  return (name) => all.some((pattern) => pattern.test(name.replaceAll("()", "")))
}
