import {
  type App,
  type CallEvent,
  type Fn,
  type Mounted,
  options,
  type Place,
  type Project,
  quote,
  type Router,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A mounted app whose lifespan never runs",
  why: `
The server starts the outermost app, and only that one. The lifespan and the start-up handlers of a mounted app are never
called (those of an included router are): the pool that it was to open is missing at the first request.
`,
  help: "Enter it in the outer lifespan: `async with child.router.lifespan_context(child):`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/events/#sub-applications",
  equivalents: [],
  exemptions: ["the outer lifespan enters the inner one, or is the same function", "an outer lifespan that is not known"],
  examples: [
    {
      bad: `
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        @asynccontextmanager
        async def open_pool(app: FastAPI):
            app.state.pool = object()
            yield

        reports = FastAPI(lifespan=open_pool)
        app = FastAPI()
        app.mount("/reports", reports) # expect: \`open_pool\` never runs
      `,
      good: `
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        @asynccontextmanager
        async def open_pool(app: FastAPI):
            app.state.pool = object()
            yield

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            async with reports.router.lifespan_context(reports):
                yield

        reports = FastAPI(lifespan=open_pool)
        app = FastAPI(lifespan=lifespan)
        app.mount("/reports", reports)
      `,
    },
  ],

  *project(project) {
    for (const app of project.apps) {
      for (const mount of app.served) {
        if (mount.kind !== "mount" || !mount.app || mount.app === app || project.role(mount.at.path) !== "app") continue
        const lost = lostBy(project, mount.app)
        if (!lost || mayRun(project, app, mount.app)) continue
        yield {
          at: mount.at,
          message: `${quote(lost.name)} never runs: this mounts the app, and the server starts the outer app only`,
          related: [{ at: lost.at, message: "it is given here" }],
          scope: app.name ?? "",
          discriminator: pathOf(mount),
        }
      }
    }
  },
})

const pathOf = ({ path }: Mounted): string => (path.known ? path.value : "")

/** What an app would do at its start, if it were started. */
function lostBy(project: Project, { lifespan, events }: App): { name: string; at: Place } | undefined {
  if (lifespan)
    return isFunction(lifespan.value) ? { name: project.functionOf(lifespan.value)?.name ?? "lifespan", at: lifespan.at } : undefined
  const event = events.find(({ handler }) => handler)
  return event?.handler && { name: event.handler.name, at: event.at }
}

const isFunction = (value: Value): boolean => options(value).every((option) => option.is === "function")

/** May the start of the outer app run that of the inner one? */
function mayRun(project: Project, outer: Router & App, inner: App): boolean {
  const { lifespan } = outer
  const starts = outer.events.flatMap(({ handler }) => handler ?? [])
  if (lifespan) {
    const fn = project.functionOf(lifespan.value)
    if (!fn || !isFunction(lifespan.value)) return true
    starts.push(fn)
  }
  const wanted = new Set([
    ...(inner.lifespan ? [project.functionOf(inner.lifespan.value)] : []),
    ...inner.events.map(({ handler }) => handler),
  ])
  if (starts.some((fn) => wanted.has(fn))) return true
  return starts.some((fn) => [...callsIn(fn)].some((call) => startsAnother(call) || (call.fn && wanted.has(call.fn))))
}

/** `child.router.lifespan_context(child)`, `child.router.startup()`, or a call that is not known at all. */
const startsAnother = ({ name, fn }: CallEvent): boolean =>
  name === undefined ? fn === undefined : /\.(lifespan_context|lifespan|_?startup)$/.test(name)

/** Calls in a start-up handler and in what it calls. */
function* callsIn(fn: Fn, seen = new Set<Fn>()): Generator<CallEvent> {
  if (seen.has(fn) || seen.size > 60) return
  seen.add(fn)
  for (const event of fn.events) {
    if (event.is !== "call") continue
    yield event
    if (event.fn) yield* callsIn(event.fn, seen)
  }
}
