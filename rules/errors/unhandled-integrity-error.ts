import {
  type CallEvent,
  type ClassValue,
  catchesHTTPError,
  type Fn,
  isKindOf,
  type Project,
  quote,
  type Route,
  routeName,
  rule,
  uniqueColumnsOf,
} from "#rule"

export default rule({
  summary: "A duplicate that the database refuses and nobody expects",
  why: `
A unique column makes the database refuse the second row of the same value, with an \`IntegrityError\` at the commit. Nobody
catches it, so a client who registers an address twice gets a 500 where a 409 would tell what is wrong. Looking first is
friendly, and two requests at once still collide.
`,
  help: "Catch `IntegrityError` around the commit, roll back and answer 409",
  concern: "correctness",
  level: "info",
  docs: "https://docs.sqlalchemy.org/en/20/core/exceptions.html#sqlalchemy.exc.IntegrityError",
  equivalents: [],
  exemptions: [
    "requests that ask for such a row first, at least",
    "handlers of `IntegrityError`, `SQLAlchemyError` or `Exception`, in the code, in the app or in the session's dependency",
    "rows whose unique column is not given a value by the code, or a random one",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            email: Mapped[str] = mapped_column(unique=True)

        class UserCreate(BaseModel):
            email: str

        def get_db() -> Session: ...

        app = FastAPI()

        @app.post("/users", status_code=201)
        def create_user(payload: UserCreate, db: Session = Depends(get_db)):
            user = User(email=payload.email)
            db.add(user)
            db.commit() # expect: A second \`User\` with the same \`email\` makes \`POST /users\` answer 500
            return user
      `,
      good: `
        from fastapi import Depends, FastAPI, HTTPException
        from pydantic import BaseModel
        from sqlalchemy.exc import IntegrityError
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            email: Mapped[str] = mapped_column(unique=True)

        class UserCreate(BaseModel):
            email: str

        def get_db() -> Session: ...

        app = FastAPI()

        @app.post("/users", status_code=201)
        def create_user(payload: UserCreate, db: Session = Depends(get_db)):
            user = User(email=payload.email)
            db.add(user)
            try:
                db.commit()
            except IntegrityError as error:
                db.rollback()
                raise HTTPException(status_code=409, detail="This address has an account") from error
            return user
      `,
    },
  ],

  *project(project) {
    const seen = new Set<string>()
    for (const route of project.routes) {
      const { endpoint, methods } = route
      if (route.kind !== "api" || endpoint?.role !== "app" || !methods.known || methods.value.every((one) => one === "GET")) continue
      if (handlesIt(project, route) || dependenciesHandle(route)) continue
      const reached = closureOf(endpoint)
      if (!reached) continue
      for (const { fn, event } of reached) {
        const model = event.callee.is === "class" ? event.callee : undefined
        const column = model && uniqueColumnsOf(project, model).find((name) => isGiven(event, name))
        if (!model || column === undefined || asksFirst(reached, model)) continue
        const commit = reached.find((one) => one.fn === fn && one.event.at.start > event.at.start && SAVES.test(one.event.name ?? ""))
        if (!commit || isCaught(commit.event)) continue
        const key = `${commit.event.at.path}:${commit.event.at.start}`
        if (seen.has(key)) continue
        seen.add(key)
        yield {
          at: commit.event.at,
          message: `A second ${quote(model.def.name)} with the same ${quote(column)} makes ${routeName(route)} answer 500`,
          related: [{ at: event.at, message: "the row" }],
          routes: [route],
          scope: fn.id,
          discriminator: `${model.def.name}.${column}`,
        }
      }
    }
  },
})

const SAVES = /Session\(\)\.(commit|flush)$|sessionmaker\(\)\(\)\.(commit|flush)$/

/** Given a value that comes from outside, as far as one can tell. */
function isGiven({ keywords, open, positional }: CallEvent, name: string): boolean {
  const value = keywords.get(name)
  if (value?.is === "external" && /uuid|secrets|token|random/i.test(value.name)) return false
  return value !== undefined && !open && positional.length === 0
}

/** All calls that a request makes, a few functions deep; undefined where one of them is in a `try` that catches it. */
function closureOf(endpoint: Fn): { fn: Fn; event: CallEvent }[] | undefined {
  const found: { fn: Fn; event: CallEvent }[] = []
  const open: [Fn, number][] = [[endpoint, 0]]
  const seen = new Set<Fn>()
  for (let next = open.pop(); next; next = open.pop()) {
    const [fn, depth] = next
    if (seen.has(fn)) continue
    seen.add(fn)
    for (const event of fn.events) {
      if (event.is !== "call") continue
      found.push({ fn, event })
      if (event.fn?.role !== "app") continue
      if (isCaught(event)) return undefined
      if (depth < 3) open.push([event.fn, depth + 1])
    }
  }
  return found
}

/** Does it look for a row of the class, or merge one, anywhere? */
const asksFirst = (reached: readonly { event: CallEvent }[], model: ClassValue): boolean =>
  reached.some(
    ({ event }) =>
      (/\.(query|select|get|exists|scalar|on_conflict_do_\w+|merge)$/.test(event.name ?? "") && event.positional.includes(model)) ||
      /on_conflict|exists|duplicate|already|get_by|find_by|is_taken|unique/i.test(event.fn?.name ?? event.name ?? ""),
  )

const CAUGHT = ["sqlalchemy.exc.IntegrityError"]

const CATCHING = /^builtins\.(Base)?Exception$|^sqlalchemy\.exc\.(IntegrityError|DatabaseError|DBAPIError|SQLAlchemyError|StatementError)$/

/** A class of the project is never one that the database raises; of what is not known, anything may be true. */
const catchesIt = (type: CallEvent["callee"]): boolean =>
  type.is === "external" ? CATCHING.test(type.name) || isKindOf(type, ...CAUGHT) : type.is !== "class" && type.is !== "literal"

const isCaught = ({ within }: CallEvent): boolean =>
  within.some(
    (around) =>
      around.is === "try" &&
      around.handlers.some(
        (handler) => catchesHTTPError(handler) === "broad" || handler.types.length === 0 || handler.types.some(catchesIt),
      ),
  )

const handlesIt = (project: Project, { app }: Route): boolean =>
  !app ||
  app.exceptionHandlers.some(({ exception }) => catchesIt(exception)) ||
  app.middleware.some(({ value }) => {
    const fn = project.functionOf(value)
    return fn ? fn.events.some((event) => event.is === "call" && isCaught(event)) : value.is !== "external"
  })

const dependenciesHandle = ({ dependencies }: Route): boolean =>
  dependencies.some(({ call }) =>
    call?.events.some(
      (event) =>
        event.is === "yield" &&
        event.within.some((around) => around.is === "try" && around.handlers.some((one) => one.types.some(catchesIt))),
    ),
  )
