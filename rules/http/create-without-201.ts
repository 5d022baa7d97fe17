import {
  answersOf,
  type CallEvent,
  type ClassValue,
  type Event,
  type Finding,
  type Fn,
  gathered,
  isNone,
  knownBoolean,
  knownNumber,
  options,
  type Project,
  quote,
  type Route,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A POST that creates something and answers 200",
  why: `
201 tells a client, a proxy and a reader of the documentation that something new exists now; 200 only says that all went
well. FastAPI answers 200 unless \`status_code\` says otherwise, and documents what \`status_code\` says, whatever a
response object is given by hand.
`,
  help: "Pass `status_code=201` to the route",
  concern: "correctness",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/response-status-code/",
  equivalents: ["FASTT070"],
  exemptions: [
    "actions: login, search, upload, run, send, chat and the like",
    "what may also update (upserts), or creates several rows in a loop",
    "routes that take a `Response` to set its status",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Item(Base):
            __tablename__ = "items"
            id: Mapped[int] = mapped_column(primary_key=True)

        def get_db() -> Session: ...

        app = FastAPI()

        @app.post("/items") # expect: \`create_item\` adds a new \`Item\` and answers 200
        def create_item(db: Session = Depends(get_db)):
            item = Item()
            db.add(item)
            db.commit()
            return item
      `,
      good: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Item(Base):
            __tablename__ = "items"
            id: Mapped[int] = mapped_column(primary_key=True)

        def get_db() -> Session: ...

        app = FastAPI()

        @app.post("/items", status_code=201)
        def create_item(db: Session = Depends(get_db)):
            item = Item()
            db.add(item)
            db.commit()
            return item
      `,
    },
  ],

  *project(project) {
    yield* gathered(findingsIn(project), (count) => `${count} routes of this file create something and answer 200, not 201`)
  },
})

function* findingsIn(project: Project): Generator<Finding> {
  for (const route of project.routes) {
    const { endpoint } = route
    if (!endpoint || !isSilentPost(route) || route.params.some(({ type }) => type.text === "starlette.responses.Response")) continue
    const returned = [...answersOf(project, endpoint)].flatMap(({ value }) => options(value))
    const responses = returned.filter((value) => project.isResponse(value) !== false)
    const common = { at: route.at, routes: [route], scope: endpoint.id }
    const statuses = new Set(responses.map(statusIn))
    if (responses.length > 0 && responses.length === returned.length && statuses.size === 1 && statuses.has(201)) {
      if (route.own.built.keywords.has("responses") && documents201(route)) continue
      yield {
        ...common,
        message: `${quote(endpoint.name)} answers 201 by its own response, but the documentation of the route says 200`,
        discriminator: "undocumented",
      }
      continue
    }
    if (isAction(route, endpoint)) continue
    const isDeclared = route.response.from === "response_model" || route.response.from === "annotation"
    const isOther = (value: Value) => statusIn(value) !== 200 && !(isDeclared && isForeign(value))
    if (responses.some(isOther) || returned.some((value) => value.is === "sequence") || returned.every(isNone)) continue
    const added = creationIn(project, endpoint)
    const creator = added ? undefined : creatorIn(endpoint)
    if (creator && isCollection(route) && isNamedCreation(endpoint.name)) {
      yield {
        ...common,
        message: `${quote(endpoint.name)} creates something by ${quote(creator)} and answers 200, not 201`,
        discriminator: creator,
      }
      continue
    }
    if (!added || !(isNamedCreation(endpoint.name) || returned.some((value) => isMadeOf(value, added.row)))) continue
    yield {
      ...common,
      message: `${quote(endpoint.name)} adds a new ${quote(added.name)} and answers 200, not 201`,
      ...(added.trace.length > 1 && { trace: [{ at: route.at, message: "answers 200", symbol: endpoint.name }, ...added.trace] }),
      discriminator: added.name,
    }
  }
}

/** A POST whose status nobody gave. */
function isSilentPost({ kind, methods, own, statusCodeGiven, statusCode }: Route): boolean {
  return (
    kind === "api" &&
    methods.known &&
    methods.value.includes("POST") &&
    methods.value.length === 1 &&
    !statusCodeGiven &&
    !own.built.open &&
    statusCode.known &&
    statusCode.value === 200
  )
}

/** `responses={201: ...}` says it too, or says something that is not known. */
function documents201({ own }: Route): boolean {
  const given = own.built.keywords.get("responses")
  if (given?.is !== "mapping" || given.open) return true
  return given.entries.some(([key]) => knownNumber(key) === undefined || knownNumber(key) === 201)
}

// ---------------------------------------------------------------------------- words

const CREATION = /^(a?post_|async_|api_|handle_|admin_)*(create|add|insert|register|sign_?up|new)(_|$)/
const ACTION =
  /(^|_|-)(log_?-?in|sign_?-?in|log_?-?out|authenticate|auth|token|refresh|search|query|filter|list|get|fetch|upload|import|export|download|run|execute|trigger|start|stop|send|chat|complete|completions?|generate|predict|validate|verify|check|test|preview|sync|reset|recover|forgot|change|update|upsert|set|toggle|enable|disable|follow|favou?rite|activate|deactivate|archive|subscribe|unsubscribe|pay|checkout|invite|share|publish|submit|apply|claim|redeem|confirm|ingest|process|sign|transfer|convert|like|vote|join|leave|accept|reject|approve|cancel|read|mark|assign|attach|connect|link|webhook|callback|events?|seed|init|batch|bulk|clone|copy|retry|restore|or_update|if_not_exists)(_|-|$)/

const isNamedCreation = (name: string): boolean => CREATION.test(name)

/** What a route is called, by its function and by the last word of its path. */
function isAction({ path }: Route, { name }: Fn): boolean {
  const verb = name.replace(CREATION, "")
  const named = isNamedCreation(name)
  const last = path.known ? (path.value.split("/").findLast((piece) => piece !== "" && !piece.includes("{")) ?? "") : ""
  if (/or_?(update|get)|upsert|bulk|batch|if_not|many|multiple|_to_/.test(name)) return true
  return named
    ? /^(log-?in|sign-?in|token|search|upload|run|send|chat|import|sync|test|bulk|batch)$/.test(last) ||
        /(^|_)(token|(?<!chat_)session|login|bulk|batch)$/.test(verb)
    : ACTION.test(name.toLowerCase()) || ACTION.test(last.toLowerCase())
}

// ---------------------------------------------------------------------------- rows

/** A function of the project that is called on every way, and named as if it made something new. */
function creatorIn({ events, async: isAsync }: Fn): string | undefined {
  const calls = events.filter((event): event is CallEvent => event.is === "call")
  if (
    calls.some(({ name = "", fn }) =>
      /upsert|or_update|or_create|get_or|if_not|add_task$|create_task$|\.delay$|send_task$|enqueue/.test(`${name} ${fn?.name ?? ""}`),
    )
  )
    return undefined
  for (const { fn, within, awaited } of calls) {
    if (fn?.role !== "app" || !CREATOR.test(fn.name) || fn.owner?.def.name.startsWith("_") || (fn.async && isAsync && !awaited)) continue
    if (!within.some(({ is }) => is === "loop" || is === "branch" || is === "handler" || is === "nested" || is === "with")) return fn.name
  }
  return undefined
}

const CREATOR =
  /^(a?create|add|insert|register)(_(?!.*(token|client|engine|task|response|log|logger|connection_pool|embedding|index|prompt|message|completion|stream|url|link|cookie|headers?|or_|update|middleware|timestamp|span|context|many|all|bulk|batch|to)(_|$)).*)?$/

/** `POST /items`, `POST /create-item`: what is asked for is a new one, not an action on one that is there. */
const isCollection = ({ path }: Route): boolean => path.known && !/\}\/?$/.test(path.value)

interface Creation {
  row: Value
  name: string
  trace: { at: Event["at"]; message: string; symbol: string }[]
}

/** The one new row that a function and what it calls add; undefined where there is none, or where it may be an update instead. */
function creationIn(project: Project, endpoint: Fn): Creation | undefined {
  const found: Creation[] = []
  const seen = new Set<Fn>()
  let isUnclear = false
  const visit = (fn: Fn, trace: Creation["trace"]): void => {
    if (seen.has(fn) || trace.length > 4) return
    seen.add(fn)
    for (const event of fn.events) {
      if (event.is !== "call") continue
      const row = addedRow(event)
      const repeats = event.within.some((w) => w.is === "loop" || w.is === "branch" || w.is === "handler" || w.is === "nested")
      if (row) {
        if (repeats) isUnclear = true
        else found.push({ ...row, trace: [...trace, { at: event.at, message: `adds a new ${quote(row.name)}`, symbol: fn.name }] })
      } else if (event.is === "call" && isUpsert(event)) isUnclear = true
      else if (event.fn && !repeats && project.role(event.fn.path) === "app")
        visit(event.fn, [...trace, { at: event.at, message: `calls ${quote(event.fn.name)}`, symbol: fn.name }])
    }
  }
  visit(endpoint, [])
  const names = new Set(found.map(({ name }) => name))
  return isUnclear || names.size !== 1 ? undefined : found[0]
}

/** `session.add(row)` with a row that was built just now. */
function addedRow({ name = "", positional }: CallEvent): { row: Value; name: string } | undefined {
  const [row] = positional
  if (!/\.add$/.test(name) || !row) return undefined
  const rows = options(row)
  const [first] = rows
  const table = first && tableOf(first)
  return table && rows.every((one) => tableOf(one) === table) ? { row, name: table.qualname } : undefined
}

/** The class of a row that was built just now: `Item(...)`, or `Item.model_validate(...)` of SQLModel. */
function tableOf(row: Value): ClassValue | undefined {
  if (row.is === "instance") return row.built && isTable(row.of) ? row.of : undefined
  if (row.is !== "external" || !/\.(model_validate|from_orm|parse_obj|validate)\(\)$/.test(row.name)) return undefined
  return row.self?.is === "class" && isTable(row.self) ? row.self : undefined
}

/** A class that is mapped to a table: it names one, or is declared as one. */
function isTable({ body, keywords }: ClassValue): boolean {
  return body.own("__tablename__") !== undefined || body.own("__table__") !== undefined || knownBoolean(keywords.get("table")) === true
}

const isUpsert = ({ name = "", fn }: CallEvent): boolean =>
  /\.(merge|on_conflict_do_update|on_conflict_do_nothing|add_all|bulk_save_objects)$/.test(name) ||
  /upsert|or_update|or_create/.test(fn?.name ?? "")

/** Something that is not known: under a declared model hardly a response of its own. */
const isForeign = (value: Value): boolean => value.is === "unknown" || (value.is === "external" && !/response/i.test(value.name))

/** The row itself, or something built from it. */
const isMadeOf = (value: Value, row: Value): boolean =>
  value === row ||
  (value.is === "instance" && value.built !== undefined && [...value.built.positional, ...value.built.keywords.values()].includes(row)) ||
  (value.is === "mapping" && value.entries.some(([, item]) => item === row))

/** The status of a response object of Starlette that is built in sight. */
function statusIn(value: Value): number | undefined {
  if (value.is !== "external" || !/Response\(\)$/.test(value.name) || !value.built) return undefined
  const given = value.built.positional[1] ?? value.built.keywords.get("status_code")
  if (given === undefined) return value.built.open ? undefined : 200
  return (
    knownNumber(given) ??
    (given.is === "external" ? Number(/^starlette\.status\.HTTP_(\d{3})_/.exec(given.name)?.[1]) || undefined : undefined)
  )
}
