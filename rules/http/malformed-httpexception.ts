import {
  type CallEvent,
  type ClassValue,
  exceptionClass,
  type Finding,
  type Fn,
  isHTTPException,
  isNone,
  options,
  type Project,
  quote,
  type RaiseEvent,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "An `HTTPException` that cannot be raised or answered",
  why: `
\`HTTPException(status_code, detail)\` needs a status, and FastAPI writes its detail as JSON. A status that is missing, a
text in its place, or a detail that JSON does not know raises another error on the way to the client: instead of the 404
or 409 that was meant, the client sees a 500.
`,
  help: "Pass the status first and a detail that JSON can hold: text, numbers, lists, dicts",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/",
  equivalents: [],
  exemptions: ["classes that derive from `HTTPException` and have an `__init__` of their own"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                raise HTTPException("Item not found", 404) # expect: text \`Item not found\` where the status belongs
            try:
                return items[item_id].load()
            except ValueError as error:
                raise HTTPException(status_code=400, detail=error) # expect: the exception \`error\` as its detail
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        items = {}

        @app.get("/items/{item_id}")
        def read_item(item_id: int):
            if item_id not in items:
                raise HTTPException(404, "Item not found")
            try:
                return items[item_id].load()
            except ValueError as error:
                raise HTTPException(status_code=400, detail="This item is damaged") from error
      `,
    },
  ],

  *project(project) {
    const { bodies } = project
    for (const { in: fn, event } of [...bodies.callsOf(isHTTPException), ...bodies.constructions])
      if (fn.role === "app") yield* called(event, fn, project)
    for (const { in: fn, event } of bodies.raises) if (fn.role === "app") yield* raised(event, fn, project)
  },
})

/** `raise HTTPException`: Python calls the class without arguments. */
function* raised({ value, at }: RaiseEvent, fn: Fn, project: Project): Generator<Finding> {
  if (!value || (value.is !== "class" && !(value.is === "external" && !value.name.endsWith(")")))) return
  if (!isPlainHTTPException(value, project)) return
  yield {
    at,
    message: `${quote(nameOf(value))} is raised without a status, which is a ${quote("TypeError")}`,
    scope: fn.id,
    discriminator: "status",
  }
}

function* called(event: CallEvent, fn: Fn, project: Project): Generator<Finding> {
  const { callee, positional, keywords, open, at } = event
  if (!isPlainHTTPException(callee, project)) return
  const name = quote(nameOf(callee))
  const status = positional[0] ?? keywords.get("status_code")
  const finding = (message: string, discriminator: string): Finding => ({ at, message, scope: fn.id, discriminator })
  if (!status && !open) yield finding(`${name} is built without a status, which is a ${quote("TypeError")}`, "status")
  else if (status?.is === "text")
    yield finding(`${name} gets the text ${textIn(status)} where the status belongs`.replaceAll("  ", " "), "status")
  const detail = positional[1] ?? keywords.get("detail")
  const what = detail && notJSON(detail, event, fn)
  if (what) yield finding(`${name} gets ${what} as its detail, which JSON cannot hold`, "detail")
}

/** The class itself or one derived from it that is built in the same way. */
function isPlainHTTPException(value: Value, { player }: Project): boolean {
  const name = exceptionClass(value)
  if (name === undefined || !isHTTPException(name) || (value.is === "external" && value.name.endsWith(")"))) return false
  return value.is === "external" || (value.is === "class" && player.methodOf(value, "__init__") === undefined)
}

const nameOf = (value: Value): string => (value.is === "class" ? value.def.name : "HTTPException")

const textIn = (value: Value): string => {
  const known = value.is === "text" ? value.parts.filter((part) => typeof part === "string").join("…") : ""
  return known.length > 0 && known.length <= 40 ? quote(known) : ""
}

/** What a value is that \`json.dumps\` refuses, told for the message; undefined when it may well be JSON. */
function notJSON(value: Value, event: CallEvent, fn: Fn, depth = 0): string | undefined {
  if (depth > 4) return undefined
  switch (value.is) {
    case "external":
      if (value.caught && !value.self) return `the exception ${quote(caughtName(value, event) ?? "itself")}`
      return UNJSON.has(value.name) ? `a ${quote(value.name.replace(/\(\)$/, ""))}` : undefined
    case "instance":
      return instanceNotJSON(value.of)
    case "literal":
      return value.type === "bytes" ? "bytes" : undefined
    case "sequence":
      if (value.type === "set") return "a set"
      return first(value.items, (item) => notJSON(item, event, fn, depth + 1))
    case "mapping":
      return first(
        value.entries.map(([, item]) => item),
        (item) => notJSON(item, event, fn, depth + 1),
      )
    case "either": {
      const all = options(value).filter((option) => !isNone(option))
      const told = all.map((option) => notJSON(option, event, fn, depth + 1))
      return told.every((one) => one !== undefined) ? told[0] : undefined
    }
    default:
      return undefined
  }
}

const first = (values: readonly Value[], told: (value: Value) => string | undefined): string | undefined => {
  for (const value of values) {
    const found = told(value)
    if (found) return found
  }
  return undefined
}

/** The name that `except ... as name` gave the value. */
const caughtName = (value: Value, { within }: CallEvent): string | undefined => {
  const handlers = within.flatMap((around) => (around.is === "handler" ? [around.handler] : []))
  return value.is === "external"
    ? handlers.findLast(
        ({ name, types }) => name !== undefined && (types.length === 0 || types.some((type) => value.caught?.includes(type))),
      )?.name
    : undefined
}

/** Objects that are no JSON: by an own class without a base that would make it text, number, list or dict. */
function instanceNotJSON(of: ClassValue): string | undefined {
  const roots = [...baseNames(of)]
  if (roots.includes("")) return undefined
  const known = roots.filter((name) => name !== "builtins.object")
  if (known.length === 0) return `an object of ${quote(of.def.name)}`
  return known.every((name) => MODELS.has(name)) ? `a ${quote(of.def.name)}` : undefined
}

/** Every library class that a class derives from; `""` for a base that is not known. */
function* baseNames(of: ClassValue, depth = 0): Generator<string> {
  for (const base of of.bases) {
    const cls = base.is === "generic" ? base.of : base
    if (cls.is === "external") yield cls.name
    else if (cls.is === "class" && depth < 12) yield* baseNames(cls, depth + 1)
    else yield ""
  }
}

const MODELS = new Set([
  "pydantic.BaseModel",
  "pydantic.RootModel",
  "sqlmodel.SQLModel",
  "sqlalchemy.orm.DeclarativeBase",
  "sqlalchemy.orm.declarative_base()",
  "builtins.Exception",
  "builtins.ValueError",
  "builtins.RuntimeError",
])

const UNJSON = new Set(
  "datetime.datetime() datetime.datetime.now() datetime.datetime.utcnow() datetime.date.today() datetime.timedelta() uuid.uuid4() uuid.UUID() decimal.Decimal() builtins.bytes() builtins.Exception() builtins.ValueError() builtins.object() requests.Response() httpx.Response()".split(
    " ",
  ),
)
