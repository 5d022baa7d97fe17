import {
  type AsyncFunctionDef,
  type CallEvent,
  type Expr,
  type Finding,
  type Fn,
  type FunctionDef,
  type Node,
  PlaceMap,
  type PyFile,
  quote,
  rule,
  type Span,
} from "#rule"

export default rule({
  summary: "A task that nobody holds on to",
  why: `
The event loop keeps only weak references to its tasks. A task whose result of \`create_task\` is dropped may be collected
as garbage in the middle of its work, and an exception in it is seen by no one.
`,
  help: "Keep the task in a set until it is done, await it, or run it in an `asyncio.TaskGroup`",
  concern: "correctness",
  level: "warning",
  docs: "https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task",
  equivalents: ["RUF006", "ASYNC300", "S7502"],
  exemptions: [
    "tasks of a task group, which holds them",
    "a task that is kept, returned, awaited, or handed to another function",
    "a task in a local name of a generator, such as a lifespan, or of a loop that never ends: the name lives as long",
  ],
  files: { words: ["create_task", "ensure_future"] },
  examples: [
    {
      bad: `
        import asyncio
        from fastapi import FastAPI

        app = FastAPI()

        async def send_receipt(order_id: int): ...

        @app.post("/orders/{order_id}/pay")
        async def pay(order_id: int):
            asyncio.create_task(send_receipt(order_id)) # expect: Nothing holds the task of \`send_receipt\`
            return {"paid": order_id}
      `,
      good: `
        import asyncio
        from fastapi import FastAPI

        app = FastAPI()
        tasks = set()

        async def send_receipt(order_id: int): ...

        @app.post("/orders/{order_id}/pay")
        async def pay(order_id: int):
            task = asyncio.create_task(send_receipt(order_id))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            return {"paid": order_id}
      `,
    },
  ],

  notes(file) {
    const unread = file.all("FunctionDef", "AsyncFunctionDef").flatMap((node) => unreadTasks(node, file))
    return unread.length > 0 ? unread : undefined
  },

  *project(project, _options, notes: { path: string; notes: Unread[] }[]) {
    const unread = new PlaceMap<string>()
    for (const { path, notes: all } of notes) for (const { start, name } of all) unread.set(path, start, name)
    for (const { in: fn, event } of project.bodies.callsOf(MAKERS)) {
      if (fn.role !== "app" || event.awaited) continue
      const name = unread.at(event.at)
      if (event.dropped || name !== undefined) yield finding(event, fn, name)
    }
  },
})

const MAKERS = new Set(["asyncio.create_task", "asyncio.ensure_future", "asyncio.AbstractEventLoop().create_task"])

function finding(event: CallEvent, fn: Fn, name: string | undefined): Finding {
  const coroutine = coroutineOf(event, fn)
  const what = coroutine ? `the task of ${quote(coroutine)}` : "this task"
  return {
    at: event.at,
    message:
      name === undefined
        ? `Nothing holds ${what} while it runs`
        : `${quote(name)} is never read, so nothing holds ${what} once ${quote(fn.name)} returns`,
    scope: fn.id,
    discriminator: coroutine ?? "",
  }
}

/** The function whose coroutine the task runs: the call inside the call. */
function coroutineOf({ at, func }: CallEvent, fn: Fn): string | undefined {
  const inner = fn.events.find(
    (event) => event.is === "call" && event.at.path === at.path && event.at.start > func.end && event.at.end < at.end,
  )
  return inner?.is === "call" ? inner.fn?.name : undefined
}

// ---------------------------------------------------------------------------- names that are never read

interface Unread {
  name: string
  /** Where the call that is assigned to the name begins. */
  start: number
}

type Def = FunctionDef | AsyncFunctionDef

/** `task = something.create_task(...)` in a function that does not mention `task` again and ends. */
function unreadTasks(def: Def, file: PyFile): Unread[] {
  const assigned = new Map<string, Span>()
  const counts = new Map<string, number>()
  const inside = new Set([...file.walk(def, { nested: false })])
  for (const node of file.walk(def)) {
    if (node.kind === "Name") counts.set(node.id, (counts.get(node.id) ?? 0) + 1)
    if (node.kind === "Global" || node.kind === "Nonlocal") for (const name of node.names) counts.set(name, 2)
    if (!inside.has(node)) continue
    if (node.kind === "Yield" || node.kind === "YieldFrom" || isEndless(node)) return []
    const [target] = node.kind === "Assign" ? node.targets : []
    if (node.kind === "Assign" && node.targets.length === 1 && target?.kind === "Name" && isTask(node.value))
      assigned.set(target.id, node.value)
  }
  return [...assigned].flatMap(([name, { start }]) => (counts.get(name) === 1 ? [{ name, start }] : []))
}

const isEndless = (node: Node): boolean => node.kind === "While" && node.test.kind === "Constant" && node.test.value === true

const isTask = (value: Expr): boolean =>
  value.kind === "Call" &&
  ((value.func.kind === "Attribute" && /^(create_task|ensure_future)$/.test(value.func.attr)) ||
    (value.func.kind === "Name" && /^(create_task|ensure_future)$/.test(value.func.id)))
