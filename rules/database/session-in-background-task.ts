import { type CallEvent, type Dependency, type Fn, type Level, type Project, quote, type Route, routeName, rule, type Value } from "#rule"

export default rule({
  summary: "A request's session handed to work that outlives the request",
  why: `
A session from a \`yield\` dependency belongs to its request. A task made with \`create_task\` uses it after it was closed, or at
the same time as the endpoint, and no session bears that. A background task of FastAPI 0.106 to 0.117 found it closed;
since 0.118 it is closed after the task, so that the connection is held until the last task has ended.
`,
  help: "Hand over ids, and let the task open a session of its own",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/background-tasks/",
  equivalents: [],
  exemptions: [
    "FastAPI before 0.106, which closed it after the tasks",
    "from 0.118 on, background tasks that get a request's session are a hint, not an error",
  ],
  examples: [
    {
      bad: `
        import asyncio
        from fastapi import Depends, FastAPI
        from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

        SessionLocal = async_sessionmaker()

        async def get_session():
            async with SessionLocal() as session:
                yield session

        async def index(session: AsyncSession, text: str): ...

        app = FastAPI()
        tasks = set()

        @app.post("/documents")
        async def add(text: str, session: AsyncSession = Depends(get_session)):
            task = asyncio.create_task(index(session, text)) # expect: \`session\` of \`POST /documents\` is handed to a task that outlives the request
            tasks.add(task)
      `,
      good: `
        from fastapi import BackgroundTasks, FastAPI
        from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

        SessionLocal = async_sessionmaker()

        async def index(text: str):
            async with SessionLocal() as session: ...

        app = FastAPI()

        @app.post("/documents")
        async def add(text: str, tasks: BackgroundTasks):
            tasks.add_task(index, text)
      `,
    },
  ],

  *project(project) {
    const seen = new Set<string>()
    for (const route of project.routes) {
      const { endpoint } = route
      if (endpoint?.role !== "app") continue
      const sessions = sessionsOf(route, endpoint)
      if (sessions.size === 0) continue
      for (const event of endpoint.events) {
        if (event.is !== "call") continue
        const handed = handedOver(event, endpoint)
        for (const value of handed?.values ?? []) {
          const given = nameOf(value, sessions)
          const key = `${event.at.path}:${event.at.start}`
          if (!handed || !given || seen.has(key)) continue
          const level = levelOf(project, handed.to, given.dependency)
          if (!level) continue
          seen.add(key)
          yield {
            at: event.at,
            message:
              level === "info"
                ? `${quote(given.name)} of ${routeName(route)} is handed to a background task, so its connection is held until that ends`
                : `${quote(given.name)} of ${routeName(route)} is handed to a ${handed.to} that outlives the request`,
            level,
            routes: [route],
            scope: endpoint.id,
            discriminator: given.name,
          }
        }
      }
    }
  },
})

const SESSION =
  /^(sqlalchemy\.orm\.Session|sqlmodel\.Session|sqlalchemy\.ext\.asyncio\.AsyncSession|sqlmodel\.ext\.asyncio\.session\.AsyncSession)\(\)$|sessionmaker\(\)\(\)$/

interface Given {
  name: string
  value: Value
  dependency: Dependency
}

/** The parameters of an endpoint that are sessions of a dependency which closes them. */
function sessionsOf(route: Route, endpoint: Fn): Map<string, Given> {
  const found = new Map<string, Given>()
  for (const dependency of route.asks) {
    const parameter = dependency.call?.generator ? endpoint.parameters.find(({ name }) => name === dependency.param) : undefined
    if (parameter) found.set(parameter.name, { name: parameter.name, value: { is: "unknown" }, dependency })
  }
  return found
}

interface Handed {
  to: "task" | "background task" | "thread"
  values: Value[]
}

/** What a call gives to something that runs after the answer or beside it. */
function handedOver(event: CallEvent, { events }: Fn): Handed | undefined {
  const all = [...event.positional, ...event.keywords.values()]
  if (/BackgroundTasks\(\)\.add_task$/.test(event.name ?? "")) return { to: "background task", values: all.slice(1) }
  if (/^asyncio\.(create_task|ensure_future)$/.test(event.name ?? "")) {
    const inner = events.find(
      (other): other is CallEvent =>
        other.is === "call" && other.at.start > event.func.end && other.at.end < event.at.end && other.fn !== undefined,
    )
    return inner && { to: "task", values: [...inner.positional, ...inner.keywords.values()] }
  }
  if (/^threading\.Thread$|Executor\(\)\.submit$/.test(event.name ?? "")) {
    const given = event.keywords.get("args")
    return { to: "thread", values: [...event.positional.slice(1), ...(given?.is === "sequence" ? given.items : [])] }
  }
  return undefined
}

/** The one session that it can be: values do not bear the names of parameters. */
function nameOf(value: Value, sessions: ReadonlyMap<string, Given>): Given | undefined {
  if (value.is !== "external" || !SESSION.test(value.name)) return undefined
  const [only, ...more] = [...sessions.values()].filter(({ dependency }) => yieldsSession(dependency))
  return more.length === 0 ? only : undefined
}

const yieldsSession = ({ call }: Dependency): boolean =>
  call?.events.some((event) => event.is === "yield" && event.value.is === "external" && SESSION.test(event.value.name)) ?? false

function levelOf(project: Project, to: Handed["to"], { scope }: Dependency): Level | undefined {
  if (to !== "background task") return "error"
  if (!project.versions.atLeast("fastapi", "0.106.0")) return undefined
  if (scope === "function") return "error"
  return project.versions.atLeast("fastapi", "0.118.0") ? "info" : "error"
}
