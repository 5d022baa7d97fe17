import {
  type CallEvent,
  type ClassValue,
  type Dependency,
  type Finding,
  type Fn,
  options,
  type Parameter,
  type Place,
  type Project,
  quote,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "`Depends()` where FastAPI never looks",
  why: `
\`Depends(...)\`, \`Query(...)\` and their like are only notes in a signature, which FastAPI reads when it calls the
function. In a body, or in the signature of a function that other code calls, nobody resolves them: the name holds a
marker object instead of a session or a user, and the first use of it fails, or worse, passes as true.
`,
  help: "Ask for it in the endpoint's signature, and pass it on",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/",
  equivalents: ["FASTT020"],
  exemptions: [
    "endpoints, dependencies, and functions that a decorator may inject into",
    "markers that are returned, or given to `dependencies=[...]`",
    "functions that nothing in the project calls directly without the argument",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        def load_items(db: Session = Depends(get_db)): # expect: FastAPI never calls \`load_items\`
            return db.query("items").all()

        @app.get("/items")
        def read_items():
            return load_items()

        @app.get("/users")
        def read_users():
            db = Depends(get_db) # expect: in the body of \`read_users\`
            return db.query("users").all()
      `,
      good: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        def load_items(db: Session):
            return db.query("items").all()

        @app.get("/items")
        def read_items(db: Session = Depends(get_db)):
            return load_items(db)
      `,
    },
  ],

  *project(project) {
    const calls = isCalledByFastAPI(project)
    yield* inBodies(project, calls)
    yield* inSignatures(project, calls)
  },
})

const MARKER = /^fastapi\.(Depends|Security|Query|Path|Body|Header|Cookie|Form|File)$/
const MADE = /^fastapi\.(Depends|Security|Query|Path|Body|Header|Cookie|Form|File)\(\)$/

const markerName = (value: Value): string | undefined => (value.is === "external" ? MADE.exec(value.name)?.[1] : undefined)

// ---------------------------------------------------------------------------- bodies

/** In what FastAPI calls itself, a marker in the body is always a mistake; elsewhere when it is used as if it were the thing. */
function* inBodies({ functions, bodies }: Project, isCalled: (fn: Fn) => boolean): Generator<Finding> {
  const markers = bodies.callsOf(MARKER)
  if (markers.length === 0) return
  const inSignature = new Set(
    functions.flatMap((fn) => fn.parameters.flatMap(({ default: given }) => (given ? placesIn(given.value) : []))),
  )
  for (const { in: fn, event: call } of markers) {
    const calls = fn.events.filter((event): event is CallEvent => event.is === "call")
    const name = MARKER.exec(call.name ?? "")?.[1]
    if (!name || inSignature.has(spelled(call.at)) || call.within.some((w) => w.is === "nested")) continue
    if (!isCalled(fn) && !call.dropped && !calls.flatMap(usedMarker).includes(spelled(call.at))) continue
    if (isGivenAway(call, calls)) continue
    yield {
      at: call.at,
      message: `${quote(`${name}()`)} in the body of ${quote(fn.name)} is never resolved: FastAPI reads it in signatures only`,
      scope: fn.id,
      discriminator: name,
    }
  }
}

/** `db.query(...)` where `db` is a marker. */
function usedMarker({ callee }: CallEvent): string[] {
  if (
    callee.is !== "external" ||
    !callee.name.startsWith("fastapi.") ||
    !/^fastapi\.(Depends|Security|Query|Path|Body|Header|Cookie|Form|File)\(\)\./.test(callee.name)
  )
    return []
  return callee.self ? placesIn(callee.self) : []
}

/** A marker that is handed to a route or router that is being made is in its right place. */
const isGivenAway = ({ at }: CallEvent, calls: readonly CallEvent[]): boolean =>
  calls.some(
    ({ name = "", keywords }) => /^fastapi\./.test(name) && [...keywords.values()].some((value) => placesIn(value).includes(spelled(at))),
  )

function placesIn(value: Value, depth = 0): string[] {
  if (depth > 3) return []
  if (value.is === "external") return value.built && markerName(value) ? [spelled(value.built.at)] : []
  const inner = value.is === "sequence" ? value.items : value.is === "either" ? value.options : []
  return inner.flatMap((item) => placesIn(item, depth + 1))
}

const spelled = ({ path, start }: Place): string => `${path}:${start}`

// ---------------------------------------------------------------------------- signatures

function* inSignatures({ functions, bodies, role }: Project, isCalled: (fn: Fn) => boolean): Generator<Finding> {
  const waiting = functions.filter((fn) => fn.decorators.length === 0 && fn.parameters.some(markerIn) && !isCalled(fn))
  const callers = new Map<Fn, CallEvent[]>(waiting.map((fn) => [fn, []]))
  for (const { in: fn, event } of waiting.length > 0 ? bodies.entering : []) {
    const known = event.fn && callers.get(event.fn)
    if (known && role(fn.path) === "app" && !event.within.some((w) => w.is === "nested")) known.push(event)
  }
  for (const fn of waiting) {
    for (const parameter of fn.parameters) {
      const name = markerIn(parameter)
      if (!name) continue
      const without = (callers.get(fn) ?? []).filter((call) => isLeftOut(parameter, fn, call))
      const [first] = without
      if (!first) continue
      yield {
        at: parameter.at,
        message: `FastAPI never calls ${quote(nameOf(fn))}, so ${quote(parameter.name)} is the ${quote(`${name}()`)} object itself when a caller leaves it out`,
        related: [{ at: first.at, message: `${quote(nameOf(fn))} is called without ${quote(parameter.name)} here` }],
        scope: fn.id,
        discriminator: parameter.name,
      }
    }
  }
}

/** A constructor is called by the name of its class. */
const nameOf = ({ name, owner }: Fn): string => (name === "__init__" && owner ? owner.qualname : name)

/** `db = Depends(get_db)`. In `Annotated` alone the argument is required, and leaving it out is an error of Python's own. */
const markerIn = ({ default: given }: Parameter): string | undefined => (given ? markerName(given.value) : undefined)

function isLeftOut(parameter: Parameter, fn: Fn, { positional, keywords, open }: CallEvent): boolean {
  if (open || keywords.has(parameter.name)) return false
  if (parameter.kind === "keyword-only") return true
  const bound = fn.value.self !== undefined || fn.owner !== undefined ? 1 : 0
  return fn.parameters.indexOf(parameter) - bound >= positional.length
}

/** Is it an endpoint, a dependency or whatever else a `Depends` names, anywhere? Most answers are among the routes. */
function isCalledByFastAPI(project: Project): (fn: Fn) => boolean {
  const served = new Set<Fn>()
  let named: ReadonlySet<Fn> | undefined
  const climb = ({ call, dependencies }: Dependency): void => {
    if (call) served.add(call)
    dependencies.forEach(climb)
  }
  for (const route of project.routes) {
    if (route.endpoint) served.add(route.endpoint)
    route.dependencies.forEach(climb)
  }
  return (fn) => {
    if (served.has(fn)) return true
    named ??= namedByDepends(project)
    return named.has(fn)
  }
}

/** Whatever a `Depends` names, in any signature or body. */
function namedByDepends(project: Project): Set<Fn> {
  const called = new Set<Fn>()
  const add = (value: Value | undefined): void => {
    for (const option of value ? options(value) : []) {
      const fn = project.functionOf(
        option.is === "class"
          ? (methodOf(project, option, "__init__") ?? option)
          : option.is === "instance"
            ? (methodOf(project, option.of, "__call__") ?? option)
            : option,
      )
      if (fn) called.add(fn)
    }
  }
  for (const fn of project.functions)
    for (const { annotation, default: given } of fn.parameters)
      for (const value of [annotation?.value, given?.value]) if (value) for (const target of targets(value)) add(target)
  for (const { event } of project.bodies.callsOf(MARKER)) add(event.positional[0] ?? event.keywords.get("dependency"))
  return called
}

const methodOf = ({ player }: Project, of: ClassValue, name: string): Value | undefined => player.methodOf(of, name)

/** What the markers in an annotation or default call. */
function targets(value: Value, depth = 0): Value[] {
  if (depth > 6) return []
  if (value.is === "generic") return value.args.flatMap((arg) => targets(arg, depth + 1))
  if (value.is === "either") return value.options.flatMap((option) => targets(option, depth + 1))
  const given =
    value.is === "external" && markerName(value) ? (value.built?.positional[0] ?? value.built?.keywords.get("dependency")) : undefined
  return given ? [given] : []
}
