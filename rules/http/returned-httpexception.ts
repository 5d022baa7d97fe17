import {
  type Event,
  type External,
  exceptionClass,
  type Finding,
  type Fn,
  type Instance,
  isAsWritten,
  isHTTPError,
  isSubclass,
  options,
  type Project,
  quote,
  type ReturnEvent,
  type Route,
  routeName,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "An exception that is returned instead of raised",
  why: `
FastAPI takes a returned exception for data. The client gets 200, with the attributes of the exception as a body or \`{}\`; a
response model makes it a 500. A dependency that returns one lets the request pass, with the exception as its value.
`,
  help: "Raise it",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/",
  equivalents: [],
  exemptions: [
    "other functions, unless an endpoint returns what they return, or they return what they caught and no caller looks for it",
    "exceptions of a class that is not known",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                return HTTPException(status_code=404, detail="Item not found") # expect: answers 200 with the exception as data
            return items[item_id]
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                raise HTTPException(status_code=404, detail="Item not found")
            return items[item_id]
      `,
    },
    {
      bad: `
        from fastapi import Depends, FastAPI, Header, HTTPException

        app = FastAPI()

        def check_key(x_key: str = Header()):
            if x_key != "expected":
                return HTTPException(403) # expect: lets the request pass
            return x_key

        @app.delete("/items/{item_id}", dependencies=[Depends(check_key)])
        def delete_item(item_id: int):
            return {"deleted": item_id}
      `,
      good: `
        from fastapi import Depends, FastAPI, Header, HTTPException

        app = FastAPI()

        def check_key(x_key: str = Header()):
            if x_key != "expected":
                raise HTTPException(403)
            return x_key

        @app.delete("/items/{item_id}", dependencies=[Depends(check_key)])
        def delete_item(item_id: int):
            return {"deleted": item_id}
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const finding of findings(project)) {
      const key = `${finding.at.path}:${finding.at.start}`
      if (!told.has(key) && project.role(finding.at.path) === "app") yield finding
      told.add(key)
    }
  },
})

function* findings(project: Project): Generator<Finding> {
  for (const route of project.routes) {
    if (route.kind === "api" && route.endpoint) yield* returned(project, route.endpoint, route, "endpoint")
    for (const { call } of route.dependencies) if (call) yield* returned(project, call, route, "dependency")
  }
  const read = new Set(project.routes.flatMap((route) => [route.endpoint, ...route.dependencies.map(({ call }) => call)]))
  const caught = new Set(project.bodies.returns.flatMap(({ in: fn, event }) => (isAnyCaught(event) ? fn : [])))
  for (const fn of caught) if (!read.has(fn) && fn.role === "app") yield* takenForResult(project, fn)
}

const isAnyCaught = ({ value }: ReturnEvent): boolean =>
  value.is === "external" && value.caught !== undefined && value.name === "builtins.BaseException()"

/** A function that returns what it caught, of which no caller knows. */
function* takenForResult(project: Project, fn: Fn): Generator<Finding> {
  if (fn.generator || fn.returns || !isAsWritten(fn) || project.reach.running(fn) !== "request") return
  const returns = fn.events.filter((event) => event.is === "return")
  const caught = returns.filter(isAnyCaught)
  if (caught.length === 0 || caught.length === returns.length) return
  const callers = project.reach.callersOf(fn)
  if (callers.length === 0 || callers.some(({ events }) => events.some(asksForExceptions))) return
  for (const event of caught) {
    const name = exceptionIn(event.value) ?? SOME
    yield {
      at: event.at,
      message: `${quote(fn.name)} returns the ${inWords(name)} that it caught, and ${quote(callers[0]?.name ?? "")} takes it for a result`,
      level: "warning",
      scope: fn.id,
      discriminator: name,
      routes: project.reach.routesTo(fn),
    }
  }
}

const asksForExceptions = (event: Event): boolean =>
  event.is === "call"
    ? /^builtins\.(isinstance|issubclass|type|getattr|hasattr)$/.test(event.name ?? "")
    : event.is === "raise" && event.value !== undefined && event.value.is !== "instance" && !isNewException(event.value)

const isNewException = (value: Value): boolean => value.is === "class" || (value.is === "external" && !value.caught)

function* returned(project: Project, fn: Fn, route: Route, as: "endpoint" | "dependency"): Generator<Finding> {
  if (fn.generator || !isAsWritten(fn)) return
  for (const event of fn.events) {
    if (event.is !== "return" || event.within.some(({ is }) => is === "nested")) continue
    for (const value of options(event.value)) {
      const name = exceptionIn(value)
      if (name === undefined) continue
      yield { ...finding(fn, route, as, name), ...placeOf(project, event, value), scope: fn.id, discriminator: name, routes: [route] }
    }
  }
}

function finding(fn: Fn, route: Route, as: "endpoint" | "dependency", name: string): Pick<Finding, "message"> {
  if (as === "dependency")
    return {
      message: `${quote(fn.name)} returns the ${inWords(name)} instead of raising it, and so lets the request pass to ${routeName(route)}`,
    }
  const { response, statusCode } = route
  const isChecked = response.from === "response_model" || response.from === "annotation"
  const answer = statusCode.known ? statusCode.value : "a success"
  return {
    message: isChecked
      ? `${quote(fn.name)} returns the ${inWords(name)} instead of raising it, and it does not fit the response model: a 500`
      : `${quote(fn.name)} returns the ${inWords(name)} instead of raising it, and so answers ${answer} with the exception as data`,
  }
}

/** Where the exception stands: in the `return`, or where a called function made it. */
function placeOf(project: Project, event: ReturnEvent, value: Value): Pick<Finding, "at" | "trace"> {
  const built = value.is === "external" || value.is === "instance" ? value.built?.at : undefined
  const isHere = !built || built.path !== event.at.path || project.bodies.functionsIn(built.path).length === 0
  if (isHere || (built.start >= event.at.start && built.end <= event.at.end)) return { at: event.at }
  return {
    at: event.at,
    trace: [
      { at: built, message: "the exception is built here" },
      { at: event.at, message: "and returned here" },
    ],
  }
}

/** The class of a value that is certainly an exception object. */
function exceptionIn(value: Value): string | undefined {
  if (value.is !== "external" && value.is !== "instance") return undefined
  if (value.is === "external" && value.caught) return value.name === "builtins.BaseException()" ? caughtName(value.caught) : undefined
  if (value.is === "external" && !value.name.endsWith("()")) return undefined
  return isException(value) ? nameOf(value) : undefined
}

const isException = (value: External | Instance): boolean => {
  const family = exceptionClass(value)
  return family !== undefined && (isHTTPError(value) || isSubclass(family, "builtins.BaseException") === true)
}

const nameOf = (value: External | Instance): string =>
  value.is === "instance" ? value.of.def.name : lastWord(value.name.replace(/\(\)$/, ""))

const SOME = "exception"
const inWords = (name: string): string => (name === SOME ? name : quote(name))

const lastWord = (name: string): string => name.slice(name.lastIndexOf(".") + 1)

/** What `except A, B as error` binds. */
function caughtName(types: readonly Value[]): string {
  const [only] = types
  if (types.length !== 1 || !only) return SOME
  return only.is === "class" ? only.def.name : only.is === "external" ? lastWord(only.name) : SOME
}
