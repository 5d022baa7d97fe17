import {
  type CallEvent,
  type ClassValue,
  type Event,
  type Finding,
  type Fn,
  options,
  type Project,
  quote,
  type Route,
  routeNames,
  rule,
  type Step,
  type Value,
} from "#rule"

export default rule({
  summary: "A list route that fetches a whole table",
  why: `
Every row that a client can create makes this answer longer, slower and larger in memory, for everyone. One day it takes
longer than the proxy waits. A page size that nobody can exceed keeps it as fast as on the first day.
`,
  help: "Take `limit: Annotated[int, Query(le=100)]` and an offset or a cursor, and pass them to the query",
  concern: "performance",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/sql-databases/",
  equivalents: ["FASTT035"],
  exemptions: [
    "queries with a condition, a `limit`, an aggregate or a group, and those that are paginated elsewhere",
    "tables that no request writes to, and small ones by their name: settings, roles, categories, currencies",
    "exports, downloads and streams",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import select
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)

        def get_db() -> Session: ...

        app = FastAPI()

        @app.get("/orders")
        def list_orders(db: Session = Depends(get_db)):
            return db.scalars(select(Order)).all() # expect: \`GET /orders\` fetches every \`Order\` there is

        @app.post("/orders", status_code=201)
        def create_order(db: Session = Depends(get_db)):
            order = Order()
            db.add(order)
            db.commit()
            return order
      `,
      good: `
        from typing import Annotated
        from fastapi import Depends, FastAPI, Query
        from sqlalchemy import select
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)

        def get_db() -> Session: ...

        app = FastAPI()

        @app.get("/orders")
        def list_orders(limit: Annotated[int, Query(ge=1, le=100)] = 20, db: Session = Depends(get_db)):
            return db.scalars(select(Order).order_by(Order.id).limit(limit)).all()

        @app.post("/orders", status_code=201)
        def create_order(db: Session = Depends(get_db)):
            order = Order()
            db.add(order)
            db.commit()
            return order
      `,
    },
  ],

  *project(project) {
    const written = writtenIn(project)
    const answers = new Answers()
    const { bodies } = project
    const fetching = [...bodies.callsOf((name) => ALL.test(name) || SENT.test(name)), ...bodies.blocking]
    for (const fn of new Set(fetching.map((call) => call.in))) {
      if (fn.role !== "app") continue
      for (const { event, model } of wholeTables(fn)) {
        if (!written.has(model.def) || SMALL.test(model.qualname)) continue
        if (!isHandedOn(fn, event)) continue
        const ways = project.reach
          .routesTo(fn)
          .filter(isList)
          .flatMap((route) => {
            const steps = answers.stepsTo(route, fn)
            return steps ? [{ route, steps }] : []
          })
        const [first] = ways
        const routes = ways.map(({ route }) => route)
        if (first) yield finding(fn, event, model, routes, first.steps)
      }
    }
  },
})

/** Tables of which there are few rows, by their name. */
const SMALL =
  /(setting|config|configuration|role|permission|scope|language|locale|countr(y|ie)|currenc(y|ie)|categor(y|ie)|type|status|plan|feature|flag|provider|polic(y|ie))s?$/i

/** The classes of which requests make new rows. */
function writtenIn(project: Project): Set<object> {
  const written = new Set<object>()
  for (const { in: fn, event } of project.bodies.constructions)
    if (fn.role === "app" && event.callee.is === "class" && project.reach.running(fn) === "request") written.add(event.callee.def)
  return written
}

/** Does it answer with a list, as far as one can tell from outside? */
function isList({ kind, methods, path, response, endpoint }: Route): boolean {
  if (kind !== "api" || !methods.known || !methods.value.includes("GET") || !path.known || endpoint?.role !== "app") return false
  if (
    response.from === "response" ||
    /export|download|backup|stream|dump|sitemap|feed|csv|count|stat|metric|health/i.test(`${path.value} ${endpoint.name}`)
  )
    return false
  // `GET /orders/{id}` is about one thing, and may look at others on the way.
  return !/\}\/?$/.test(path.value) || /list|all|^get_\w+s$|^read_\w+s$/i.test(endpoint.name)
}

/** Calls of other functions whose result a function answers with; found once for each. */
class Answers {
  private readonly known = new Map<Fn, { callee: Fn; event: CallEvent }[]>()

  /** Nearest calls from the endpoint down to the function; undefined where it is too far away to say what is answered. */
  stepsTo({ endpoint }: Route, target: Fn): Step[] | undefined {
    const seen = new Map<Fn, Step[]>(endpoint ? [[endpoint, []]] : [])
    for (const [fn, steps] of seen) {
      if (fn === target) return steps
      if (steps.length === 3) continue
      for (const { callee, event } of this.of(fn))
        if (!seen.has(callee)) seen.set(callee, [...steps, { at: event.at, message: `calls ${quote(callee.name)}`, symbol: fn.name }])
    }
    return undefined
  }

  private of(fn: Fn): { callee: Fn; event: CallEvent }[] {
    const seen = this.known.get(fn)
    if (seen) return seen
    const found: { callee: Fn; event: CallEvent }[] = []
    for (const event of fn.events) {
      if (event.is !== "call" || event.dropped || event.within.some(({ is }) => is === "handler")) continue
      const callees = event.callees.flatMap(({ fn: callee }) => (callee?.role === "app" && !givesFilters(event, callee) ? [callee] : []))
      if (callees.length > 0 && isHandedOn(fn, event)) for (const callee of callees) found.push({ callee, event })
    }
    this.known.set(fn, found)
    return found
  }
}

/** `fetch_all(db, product_id=product_id)` of a function that makes conditions of its `**filters`. */
const givesFilters = ({ keywords }: CallEvent, { parameters }: Fn): boolean =>
  parameters.some(({ kind }) => kind === "**kwargs") && [...keywords.keys()].some((key) => parameters.every(({ name }) => name !== key))

// ---------------------------------------------------------------------------- queries

/** Ways to get all rows of a query. */
const ALL = /^sqlalchemy\.orm\.Query\(\)\.all$/
const SENT = /\.(scalars|execute|exec)$/
const FETCHED = /^sqlalchemy\.(Result|ScalarResult|MappingResult)\(\)\.(all|fetchall)$/

/** One such step anywhere in the function, on whatever way, and nobody is accused. */
const ENDS = /\.(limit|slice|fetch|yield_per|paginate|offset)$|paginate/

interface Whole {
  event: CallEvent
  model: ClassValue
}

/** Calls that fetch all rows of one table. */
function* wholeTables(fn: Fn): Generator<Whole> {
  const calls = fn.events.filter((event): event is CallEvent => event.is === "call")
  let made: Map<Value, CallEvent> | undefined
  for (const event of calls) {
    const isQuery = ALL.test(event.blocks?.name ?? event.name ?? "")
    const isSelect = !isQuery && SENT.test(event.name ?? "") && event.positional.length === 1
    if (!isQuery && !isSelect) continue
    if (!made && calls.some(({ name }) => ENDS.test(name ?? ""))) return
    made ??= new Map(calls.map((call) => [call.result, call]))
    if (isSelect && !isFetched(event, calls)) continue
    const query = isQuery ? selfOf(event) : event.positional[0]
    const models = query && options(query).map((option) => modelOf(option, made as Map<Value, CallEvent>))
    if (!models || models.includes("bounded")) continue
    const model = models.find((one) => typeof one === "object")
    if (typeof model === "object") yield { event, model }
  }
}

/** What the method is called on. */
const selfOf = ({ callee }: CallEvent): Value | undefined =>
  callee.is === "external" ? callee.on : callee.is === "either" ? joined(callee.options) : undefined

/** `query.all` of a query that is one of several. */
function joined(callees: readonly Value[]): Value {
  return { is: "either", options: callees.map((one) => (one.is === "external" && one.on) || one) }
}

/** Are all rows of the result taken: `.all()`, `list(...)`? */
function isFetched({ result }: CallEvent, calls: readonly CallEvent[]): boolean {
  const derived = derivedFrom(result, calls)
  const stands = (value: Value | undefined) => value !== undefined && derived.has(value)
  return calls.some(
    (call) =>
      (FETCHED.test(call.name ?? "") && stands(selfOf(call))) ||
      (call.name === "builtins.list" && call.positional.length === 1 && stands(call.positional[0])),
  )
}

/** `result`, `result.scalars()`, `result.scalars().all()`. */
function derivedFrom(result: Value, events: readonly Event[]): Set<Value> {
  const derived = new Set([result])
  for (const event of events) {
    const on = event.is === "call" ? selfOf(event) : undefined
    if (event.is === "call" && on && derived.has(on)) derived.add(event.result)
  }
  return derived
}

/** Steps that add neither a condition nor an end. */
const HARMLESS = new Set([
  "order_by",
  "options",
  "join",
  "outerjoin",
  "execution_options",
  "populate_existing",
  "unique",
  "enable_eagerloads",
  "with_for_update",
  "reverse",
  "distinct",
])

/** The one class that a query selects: "filtered" when it has conditions, "bounded" when it ends or is not understood. */
function modelOf(query: Value, made: ReadonlyMap<Value, CallEvent>, depth = 0): ClassValue | "filtered" | "bounded" {
  const call = made.get(query)
  if (!call || depth > 20) return "bounded"
  const step = call.name?.split(".").at(-1) ?? ""
  if (step === "query" || step === "select") {
    const [model] = call.positional
    return call.positional.length === 1 && model?.is === "class" && isTable(model) ? model : "bounded"
  }
  const isCondition = step === "filter" || step === "where" || step === "filter_by"
  if (!isCondition && !HARMLESS.has(step)) return "bounded"
  const before = selfOf(call)
  const all = before ? options(before).map((option) => modelOf(option, made, depth + 1)) : ["bounded" as const]
  if (all.includes("bounded")) return "bounded"
  return isCondition && !isOptional(call, made, before) ? "filtered" : (all.find((one) => typeof one === "object") ?? "filtered")
}

/** A condition that a client may leave away: it stands in a loop over filters, or below an `if` of its own. */
function isOptional({ within, positional }: CallEvent, made: ReadonlyMap<Value, CallEvent>, before: Value | undefined): boolean {
  // The query is made there, too: with its condition it is whole.
  // Whoever gives no list of ids asks for all on purpose: `if ids: query = query.where(Model.id.in_(ids))`.
  if (positional.some((one) => one.is === "external" && /\.in_\(\)$/.test(one.name))) return false
  const whole =
    before &&
    options(before).every((one) => {
      const outer = made.get(one)?.within ?? []
      return within.every((around) => outer.some(({ is, at }) => is === around.is && at.start === around.at.start))
    })
  if (whole) return false
  if (within.some(({ is }) => is === "loop")) return true
  const branch = within.findLast(({ is }) => is === "branch")
  if (!branch) return false
  // Both arms of an `if` bear the place of its test: where two conditions do, each arm may have its own.
  const arms = [...made.values()].filter(
    (call) =>
      /\.(filter|where|filter_by)$/.test(call.name ?? "") &&
      call.within.some((around) => around.is === "branch" && around.at.start === branch.at.start),
  )
  return arms.length === 1
}

function isTable({ body, bases }: ClassValue): boolean {
  return body.own("__tablename__") !== undefined || bases.length > 0
}

/** Is what a call gives returned, walked over or passed on, rather than counted or looked into? */
function isHandedOn({ events }: Fn, { result, at }: CallEvent): boolean {
  const wanted = derivedFrom(result, events)
  return events.some((event) => {
    if (event.is === "return")
      return (
        (contains(event, at) && !events.some((call) => call.is === "call" && contains(call, at) && COUNTS.test(call.name ?? ""))) ||
        holds(event.value, wanted) ||
        isGivenIn(event, events, wanted)
      )
    if (event.at.start < at.start) return false
    return event.within.some((around) => around.is === "loop" && around.over !== undefined && holds(around.over, wanted))
  })
}

const COUNTS = /^builtins\.(len|bool|any|all|sum|max|min)$/

const contains = ({ at }: Event, inner: Event["at"]): boolean => at.start <= inner.start && at.end >= inner.end

/** `return success(data=rows)`: what the helper makes of it is its own affair. */
const isGivenIn = (answer: Event, events: readonly Event[], wanted: ReadonlySet<Value>): boolean =>
  events.some(
    (event) =>
      event.is === "call" &&
      event.at.start >= answer.at.start &&
      event.at.end <= answer.at.end &&
      !COUNTS.test(event.name ?? "") &&
      [...event.positional, ...event.keywords.values()].some((value) => holds(value, wanted)),
  )

function holds(value: Value, wanted: ReadonlySet<Value>, depth = 0): boolean {
  if (wanted.has(value)) return true
  if (depth > 4) return false
  const inner = (one: Value) => holds(one, wanted, depth + 1)
  switch (value.is) {
    case "external":
      return (
        (value.self !== undefined && inner(value.self)) ||
        (value.built?.positional.some(inner) ?? false) ||
        [...(value.built?.keywords.values() ?? [])].some(inner)
      )
    case "instance":
      return (value.built?.positional.some(inner) ?? false) || [...(value.built?.keywords.values() ?? [])].some(inner)
    case "mapping":
      return value.entries.some(([, item]) => inner(item))
    case "sequence":
      // What a comprehension made its items of is not known; most likely of the rows.
      return value.open || value.items.some(inner)
    case "either":
      return value.options.some(inner)
    default:
      return false
  }
}

function finding(fn: Fn, event: Event, model: ClassValue, routes: Route[], way: Step[]): Finding {
  return {
    at: event.at,
    message: `${routeNames(routes)} ${routes.length > 1 ? "fetch" : "fetches"} every ${quote(model.qualname)} there is`,
    ...(way.length > 0 && { trace: [...way, { at: event.at, message: `fetches every ${quote(model.qualname)}`, symbol: fn.name }] }),
    routes,
    scope: fn.id,
    discriminator: model.qualname,
  }
}
