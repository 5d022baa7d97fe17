import { type Finding, quote, type Route, rule } from "#rule"

export default rule({
  summary: "A name that stands twice in one path",
  why: `
A path with two parameters of one name cannot say which of them is meant, and Starlette raises \`ValueError: Duplicated param
name\` when it compiles it. The second name often comes from a prefix. Since FastAPI 0.137 the prefix of an include is looked at
only when a request comes: the application starts, and every request that reaches the router is answered with 500.
`,
  help: "Give each parameter of the whole path a name of its own",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/path-params/",
  equivalents: [],
  startup: true,
  exemptions: ["paths of which a part is not known"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/users/{id}/items/{id}") # expect: \`{id}\` stands twice
        def read_item(id: int):
            return id
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/users/{user_id}/items/{id}")
        def read_item(user_id: int, id: int):
            return id
      `,
    },
    {
      bad: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        items = APIRouter()

        @items.get("/items/{id}")
        def read_item(id: int):
            return id

        app.include_router(items, prefix="/users/{id}") # expect: a ValueError on every request
      `,
      good: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        items = APIRouter()

        @items.get("/items/{id}")
        def read_item(id: int, user_id: int):
            return id

        app.include_router(items, prefix="/users/{user_id}")
      `,
    },
  ],

  *project(project) {
    const isLive = project.versions.atLeast("fastapi", "0.137.0")
    for (const route of project.routes) {
      const inOwn = repeated(route.own.path)
      if (inOwn) yield found(route, inOwn, route.at, "when the module is imported")
      const inAll = repeated(route.path)
      const include = route.includes.at(-1)
      if (!inOwn && inAll && include)
        yield found(route, inAll, include, isLive ? "on every request that reaches the router" : "when the module is imported")
    }
  },
})

const PARAMETER = /\{([a-zA-Z_]\w*)(?::[a-zA-Z_]\w*)?\}/g

function repeated(path: Route["path"]): string | undefined {
  if (!path.known || path.assumed) return undefined
  const names = [...path.value.matchAll(PARAMETER)].map(([, name]) => name as string)
  return names.find((name, i) => names.indexOf(name) < i)
}

function found(route: Route, name: string, at: Finding["at"], when: string): Finding {
  const path = route.path.known ? route.path.value : ""
  return {
    at,
    message: `${quote(`{${name}}`)} stands twice in ${quote(path)}: a ValueError ${when}`,
    ...(at !== route.at && { related: [{ at: route.at, message: "the route is added here" }] }),
    routes: [route],
    discriminator: name,
  }
}
