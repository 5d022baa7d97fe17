import {
  answersOf,
  type Finding,
  type Fn,
  gathered,
  isNone,
  knownText,
  list,
  type Project,
  quote,
  type Route,
  routeNames,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A response type that says nothing about the answer",
  why: `
\`-> dict\` tells FastAPI to check that the answer is a dict, and the documentation to say "object". Which keys it has, and of
which type, no client learns; a key that should not leave is not filtered, one that is missing is not noticed. A function
as \`response_model\` is worse: its *arguments* become the schema.
`,
  help: "Declare a Pydantic model (or a `TypedDict`) with the keys of the answer",
  concern: "maintainability",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/response-model/",
  equivalents: [],
  exemptions: [
    "dicts whose keys are data: what is returned is no dict written out with its keys",
    "a `GET` without parameters that always answers the same, such as a health check",
    "routes that are not in the schema",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/users/{user_id}")
        def read_user(user_id: int) -> dict: # expect: \`GET /users/{user_id}\` declares \`dict\`, and answers with \`id\` and \`name\`
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

        @app.get("/words")
        def count_words(text: str) -> dict[str, int]:
            return {word: len(word) for word in text.split()}
      `,
    },
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.responses import FileResponse, JSONResponse

        app = FastAPI()

        def success(status_code: int, message: str) -> JSONResponse:
            return JSONResponse({"message": message}, status_code)

        @app.post("/orders", response_model=success)
        def place_order(): # expect: \`POST /orders\` has the function \`success\` as its response model
            return success(200, "Placed")

        @app.get("/reports/{year}")
        def read_report(year: int) -> dict: # expect: \`GET /reports/{year}\` declares \`dict\`, and answers with responses of its own
            return FileResponse(f"{year}.pdf")
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.responses import FileResponse, JSONResponse

        app = FastAPI()

        @app.post("/orders")
        def place_order() -> JSONResponse:
            return JSONResponse({"message": "Placed"})

        @app.get("/reports/{year}")
        def read_report(year: int) -> FileResponse:
            return FileResponse(f"{year}.pdf")
      `,
    },
  ],

  *project(project) {
    yield* gathered(findingsIn(project), (count) => `${count} routes of this file answer with fields that their types do not name`)
  },
})

function* findingsIn(project: Project): Generator<Finding> {
  const told = new Set<Fn>()
  for (const route of project.routes) {
    const { endpoint, response } = route
    if (route.kind !== "api" || endpoint?.role !== "app" || told.has(endpoint)) continue
    if (!route.includeInSchema.known || !route.includeInSchema.value) continue
    const weak = weaknessOf(project, route, endpoint)
    if (!weak) continue
    told.add(endpoint)
    const routes = project.routes.filter((other) => other.endpoint === endpoint)
    yield {
      at: response.from === "annotation" && endpoint.returns ? endpoint.returns.at : endpoint.at,
      message: `${routeNames(routes)} ${weak.said}`,
      ...(weak.isFunction && { level: "warning" as const }),
      routes,
      scope: endpoint.id,
    }
  }
}

function weaknessOf(project: Project, route: Route, endpoint: Fn): { said: string; isFunction?: boolean } | undefined {
  const { response } = route
  if ((response.from !== "response_model" && response.from !== "annotation") || !response.type) return undefined
  if (response.type.value.is === "function")
    return { said: `has the function ${quote(response.type.value.qualname)} as its response model`, isFunction: true }
  const { text } = response.type
  if (!isWeak(text) || endpoint.generator) return undefined
  const returned = [...answersOf(project, endpoint)].map(({ value }) => value)
  if (returned.length === 0 || isGreeting(route, returned)) return undefined
  if (returned.every((value) => project.isResponse(value) === true)) {
    return text === "Any" ? undefined : { said: `declares ${quote(text)}, and answers with responses of its own` }
  }
  const keys = returned.map(keysOf).find((all) => all.length > 1)
  return (
    keys && {
      said: `declares ${quote(text)}, and answers with ${list(keys.slice(0, 3).map(quote), keys.length > 3 ? "," : "and").replace(" , ", ", ")}${keys.length > 3 ? " and more" : ""}`,
    }
  )
}

const WEAK = "(dict|Dict|Mapping|MutableMapping)(\\[\\w+, (Any|object|dict(\\[.*\\])?|list(\\[.*\\])?)\\])?|Any|object"
const TYPE = new RegExp(`^(${WEAK}|list|List|(list|List|Sequence)\\[(${WEAK})\\])$`)

const isWeak = (text: string): boolean => TYPE.test(text.replace(/ \| None$/, "").replace(/^None \| /, ""))

/** The keys of a dict that is written out, or of the dicts in a list. */
function keysOf(value: Value): string[] {
  if (value.is === "mapping" && !value.open) {
    const keys = value.entries.flatMap(([key]) => knownText(key) ?? [])
    return keys.length === value.entries.length ? keys : []
  }
  return value.is === "sequence" && value.items[0] ? keysOf(value.items[0]) : []
}

/** A `GET` that takes nothing and always says the same. */
const isGreeting = (route: Route, returned: readonly Value[]): boolean =>
  route.params.length === 0 &&
  route.methods.known &&
  route.methods.value.every((method) => method === "GET" || method === "HEAD") &&
  returned.every(isConstant)

const isConstant = (value: Value): boolean =>
  value.is === "literal" ||
  isNone(value) ||
  knownText(value) !== undefined ||
  (value.is === "mapping" && !value.open && value.entries.every(([, item]) => isConstant(item)))
