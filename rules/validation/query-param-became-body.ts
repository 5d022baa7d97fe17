import {
  bare,
  type Declaration,
  declarations,
  type Finding,
  isModel,
  isNone,
  mayBeAtLeast,
  members,
  type Param,
  type Project,
  quote,
  type Route,
  routeName,
  rule,
} from "#rule"

export default rule({
  summary: "A list or model that a `GET` reads from the request body",
  why: `
Without a marker FastAPI reads a list of anything, a dict and a model from the body, on a \`GET\` as well. Browsers, \`fetch\`, caches
and many proxies send no body with a \`GET\`, and \`?ids=1&ids=2\` is ignored: the client gets a 422, or silently the default.
`,
  help: "Mark it: `Annotated[list[int], Query()]`, or `Annotated[Filter, Query()]` for a model",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/query-params-str-validations/#query-parameter-list-multiple-values",
  equivalents: [],
  exemptions: [
    "what is marked `Body()` on purpose",
    "routes that answer other methods than `GET`, `HEAD` and `OPTIONS` as well",
    "on `DELETE` it is told as information: a body may be meant; and not at all of a schema that is named for it (`DeleteRuleParam`, `RemoveRequest`)",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Filter(BaseModel):
            name: str

        @app.get("/items")
        def list_items(ids: list[int]): # expect: \`ids\` is read from the body of \`GET /items\`
            return ids

        @app.get("/users")
        def list_users(where: Filter): # expect: \`where\` is read from the body of \`GET /users\`
            return where
      `,
      good: `
        from typing import Annotated
        from fastapi import FastAPI, Query
        from pydantic import BaseModel

        app = FastAPI()

        class Filter(BaseModel):
            name: str

        @app.get("/items")
        def list_items(ids: Annotated[list[int], Query()]):
            return ids

        @app.get("/users")
        def list_users(where: Annotated[Filter, Query()]):
            return where

        @app.post("/search")
        def search(where: Filter):
            return where
      `,
    },
  ],

  *project(project) {
    const seen = new Map([...declarations(project)].map((one) => [key(one), one]))
    const told = new Set<string>()
    for (const route of project.routes) {
      const level = levelFor(route)
      if (!level || !route.isSignatureKnown) continue
      for (const param of route.params) {
        if ((param.in !== "body" && param.in !== "file") || param.marker !== undefined || param.declaredBy.role !== "app") continue
        const declaration = seen.get(key(param))
        if (told.has(key(param)) || !declaration || declaration.hidden) continue
        const help = helpFor(project, declaration)
        if (!help || (level === "info" && isForBodies(project, declaration))) continue
        told.add(key(param))
        yield finding(route, param, level, help)
      }
    }
  },
})

const key = ({ at, name }: Pick<Param, "at" | "name">): string => `${at.path}:${at.start}:${name}`

const routeNameOf = (route: Route, param: Param): string =>
  route.path.known && route.path.value === "" ? quote(param.declaredBy.name) : routeName(route)

const finding = (route: Route, param: Param, level: "error" | "info", help: string): Finding => ({
  at: param.at,
  message:
    level === "info"
      ? `${routeNameOf(route, param)} takes ${quote(param.name)} as its body, which many clients and proxies drop from a ${quote("DELETE")}`
      : `${quote(param.name)} is read from the ${param.in === "file" ? "uploaded files" : "body"} of ${routeNameOf(route, param)}, and not from its query`,
  level,
  help,
  routes: [route],
  scope: param.declaredBy.id,
  discriminator: param.name,
})

/** How grave it is by the methods; undefined where a body is usual. */
function levelFor({ kind, methods }: Route): "error" | "info" | undefined {
  if (kind !== "api" || !methods.known || methods.value.length === 0) return undefined
  if (methods.value.every((method) => ["GET", "HEAD", "OPTIONS"].includes(method))) return "error"
  return methods.value.every((method) => method === "DELETE") ? "info" : undefined
}

/** `DeleteRuleParam`, `RemoveMembersRequest`: a schema that was written to be sent. */
function isForBodies(project: Project, { type }: Declaration): boolean {
  const value = type && bare(project, type)
  return value?.is === "class" && /(Params?|Request|Req|Body|Payload|Input|Command|DTO)$/.test(value.def.name)
}

/** How a query can hold it; undefined for what no query holds, uploads for instance. */
function helpFor(project: Project, { type, name, annotation }: Declaration): string | undefined {
  if (!type || !annotation) return undefined
  const all = members(project, type).filter((member) => !isNone(member))
  const value = bare(project, all[0] ?? type)
  if (all.length !== 1) return undefined
  if (value.is === "class") {
    if (isModel(project, value) !== true) return undefined
    const model = value.def.name
    return mayBeAtLeast(project.versions, "fastapi", "0.115.0")
      ? `Write ${quote(`${name}: Annotated[${model}, Query()]`)}`
      : `Write ${quote(`${name}: ${model} = Depends()`)}`
  }
  const of = value.is === "generic" ? value.of : value
  if (of.is !== "external") return undefined
  if (LISTS.test(of.name)) return `Write ${quote(`Annotated[..., Query()]`)} around the type of ${quote(name)}`
  return DICTS.test(of.name)
    ? `Take the keys of ${quote(name)} as parameters of their own, or make the route a ${quote("POST")}`
    : undefined
}

const LISTS = /^(builtins\.(list|set|tuple|frozenset)|typing\.(List|Set|Tuple|Sequence|FrozenSet)|collections\.abc\.Sequence)$/
const DICTS = /^(builtins\.dict|typing\.(Dict|Mapping)|collections\.abc\.Mapping)$/
