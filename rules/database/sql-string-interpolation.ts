import {
  type CallEvent,
  type Finding,
  type Fn,
  functionName,
  isEnum,
  knownText,
  list,
  type Mark,
  options,
  type Param,
  type Place,
  type Project,
  passed,
  quote,
  type Route,
  requestFinding,
  requestFlows,
  routeNames,
  rule,
  type Step,
  shortName,
  sqlSink,
  type Traced,
  traced,
  type Value,
} from "#rule"

export default rule({
  summary: "A value written into the text of an SQL statement",
  why: `
A statement that is put together from text runs whatever the text says. A name such as \`x' OR '1'='1\` reads the whole table,
and worse ones change it; even an honest \`O'Brien\` breaks the statement. A bound parameter travels beside the statement
and is never read as SQL.
`,
  help: 'Bind the value: `text("... WHERE name = :name")` with `{"name": name}`; choose names of tables and columns from a fixed list',
  concern: "security",
  level: "warning",
  docs: "https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text",
  equivalents: ["S608", "S2077", "S3649"],
  cwe: ["CWE-89"],
  exemptions: [
    "constants, numbers, dates, UUIDs, enums, and values of a `Literal`",
    "a name that is looked up in, or compared with, a fixed list before",
    "text whose origin is not known; migrations, scripts and tests",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import text
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        @app.get("/users")
        def find_users(name: str, db: Session = Depends(get_db)):
            return db.execute(text(f"SELECT * FROM users WHERE name = '{name}'")).all() # expect: \`name\` of \`GET /users\` is written into the SQL of \`sqlalchemy.text\`
      `,
      good: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import text
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        @app.get("/users")
        def find_users(name: str, db: Session = Depends(get_db)):
            return db.execute(text("SELECT * FROM users WHERE name = :name"), {"name": name}).all()
      `,
    },
    {
      bad: `
        import sqlite3
        from fastapi import FastAPI

        app = FastAPI()

        def rows(sql: str):
            return sqlite3.connect("shop.db").execute(sql).fetchall() # expect: \`sort\` of \`GET /items\` is written into the SQL of \`Connection.execute\`, through \`rows\`

        @app.get("/items")
        def read_items(sort: str = "id"):
            return rows("SELECT * FROM items ORDER BY " + sort)
      `,
      good: `
        import sqlite3
        from typing import Literal
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        TABLE = "items"
        COLUMNS = ("id", "name")

        def rows(sql: str):
            return sqlite3.connect("shop.db").execute(sql).fetchall()

        @app.get("/items")
        def read_items(sort: str = "id", order: Literal["asc", "desc"] = "asc", limit: int = 10):
            if sort not in COLUMNS:
                raise HTTPException(422)
            return rows(f"SELECT * FROM {TABLE} ORDER BY {sort} {order} LIMIT {limit}")
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const fn of project.functions) {
      if (fn.role !== "app" || !fn.events.some((event) => event.is === "call" && sinkOf(event))) continue
      const trace = traced(project, fn)
      for (const event of trace.fn.events) {
        const sql = event.is === "call" ? statement(event) : undefined
        if (event.is !== "call" || !sql) continue
        const found = culprits(sql, { fn, trace, event }, project, [])
        const worst = found.find(({ source }) => source === "client") ?? found[0]
        if (worst) {
          told.add(`${event.at.path}:${event.at.start}`)
          yield finding(fn, event, worst)
        }
      }
    }
    yield* quotedByHand(project)
    // What a request carries through objects and returns.
    for (const flow of requestFlows(project, ["sql"]))
      if (!told.has(`${flow.at.path}:${flow.at.start}`))
        yield { ...requestFinding(flow, "is written into the SQL of {callee}"), level: "error" as const }
  },
})

/**
 * A function that writes any value as SQL: `NULL` for nothing, `'x'` for a text. A quote in the text ends it, and what
 * follows is SQL. Asked for only in files that run SQL.
 */
function* quotedByHand(project: Project): Generator<Finding> {
  const files = new Set(
    project.functions.flatMap((fn) => (fn.role === "app" && fn.events.some((one) => one.is === "call" && sinkOf(one)) ? [fn.path] : [])),
  )
  for (const fn of project.functions) {
    if (fn.role !== "app" || !files.has(fn.path) || !fn.events.some((one) => one.is === "return" && isNull(one.value))) continue
    const { fn: played, markOf } = traced(project, fn)
    if (
      played.events.some(
        (one) => one.is === "call" && /\.(replace|translate)$|quote|escape|literal|adapt/i.test(one.fn?.name ?? one.name ?? ""),
      )
    )
      continue
    for (const event of played.events) {
      if (event.is !== "return" || event.value.is !== "text") continue
      const [open, value, close, ...more] = event.value.parts
      const mark = open === "'" && close === "'" && more.length === 0 && typeof value === "object" ? markOf(value) : undefined
      if (mark)
        yield {
          at: event.at,
          level: "warning",
          message: `${quote(functionName(fn))} writes ${quote(mark.parameter.name)} between quotes as SQL, and a quote in it ends the value`,
          scope: fn.id,
          discriminator: mark.parameter.name,
        }
    }
  }
}

const isNull = (value: Value): boolean => options(value).some((one) => knownText(one)?.toUpperCase() === "NULL")

const sinkOf = ({ callees }: CallEvent) =>
  callees.map(({ name }) => (name === undefined ? undefined : sqlSink(name))).find((sink) => sink !== undefined)

function statement(event: CallEvent): Value | undefined {
  const sink = sinkOf(event)
  return sink && (event.keywords.get(sink.keyword) ?? event.positional[sink.position])
}

// ---------------------------------------------------------------------------- what is written into it

/** Where a value is looked at: a call in a function that is played with marked parameters. */
interface Site {
  fn: Fn
  trace: Traced
  event: CallEvent
}

interface Culprit {
  name: string
  /** A client sends it, or only a caller that we do not see. */
  source: "client" | "caller"
  routes: Route[]
  /** From where it comes in down to the call that is given it. */
  calls: Site[]
}

/** One piece of a statement that is not constant. */
interface Piece {
  value: Value
  /** It stands between quotes, where only a value can stand. */
  isQuoted: boolean
  /** It is the whole statement. */
  isWhole: boolean
}

function piecesOf(value: Value): Piece[] {
  return options(value).flatMap((option): Piece[] => {
    if (option.is !== "text") return [{ value: option, isQuoted: false, isWhole: true }]
    let before = ""
    return option.parts.flatMap((part): Piece[] => {
      if (typeof part !== "string")
        return options(part).map((one) => ({ value: one, isQuoted: isOpen(before), isWhole: option.parts.length === 1 }))
      before += part
      return []
    })
  })
}

/** Does a text end inside a quoted value? */
const isOpen = (before: string): boolean => (before.match(/'/g)?.length ?? 0) % 2 === 1

const DEPTH = 4

function culprits(value: Value, site: Site, project: Project, below: Site[]): Culprit[] {
  const pieces = piecesOf(value)
  // Beside a constant, a piece is a choice among what the code knows (`sort if sort in COLUMNS else "id"`).
  const isChoice = (piece: Piece): boolean =>
    !piece.isQuoted &&
    options(value).every(
      (option) =>
        option.is !== "text" ||
        option.parts.some(
          (part) =>
            typeof part !== "string" && options(part).includes(piece.value) && options(part).some((one) => knownText(one) !== undefined),
        ),
    )
  return pieces.flatMap((piece) =>
    isHarmless(piece.value, project) || (!piece.isWhole && isChoice(piece)) ? [] : origins(piece, site, project, below),
  )
}

/** What can hold no SQL. */
function isHarmless(value: Value, project: Project): boolean {
  if (value.is === "literal" || value.is === "class" || value.is === "function" || value.is === "module") return true
  if (value.is === "external")
    return /^(builtins\.(int|float|bool|complex|bytes|len|range)|uuid\.\w+|datetime\.\w+|decimal\.Decimal|time\.\w+|psycopg2?\.sql\.\w+)\(\)/.test(
      value.name,
    )
  return value.is === "instance" && isEnum(project, value.of) !== false
}

function origins(piece: Piece, site: Site, project: Project, below: Site[]): Culprit[] {
  const { fn, trace } = site
  const mark = trace.markOf(piece.value)
  const calls = [site, ...below]
  if (
    piece.value.is === "external" &&
    /^starlette\.requests\.Request\(\)\.(query_params|path_params|headers|cookies)\b/.test(piece.value.name)
  )
    return [{ name: "a value of the request", source: "client", routes: project.reach.routesTo(fn), calls }]
  return mark && !isChecked(mark, piece, site) ? ofParameter(mark, piece, site, project, calls) : []
}

function ofParameter(mark: Mark, piece: Piece, site: Site, project: Project, calls: Site[]): Culprit[] {
  const { fn } = site
  const name = mark.field === undefined ? mark.parameter.name : `${mark.parameter.name}.${mark.field}`
  const declared = project.reach
    .routesTo(fn)
    .flatMap((route) => route.params.filter((param) => isOf(param, mark, fn)).map((param) => ({ route, param })))
  if (declared.length > 0) {
    const sent = declared.filter(({ param }) => isText(piece.value, param))
    return sent.length > 0 ? [{ name, source: "client", routes: sent.map(({ route }) => route), calls }] : []
  }
  if (calls.length > DEPTH || mark.field !== undefined) return []
  const found: Culprit[] = []
  let callers = 0
  let isConstant = true
  for (const caller of project.reach.callersOf(fn)) {
    if (caller.role === "test") continue
    const trace = traced(project, caller)
    for (const event of trace.fn.events) {
      if (event.is !== "call" || !event.callees.some(({ fn: callee }) => callee?.value.def === fn.value.def)) continue
      callers++
      const value = passed(fn, event)?.get(mark.parameter.name)
      if (!value || !isKnown(value, project)) isConstant = false
      if (value && !calls.some((one) => one.fn === caller)) found.push(...culprits(value, { fn: caller, trace, event }, project, calls))
    }
  }
  if (found.length > 0 || !piece.isQuoted || (callers > 0 && isConstant)) return found
  return piece.value.is === "external" && piece.value.name === "builtins.str()"
    ? [{ name, source: "caller", routes: project.reach.routesTo(fn), calls }]
    : []
}

/** Nothing but constants and harmless values. */
const isKnown = (value: Value, project: Project): boolean =>
  options(value).every(
    (option) =>
      knownText(option) !== undefined ||
      isHarmless(option, project) ||
      (option.is === "text" && option.parts.every((part) => typeof part === "string" || isKnown(part, project))),
  )

const SENT = new Set(["path", "query", "header", "cookie", "body", "form"])

const isOf = (param: Param, mark: Mark, fn: Fn): boolean =>
  param.name === mark.parameter.name && param.declaredBy.value.def === fn.value.def && SENT.has(param.in)

/** Free text, as far as its declaration says: no number, no pattern. */
const isText = (value: Value, { constraints, type }: Param): boolean =>
  !constraints.has("pattern") &&
  !constraints.has("regex") &&
  ((value.is === "external" && value.name === "builtins.str()") || !type.annotated)

/** Is the value compared, looked up or cleaned before it is used? */
function isChecked({ parameter, field }: Mark, { isQuoted }: Piece, { event: sink, trace }: Site): boolean {
  const name = field ?? parameter.name
  const isIt = (value: Value): boolean => options(value).some((option) => trace.markOf(option)?.parameter.name === parameter.name)
  return trace.fn.events.some((event) => {
    if (event.at.start > sink.at.start) return false
    const asks = event.within.some((around) => around.is === "branch" && around.reads?.includes(name))
    if (asks && (event.is === "raise" || (event.is === "return" && !isQuoted))) return true
    if (event.is !== "call") return false
    if (event === sink) return asks && !isQuoted
    const given = [...event.positional, ...event.keywords.values()].some(isIt)
    if (given && /quote|escape|sanit|validate|check|allowed|whitelist|allowlist/i.test(event.fn?.name ?? event.name ?? "")) return true
    if (given && event.dropped && event.fn?.events.some((inner) => inner.is === "raise")) return true
    // `name.replace("'", "''")`
    return (
      event.callee.is === "external" &&
      event.callee.self !== undefined &&
      isIt(event.callee.self) &&
      /\.(replace|translate)$/.test(event.callee.name)
    )
  })
}

// ---------------------------------------------------------------------------- telling

function finding(fn: Fn, sink: CallEvent, { name, source, routes, calls }: Culprit): Finding {
  const callee = quote(shortName(sink.callees.find((one) => one.name !== undefined && sqlSink(one.name))?.name ?? "execute"))
  const what = name.includes(" ") ? name : quote(name)
  const of = source === "client" ? ` of ${routeNames(unique(routes)) ?? quote(calls[0]?.fn.name ?? fn.name)}` : ""
  const through = calls.slice(1).map((site) => quote(site.fn.name))
  const steps: Step[] = calls.map((site, i) => {
    const next = calls[i + 1]
    return {
      at: site.event.at,
      message: next ? `calls ${quote(next.fn.name)} with ${what}` : `${callee} runs it as SQL`,
      symbol: site.fn.name,
    }
  })
  const written = writtenAt(calls)
  if (written) steps.splice(-1, 0, { at: written, message: `${what} is written into the text`, symbol: calls.at(-1)?.fn.name ?? fn.name })
  return {
    at: sink.at,
    message: `${what}${of} is written into the SQL of ${callee}${through.length > 0 ? `, through ${list(through)}` : ""}`,
    level: source === "client" ? "error" : "warning",
    trace: steps,
    routes: unique(routes),
    scope: fn.id,
    discriminator: name,
  }
}

/** The f-string that the statement is, where it stands apart from the call that runs it. */
function writtenAt(calls: readonly Site[]): Place | undefined {
  const last = calls.at(-1)
  const sql = last && statement(last.event)
  if (!last || !sql) return undefined
  const { at } = last.event
  return options(sql)
    .flatMap((one) => (one.is === "text" && one.at ? [one.at] : []))
    .find((place) => place.path !== at.path || place.end < at.start || place.start > at.end)
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]
