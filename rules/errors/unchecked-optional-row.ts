import {
  type CallEvent,
  type Callee,
  callsOf,
  type Expr,
  type Finding,
  type Fn,
  type FunctionNode,
  functionAround,
  mayBeNone,
  mentionsOf,
  notedSpans,
  type Project,
  type PyFile,
  quote,
  type Route,
  routeName,
  routeNames,
  rule,
  type Span,
  type Step,
  shortName,
  type Use,
  useOf,
} from "#rule"

export default rule({
  summary: "A row that may not exist, used without a look",
  why: `
\`first()\`, \`one_or_none()\` and \`Session.get()\` give \`None\` when nothing matches. A client who asks for an id that does
not exist, or no longer does, then gets an \`AttributeError\` and a 500 where a 404 was meant, and whoever reads the log looks
for a bug that is none.
`,
  help: "Test for `None` first: `if row is None: raise HTTPException(404)`",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/sql-databases/#read-one-hero",
  equivalents: [],
  exemptions: [
    "rows that are tested, handed on or replaced before they are used, and answers of functions that raise an error of their own",
    "aggregates, which always have a row",
    "sessions and collections that are not proven to be a database's: the `get` of a dictionary or of `requests`",
    "what is used in a `try` that catches `AttributeError` or `TypeError`",
  ],
  files: { roles: ["app"] },
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
            name: Mapped[str]

        def get_db() -> Session: ...

        def find_item(db: Session, item_id: int):
            return db.query(Item).filter(Item.id == item_id).first()

        app = FastAPI()

        @app.get("/items/{item_id}/name")
        def read_name(item_id: int, db: Session = Depends(get_db)):
            item = db.get(Item, item_id)
            return item.name # expect: \`item\` may be \`None\` when \`.name\` is read

        @app.get("/items/{item_id}/title")
        def read_title(item_id: int, db: Session = Depends(get_db)):
            return find_item(db, item_id).name.title() # expect: \`find_item\` may give \`None\` when \`.name\` is read
      `,
      good: `
        from fastapi import Depends, FastAPI, HTTPException
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Item(Base):
            __tablename__ = "items"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]

        def get_db() -> Session: ...

        app = FastAPI()

        @app.get("/items/{item_id}/name")
        def read_name(item_id: int, db: Session = Depends(get_db)):
            item = db.get(Item, item_id)
            if item is None:
                raise HTTPException(status_code=404, detail="Item not found")
            return item.name
      `,
    },
  ],

  notes(file) {
    const used = [...usedRows(file)]
    return used.length > 0 ? used : undefined
  },

  *project(project, _options, notes: { path: string; notes: Used[] }[]) {
    const used = notedSpans(notes)
    if (used.isEmpty) return
    const rows = new Rows(used)
    const endpoints = new Map(project.routes.flatMap((route) => (route.endpoint ? [[route.endpoint, route] as const] : [])))
    const { bodies } = project
    for (const { in: fn, event } of [...bodies.callsPerhapsOf(mayBeNone), ...bodies.entering]) {
      const use = fn.role === "app" ? rows.useOf(event) : undefined
      const way = use && rows.of(event)
      if (!way || !use || project.reach.running(fn) !== "request") continue
      if (use.is !== "returned") yield finding(project, fn, event, use, way)
      else {
        const route = endpoints.get(fn)
        const model = route && modelOf(route)
        // A function that raises has most likely asked the same before.
        if (route && model && !fn.events.some((other) => other.is === "raise")) yield returned(fn, event, route, model, way)
      }
    }
  },
})

// ---------------------------------------------------------------------------- calls that may give None

interface Way {
  /** From the outermost helper down to the query. */
  calls: { in: Fn; event: CallEvent }[]
  query: string
}

type Noted = ReturnType<typeof notedSpans<Used>>

class Rows {
  private readonly used: Noted
  private readonly known = new Map<Fn, Way | undefined>()

  constructor(used: Noted) {
    this.used = used
  }

  /** What is done with its value, where that matters. */
  useOf(event: CallEvent): Used | undefined {
    const use = this.used.get(event.at)
    return use && !event.within.some((around) => around.is === "nested") ? use : undefined
  }

  of(event: CallEvent): Way | undefined {
    const ways = event.callees.map((callee) => this.ofCallee(callee, event))
    return ways.every((way) => way) ? ways[0] : undefined
  }

  private ofCallee({ name, fn }: Callee, event: CallEvent): Way | undefined {
    if (fn) return fn.generator || (fn.async && !event.awaited) ? undefined : this.through(fn)
    return name !== undefined && mayBeNone(name) ? { calls: [], query: shortName(name) } : undefined
  }

  /** A function that returns what it found, without a look at it, on its only way out. */
  private through(fn: Fn): Way | undefined {
    if (this.known.has(fn)) return this.known.get(fn)
    this.known.set(fn, undefined)
    if (fn.value.decorators.some((one) => one.is !== "external" || !/^builtins\.(static|class)method$/.test(one.name))) return undefined
    const returns = fn.events.filter((event) => event.is === "return")
    const found = fn.events.flatMap((event) => {
      const way = event.is === "call" && this.useOf(event)?.is === "returned" ? this.of(event) : undefined
      return event.is === "call" && way ? [{ calls: [{ in: fn, event }, ...way.calls], query: way.query }] : []
    })
    const [way] = found
    if (found.length === 0 || returns.length > found.length) return undefined
    this.known.set(fn, way)
    return way
  }
}

// ---------------------------------------------------------------------------- findings

/** The model that an answer must be; undefined where `None` may be sent. */
function modelOf({ response }: Route): string | undefined {
  const { type, from } = response
  if (!type || (from !== "response_model" && from !== "annotation") || type.value.is !== "class") return undefined
  return type.value.def.name
}

const below = ({ calls, query }: Way): Step[] =>
  calls.map((call, i) => {
    const next = calls[i + 1]
    return {
      at: call.event.at,
      message: next ? `returns what ${quote(next.in.name)} gives` : `returns ${quote(query)}, which may be ${quote("None")}`,
      symbol: call.in.name,
    }
  })

function finding(project: Project, fn: Fn, event: CallEvent, use: Used, way: Way): Finding {
  const routes = project.reach.routesTo(fn)
  const what =
    use.bound === undefined
      ? `${quote(event.fn?.name ?? way.query)} may give ${quote("None")}`
      : `${quote(use.bound)} may be ${quote("None")}`
  const then = use.is === "attribute" ? `when ${quote(`.${use.name}`)} is read` : "when an item of it is read"
  const to = routeNames(routes)
  const steps = below(way)
  return {
    at: use.usedAt ? { path: event.at.path, ...use.usedAt } : event.at,
    message: `${what} ${then}${to ? `, in ${to}` : ""}`,
    ...(steps.length > 0 && { trace: [{ at: event.at, message: `calls ${quote(event.fn?.name ?? "")}`, symbol: fn.name }, ...steps] }),
    ...(use.usedAt && { related: [{ at: event.at, message: "comes from here" }] }),
    routes,
    scope: fn.id,
    discriminator: use.bound ?? way.query,
  }
}

function returned(fn: Fn, event: CallEvent, route: Route, model: string, way: Way): Finding {
  const steps = below(way)
  return {
    at: event.at,
    message: `${routeName(route)} answers 500 instead of 404 when ${quote(event.fn?.name ?? way.query)} gives ${quote("None")}, which is no ${quote(model)}`,
    ...(steps.length > 0 && { trace: [{ at: event.at, message: `calls ${quote(event.fn?.name ?? "")}`, symbol: fn.name }, ...steps] }),
    routes: [route],
    scope: fn.id,
    discriminator: "returned",
  }
}

// ---------------------------------------------------------------------------- uses, as they are written

/** A call whose value is used without a test. */
interface Used extends Span {
  is: "attribute" | "item" | "returned"
  /** The attribute that is read. */
  name?: string
  /** The name that holds the value. */
  bound?: string
  usedAt?: Span
}

/** Aggregates give a row for no rows, and what was just written is there. */
const ALWAYS = /\bfunc\.|\b(count|sum|max|min|avg|coalesce|exists|returning|insert)\b/i

const hasAlways = (call: Expr, file: PyFile): boolean => ALWAYS.test(file.source(call))

function* usedRows(file: PyFile): Generator<Used> {
  for (const { call, def, use: own } of callsOf(file)) {
    if (!def || (call.func.kind !== "Attribute" && call.func.kind !== "Name")) continue
    const whole = own.is === "awaited" ? (file.parentOf(call) as Expr) : call
    const use = whole === call ? own : useOf(whole, file)
    const { start, end } = call
    if (use.is === "bound" && use.name !== undefined) {
      const next = nextUse(use.name, whole, def, file)
      if (next && !hasAlways(call, file)) yield { ...next, bound: use.name, start, end }
    } else if (isUnchecked(use) && !isForgiven(whole, def, file) && !hasAlways(call, file)) {
      yield { is: use.is, start, end, ...(use.name !== undefined && { name: use.name }) }
    }
  }
}

const isUnchecked = (use: Use): use is Use & { is: Used["is"] } =>
  use.is === "returned" || use.is === "item" || (use.is === "attribute" && !/^__/.test(use.name ?? ""))

/** What is done first to a name after it was bound; undefined where that may be a test, or something that tests. */
function nextUse(name: string, bound: Expr, def: FunctionNode, file: PyFile): Omit<Used, "start" | "end"> | undefined {
  const next = mentionsOf(name, def, file).find(({ node }) => node.start >= bound.end)
  if (!next || next.isBinding || functionAround(next.node, file) !== def) return undefined
  const use = useOf(next.node, file)
  if (!isUnchecked(use) || isForgiven(next.node, def, file, name) || isInLoopOf(name, bound, file)) return undefined
  // Bound on one way of a branch, read after it: another way may have bound it first.
  return { is: use.is, ...(use.name !== undefined && { name: use.name }), usedAt: { start: use.at.start, end: use.at.end } }
}

/** Under a condition that mentions it, or where its absence is caught. */
function isForgiven(expr: Expr, def: FunctionNode, file: PyFile, name?: string): boolean {
  let inner: unknown = expr
  for (const outer of file.around(expr)) {
    if (outer === def) return false
    if (name !== undefined && outer.kind === "IfExp" && inner !== outer.test && mentions(outer.test, name, file)) return true
    if (name !== undefined && (outer.kind === "ListComp" || outer.kind === "GeneratorExp" || outer.kind === "Lambda")) return true
    if (outer.kind === "Try" && outer.body.some((one) => one === inner))
      if (outer.handlers.some(({ type }) => type && /AttributeError|TypeError/.test(file.source(type)))) return true
    inner = outer
  }
  return false
}

function isInLoopOf(name: string, bound: Expr, file: PyFile): boolean {
  for (const outer of file.around(bound)) if (outer.kind === "While" && mentions(outer.test, name, file)) return true
  return false
}

function mentions(expr: Expr, name: string, file: PyFile): boolean {
  for (const node of file.walk(expr)) if (node.kind === "Name" && node.id === name) return true
  return false
}
