import {
  type Finding,
  type Fix,
  type Fn,
  gathered,
  type Param,
  type Project,
  quote,
  type Route,
  routeNames,
  rule,
  unreadParameters,
  type Value,
} from "#rule"

export default rule({
  summary: "A parameter of an endpoint or dependency without a type",
  why: `
FastAPI reads types to know what a client must send. Without one a parameter takes any text: \`limit=10\` is 10 when it is
left out and \`"5"\` when it is given, \`item_id\` is never a number, and the schema says nothing. A plain \`request\` without
its type is not the request at all, but a query parameter of that name.
`,
  help: "Write the type of the parameter",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/python-types/",
  equivalents: ["ANN001", "S6540"],
  exemptions: [
    "`self`, `cls`, `*args`, `**kwargs`, and names that begin with `_`",
    "dependencies that are asked for and never read: they are wanted for what they do",
    "functions that are no endpoint and no dependency",
    "parameters whose default may be the marker of a library that is not known",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items")
        def read_items(limit=10): # expect: \`limit\` of \`GET /items\` has no type, so it is text when a client sends it
            return limit
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items")
        def read_items(limit: int = 10):
            return limit
      `,
      fixed: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items")
        def read_items(limit: int=10):
            return limit
      `,
    },
    {
      bad: `
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_user(request): # expect: \`request\` of \`get_user\` has no type, so it is a query parameter
            return request.headers.get("x-user")

        @app.get("/me")
        def read_me(user=Depends(get_user)): # expect: \`user\` of \`GET /me\` has no type
            return user
      `,
      good: `
        from fastapi import Depends, FastAPI, Request

        app = FastAPI()

        def get_user(request: Request) -> str | None:
            return request.headers.get("x-user")

        @app.get("/me")
        def read_me(user: str | None = Depends(get_user)):
            return user

        def load(row, _context=None):
            return row
      `,
    },
  ],

  *project(project) {
    yield* gathered(findingsIn(project), (count) => `${count} parameters of the routes and dependencies of this file have no type`)
  },
})

function* findingsIn(project: Project): Generator<Finding> {
  const told = new Set<string>()
  for (const route of project.routes) {
    for (const param of paramsOf(route)) {
      const { declaredBy, at, name } = param
      const key = `${at.path}:${at.start}`
      if (param.type.annotated || declaredBy.role !== "app" || name.startsWith("_") || told.has(key)) continue
      if (param.in === "unknown" && !param.required.known) continue
      const declared = declaredBy.parameters.find(
        (parameter) => parameter.name === name && parameter.at.start === at.start && parameter.at.path === at.path,
      )
      // Wanted for what it does: a type would tell nobody anything.
      if (param.in === "dependency" && unreadParameters(declaredBy).some((unread) => unread.at.start === at.start)) continue
      if (!declared || declared.annotation || declared.kind === "*args" || declared.kind === "**kwargs") continue
      told.add(key)
      yield finding(param, declaredBy === route.endpoint ? project.routes.filter((other) => other.endpoint === declaredBy) : [])
    }
  }
}

function finding(param: Param, routes: Route[]): Finding {
  const { declaredBy, name, at } = param
  const fix = fixFor(param)
  return {
    at,
    message: `${quote(name)} of ${routeNames(routes) ?? quote(ownName(declaredBy))} has no type${consequence(param)}`,
    level: param.in === "dependency" ? "info" : "warning",
    ...(routes.length > 0 && { routes }),
    scope: declaredBy.id,
    discriminator: name,
    ...(fix && { fix }),
  }
}

const ownName = (fn: Fn): string => (fn.owner ? fn.qualname.replace(/\.__init__$/, "") : fn.name)

function consequence(param: Param): string {
  if (param.in === "dependency") return ""
  if (/^(request|req|websocket|ws|response|background_tasks|tasks)$/.test(param.name) && param.in === "query")
    return ", so it is a query parameter"
  const isText = param.in === "path" || param.in === "query" || param.in === "header" || param.in === "cookie" || param.in === "form"
  return isText ? ", so it is text when a client sends it" : ", so anything is accepted"
}

/** What the endpoint and its dependencies declare, the dependencies that they ask for included. */
function* paramsOf(route: Route): Generator<Param> {
  yield* route.params
  for (const { call } of route.dependencies) {
    for (const parameter of call?.parameters ?? []) {
      const asked = route.dependencies.find(
        (dependency) =>
          dependency.level === "parameter" &&
          dependency.param === parameter.name &&
          dependency.at.path === parameter.at.path &&
          dependency.at.start === parameter.at.start,
      )
      if (call && asked && !parameter.annotation)
        yield {
          name: parameter.name,
          wireName: parameter.name,
          in: "dependency",
          type: { text: "Any", value: asked.value, annotated: false },
          required: { known: true, value: true },
          constraints: new Map(),
          at: parameter.at,
          declaredBy: call,
        }
    }
  }
}

/** A plain default says what was meant. */
function fixFor({ default: given, at, in: place, name }: Param): Fix | undefined {
  const type = given && place === "query" ? typeName(given) : undefined
  return type === undefined
    ? undefined
    : {
        title: `Declare ${quote(name)} as ${quote(type)}`,
        safety: "suggestion",
        edits: [{ path: at.path, start: at.start + name.length, end: at.start + name.length, text: `: ${type}` }],
      }
}

function typeName(value: Value): string | undefined {
  if (value.is === "text") return "str"
  return value.is === "literal" && (value.type === "int" || value.type === "float" || value.type === "bool") ? value.type : undefined
}
