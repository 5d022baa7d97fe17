import { type Finding, hasPydantic2, type Param, quote, type Route, routeName, rule } from "#rule"

export default rule({
  summary: "A path converter whose values the parameter's type does not take",
  why: `
\`{item_id:int}\` makes Starlette turn the text into an \`int\`, and Pydantic then checks that value against the annotation. An
\`int\` is no valid \`str\`, a \`UUID\` is no valid \`int\`: the request is a 422, whatever the client asks for.
`,
  help: "Annotate the parameter with the converter's type, or leave the converter out",
  concern: "correctness",
  level: "error",
  docs: "https://www.starlette.io/routing/#path-parameters",
  equivalents: [],
  exemptions: ["types and paths that are not known", "`str` with `int`, where the project pins Pydantic 1, which converts"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items/{item_id:int}")
        def read_item(item_id: str): # expect: \`{item_id:int}\` gives an \`int\`, which \`str\` does not take
            return item_id

        @app.get("/files/{size:path}")
        def read_file(size: int): # expect: \`{size:path}\` takes slashes, and \`int\` holds none
            return size
      `,
      good: `
        from uuid import UUID
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items/{item_id:int}")
        def read_item(item_id: int):
            return item_id

        @app.get("/files/{name:path}")
        def read_file(name: str):
            return name

        @app.get("/orders/{order_id:uuid}")
        def read_order(order_id: UUID):
            return order_id
      `,
    },
  ],

  *project(project) {
    if (!hasPydantic2(project.versions)) return
    const told = new Set<string>()
    for (const route of project.routes) {
      const converters = new Map([route.path, route.own.path].flatMap(convertersIn))
      for (const param of route.params) {
        const converter = param.in === "path" ? converters.get(param.wireName) : undefined
        const key = `${param.at.path}:${param.at.start}:${converter}`
        if (!converter || told.has(key) || param.declaredBy.role !== "app") continue
        const level = misfit(converter, param)
        if (!level) continue
        told.add(key)
        yield finding(route, param, converter, level)
      }
    }
  },
})

const convertersIn = (path: Route["path"]): [string, string][] =>
  path.known && !path.assumed
    ? [...path.value.matchAll(/\{([a-zA-Z_]\w*):([a-zA-Z_]\w*)\}/g)].map(([, name, converter]) => [name as string, converter as string])
    : []

const finding = (route: Route, param: Param, converter: string, level: "error" | "warning"): Finding => ({
  at: param.at,
  message: messageOf(route, param, converter, level),
  level,
  routes: [route],
  scope: param.declaredBy.id,
  discriminator: param.name,
})

function messageOf(route: Route, { wireName, type }: Param, converter: string, level: string): string {
  const told = quote(`{${wireName}:${converter}}`)
  const wanted = quote(shortText(type.text))
  if (converter === "path") return `${told} takes slashes, and ${wanted} holds none`
  if (level === "warning") return `${told} gives a ${quote("float")}, and ${wanted} takes only whole ones`
  const made = converter === "uuid" ? "a `UUID`" : converter === "int" ? "an `int`" : "a `float`"
  return `${told} gives ${made}, which ${wanted} does not take: every request to ${routeName(route)} is a 422`
}

const shortText = (text: string): string => text.replace(/\b(?:[a-z_]\w*\.)+([A-Za-z_]\w*)/g, "$1")

/** What each converter's values are never valid as (error), or only sometimes (warning), by Pydantic's rules for Python values. */
const REFUSED: Record<string, { never: RegExp; seldom?: RegExp }> = {
  int: { never: /^(str|bytes|uuid\.UUID|pydantic\.EmailStr)$/ },
  float: { never: /^(str|bytes|uuid\.UUID)$/, seldom: /^int$/ },
  uuid: { never: /^(str|bytes|int|float|bool|datetime\.(date|datetime)|decimal\.Decimal)$/ },
  path: { never: /^$/, seldom: /^(int|float|bool|uuid\.UUID|datetime\.(date|datetime)|decimal\.Decimal)$/ },
}

/** The gravest answer that holds for all members of the type. */
function misfit(converter: string, { type }: Param): "error" | "warning" | undefined {
  const refused = REFUSED[converter]
  const members = type.text.split(" | ").filter((member) => member !== "None")
  if (!refused || members.length === 0 || type.text.includes("[")) return undefined
  if (members.every((member) => refused.never.test(member))) return "error"
  return members.every((member) => refused.never.test(member) || refused.seldom?.test(member)) ? "warning" : undefined
}
