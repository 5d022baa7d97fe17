import {
  type CallEvent,
  type Callee,
  type ClassValue,
  type Expr,
  enclosingFunction,
  type Finding,
  type Fn,
  isLastTurn,
  list,
  type Node,
  notedSpans,
  type Project,
  type PyFile,
  quote,
  routeNames,
  rule,
  type Step,
  type Stmt,
  shortName,
  type Value,
} from "#rule"

export default rule({
  summary: "A query for every turn of a loop",
  why: `
Ten rows are eleven round trips to the database, a thousand rows are a thousand and one. Each waits for the network and
holds a connection meanwhile, so the route gets slower with the data and nobody sees it in development.
`,
  help: "Fetch all rows before the loop with one query (`where(Model.id.in_(ids))`, a join, `selectinload`), or write them with one statement",
  concern: "performance",
  level: "warning",
  docs: "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html",
  equivalents: ["FASTT030"],
  exemptions: [
    "loops over numbers, batches, chunks and pages, over up to three known values, over constants and enums",
    "queries that do not depend on the loop's variable (a retry)",
    "`Session.get` of a class that was loaded before the loop",
    "what is asked only `if key not in` something: a cache",
    'what a `break` or `return` follows, and what stands below `if name == "one"` of the loop\'s variable: it is asked once',
    "loops over `**kwargs`, whose names the code decides, and an `insert` that is given its rows",
    "commands, migrations, jobs, and all that no route leads to",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import select
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Stock(Base):
            __tablename__ = "stock"
            sku: Mapped[str] = mapped_column(primary_key=True)
            units: Mapped[int]

        def get_db() -> Session: ...

        app = FastAPI()

        @app.post("/availability")
        def availability(skus: list[str], db: Session = Depends(get_db)):
            return {sku: db.scalar(select(Stock.units).where(Stock.sku == sku)) for sku in skus} # expect: \`Session.scalar\` runs once for every \`sku\` in \`skus\`
      `,
      good: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import select
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Stock(Base):
            __tablename__ = "stock"
            sku: Mapped[str] = mapped_column(primary_key=True)
            units: Mapped[int]

        def get_db() -> Session: ...

        app = FastAPI()

        @app.post("/availability")
        def availability(skus: list[str], db: Session = Depends(get_db)):
            rows = db.execute(select(Stock.sku, Stock.units).where(Stock.sku.in_(skus)))
            return {sku: units for sku, units in rows}
      `,
    },
  ],

  notes(file) {
    const repeated = repeatedCalls(file)
    return repeated.length > 0 ? repeated : undefined
  },

  *project(project, _options, notes: { path: string; notes: Repeated[] }[]) {
    const repeated = notedSpans(notes)
    const ways = new Ways()
    for (const [at, turn] of repeated.places()) {
      if (SETUP.test(at.path)) continue
      for (const { in: fn, event } of project.bodies.callsAt(at)) {
        if (fn.role !== "app" || !isRepeated(event) || isLoaded(event, fn)) continue
        const way = ways.of(event, 3)
        if (way && project.reach.running(fn) === "request") yield finding(project, fn, event, turn, way)
      }
    }
  },
})

/** Filling a database for the first time. */
const SETUP = /(^|\/)(seeds?|init_?db|migrations?|fixtures)(\/|_|\.|$)/i

/** Does it run in a loop of more than a few turns, where it is written? */
function isRepeated({ within }: CallEvent): boolean {
  let loops = false
  for (const around of within) {
    if (around.is === "nested" || around.is === "handler") return false
    if (around.is !== "loop") continue
    const { over } = around
    if (over?.is === "sequence" && !over.open && over.items.length <= 3) return false
    // Of a class, the members of an enum: the code says how many there are.
    if (over?.is === "class") return false
    loops = true
  }
  return loops
}

/** `session.get(User, id)` finds what an earlier query has loaded. */
function isLoaded(event: CallEvent, { events }: Fn): boolean {
  const [model] = event.positional
  if (!/\.get$/.test(event.name ?? "") || model?.is !== "class") return false
  return events.some(
    (other) =>
      other.is === "call" && other.at.start < event.at.start && /\.(select|query)$/.test(other.name ?? "") && mentions(other, model),
  )
}

const mentions = ({ positional }: CallEvent, model: ClassValue): boolean => positional.includes(model)

// ---------------------------------------------------------------------------- queries

const SYNC =
  /\.(execute|executemany|scalar|scalars|get|get_one|exec|refresh|all|first|one|one_or_none|count|find_one|find_one_and_update|insert_one|update_one|replace_one|count_documents|distinct)$/

/** Asynchronous twins, by the name of the class that makes the connection. */
const ASYNC = [
  /^(sqlalchemy\.ext\.asyncio\.(AsyncSession|AsyncConnection|async_scoped_session)|sqlmodel\.ext\.asyncio\.session\.AsyncSession)\(\)\.(execute|scalar|scalars|stream|stream_scalars|get|get_one|exec|refresh)$/,
  /^asyncpg\.(connection\.Connection|pool\.Pool)\(\)\.(execute|fetch|fetchrow|fetchval)$/,
  /^(motor\.motor_asyncio\.AsyncIOMotor\w+|pymongo\.(asynchronous\.\w+\.)?Async\w+)\b.*\.(find_one|find_one_and_update|insert_one|update_one|replace_one|count_documents|aggregate|distinct)$/,
  /^aiosql\.(from_path|from_str)\(\)\.\w+$/,
]

/** The query that a call sends, as it is called in a message. */
function queryOf({ name, blocks }: Callee, { awaited, positional }: CallEvent): string | undefined {
  if (name === undefined) return undefined
  if (isStatementOfItsOwn(positional[0]) || isForManyRows(positional)) return undefined
  if (blocks?.kind === "database") return SYNC.test(blocks.name) ? shortName(blocks.name) : undefined
  return awaited && ASYNC.some((pattern) => pattern.test(name)) ? shortName(name) : undefined
}

/** A deletion, a change of the schema, or SQL that is not known: nothing that one query could do for all turns. */
function isStatementOfItsOwn(statement: Value | undefined): boolean {
  if (statement?.is !== "external") return false
  const [sql] = statement.built?.positional ?? []
  if (statement.name === "sqlalchemy.text()") return sql?.is !== "text" || !sql.parts.some((part) => typeof part === "string")
  return /\bdelete\(\)|\b(Drop|Create|Add)\w+\(\)|^sqlalchemy\.(schema|DDL)\b/i.test(statement.name)
}

/** `execute(insert(table), rows)`: one statement for all rows of a table. */
const isForManyRows = ([statement, rows]: readonly Value[]): boolean =>
  statement?.is === "external" && /\binsert\(\)/.test(statement.name) && rows !== undefined && rows.is !== "mapping"

interface Way {
  /** From the outermost helper down to the query. */
  calls: { in: Fn; event: CallEvent }[]
  query: string
}

/** How calls lead to a query, whatever happens on the way: a helper that asks only sometimes (a cache) is no way. */
class Ways {
  private readonly known = new Map<string, Way | undefined>()

  of(event: CallEvent, depth: number): Way | undefined {
    const ways = event.callees.map((callee) => {
      const query = queryOf(callee, event)
      return query === undefined ? callee.fn && runsIn(event, callee.fn) && this.through(callee.fn, depth) : { calls: [], query }
    })
    return ways.every((way) => way) ? ways[0] || undefined : undefined
  }

  private through(fn: Fn, depth: number): Way | undefined {
    if (depth === 0 || fn.role !== "app" || fn.decorators.some(({ name }) => /cache|memo|once/i.test(name ?? ""))) return undefined
    const key = `${fn.id}:${fn.at.start}:${depth}`
    if (this.known.has(key)) return this.known.get(key)
    this.known.set(key, undefined)
    let found: Way | undefined
    for (const event of fn.events) {
      // What comes after another way out may not be reached: a cache, say.
      if (event.is === "return") break
      if (event.is !== "call" || event.within.some(({ is }) => is === "branch" || is === "handler" || is === "nested")) continue
      if (!isGivenSomething(event)) continue
      const way = this.of(event, depth - 1)
      if (!way) continue
      found = { calls: [{ in: fn, event }, ...way.calls], query: way.query }
      break
    }
    this.known.set(key, found)
    return found
  }
}

/** A function without arguments gives the same in every turn. */
const isGivenSomething = ({ fn, positional, keywords, open }: CallEvent): boolean =>
  !fn || fn.owner !== undefined || positional.length > 0 || keywords.size > 0 || open

/** Does the body run where the call stands? */
const runsIn = (event: CallEvent, fn: Fn): boolean => (fn.generator ? event.entered !== undefined : !fn.async || event.awaited)

// ---------------------------------------------------------------------------- findings

function finding(project: Project, fn: Fn, event: CallEvent, { each, of }: Repeated, { calls, query }: Way): Finding {
  const routes = project.reach.routesTo(fn)
  const names = [...new Set(calls.map((call) => quote(call.in.name)))]
  const through = calls.length > 0 ? `, through ${list(names)}` : ""
  const to = routeNames(routes)
  const above = routes.some((route) => route.endpoint === fn) ? [] : stepsTo(project, fn)
  const below = calls.map((call, i): Step => {
    const next = calls[i + 1]
    return { at: call.event.at, message: next ? `calls ${quote(next.in.name)}` : `sends ${quote(query)}`, symbol: call.in.name }
  })
  const trace = [...above, { at: event.at, message: `calls it for every ${quote(each)}`, symbol: fn.name }, ...below]
  return {
    at: event.at,
    message: `${quote(query)} runs once for every ${quote(each)} in ${quote(of)}${through}${to ? `, in ${to}` : ""}`,
    ...(trace.length > 1 && { trace }),
    routes,
    scope: fn.id,
    discriminator: `${query} ${each}`,
  }
}

/** From the nearest endpoint down to the function. */
function stepsTo(project: Project, fn: Fn): Step[] {
  const endpoints = new Set(project.routes.map((route) => route.endpoint))
  const next = new Map<Fn, Fn | undefined>([[fn, undefined]])
  for (const one of next.keys()) {
    if (endpoints.has(one)) return [...descent(one, next)]
    if (next.size < 200) for (const caller of project.reach.callersOf(one)) if (!next.has(caller)) next.set(caller, one)
  }
  return []
}

function* descent(from: Fn, next: ReadonlyMap<Fn, Fn | undefined>): Generator<Step> {
  for (let fn: Fn | undefined = from; fn; fn = next.get(fn)) {
    const target = next.get(fn)
    const call = fn.events.find((event) => event.is === "call" && event.callees.some((callee) => callee.fn === target))
    if (target && call) yield { at: call.at, message: `calls ${quote(target.name)}`, symbol: fn.name }
  }
}

// ---------------------------------------------------------------------------- loops, as they are written

/** A call that depends on the variable of a loop. */
interface Repeated {
  start: number
  end: number
  each: string
  of: string
}

const BATCHES =
  /sorted_tables|chunk|batch|\brange\(|\bcount\(|paginat|\bpages?\b|retr(y|ies)|attempt|split|window|\b(entity|resource|object)_types\b|\bmodels\b|\btables\b/i

interface Loop {
  target: Expr
  iter: Expr
  body: Node[]
}

function repeatedCalls(file: PyFile): Repeated[] {
  const found = new Map<string, Repeated>()
  for (const node of file.all("For", "AsyncFor", "ListComp", "SetComp", "DictComp")) {
    for (const { target, iter, body } of loopsIn(node)) {
      const each = file.source(target)
      const of = file.source(iter)
      if (BATCHES.test(of) || BATCHES.test(each) || isTiny(iter) || isOverCode(iter, file)) continue
      const nodes = body.flatMap((one) => [...file.walk(one, { nested: false })])
      const names = dependent(target, nodes, file)
      for (const call of nodes) {
        if (
          call.kind !== "Call" ||
          !reads(call, names, file) ||
          isCached(call, node, file) ||
          isLastTurn(call, node, file) ||
          isForOne(call, namesIn(target, file), node, file)
        )
          continue
        found.set(`${call.start}:${call.end}`, { start: call.start, end: call.end, each: shortened(each), of: shortened(of) })
      }
    }
  }
  return [...found.values()]
}

function loopsIn(node: Node): Loop[] {
  switch (node.kind) {
    case "For":
    case "AsyncFor":
      return [{ target: node.target, iter: node.iter, body: node.body }]
    case "ListComp":
    case "SetComp":
      return node.generators.map(({ target, iter, ifs }) => ({ target, iter, body: [node.elt, ...ifs] }))
    case "DictComp":
      return node.generators.map(({ target, iter, ifs }) => ({ target, iter, body: [node.key, node.value, ...ifs] }))
    default:
      return []
  }
}

/** Few by nature: what is written out, a constant of the module, the members of an enum. */
const isTiny = (iter: Expr): boolean =>
  (iter.kind === "Name" && /^_?[A-Z]/.test(iter.id)) ||
  (iter.kind === "Call" && iter.func.kind === "Attribute" && /^(items|keys|values)$/.test(iter.func.attr) && isTiny(iter.func.value)) ||
  ((iter.kind === "Tuple" || iter.kind === "List" || iter.kind === "Set") && iter.elts.length <= 3)

/** `for name, value in kwargs.items()`, `for name in PROVIDERS`: the code says how many there are, and not the data. */
function isOverCode(iter: Expr, file: PyFile): boolean {
  const over = iter.kind === "Call" && iter.func.kind === "Attribute" ? iter.func.value : iter
  return over.kind === "Name" && (/^_?[A-Z][A-Z0-9_]+$/.test(over.id) || enclosingFunction(over, file)?.args.kwarg?.arg === over.id)
}

/** The loop's variables, and what is computed from them in its body. */
function dependent(target: Expr, body: readonly Node[], file: PyFile): Set<string> {
  const names = namesIn(target, file)
  const given = body.flatMap(givenBy)
  for (let before = -1; before < names.size; ) {
    before = names.size
    for (const { value, targets } of given) {
      if (!reads(value, names, file)) continue
      for (const one of targets) if (one.kind === "Name" || one.kind === "Tuple") for (const name of namesIn(one, file)) names.add(name)
    }
  }
  return names
}

/** What a node gives to names. */
function givenBy(node: Node): { value: Expr; targets: Expr[] } | [] {
  if (node.kind === "Assign") return node
  if (node.kind === "For" || node.kind === "AsyncFor") return { value: node.iter, targets: [node.target] }
  return (node.kind === "AnnAssign" || node.kind === "NamedExpr") && node.value ? { value: node.value, targets: [node.target] } : []
}

/** Below `if field == "team_id"`: of all turns, one. */
function isForOne(call: Node, each: ReadonlySet<string>, loop: Node, file: PyFile): boolean {
  let inner: Node = call
  for (const outer of file.around(call)) {
    if (outer === loop) return false
    if (outer.kind === "If" && inner !== outer.test && !outer.orelse.includes(inner as Stmt))
      for (const one of file.walk(outer.test))
        if (
          one.kind === "Compare" &&
          one.ops[0] === "Eq" &&
          one.left.kind === "Name" &&
          each.has(one.left.id) &&
          one.comparators[0]?.kind === "Constant"
        )
          return true
    inner = outer
  }
  return false
}

const namesIn = (node: Node, file: PyFile): Set<string> =>
  new Set([...file.walk(node)].flatMap((inner) => (inner.kind === "Name" ? inner.id : [])))

function reads(node: Node, names: ReadonlySet<string>, file: PyFile): boolean {
  for (const inner of file.walk(node)) if (inner.kind === "Name" && names.has(inner.id)) return true
  return false
}

/** Below `if key not in cache`. */
function isCached(call: Node, loop: Node, file: PyFile): boolean {
  for (const outer of file.around(call)) {
    if (outer === loop) return false
    if (outer.kind === "If" && outer.test.kind === "Compare" && outer.test.ops.some((op) => op === "NotIn")) return true
  }
  return false
}

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, " ")
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}
