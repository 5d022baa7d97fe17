/**
 * Calls that take a function and run it somewhere else: in a thread, in another process, or later.
 * What is handed to them does not hold the event loop, unless they say `loop`.
 */
import { remembered } from "./remembered.ts"
import { asBase, settle } from "./results.ts"
import { type Row, table } from "./table.ts"

/** Where a function runs that was handed over, and how to read it from the call. */
export interface Offload {
  /**
   * `thread`, `process`, `worker` (a task queue's own process), `greenlet` (SQLAlchemy's bridge, where synchronous
   * database calls are awaited), `loop` (later, on the loop it is handed to), `task` (FastAPI's background tasks
   * and what chooses likewise: `async def` runs on the loop, `def` in a thread), `wrapped` (nothing runs; what
   * comes back is awaited, and runs in a thread when called).
   */
  to: "thread" | "process" | "worker" | "greenlet" | "loop" | "task" | "wrapped"
  /** Position of the function among the positional arguments; `self` when it is what the method is called on. */
  callable: number | "self"
  /** The keyword it may be given by. */
  keyword?: string
  /** The function's own arguments: those that follow (`rest`), or the keywords that hold them. */
  passes: "rest" | "keywords" | "none"
  /** True when the call itself waits for the function to end without an `await`. */
  blocks?: true
  source: string
}

const PY = "https://docs.python.org/3/library/"
const STARLETTE = "https://www.starlette.io/threadpool/"
const FUTURES = `${PY}concurrent.futures.html#executor-objects`

/** Every row, for the script that checks them. */
export const offloads: readonly Row<Offload>[] = [
  ["starlette.concurrency.run_in_threadpool", { to: "thread", callable: 0, keyword: "func", passes: "rest", source: STARLETTE }],
  ["starlette.concurrency.iterate_in_threadpool", { to: "thread", callable: 0, keyword: "iterator", passes: "none", source: STARLETTE }],
  ["fastapi.concurrency.contextmanager_in_threadpool", { to: "thread", callable: 0, keyword: "cm", passes: "none", source: STARLETTE }],
  ["asyncio.to_thread", { to: "thread", callable: 0, keyword: "func", passes: "rest", source: `${PY}asyncio-task.html#asyncio.to_thread` }],
  [
    "asyncio.AbstractEventLoop().run_in_executor",
    { to: "thread", callable: 1, keyword: "func", passes: "rest", source: `${PY}asyncio-eventloop.html#asyncio.loop.run_in_executor` },
  ],
  [
    "asyncio.AbstractEventLoop().{call_soon,call_soon_threadsafe}",
    { to: "loop", callable: 0, keyword: "callback", passes: "rest", source: `${PY}asyncio-eventloop.html#scheduling-callbacks` },
  ],
  [
    "asyncio.AbstractEventLoop().{call_later,call_at}",
    { to: "loop", callable: 1, keyword: "callback", passes: "rest", source: `${PY}asyncio-eventloop.html#scheduling-delayed-callbacks` },
  ],
  [
    "anyio.to_thread.run_sync",
    { to: "thread", callable: 0, keyword: "func", passes: "rest", source: "https://anyio.readthedocs.io/en/stable/threads.html" },
  ],
  [
    "anyio.to_process.run_sync",
    { to: "process", callable: 0, keyword: "func", passes: "rest", source: "https://anyio.readthedocs.io/en/stable/subprocesses.html" },
  ],
  [
    "anyio.from_thread.{run,run_sync}",
    { to: "loop", callable: 0, keyword: "func", passes: "rest", source: "https://anyio.readthedocs.io/en/stable/threads.html" },
  ],
  [
    "trio.to_thread.run_sync",
    {
      to: "thread",
      callable: 0,
      keyword: "sync_fn",
      passes: "rest",
      source: "https://trio.readthedocs.io/en/stable/reference-core.html#trio.to_thread.run_sync",
    },
  ],
  [
    "asgiref.sync.sync_to_async",
    { to: "wrapped", callable: 0, keyword: "func", passes: "none", source: "https://github.com/django/asgiref#function-wrappers" },
  ],
  [
    "asyncer.asyncify",
    { to: "wrapped", callable: 0, keyword: "function", passes: "none", source: "https://asyncer.tiangolo.com/tutorial/asyncify/" },
  ],
  [
    "sqlalchemy.util.greenlet_spawn",
    { to: "greenlet", callable: 0, keyword: "fn", passes: "rest", source: "https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html" },
  ],
  [
    "sqlalchemy.ext.asyncio.{AsyncSession,AsyncConnection}().run_sync",
    {
      to: "greenlet",
      callable: 0,
      keyword: "fn",
      passes: "rest",
      source: "https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#running-synchronous-methods-and-functions-under-asyncio",
    },
  ],
  ["concurrent.futures.{ThreadPoolExecutor,Executor}().submit", { to: "thread", callable: 0, passes: "rest", source: FUTURES }],
  ["concurrent.futures.ProcessPoolExecutor().submit", { to: "process", callable: 0, passes: "rest", source: FUTURES }],
  ["concurrent.futures.{ThreadPoolExecutor,Executor}().map", { to: "thread", callable: 0, passes: "none", source: FUTURES }],
  ["concurrent.futures.ProcessPoolExecutor().map", { to: "process", callable: 0, passes: "none", source: FUTURES }],
  ["threading.Thread", { to: "thread", callable: 1, keyword: "target", passes: "keywords", source: `${PY}threading.html#thread-objects` }],
  ["threading.Timer", { to: "thread", callable: 1, keyword: "function", passes: "keywords", source: `${PY}threading.html#timer-objects` }],
  [
    "multiprocessing.Process",
    { to: "process", callable: 1, keyword: "target", passes: "keywords", source: `${PY}multiprocessing.html#multiprocessing.Process` },
  ],
  [
    "multiprocessing.Pool().{map,starmap}",
    {
      to: "process",
      callable: 0,
      keyword: "func",
      passes: "none",
      blocks: true,
      source: `${PY}multiprocessing.html#multiprocessing.pool.Pool`,
    },
  ],
  [
    "multiprocessing.Pool().apply",
    {
      to: "process",
      callable: 0,
      keyword: "func",
      passes: "keywords",
      blocks: true,
      source: `${PY}multiprocessing.html#multiprocessing.pool.Pool`,
    },
  ],
  [
    "multiprocessing.Pool().{apply_async,map_async,starmap_async,imap,imap_unordered}",
    { to: "process", callable: 0, keyword: "func", passes: "none", source: `${PY}multiprocessing.html#multiprocessing.pool.Pool` },
  ],
  [
    "starlette.background.BackgroundTasks().add_task",
    { to: "task", callable: 0, keyword: "func", passes: "rest", source: "https://fastapi.tiangolo.com/tutorial/background-tasks/" },
  ],
  [
    "starlette.background.BackgroundTask",
    { to: "task", callable: 0, keyword: "func", passes: "rest", source: "https://www.starlette.io/background/" },
  ],
  ["rq.Queue().enqueue", { to: "worker", callable: 0, keyword: "f", passes: "rest", source: "https://python-rq.org/docs/" }],
  [
    "{celery.Celery().task,celery.shared_task}().{delay,apply_async}",
    { to: "worker", callable: "self", passes: "rest", source: "https://docs.celeryq.dev/en/stable/userguide/calling.html" },
  ],
  [
    "dramatiq.actor().{send,send_with_options}",
    { to: "worker", callable: "self", passes: "rest", source: "https://dramatiq.io/guide.html" },
  ],
]

const find = table(offloads)

/** How this call hands a function over; undefined where it does not. The callee's name, without its own `()`. */
export const offload = remembered((name): Offload | undefined => {
  const dot = name.lastIndexOf(".")
  const whole = dot < 0 ? name : settle(name.slice(0, dot)) + name.slice(dot)
  for (const spelling of asBase(settle(whole))) {
    const found = find(spelling)
    if (found) return found
  }
  return undefined
})

/** Decorators that make a function a task of a queue, so that a worker runs its body. */
export const taskDecorators: readonly string[] = [
  "celery.shared_task",
  "celery.Celery().task",
  "dramatiq.actor",
  "rq.decorators.job",
  "huey.Huey().task",
  "huey.RedisHuey().task",
  "huey.SqliteHuey().task",
  "taskiq.AsyncBroker().task",
  "procrastinate.App().task",
]

/** Is this external the decorator of a task queue, called (`@app.task(bind=True)`) or not? */
export function isTaskDecorator(name: string): boolean {
  const plain = settle(name.endsWith("()") ? name.slice(0, -2) : name)
  return taskDecorators.includes(plain)
}

/** Methods of a task that send it to a worker instead of running it. */
export const sendsTask: ReadonlySet<string> = new Set([
  "delay",
  "apply_async",
  "send",
  "send_with_options",
  "kiq",
  "defer",
  "defer_async",
  "enqueue",
])
