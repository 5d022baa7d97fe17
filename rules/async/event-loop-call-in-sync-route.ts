import { type CallEvent, type Callee, chainFinding, type Fn, quote, rule, shortName } from "#rule"

export default rule({
  summary: "The event loop asked for where none runs",
  why: `
FastAPI runs \`def\` routes and dependencies in a thread, and in that thread no event loop runs. \`asyncio.create_task\` and
\`get_running_loop\` raise \`RuntimeError\` there, each time, so the route answers 500.
`,
  help: "Make the route or dependency `async def`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/async/",
  equivalents: [],
  exemptions: [
    "`run_coroutine_threadsafe` and `anyio.from_thread`, which are made for this",
    "calls in a `try` that catches the `RuntimeError`",
    "functions that are called from `async def` code only",
  ],
  examples: [
    {
      bad: `
        import asyncio
        from fastapi import FastAPI

        app = FastAPI()
        tasks = set()

        async def send_receipt(order_id: int): ...

        def later(coroutine):
            task = asyncio.create_task(coroutine)
            tasks.add(task)

        @app.post("/orders/{order_id}/pay")
        def pay(order_id: int):
            later(send_receipt(order_id)) # expect: \`asyncio.create_task\` finds no running loop in the thread of \`POST /orders/{order_id}/pay\`, through \`later\`
            return {"paid": order_id}
      `,
      good: `
        from fastapi import BackgroundTasks, FastAPI

        app = FastAPI()

        async def send_receipt(order_id: int): ...

        @app.post("/orders/{order_id}/pay")
        def pay(order_id: int, tasks: BackgroundTasks):
            tasks.add_task(send_receipt, order_id)
            return {"paid": order_id}
      `,
    },
  ],

  *project(project) {
    const inThreads = new Set<Fn>()
    for (const route of project.routes) {
      if (route.kind === "api" && route.endpoint && !route.endpoint.async) inThreads.add(route.endpoint)
      for (const { call } of route.dependencies) if (call && !call.async) inThreads.add(call)
    }
    const chainOf = project.reach.chains(asks, () => 0, project.bodies.callsPerhapsOf(NEEDS))
    for (const fn of inThreads) {
      if (fn.role !== "app") continue
      for (const event of fn.events) {
        const chain = event.is === "call" ? chainOf(event) : undefined
        if (!chain || event.is !== "call") continue
        const all = [{ in: fn, event }, ...chain.calls]
        if (all.some((call) => isCaught(call.event))) continue
        yield chainFinding(project, all, chain.sink, (where) => `${quote(chain.sink)} finds no running loop in the thread of ${where}`)
      }
    }
  },
})

/** What raises without a running loop. */
const NEEDS = new Set(["asyncio.create_task", "asyncio.get_running_loop", "asyncio.current_task", "asyncio.all_tasks", "asyncio.timeout"])

const asks = (_event: CallEvent, { name }: Callee): string | undefined =>
  name !== undefined && NEEDS.has(name) ? shortName(name) : undefined

const isCaught = ({ within }: CallEvent): boolean =>
  within.some(
    (around) =>
      around.is === "handler" ||
      (around.is === "try" &&
        around.handlers.some(
          ({ types }) =>
            types.length === 0 ||
            types.some((type) => type.is !== "external" || /^builtins\.(RuntimeError|Exception|BaseException)$/.test(type.name)),
        )),
  )
