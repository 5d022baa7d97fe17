import {
  ancestryOf,
  type ClassValue,
  type Fn,
  isAsWritten,
  isModel,
  isNone,
  knownText,
  members,
  modelFields,
  type Project,
  quote,
  type ReturnEvent,
  type Route,
  routeName,
  rule,
  typeOf,
  type Value,
} from "#rule"

export default rule({
  summary: "An answer that the route's own response model refuses",
  why: `
FastAPI validates what a function returns against the response model. Another model, a dict without a required key, an object
where a list was promised: each is a \`ResponseValidationError\`, and the client sees a 500 after all the work was done.
`,
  help: "Return what the response model describes, or describe what is returned",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/response-model/",
  equivalents: ["S5886"],
  exemptions: [
    "values that are not wholly known, objects of a database, dicts with keys that are not constant",
    "models with validators that run before the fields are read, or that allow extra fields",
    "functions under a decorator that may change what they return",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str
            price: float

        class Created(BaseModel):
            id: int

        @app.post("/items")
        def add_item(item: Item) -> Created:
            return Item(name=item.name, price=1) # expect: \`POST /items\` returns \`Item\`, and \`Created\` needs \`id\`

        @app.get("/items")
        def list_items() -> list[Item]:
            return {"items": []} # expect: returns a dict, and \`list[Item]\` is a list

        @app.get("/items/{item_id}", response_model=Item)
        def read_item(item_id: int):
            return {"name": "Bread"} # expect: returns a dict without \`price\`
      `,
      good: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str
            price: float

        class Stored(BaseModel):
            id: int
            name: str
            price: float
            margin: float

        @app.get("/items")
        def list_items() -> list[Item]:
            return [{"name": "Bread", "price": 2}]

        @app.get("/items/{item_id}", response_model=Item)
        def read_item(item_id: int):
            return Stored(id=item_id, name="Bread", price=2, margin=1)
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      const { endpoint, response } = route
      if (endpoint?.role !== "app" || !isChecked(route)) continue
      for (const event of endpoint.events) {
        const key = `${event.at.path}:${event.at.start}`
        if (event.is !== "return" || told.has(key) || isNested(event)) continue
        const why = mismatch(project, response.type?.value as Value, event.value)
        if (!why) continue
        told.add(key)
        yield {
          at: event.at,
          message: `${routeName(route)} returns ${why}: a ${quote("ResponseValidationError")}, and a 500 for the client`,
          ...(response.at && { related: [{ at: response.at, message: "the response model" }] }),
          routes: [route],
          scope: endpoint.id,
          discriminator: why,
        }
      }
    }
  },
})

const isNested = ({ within }: ReturnEvent): boolean => within.some((around) => around.is === "nested")

/** Does FastAPI validate what exactly this function returns? */
function isChecked({ kind, endpoint, response }: Route): boolean {
  if (kind !== "api" || !response.type || (response.from !== "annotation" && response.from !== "response_model")) return false
  return endpoint !== undefined && !endpoint.generator && isPlain(endpoint)
}

const isPlain = (fn: Fn): boolean => isAsWritten(fn) && !fn.value.wraps

/** Why a value is certainly no valid answer: "a dict without `price`". */
function mismatch(project: Project, type: Value, value: Value): string | undefined {
  const [wanted, ...others] = members(project, type)
  if (!wanted || others.length > 0 || isNone(wanted)) return undefined
  if (wanted.is === "class") return isReadable(project, wanted) ? notModel(project, wanted, value) : undefined
  const of = wanted.is === "generic" ? wanted.of : wanted
  if (of.is !== "external") return undefined
  const what = shapeOf(project, value)
  if (!what) return undefined
  const text = quote(typeOf(project, wanted).text.replace(/\b(?:[a-z_]\w*\.)+([A-Za-z_]\w*)/g, "$1"))
  if (LIST.test(of.name) && what.kind !== "list") return `${what.text}, and ${text} is a list`
  if (DICT.test(of.name) && what.kind !== "dict") return `${what.text}, and ${text} is a dict`
  return undefined
}

const LIST = /^(builtins\.list|typing\.(List|Sequence))$/
const DICT = /^(builtins\.dict|typing\.Dict)$/

/** What kind of thing a value certainly is. */
function shapeOf(project: Project, value: Value): { kind: "list" | "dict" | "object"; text: string } | undefined {
  if (value.is === "mapping") return { kind: "dict", text: "a dict" }
  if (value.is === "sequence") return value.type === "list" ? { kind: "list", text: "a list" } : undefined
  return value.is === "instance" && isReadable(project, value.of) ? { kind: "object", text: quote(value.of.def.name) } : undefined
}

/** A model whose fields are all known, without anything that could make one of something else. */
function isReadable(project: Project, of: ClassValue): boolean {
  if (isModel(project, of) !== true || of.keywords.size > 0) return false
  const { classes, libraries, complete } = ancestryOf(project, of)
  if (!complete || [...libraries].some((name) => !/^(pydantic\.BaseModel|abc\.ABC|builtins\.object)$/.test(name))) return false
  return !classes.some(({ body }) =>
    [...body.entries()].some(
      ([name, member]) =>
        name === "model_config" ||
        name === "Config" ||
        /^__get/.test(name) ||
        (member.is === "function" && member.decorators.some(isWholeValidator)),
    ),
  )
}

const isWholeValidator = (decorator: Value): boolean =>
  decorator.is !== "external" || /^pydantic\.(model_validator|root_validator|model_serializer)/.test(decorator.name)

function notModel(project: Project, wanted: ClassValue, value: Value): string | undefined {
  const fields = modelFields(project, wanted)
  if (!fields.known) return undefined
  const name = quote(wanted.def.name)
  if (value.is === "sequence" && value.type === "list") return `a list, and ${name} is one object`
  const needed = fields.value.filter(
    ({ required, constraints }) => required.known && required.value && !constraints.has("validation_alias"),
  )
  if (value.is === "mapping") {
    const keys = value.entries.map(([key]) => knownText(key))
    if (value.open || keys.includes(undefined)) return undefined
    const missing = needed.find((field) => !keys.includes(field.name) && field.alias.known && !keys.includes(field.alias.value))
    return missing && `a dict without ${quote(missing.name)}, which ${name} needs`
  }
  if (value.is !== "instance" || !isReadable(project, value.of)) return undefined
  const { classes } = ancestryOf(project, value.of)
  if (classes.some(({ def }) => def === wanted.def)) return undefined
  const given = modelFields(project, value.of)
  if (!given.known) return undefined
  const has = (one: string): boolean =>
    given.value.some((field) => field.name === one) || classes.some(({ body }) => body.own(one) !== undefined)
  const missing = needed.find((field) => !has(field.name) && field.alias.known && !has(field.alias.value))
  return missing && `${quote(value.of.def.name)}, and ${name} needs ${quote(missing.name)}`
}
