import {
  type Dependency,
  type Finding,
  type Fn,
  type Level,
  type Param,
  type Parameter,
  type Project,
  quote,
  type Route,
  routeName,
  rule,
} from "#rule"

export default rule({
  summary: "A name in the path that no parameter takes",
  why: `
The value of \`{item_id}\` reaches a function only through a parameter of that very name, in the endpoint or in one of its
dependencies. With a slip in the name the value is lost without a word, and the parameter that was meant for it becomes a
query parameter: clients that ask for \`/items/7\` get a 422, or the default.
`,
  help: "Give the parameter the name that stands in the path, or take the name out of the path",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/path-params/",
  equivalents: ["FAST003", "S8411"],
  exemptions: [
    "the value is taken by a dependency, on whatever level, or read from `request.path_params`",
    "part of the path, a dependency or the signature is not known",
    "pages (`response_class=HTMLResponse`) that take the request: a script may read the address",
    "plain Starlette routes and mounted apps",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items/{item_id}") # expect: \`{item_id}\` of \`GET /items/{item_id}\` is taken by no parameter; \`itemid\` is read from the query instead
        def read_item(itemid: int):
            return itemid
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            return item_id
      `,
    },
    {
      bad: `
        from fastapi import APIRouter, Depends, FastAPI

        app = FastAPI()
        router = APIRouter(prefix="/teams/{team_id}")

        @router.get("/members/{member_id}") # expect: \`{member_id}\` of \`GET /teams/{team_id}/members/{member_id}\` is taken by no parameter
        def read_member(team_id: int):
            return team_id

        app.include_router(router)
      `,
      good: `
        from fastapi import APIRouter, Depends, FastAPI, Request

        app = FastAPI()

        def get_team(team_id: int):
            return team_id

        def get_member(request: Request):
            return request.path_params["member_id"]

        router = APIRouter(prefix="/teams/{team_id}", dependencies=[Depends(get_team)])

        @router.get("/members/{member_id}")
        def read_member(member=Depends(get_member)):
            return member

        app.include_router(router)
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    const readers = new Readers(project)
    for (const route of project.routes) {
      if (route.kind !== "api" || !route.path.known || route.endpoint?.role !== "app" || !isUnderstood(route)) continue
      const taken = new Set(route.params.flatMap((param) => [param.name, param.wireName]))
      for (const name of namesIn(route.path.value)) {
        const key = `${route.at.path}:${route.at.start}:${name}`
        if (taken.has(name) || told.has(key) || readers.serve(route)) continue
        const found = finding(route, name)
        // A page whose script reads the address, or a template that is given the request.
        if (found.level !== "error" && isPage(route)) continue
        told.add(key)
        yield found
      }
    }
  },
})

function finding(route: Route, name: string): Finding {
  const meant = route.params.find((param) => param.in === "query" && isRequired(param) && isLike(param.name, name))
  const of = `${quote(`{${name}}`)} of ${routeName(route)} is taken by no parameter`
  const level: Level = meant ? "error" : "warning"
  return {
    at: route.at,
    message: meant ? `${of}; ${quote(meant.name)} is read from the query instead` : of,
    level,
    ...(meant && { related: [{ at: meant.at, message: `${quote(meant.name)} is declared here` }] }),
    routes: [route],
    scope: routeName(route).replaceAll("`", ""),
    discriminator: name,
  }
}

const isPage = ({ endpoint, own }: Route): boolean => {
  const page = own.built.keywords.get("response_class")
  const gives = endpoint?.parameters.some(
    ({ annotation }) => annotation?.value.is === "external" && /\.Request$/.test(annotation.value.name),
  )
  return gives === true && page?.is === "external" && /\.(HTML|File)Response$/.test(page.name)
}

const namesIn = (path: string): string[] =>
  [...path.matchAll(/\{(.*?)\}/g)].map(([, name]) => (name as string).replace(/:[a-zA-Z_]\w*$/, ""))

const isRequired = ({ required }: Param): boolean => required.known && required.value

/** `*args, **kwargs` of a wrapper, which hands on what it gets; with a type of its own it is a parameter like any other to FastAPI. */
const isOpenEnded = ({ kind, annotation }: Parameter): boolean =>
  (kind === "*args" || kind === "**kwargs") &&
  (annotation?.value.is !== "external" || !/^builtins\.(str|int|float|bool)$/.test(annotation.value.name))

/** Are the signature and all dependencies known, so that nothing else can take the value? */
function isUnderstood({ endpoint, own, dependencies, params }: Route): boolean {
  if (own.endpointValue.is !== "function" || own.endpointValue.signature || own.built.open) return false
  if (own.router.built.keywords.has("route_class")) return false
  if (endpoint?.parameters.some(isOpenEnded) || params.some(isHidden)) return false
  return dependencies.every(isOpen)
}

/** A parameter whose default or annotation may be a dependency of a library. */
const isHidden = (param: Param): boolean => param.in === "unknown" && !param.required.known

/** Do we see what a dependency takes? */
function isOpen({ call, security, value, params }: Dependency): boolean {
  if (call) return !call.value.signature && !call.parameters.some((parameter) => parameter.kind === "**kwargs") && !params.some(isHidden)
  return security || params.length > 0 || value.is === "class"
}

/** Functions that read path parameters from the request: whatever they serve may take any name. */
class Readers {
  private readonly files: Set<string>

  constructor(project: Project) {
    this.files = new Set(
      [...project.modules.values()]
        .filter((module) => project.role(module.path) === "app" && module.mentions.includes("path_params"))
        .map(({ path }) => path),
    )
  }

  serve(route: Route): boolean {
    if (this.files.size === 0) return false
    const around = (route.app?.middleware ?? []).flatMap(({ value }) =>
      value.is === "class" || value.is === "function" ? [value.module] : [],
    )
    if (around.some((path) => this.files.has(path))) return true
    const seen = new Set<Fn>([route.endpoint, ...route.dependencies.map(({ call }) => call)].filter((fn) => fn !== undefined))
    for (const fn of seen) {
      if (this.files.has(fn.path)) return true
      if (seen.size < MOST)
        for (const event of fn.events) if (event.is === "call") for (const { fn: callee } of event.callees) if (callee) seen.add(callee)
    }
    return false
  }
}

/** Functions that are looked at for one route. */
const MOST = 60

/** Is one a slip for the other: `itemid` and `item_id`, `id` and `item_id`, `user` and `user_id`? */
function isLike(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.toLowerCase().replaceAll("_", "")) as [string, string]
  return (
    a === b ||
    (a.length > 1 && b.endsWith(a)) ||
    (b.length > 1 && a.endsWith(b)) ||
    a.startsWith(b) ||
    b.startsWith(a) ||
    distance(a, b) <= (Math.min(a.length, b.length) > 4 ? 2 : 1)
  )
}

/** Letters to add, drop or change to make one of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((next[j - 1] as number) + 1, (row[j] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] as number
}
