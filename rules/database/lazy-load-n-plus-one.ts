import {
  type CallEvent,
  type ClassValue,
  type Fn,
  genericName,
  modelFields,
  type Node,
  notedSpans,
  options,
  type Place,
  type Project,
  type PyFile,
  quote,
  type Relationship,
  type Route,
  relationshipsOf,
  routeName,
  routeNames,
  rule,
  type Span,
  type Value,
} from "#rule"

export default rule({
  summary: "A related row loaded one by one, for every row of a list",
  why: `
A relationship is loaded when it is first read, with a query of its own. Read for every row of a list, in a loop or by a
response model that has a field of that name, it makes a hundred and one queries of one. With an \`AsyncSession\` there is
not even that: the first such read raises \`MissingGreenlet\`.
`,
  help: "Load it with the list: `.options(selectinload(Model.relationship))`, or `joinedload` for a single row each",
  concern: "performance",
  level: "warning",
  docs: "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html",
  equivalents: ["FASTT032"],
  exemptions: [
    "relationships with a `lazy=` of another kind",
    "queries with any `options(...)`, and queries that are not seen",
    "migrations and repairs of all rows",
    "single rows, and relationships of classes that are not proven",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel
        from sqlalchemy import Column, ForeignKey, Integer, String
        from sqlalchemy.orm import Session, declarative_base, relationship

        Base = declarative_base()

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            name = Column(String)

        class Post(Base):
            __tablename__ = "posts"
            id = Column(Integer, primary_key=True)
            owner_id = Column(ForeignKey("users.id"))
            owner = relationship("User")

        class UserRead(BaseModel):
            name: str

        class PostRead(BaseModel):
            id: int
            owner: UserRead

        def get_db() -> Session: ...

        app = FastAPI()

        @app.get("/posts", response_model=list[PostRead]) # expect: \`PostRead.owner\` makes \`GET /posts\` load \`Post.owner\` with a query for every row
        def list_posts(db: Session = Depends(get_db)):
            return db.query(Post).limit(100).all()
      `,
      good: `
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel
        from sqlalchemy import Column, ForeignKey, Integer, String
        from sqlalchemy.orm import Session, declarative_base, relationship, selectinload

        Base = declarative_base()

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            name = Column(String)

        class Post(Base):
            __tablename__ = "posts"
            id = Column(Integer, primary_key=True)
            owner_id = Column(ForeignKey("users.id"))
            owner = relationship("User")

        class UserRead(BaseModel):
            name: str

        class PostRead(BaseModel):
            id: int
            owner: UserRead

        def get_db() -> Session: ...

        app = FastAPI()

        @app.get("/posts", response_model=list[PostRead])
        def list_posts(db: Session = Depends(get_db)):
            return db.query(Post).options(selectinload(Post.owner)).limit(100).all()
      `,
    },
  ],

  notes(file) {
    const loops = [...loopsIn(file)]
    return loops.length > 0 ? loops : undefined
  },

  *project(project, _options, notes: { path: string; notes: Loop[] }[]) {
    const queries = new Queries()
    const reported = new Set<string>()
    const isNew = (at: Place, name: string): boolean => {
      const key = `${at.path}:${at.start}:${name}`
      return !reported.has(key) && Boolean(reported.add(key))
    }
    for (const route of project.routes) {
      const model = route.kind === "api" && route.endpoint?.role === "app" ? itemOf(route) : undefined
      const rows = model && route.endpoint && queries.returnedBy(route.endpoint)
      if (!model || !rows) continue
      for (const { field, of, relationship } of shown(project, model, rows)) {
        if (!isNew(rows.event.at, relationship.name)) continue
        yield {
          at: route.response.at ?? route.at,
          message: `${quote(field)} makes ${routeName(route)} load ${quote(`${of.def.name}.${relationship.name}`)} with a query for every row${fails(rows)}`,
          ...(rows.isAsync && { level: "error" as const }),
          trace: [{ at: relationship.at, message: `${quote(relationship.name)} is loaded when it is read`, symbol: of.def.name }],
          related: [{ at: rows.event.at, message: `fetches the rows of ${quote(of.def.name)}` }],
          routes: [route],
          scope: route.endpoint?.id ?? "",
          discriminator: relationship.name,
        }
      }
    }
    const byPlace = notedSpans(notes)
    if (byPlace.isEmpty) return
    for (const fn of project.functions) {
      if (fn.role !== "app" || SETUP.test(fn.path)) continue
      for (const { loop, over } of loopsOf(fn, byPlace)) {
        const rows = queries.behind(over, fn)
        const [model] = rows?.models ?? []
        if (!rows || !model || rows.models.length !== 1 || project.reach.running(fn) !== "request") continue
        for (const relationship of relationshipsOf(project, model)) {
          const read = loop.reads.find(({ name }) => name === relationship.name)
          if (!read || relationship.isLazy !== true || !isNew({ path: fn.path, ...read }, relationship.name)) continue
          const routes = project.reach.routesTo(fn)
          yield {
            at: { path: fn.path, start: read.start, end: read.end },
            message: `${quote(`${model.def.name}.${relationship.name}`)} is loaded with a query for every ${quote(loop.each)}, in ${routeNames(routes) ?? quote(fn.name)}${fails(rows)}`,
            ...(rows.isAsync && { level: "error" as const }),
            trace: [
              { at: rows.event.at, message: `fetches the rows of ${quote(model.def.name)}`, symbol: rows.in.name },
              { at: relationship.at, message: `${quote(relationship.name)} is loaded when it is read`, symbol: model.def.name },
            ],
            routes,
            scope: fn.id,
            discriminator: relationship.name,
          }
        }
      }
    }
  },
})

/** Filling a database, or repairing its rows once. */
const SETUP = /(^|\/)(seeds?|init_?db|migrations?|fix(es|tures)?)(\/|_|\.|$)/i

const fails = ({ isAsync }: Rows): string => (isAsync ? `, which an ${quote("AsyncSession")} refuses` : "")

// ---------------------------------------------------------------------------- queries

/** Rows that one call fetches, of a query without any loader options. */
interface Rows {
  /** Several where each row is a tuple of them. */
  models: ClassValue[]
  isTuple: boolean
  isAsync: boolean
  event: CallEvent
  in: Fn
}

const FETCHES = /^(sqlalchemy\.orm\.Query\(\)\.all|sqlalchemy\.(ScalarResult|Result)\(\)\.(all|fetchall)|builtins\.list)$/

class Queries {
  private readonly made = new Map<Fn, Map<Value, CallEvent>>()
  private readonly returned = new Map<Fn, Rows | undefined>()

  /** The rows that a function answers with, itself or through what it calls. */
  returnedBy(fn: Fn): Rows | undefined {
    if (this.returned.has(fn)) return this.returned.get(fn)
    this.returned.set(fn, undefined)
    for (const event of fn.events) {
      const rows = event.is === "return" ? this.behind(event.value, fn) : undefined
      if (!rows) continue
      this.returned.set(fn, rows)
      return rows
    }
    return undefined
  }

  /** The rows that a value of a function is. */
  behind(value: Value, fn: Fn): Rows | undefined {
    for (const one of options(value)) {
      const event = this.callsOf(fn).get(one)
      if (event?.fn) return event.fn.role === "app" && !event.fn.generator ? this.returnedBy(event.fn) : undefined
      const rows = event && this.fetchedBy(event, fn)
      if (rows) return rows
    }
    return undefined
  }

  private callsOf(fn: Fn): Map<Value, CallEvent> {
    const known = this.made.get(fn)
    if (known) return known
    const calls = new Map<Value, CallEvent>()
    for (const event of fn.events) if (event.is === "call" && event.result.is !== "unknown") calls.set(event.result, event)
    this.made.set(fn, calls)
    return calls
  }

  private fetchedBy(event: CallEvent, fn: Fn): Rows | undefined {
    const name = event.blocks?.name ?? event.name ?? ""
    const isFetch = FETCHES.test(name) || event.callees.some((callee) => FETCHES.test(callee.blocks?.name ?? callee.name ?? ""))
    const isScalars = /Session\(\)\.scalars$/.test(name)
    if (!isFetch && !isScalars) return undefined
    const made = this.callsOf(fn)
    const seen = new Set<Value>()
    let isAsync = false
    let isScalar = isScalars
    const source = (value: Value | undefined): CallEvent | undefined => {
      for (const one of value ? options(value) : []) {
        if (seen.has(one)) continue
        seen.add(one)
        const call = made.get(one)
        const step = call?.name?.split(".").at(-1) ?? ""
        if (!call || step === "options") return undefined
        if (/Async(Session|Connection)|async_scoped/.test(call.name ?? "")) isAsync = true
        if (step === "scalars" || step === "exec") isScalar = true
        if (step === "query" || step === "select") return call
        const found = ["execute", "scalars", "exec"].includes(step) && call.positional[0] ? source(call.positional[0]) : undefined
        const further = found ?? source(onOf(call))
        if (further) return further
      }
      return undefined
    }
    if (isScalars && /Async|async/.test(name)) isAsync = true
    const first = isScalars ? event.positional[0] : event.name === "builtins.list" ? event.positional[0] : onOf(event)
    const query = source(first)
    if (!query || [...made.values()].some((call) => /\.options$/.test(call.name ?? ""))) return undefined
    const models = query.positional.filter((one): one is ClassValue => one.is === "class")
    const isTuple = query.positional.length > 1 || (!isScalar && query.name !== undefined && /select$/.test(query.name))
    return models.length > 0 && (models.length === 1 || isTuple) ? { models, isTuple, isAsync, event, in: fn } : undefined
  }
}

/** What a method is called on. */
const onOf = ({ callee }: CallEvent): Value | undefined => {
  const all = options(callee).flatMap((one) => (one.is === "external" && one.on ? [one.on] : []))
  return all.length > 1 ? { is: "either", options: all } : all[0]
}

// ---------------------------------------------------------------------------- response models

/** The model of each item that a route answers with. */
function itemOf({ response }: Route): ClassValue | undefined {
  const type = response.type?.value
  if (type?.is !== "generic" || !/^(builtins|typing|collections\.abc)\.(list|List|Sequence)$/.test(genericName(type) ?? ""))
    return undefined
  const [item] = type.args
  return item?.is === "class" ? item : undefined
}

interface Shown {
  /** `PostRead.owner`. */
  field: string
  of: ClassValue
  relationship: Relationship
}

/** Fields of a response model that read a relationship which is loaded on demand. */
function* shown(project: Project, model: ClassValue, { models, isTuple }: Rows): Generator<Shown> {
  const fields = modelFields(project, model)
  if (!fields.known) return
  for (const of of models) {
    const inner = isTuple ? fields.value.find(({ name }) => name === of.def.name)?.type.value : model
    const own = inner?.is === "class" ? modelFields(project, inner) : undefined
    if (inner?.is !== "class" || !own?.known) continue
    const names = new Set(own.value.map(({ name }) => name))
    for (const relationship of relationshipsOf(project, of))
      if (relationship.isLazy === true && names.has(relationship.name))
        yield { field: `${inner.def.name}.${relationship.name}`, of, relationship }
  }
}

// ---------------------------------------------------------------------------- loops, as they are written

/** A loop, and the attributes that are read of its variable. */
interface Loop extends Span {
  each: string
  reads: (Span & { name: string })[]
}

function* loopsIn(file: PyFile): Generator<Loop> {
  for (const node of file.all("For", "ListComp", "SetComp", "DictComp", "GeneratorExp")) {
    if (node.kind === "For") {
      const loop = node.target.kind === "Name" && readsOf(node.target.id, node.body, file)
      if (loop) yield { ...loop, start: node.start, end: node.end }
    } else {
      const [generator] = node.generators
      const body = node.kind === "DictComp" ? [node.key, node.value] : [node.elt]
      const loop = generator?.target.kind === "Name" && readsOf(generator.target.id, [...body, ...generator.ifs], file)
      if (loop) yield { ...loop, start: node.start, end: node.end }
    }
  }
}

function readsOf(each: string, body: readonly Node[], file: PyFile): Omit<Loop, "start" | "end"> | undefined {
  const reads = new Map<string, Span & { name: string }>()
  for (const part of body)
    for (const node of file.walk(part, { nested: false })) {
      if (node.kind !== "Attribute" || node.value.kind !== "Name" || node.value.id !== each) continue
      const parent = file.parentOf(node)
      // A method of its own, or a new value: nothing is loaded.
      if ((parent?.kind === "Call" && parent.func === node) || (parent?.kind === "Assign" && parent.value !== node)) continue
      if (!reads.has(node.attr)) reads.set(node.attr, { name: node.attr, start: node.start, end: node.end })
    }
  return reads.size > 0 ? { each, reads: [...reads.values()] } : undefined
}

/** The loops of a function that are known by what they walk over. */
function* loopsOf(fn: Fn, byPlace: ReturnType<typeof notedSpans<Loop>>): Generator<{ loop: Loop; over: Value }> {
  const seen = new Set<Loop>()
  for (const event of fn.events) {
    for (const around of event.within) {
      if (around.is !== "loop" || !around.over) continue
      const loop = byPlace.get(around.at)
      if (!loop || seen.has(loop)) continue
      seen.add(loop)
      yield { loop, over: around.over }
    }
  }
}
