import {
  type CallEvent,
  type Finding,
  type Fn,
  knownNumber,
  list,
  modelFields,
  options,
  type Param,
  type Project,
  passed,
  playedWith,
  quote,
  type Route,
  routeNames,
  rule,
  type Step,
  shortName,
  sqlSink,
  traced,
  type Value,
} from "#rule"

export default rule({
  summary: "A page size that clients may choose without limit",
  why: `
\`GET /items?limit=100000000\` makes the database read, the process hold and the network carry the whole table, as often as
somebody likes to ask. A page size needs an upper bound that FastAPI checks before the function runs.
`,
  help: "Declare a bound: `limit: Annotated[int, Query(ge=1, le=100)] = 20`",
  concern: "performance",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/path-params-numeric-validations/",
  equivalents: [],
  cwe: ["CWE-770"],
  exemptions: [
    "a bound is declared (`le`, `lt`, `Literal`), or the value is cut or refused on its way (`min(limit, 100)`, `if limit > 100: raise`)",
    "the value does not visibly reach a query or a client",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import select
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        @app.get("/items")
        def read_items(limit: int = 100, db: Session = Depends(get_db)): # expect: \`limit\` of \`GET /items\` has no upper bound and reaches \`Select.limit\`
            return db.scalars(select(1).limit(limit)).all()
      `,
      good: `
        from typing import Annotated
        from fastapi import Depends, FastAPI, Query
        from sqlalchemy import select
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        @app.get("/items")
        def read_items(limit: Annotated[int, Query(ge=1, le=100)] = 20, db: Session = Depends(get_db)):
            return db.scalars(select(1).limit(limit)).all()

        @app.get("/orders")
        def read_orders(limit: int = 20, db: Session = Depends(get_db)):
            return db.scalars(select(1).limit(min(limit, 100))).all()
      `,
    },
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        class Page:
            def __init__(self, size: int = 20): # expect: \`size\` of \`GET /users\` has no upper bound and reaches \`Query.limit\`, through \`find_users\`
                self.size = size

        def find_users(db: Session, count: int):
            return db.query(1).limit(count).all()

        @app.get("/users")
        def read_users(page: Page = Depends(), db: Session = Depends(get_db)):
            return find_users(db, page.size)
      `,
      good: `
        from fastapi import Depends, FastAPI, HTTPException
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        def find_users(db: Session, count: int):
            if count > 100:
                raise HTTPException(422)
            return db.query(1).limit(count).all()

        @app.get("/users")
        def read_users(size: int = 20, db: Session = Depends(get_db)):
            return find_users(db, size)
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      if (route.kind !== "api" || route.endpoint?.role !== "app") continue
      for (const size of sizesOf(route, project)) {
        const key = `${size.param.at.path}:${size.param.at.start}:${size.name}`
        if (told.has(key)) continue
        const way = wayOf(size, project)
        if (!way) continue
        told.add(key)
        yield finding(size, way, project)
      }
    }
  },
})

/** A page size that the client gives, and how to know it by sight. */
interface Size {
  param: Param
  name: string
  /** Where it starts: the function that is given it, as played with marked parameters. */
  from: { fn: Fn; isIt: (value: Value) => boolean }[]
}

const PAGE =
  /^(limit|\w+_limit|page_?size|\w+_page_size|per_?page|size|count|top|top_?k|take|rows|n|num|num_\w+|max_?results|max_?items|max_?rows|first|last)$/i

const isInt = ({ type }: Pick<Param, "type">): boolean => /^(int|int \| None|None \| int)$/.test(type.text)

const isBounded = ({ constraints }: Pick<Param, "constraints">): boolean => constraints.has("le") || constraints.has("lt")

function* sizesOf(route: Route, project: Project): Generator<Size> {
  const endpoint = route.endpoint as Fn
  for (const param of route.params) {
    const { declaredBy, name } = param
    if (param.in !== "query" || declaredBy.role !== "app") continue
    if (param.type.value.is === "class") yield* fieldsOf(param, project)
    if (!PAGE.test(name) || !isInt(param) || isBounded(param)) continue
    const { fn, markOf, self } = traced(project, declaredBy)
    // A field of a class that is a dependency itself bears its name; else it is the parameter.
    const isIt = (value: Value): boolean =>
      options(value).some((option) => {
        const mark = markOf(option)
        return mark !== undefined && (mark.field ?? mark.parameter.name) === name
      })
    const from = [{ fn, isIt }]
    if (declaredBy !== endpoint) from.push({ fn: withDependency(route, declaredBy, self ?? returned(fn), project), isIt })
    yield { param, name, from }
  }
}

/** The page sizes in a model of query parameters (FastAPI 0.115). */
function* fieldsOf(param: Param, project: Project): Generator<Size> {
  const fields = param.type.value.is === "class" ? modelFields(project, param.type.value) : undefined
  for (const field of fields?.known ? fields.value : []) {
    if (!PAGE.test(field.name) || !isInt(field) || isBounded(field)) continue
    const { fn, markOf } = traced(project, param.declaredBy)
    const isIt = (value: Value): boolean =>
      options(value).some((option) => markOf(option)?.parameter.name === param.name && markOf(option)?.field === field.name)
    yield { param: { ...param, at: field.at }, name: field.name, from: [{ fn, isIt }] }
  }
}

/** The endpoint, given what the dependency makes of the value. */
function withDependency(route: Route, declaredBy: Fn, made: Value, project: Project): Fn {
  const endpoint = route.endpoint as Fn
  const asked = route.dependencies.find(({ call, param, level }) => call === declaredBy && param !== undefined && level === "parameter")
  return asked?.param === undefined ? endpoint : playedWith(project, endpoint, new Map([[asked.param, made]]))
}

function returned(fn: Fn): Value {
  const values = fn.events.flatMap((event) => (event.is === "return" || event.is === "yield" ? [event.value] : []))
  return values.length === 1 ? (values[0] as Value) : { is: "unknown" }
}

// ---------------------------------------------------------------------------- the way to the query

interface Way {
  sink: string
  calls: { in: Fn; event: CallEvent }[]
}

/** How the value reaches a query; undefined when it does not, or is cut somewhere. */
function wayOf({ name, from }: Size, project: Project): Way | undefined {
  let found: Way | undefined
  for (const { fn, isIt } of from) {
    const way = follow(fn, isIt, name, project, [])
    if (way === "cut") return undefined
    found ??= way
  }
  return found
}

/** Helpers of helpers are followed; deeper ones are not. */
const DEPTH = 4

function follow(fn: Fn, isIt: (value: Value) => boolean, name: string, project: Project, calls: Way["calls"]): Way | "cut" | undefined {
  let found: Way | undefined
  for (const event of fn.events) {
    if (event.is === "raise" && event.within.some((around) => around.is === "branch" && around.reads?.includes(name))) return "cut"
    if (event.is !== "call") continue
    const given = [...event.positional, ...event.keywords.values()]
    if (given.some((value) => isCut(value, isIt))) return "cut"
    if (!given.some((value) => isOrHolds(value, isIt))) continue
    if (event.name !== undefined && /^builtins\.(min|sorted)$/.test(event.name)) return "cut"
    const here = [...calls, { in: fn, event }]
    if (isSink(event, isIt)) found ??= { sink: event.name as string, calls: here }
    else if (event.fn && calls.length < DEPTH) {
      const way = into(event.fn, event, isIt, project, here)
      if (way === "cut") return "cut"
      found ??= way
    } else if (event.callee.is === "class" && !event.fn && isBoundedModel(event, isIt)) return "cut"
  }
  return found
}

function into(
  callee: Fn,
  event: CallEvent,
  isIt: (value: Value) => boolean,
  project: Project,
  calls: Way["calls"],
): Way | "cut" | undefined {
  const values = passed(callee, event)
  let found: Way | undefined
  for (const [parameter, value] of values ?? []) {
    if (!isOrHolds(value, isIt)) continue
    const { fn, markOf } = traced(project, callee)
    const way = isIt(value)
      ? follow(fn, (inner) => options(inner).some((option) => markOf(option)?.parameter.name === parameter), parameter, project, calls)
      : follow(playedWith(project, callee, new Map([[parameter, value]])), isIt, parameter, project, calls)
    if (way === "cut") return "cut"
    found ??= way
  }
  return found
}

/** `if limit > 100: limit = 100`: on one way it is the value, on another a number. */
const isCut = (value: Value, isIt: (value: Value) => boolean): boolean =>
  value.is === "either" && isIt(value) && value.options.some((option) => knownNumber(option) !== undefined)

function isOrHolds(value: Value, isIt: (value: Value) => boolean, depth = 0): boolean {
  if (isIt(value)) return true
  if (depth > 2) return false
  if (value.is === "mapping") return value.entries.some(([, item]) => isOrHolds(item, isIt, depth + 1))
  if (value.is === "sequence") return value.items.some((item) => isOrHolds(item, isIt, depth + 1))
  if (value.is === "instance") return [...value.attributes.values()].some((item) => isOrHolds(item, isIt, depth + 1))
  return value.is === "text" && value.parts.some((part) => typeof part !== "string" && isIt(part))
}

/** A library's call that takes the value for the number of rows: `.limit(n)`, `fetchmany(n)`, `find(limit=n)`, SQL that holds it. */
function isSink({ name, positional, keywords }: CallEvent, isIt: (value: Value) => boolean): boolean {
  if (name === undefined) return false
  if (/\.(limit|fetchmany|to_list|slice)$/.test(name) && !name.startsWith("builtins."))
    return [...positional, ...keywords.values()].some((value) => isIt(value))
  if (sqlSink(name)) return [...positional, ...keywords.values()].some((value) => isOrHolds(value, isIt))
  return !/^(builtins|logging|loguru|structlog)\./.test(name) && [...keywords].some(([keyword, value]) => PAGE.test(keyword) && isIt(value))
}

/** A model that is built with the value checks it. */
function isBoundedModel(event: CallEvent, isIt: (value: Value) => boolean): boolean {
  if (event.callee.is !== "class") return false
  for (const [keyword, value] of event.keywords) {
    const given = isIt(value) ? event.callee.body.own(keyword) : undefined
    if (given?.is === "external" && (given.built?.keywords.has("le") || given.built?.keywords.has("lt"))) return true
  }
  return false
}

// ---------------------------------------------------------------------------- telling

function finding({ param, name }: Size, { sink, calls }: Way, project: Project): Finding {
  const routes = project.routes.filter((route) =>
    route.params.some((one) => one.declaredBy === param.declaredBy && one.name === param.name),
  )
  const through = calls.slice(1).map(({ in: fn }) => quote(fn.name))
  const steps: Step[] = calls.map(({ in: caller, event }, i) => {
    const next = calls[i + 1]
    return {
      at: event.at,
      message: next ? `calls ${quote(next.in.name)} with it` : `passes it to ${quote(shortName(sink))}`,
      symbol: caller.name,
    }
  })
  return {
    at: param.at,
    message: `${quote(name)} of ${routeNames(routes) ?? quote(param.declaredBy.name)} has no upper bound and reaches ${quote(shortName(sink))}${through.length > 0 ? `, through ${list(through)}` : ""}`,
    trace: steps,
    routes,
    scope: param.declaredBy.id,
    discriminator: name,
  }
}
