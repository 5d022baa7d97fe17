import {
  type Finding,
  type Fn,
  hiddenRoutes,
  isNone,
  knownText,
  options,
  quote,
  type Route,
  responseClass,
  routeName,
  routeNames,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A route that does not say what it answers",
  why: `
Without a response model FastAPI sends whatever the function returns: every attribute of a database object, and every key
of a dict, the ones that were not meant to leave included. A response model filters and checks the answer, and it is the
only thing that documents it for clients; without one the schema says "anything".
`,
  help: "Annotate what the function returns with a Pydantic model (`-> Item`), or pass `response_model=`",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/response-model/",
  equivalents: ["FASTT012"],
  exemptions: [
    "the function returns `Response` objects or nothing, or what it returns is not known",
    "`response_model=None` on purpose; a response class that is not JSON; status 204, 205 and 304",
    "WebSockets, generators (server-sent events, JSON lines), routes that are not in the schema",
    "a `GET` without parameters that always answers with the same constant, such as a greeting or a health check",
    "a route that an earlier one hides: `http/duplicate-route` and `http/shadowed-route` say so",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/users/{user_id}")
        def read_user(user_id: int): # expect: \`GET /users/{user_id}\` returns a dict without a response model
            return {"id": user_id, "name": "Ada"}
      `,
      good: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class User(BaseModel):
            id: int
            name: str

        @app.get("/users/{user_id}")
        def read_user(user_id: int) -> User:
            return User(id=user_id, name="Ada")
      `,
    },
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import Column, Integer, String
        from sqlalchemy.orm import Session, declarative_base

        app = FastAPI()
        Base = declarative_base()

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            password_hash = Column(String)

        def get_db() -> Session: ...

        @app.post("/users", status_code=201)
        def create_user(db: Session = Depends(get_db)): # expect: \`POST /users\` returns \`User\` without a response model
            user = User(password_hash="x")
            db.add(user)
            return user
      `,
      good: `
        from fastapi import FastAPI, Response, status
        from fastapi.responses import FileResponse, JSONResponse

        app = FastAPI()

        @app.get("/report")
        def report(year: int):
            return FileResponse(f"reports/{year}.pdf")

        @app.delete("/users/{user_id}", status_code=status.HTTP_204_NO_CONTENT)
        def delete_user(user_id: int):
            return Response(status_code=204)

        @app.get("/health")
        def health():
            return {"status": "ok"}
      `,
    },
  ],

  *project(project) {
    const unreachable = new Set([...hiddenRoutes(project)].map(({ later }) => later))
    for (const [endpoint, routes] of byEndpoint(project.routes.filter((route) => !unreachable.has(route)))) {
      if (endpoint.role !== "app" || !routes.every(saysNothing)) continue
      const returned = valuesOf(endpoint)
      const plain = returned.filter((value) => project.isResponse(value) === false && !isNone(value))
      const all = returned.filter((value) => project.isResponse(value) !== true && !isNone(value))
      if (plain.length > 0 && !routes.every((route) => isGreeting(route, returned))) yield finding(endpoint, routes, all)
    }
  },
})

function finding(endpoint: Fn, routes: Route[], returned: readonly Value[]): Finding {
  const name = routeNames(routes) ?? quote(endpoint.name)
  const kinds = [...new Set(returned.map(kindOf))]
  // Where one of them is not known, no word is right for all.
  const what = kinds.includes(undefined) ? undefined : kinds.length === 1 ? kinds[0] : "values of several types"
  // One route that several apps serve is one to the reader.
  const isOne = new Set(routes.map(routeName)).size === 1
  const verb = isOne ? "returns" : "return"
  return {
    at: endpoint.at,
    message:
      what === undefined ? `${name} ${isOne ? "has" : "have"} no response model` : `${name} ${verb} ${what} without a response model`,
    routes,
    scope: endpoint.id,
  }
}

/** One function may serve several paths; it is told once. */
function byEndpoint(routes: readonly Route[]): Map<Fn, Route[]> {
  const groups = new Map<Fn, Route[]>()
  for (const route of routes) if (route.endpoint) groups.set(route.endpoint, [...(groups.get(route.endpoint) ?? []), route])
  return groups
}

/** Neither argument nor annotation says what comes back, and the answer is JSON that clients see documented. */
function saysNothing(route: Route): boolean {
  const { kind, response, statusCode, includeInSchema, endpoint } = route
  if (kind !== "api" || !endpoint || endpoint.generator || endpoint.returns) return false
  // A place without a model is `response_model=None`.
  if (response.from !== "none" || response.at) return false
  if (response.responseClass !== undefined && !isJson(response.responseClass)) return false
  return statusCode.known && !EMPTY.has(statusCode.value) && includeInSchema.known && includeInSchema.value
}

const EMPTY = new Set([204, 205, 304])

/** A response class that turns any value into JSON. One of the project's own may do anything. */
const isJson = (name: string): boolean =>
  /^(fastapi|starlette)\.responses\.\w*JSONResponse$/.test(name) && responseClass(name) !== undefined

const valuesOf = (endpoint: Fn): Value[] =>
  endpoint.events.flatMap((event) =>
    event.is === "return" && !event.within.some((around) => around.is === "nested") ? options(event.value) : [],
  )

/** A `GET` that takes nothing and always says the same has nothing to filter. */
const isGreeting = (route: Route, returned: readonly Value[]): boolean =>
  route.params.length === 0 &&
  route.methods.known &&
  route.methods.value.every((method) => method === "GET" || method === "HEAD") &&
  returned.every(isConstant)

function isConstant(value: Value): boolean {
  if (value.is === "literal") return true
  if (value.is === "text") return knownText(value) !== undefined
  if (value.is === "sequence") return !value.open && value.items.every(isConstant)
  return value.is === "mapping" && !value.open && value.entries.every(([key, item]) => isConstant(key) && isConstant(item))
}

/** What the message calls it; undefined where there is no short word for it. */
function kindOf(value: Value): string | undefined {
  switch (value.is) {
    case "mapping":
      return "a dict"
    case "sequence": {
      const [first, ...others] = value.items.map(kindOf)
      return first?.startsWith("`") && others.every((other) => other === first) ? `a ${value.type} of ${first}` : `a ${value.type}`
    }
    case "text":
      return "text"
    case "instance":
      return quote(value.of.def.name)
    case "external":
      return /^builtins\.(\w+)\(\)$/.test(value.name) ? `a ${value.name.slice("builtins.".length, -2)}` : undefined
    default:
      return undefined
  }
}
