import {
  type App,
  type CallEvent,
  type Finding,
  type Fn,
  options,
  type Place,
  type Project,
  quote,
  routerOf,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A test client that never starts the app",
  why: `
\`TestClient(app)\` runs the app's lifespan only as a context manager, and \`AsyncClient\` never does. Without it what start-up
makes is missing: the first route that asks for \`app.state.db\` fails with an AttributeError, or the test passes because it
replaced everything that would have shown whether start-up works.
`,
  help: "Enter it: `with TestClient(app) as client: yield client`",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/testing-events/",
  equivalents: [],
  exemptions: [
    "apps whose start-up leaves nothing that other code reads: it only logs, or checks",
    "clients that are entered later, and apps that are not known",
    "overridden dependencies and tests that put the state there themselves",
  ],
  examples: [
    {
      bad: `
        # file: app/main.py
        from contextlib import asynccontextmanager
        from fastapi import FastAPI, Request

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            app.state.prices = {"tea": 3}
            yield

        app = FastAPI(lifespan=lifespan)

        @app.get("/prices/{name}")
        def read_price(name: str, request: Request) -> int:
            return request.app.state.prices[name]

        # file: tests/test_prices.py
        from fastapi.testclient import TestClient
        from app.main import app

        def test_price():
            client = TestClient(app) # expect: The lifespan of \`app.main:app\` does not run, so \`state.prices\` is missing
            assert client.get("/prices/tea").json() == 3
      `,
      good: `
        # file: app/main.py
        from contextlib import asynccontextmanager
        from fastapi import FastAPI, Request

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            app.state.prices = {"tea": 3}
            yield

        app = FastAPI(lifespan=lifespan)

        @app.get("/prices/{name}")
        def read_price(name: str, request: Request) -> int:
            return request.app.state.prices[name]

        # file: tests/test_prices.py
        from fastapi.testclient import TestClient
        from app.main import app

        def test_price():
            with TestClient(app) as client:
                assert client.get("/prices/tea").json() == 3
      `,
    },
  ],

  notes: (file) =>
    file.text.includes("state.")
      ? { puts: statesIn(file.text, PUTS), reads: statesIn(file.text, READS), isTest: file.role === "test" }
      : undefined,

  *project(project, _, notes: { path: string; notes: States }[]) {
    const told = new Set<string>()
    // Every test may have a client of its own, of one app.
    const missingIn = new Map<App, string | undefined>()
    for (const { client, app, at } of clients(project)) {
      if (!missingIn.has(app)) missingIn.set(app, missingState(project, app, notes))
      const missing = missingIn.get(app)
      if (missing === undefined || told.has(at.path)) continue
      told.add(at.path)
      yield {
        at,
        message: `The lifespan of ${quote(app.name ?? "the app")} does not run, so ${quote(`state.${missing}`)} is missing`,
        ...(client === "AsyncClient" && {
          help: "Wrap the app: `async with LifespanManager(app) as manager`, with `ASGITransport(app=manager.app)`",
        }),
        ...(app.lifespan && { related: [{ at: app.lifespan.at, message: "is what would run" }] }),
        scope: at.path,
      } satisfies Finding
    }
  },
})

interface States {
  puts: string[]
  reads: string[]
  isTest: boolean
}

const PUTS = /\bstate\.(\w+)\s*(?::[^=\n]+)?=(?!=)/g
const READS = /\bstate\.(\w+)(?!\w|\s*(?::[^=\n]+)?=(?!=))/g

const statesIn = (text: string, pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map((found) => found[1] as string))]

/** What start-up puts on `app.state`, other code of the app reads, and no test puts there. */
function missingState(project: Project, app: App, notes: { path: string; notes: States }[]): string | undefined {
  const starting = startUp(project, app)
  const put = new Set(
    starting
      .flatMap((fn) => notes.find(({ path }) => path === fn.path)?.notes.puts ?? [])
      .filter((name) => starting.some((fn) => mentions(fn, name))),
  )
  const read = new Set(notes.filter(({ notes: own }) => !own.isTest).flatMap(({ notes: own }) => own.reads))
  const given = new Set(notes.filter(({ notes: own }) => own.isTest).flatMap(({ notes: own }) => own.puts))
  return [...put].find((name) => read.has(name) && !given.has(name))
}

function startUp(project: Project, app: App): Fn[] {
  const lifespan = app.lifespan ? options(app.lifespan.value).flatMap((value) => project.functionOf(unwrapped(value)) ?? []) : []
  return [
    ...lifespan,
    ...app.events.flatMap(({ event, handler }) => (handler && event.known && event.value === "startup" ? [handler] : [])),
  ]
}

/** The generator behind `@asynccontextmanager`. */
const unwrapped = (value: Value): Value => (value.is === "external" && value.built?.positional[0] ? value.built.positional[0] : value)

const mentions = (fn: Fn, name: string): boolean => JSON.stringify(fn.value.def.body).includes(`"attr":"${name}"`)

// ---------------------------------------------------------------------------- clients

interface Client {
  client: "TestClient" | "AsyncClient"
  app: App
  at: Place
}

function* clients(project: Project): Generator<Client> {
  const managed = [...project.modules.values()].some((module) => module.mentions.includes("LifespanManager"))
  for (const { in: fn, event } of project.bodies.callsOf((name) => TEST_CLIENT.test(name) || TRANSPORT.test(name))) {
    if (fn.role !== "test" || event.entered) continue
    const app = appOf(event, managed)
    if (app && !isEnteredLater(fn, event))
      yield { client: event.name?.startsWith("httpx") ? "AsyncClient" : "TestClient", app, at: event.at }
  }
  for (const call of project.calls) {
    if (project.role(call.at.path) !== "test" || call.name !== "starlette.testclient.TestClient") continue
    const app = routingOf(call.positional[0] ?? call.keywords.get("app"))
    if (app && !mayBeEntered(project, call.at.path)) yield { client: "TestClient", app, at: call.at }
  }
}

const TEST_CLIENT = /^starlette\.testclient\.TestClient(?:\(\)\.__init__)?$/
const TRANSPORT = /^httpx\.ASGITransport(?:\(\)\.__init__)?$/

function appOf({ name, positional, keywords }: CallEvent, managed: boolean): App | undefined {
  if (name === undefined) return undefined
  if (TEST_CLIENT.test(name)) return routingOf(positional[0] ?? keywords.get("app"))
  if (managed || !TRANSPORT.test(name)) return undefined
  return routingOf(keywords.get("app") ?? positional[0])
}

function routingOf(value: Value | undefined): App | undefined {
  const router = value && routerOf(value)
  return router?.kind === "app" ? (router as App) : undefined
}

/** `client = TestClient(app)`, then `with client:`. */
const isEnteredLater = (fn: Fn, made: CallEvent): boolean =>
  fn.events.some((event) => event.within.some((around) => around.is === "with" && around.items.includes(made.result)))

const mayBeEntered = (project: Project, path: string): boolean =>
  project.bodies
    .functionsIn(path)
    .some((fn) =>
      fn.events.some((event) =>
        event.within.some(
          (around) => around.is === "with" && around.items.some((item) => item.is === "external" && /TestClient/.test(item.name)),
        ),
      ),
    )
