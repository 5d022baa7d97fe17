import {
  ancestryOf,
  asksFor,
  type CallEvent,
  type ClassValue,
  changesData,
  type Finding,
  type Fn,
  type Project,
  quote,
  type Route,
  rightsOf,
  routeName,
  rule,
  type Step,
  traced,
  unreadParameters,
} from "#rule"

export default rule({
  summary: "A route that asks who is calling and never looks at the answer",
  why: `
A login proves who somebody is, not that the order with number 7 is theirs. A route that takes a number from the path and
touches the row that bears it, without looking at the caller at all, lets every user read, change and delete what belongs
to the others, by counting. It is the most common serious flaw of APIs.
`,
  help: "Compare the owner of the row with the caller, or put the caller into the query (`.where(Item.owner_id == user.id)`)",
  concern: "security",
  level: "warning",
  docs: "https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/",
  equivalents: [],
  cwe: ["CWE-639"],
  exemptions: [
    "the function reads the caller, or the request that may hold it",
    "a dependency or the function asks for a right: an admin, a role, a scope, a membership",
    "rows of classes without a column of an owner, and reads that name a user in the path",
    "functions that are decorated: the decorator may look at the caller",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase): ...

        class Note(Base):
            __tablename__ = "notes"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_db() -> Session: ...

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        def remove(db: Session, note_id: int) -> None:
            db.delete(db.get(Note, note_id))
            db.commit()

        @app.delete("/notes/{note_id}") # expect: \`DELETE /notes/{note_id}\` never looks at \`user\`, and \`Note\` has an owner (\`user_id\`)
        def delete_note(note_id: int, db: Session = Depends(get_db), user: str = Depends(get_user)) -> None:
            remove(db, note_id)
      `,
      good: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase): ...

        class Note(Base):
            __tablename__ = "notes"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_db() -> Session: ...

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        @app.delete("/notes/{note_id}")
        def delete_note(note_id: int, db: Session = Depends(get_db), user: str = Depends(get_user)) -> None:
            note = db.get(Note, note_id)
            if note is None or note.user_id != user:
                raise HTTPException(404)
            db.delete(note)
      `,
    },
    {
      bad: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer
        from pydantic import BaseModel

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        class Change(BaseModel):
            user_id: int
            plan: str

        def set_plan(user_id: int, plan: str) -> None: ...

        @app.post("/plan") # expect: \`POST /plan\` acts for whichever \`user_id\` it is given, and never looks at \`user\`
        def change_plan(change: Change, user: str = Depends(get_user)) -> None:
            set_plan(change.user_id, change.plan)
      `,
      good: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer
        from pydantic import BaseModel

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        class Change(BaseModel):
            plan: str

        def set_plan(user_id: str, plan: str) -> None: ...

        @app.post("/plan")
        def change_plan(change: Change, user: str = Depends(get_user)) -> None:
            set_plan(user, change.plan)
      `,
    },
  ],

  *project(project) {
    const told = new Set<Fn>()
    for (const route of project.routes) {
      const { endpoint } = route
      if (!endpoint || told.has(endpoint) || endpoint.role !== "app" || !route.app || route.kind !== "api") continue
      const caller = unseenCaller(route)
      if (!caller || rightsOf(project, route).asked !== "no") continue
      told.add(endpoint)
      const found = ownedRow(project, route, caller) ?? namedUser(project, route, caller)
      if (found) yield { at: route.at, routes: [route], scope: endpoint.id, ...found }
    }
  },
})

type Found = Omit<Finding, "at">

/** The parameter that holds the caller, where the function never mentions it, nor the request. */
function unseenCaller({ endpoint, asks, auth, params }: Route): string | undefined {
  if (!endpoint || auth.answer !== "yes" || auth.level !== "parameter" || endpoint.decorators.length > 0) return undefined
  const unread = new Set(unreadParameters(endpoint).map(({ name }) => name))
  const carriers = asks.filter((ask) => asksFor(ask, auth.by))
  if (carriers.some(({ level, param }) => level !== "parameter" || param === undefined || !unread.has(param))) return undefined
  if (
    params.some(
      ({ in: where, name, declaredBy }) => where === "special" && declaredBy === endpoint && !unread.has(name) && /req/i.test(name),
    )
  )
    return undefined
  return carriers[0]?.param
}

// ---------------------------------------------------------------------------- a row that has an owner

const OWNER = /^(?:user|owner|author|creator|customer|member|account)_?(?:id|uuid)$|^(?:created|owned)_by(?:_id)?$/i

function ownedRow(project: Project, route: Route, caller: string): Found | undefined {
  if (!changesData(route) || !route.path.known || !/\{[^}]*(?:id|uuid|slug|pk)[^}]*\}/i.test(route.path.value)) return undefined
  const found = rowTouched(project, route.endpoint as Fn)
  if (!found) return undefined
  const { of, owner, calls } = found
  return {
    message: `${routeName(route)} never looks at ${quote(caller)}, and ${quote(of.def.name)} has an owner (${quote(owner)})`,
    trace: calls.map(
      ({ event, fn }, i): Step => ({
        at: event.at,
        message: i === calls.length - 1 ? `takes a ${quote(of.def.name)} by what the client names` : `calls ${quote(event.fn?.name ?? "")}`,
        symbol: fn.qualname,
      }),
    ),
    discriminator: of.def.name,
  }
}

interface Touched {
  of: ClassValue
  owner: string
  calls: { fn: Fn; event: CallEvent }[]
}

const DEEPEST = 3

/** The first row of a class with an owner that the function, or what it calls, asks the database for. */
function rowTouched(project: Project, endpoint: Fn): Touched | undefined {
  const seen = new Set<Fn>([endpoint])
  let layer: { fn: Fn; calls: Touched["calls"] }[] = [{ fn: endpoint, calls: [] }]
  for (let depth = 0; depth <= DEEPEST && layer.length > 0; depth++) {
    const next: typeof layer = []
    for (const { fn, calls } of layer) {
      // What the current user is may come from elsewhere: a context variable, a middleware.
      if (/current|permission|owner|authori[sz]/i.test(fn.name) && fn !== endpoint) return undefined
      for (const event of fn.events) {
        if (event.is !== "call") continue
        const way = [...calls, { fn, event }]
        const of = isLookUp(event) ? event.positional.find((value) => value.is === "class") : undefined
        const owner = of?.is === "class" ? ownerOf(project, of) : undefined
        if (of?.is === "class" && owner) return { of, owner, calls: way }
        if (event.fn && !seen.has(event.fn)) {
          seen.add(event.fn)
          next.push({ fn: event.fn, calls: way })
        }
      }
    }
    layer = next
  }
  return undefined
}

const isLookUp = ({ name, fn }: CallEvent): boolean =>
  name !== undefined
    ? /\.(?:query|get|get_one|select|delete|update)$/.test(name)
    : fn !== undefined && /get|fetch|find|check|load|exist/i.test(fn.name)

function ownerOf(project: Project, of: ClassValue): string | undefined {
  const { classes, libraries } = ancestryOf(project, of)
  if (![...libraries].some((name) => /^sqlalchemy\./.test(name)) && !of.keywords.has("table")) return undefined
  for (const { body } of classes) {
    for (const [name] of body.annotations) if (OWNER.test(name)) return name
    for (const [name, value] of body.entries()) if (OWNER.test(name) && value.is === "external") return name
  }
  return undefined
}

// ---------------------------------------------------------------------------- the user that the client names

/** The client names the user for whom something is done, in the body or in the path. */
function namedUser(project: Project, route: Route, caller: string): Found | undefined {
  if (!changesData(route) || !route.endpoint) return undefined
  const { fn, markOf } = traced(project, route.endpoint)
  for (const event of fn.events) {
    if (event.is !== "call") continue
    for (const value of [...event.positional, ...event.keywords.values()]) {
      const mark = markOf(value)
      const name = mark?.field ?? mark?.parameter.name
      if (name === undefined || !/^(?:user|account|owner|customer|member)_?id$/i.test(name)) continue
      return {
        message: `${routeName(route)} acts for whichever ${quote(name)} it is given, and never looks at ${quote(caller)}`,
        discriminator: name,
      }
    }
  }
  return undefined
}
