import {
  type CallEvent,
  callsOf,
  type Fn,
  mentionsOf,
  notedSpans,
  type Project,
  type PyFile,
  quote,
  routeNames,
  rule,
  type Span,
  useOf,
} from "#rule"

export default rule({
  summary: "A database session that nobody closes",
  why: `
A session holds a connection of the pool until it is closed. One that is made for a request and left to the garbage
collector holds it until that happens to run, and after a dozen requests the next one waits for a free connection and times out.
`,
  help: "Open it with `with SessionLocal() as session:`, or close it in a `finally`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/",
  equivalents: ["FASTT052"],
  exemptions: [
    "sessions that are closed anywhere in the function, handed on, kept, or returned by a function that is no dependency",
    "a `scoped_session`, which is removed elsewhere",
    "what no request reaches: scripts, jobs, tests",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import create_engine, text
        from sqlalchemy.orm import Session, sessionmaker

        SessionLocal = sessionmaker(bind=create_engine("sqlite://"))

        def get_db():
            return SessionLocal() # expect: \`get_db\` returns a session that nobody closes

        app = FastAPI()

        @app.get("/count")
        def count(db: Session = Depends(get_db)):
            return db.scalar(text("SELECT 1"))

        @app.get("/other")
        def other():
            session = SessionLocal() # expect: \`session\` of \`other\` is never closed
            return session.scalar(text("SELECT 2"))
      `,
      good: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import create_engine, text
        from sqlalchemy.orm import Session, sessionmaker

        SessionLocal = sessionmaker(bind=create_engine("sqlite://"))

        def get_db():
            with SessionLocal() as session:
                yield session

        app = FastAPI()

        @app.get("/count")
        def count(db: Session = Depends(get_db)):
            return db.scalar(text("SELECT 1"))
      `,
    },
  ],

  notes(file) {
    const open = [...openCalls(file)]
    return open.length > 0 ? open : undefined
  },

  *project(project, _options, notes: { path: string; notes: Open[] }[]) {
    const open = notedSpans(notes)
    if (open.isEmpty) return
    const asked = new Set(project.routes.flatMap((route) => route.dependencies.flatMap(({ call }) => call ?? [])))
    for (const { in: fn, event } of project.bodies.callsOf(isMaker)) {
      const left = fn.role === "app" ? open.get(event.at) : undefined
      if (!left || !makesSession(event) || event.within.some((around) => around.is === "nested")) continue
      if (left.how === "returned" ? !asked.has(fn) : project.reach.running(fn) !== "request") continue
      yield finding(project, fn, event, left)
    }
  },
})

const SESSION =
  /^(sqlalchemy\.orm\.Session|sqlmodel\.Session|sqlalchemy\.ext\.asyncio\.AsyncSession|sqlmodel\.ext\.asyncio\.session\.AsyncSession)\(\)$/

/** What may make a session, by its name. */
const isMaker = (name: string): boolean => /(sessionmaker\(\)|\.Session|\.AsyncSession)$/.test(name) && !/scoped/.test(name)

const makesSession = ({ result }: CallEvent): boolean =>
  result.is === "external" && (SESSION.test(result.name) || /sessionmaker\(\)\(\)$/.test(result.name))

function finding(project: Project, fn: Fn, event: CallEvent, { how, name }: Open) {
  const routes = project.reach.routesTo(fn)
  const to = routeNames(routes)
  const what =
    how === "returned"
      ? `${quote(fn.name)} returns a session that nobody closes`
      : name === undefined
        ? `This session of ${quote(fn.name)} is never closed`
        : `${quote(name)} of ${quote(fn.name)} is never closed`
  return { at: event.at, message: `${what}${to ? `, for each ${to}` : ""}`, routes, scope: fn.id, discriminator: name ?? how }
}

/** A call whose value is not closed by the function that gets it. */
interface Open extends Span {
  how: "returned" | "used"
  name?: string
}

function* openCalls(file: PyFile): Generator<Open> {
  for (const { call, def, use } of callsOf(file)) {
    if (!def) continue
    const { start, end } = call
    if (use.is === "returned") yield { how: "returned", start, end }
    if (use.is === "attribute" && !/^(begin|close|__\w+__)$/.test(use.name ?? "")) yield { how: "used", start, end }
    if (use.is !== "bound" || use.name === undefined) continue
    const uses = mentionsOf(use.name, def, file).filter(({ node, isBinding }) => !isBinding && node.start > end)
    const all = uses.map(({ node }) => ({ node, use: useOf(node, file) }))
    // Handed on, put away, given to another or entered: it may be closed there.
    if (
      all.length === 0 ||
      all.some(({ use, node }) => !["attribute", "returned", "truth", "compared"].includes(use.is) && !isYielded(node, file))
    )
      continue
    if (all.some(({ use }) => /^(close|close_all|__exit__|begin|remove)$/.test(use.name ?? ""))) continue
    const isReturned = all.some(({ use }) => use.is === "returned")
    yield { how: isReturned ? "returned" : "used", name: use.name, start, end }
  }
}

const isYielded = (node: Parameters<PyFile["parentOf"]>[0], file: PyFile): boolean => file.parentOf(node)?.kind === "Yield"
