import { type Finding, list, type Project, quote, type Route, rule } from "#rule"

export default rule({
  summary: "A path parameter with a converter that does not exist",
  why: `
What stands after the colon in \`{item_id:int}\` is one of Starlette's converters, or one that the project registers. Types
have no place there: \`{item:Item}\` is \`AssertionError: Unknown path convertor\`, and the application does not start.
`,
  help: "Use `str`, `int`, `float`, `uuid` or `path`, or leave the converter out and annotate the parameter",
  concern: "correctness",
  level: "error",
  docs: "https://www.starlette.io/routing/#path-parameters",
  equivalents: [],
  startup: true,
  exemptions: ["projects that register converters of their own"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items/{item_id:integer}") # expect: no converter \`integer\`
        def read_item(item_id: int):
            return item_id
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items/{item_id:int}")
        def read_item(item_id: int):
            return item_id

        @app.get("/files/{name:path}")
        def read_file(name: str):
            return name
      `,
    },
  ],

  *project(project) {
    if (registers(project)) return
    const isLive = project.versions.atLeast("fastapi", "0.137.0")
    for (const route of project.routes) {
      const inOwn = unknownIn(route.own.path)
      const inAll = unknownIn(route.path)
      const include = route.includes.at(-1)
      if (inOwn) yield found(route, inOwn, route.at, "when the module is imported")
      else if (inAll && include)
        yield found(route, inAll, include, isLive ? "on every request that reaches the router" : "when the module is imported")
    }
  },
})

const CONVERTERS = ["str", "int", "float", "uuid", "path"]

const registers = ({ modules }: Project): boolean =>
  [...modules.values()].some(({ mentions }) => mentions.includes("register_url_convertor") || mentions.includes("CONVERTOR_TYPES"))

function unknownIn(path: Route["path"]): string | undefined {
  if (!path.known || path.assumed) return undefined
  for (const [, name] of path.value.matchAll(/\{[a-zA-Z_]\w*:([a-zA-Z_]\w*)\}/g)) if (!CONVERTERS.includes(name as string)) return name
  return undefined
}

const found = (route: Route, name: string, at: Finding["at"], when: string): Finding => ({
  at,
  message: `There is no converter ${quote(name)} (only ${list(CONVERTERS.map(quote))}): an AssertionError ${when}`,
  routes: [route],
  discriminator: name,
})
