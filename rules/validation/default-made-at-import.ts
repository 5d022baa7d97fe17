import {
  ancestryOf,
  type ClassValue,
  type Declaration,
  declarations,
  isModel,
  modelFields,
  type Project,
  quote,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A default that is made once, when the module is imported",
  why: `
Python evaluates a default when it reads the definition. \`= datetime.now()\` is the hour at which the server was started, for
every request until the next start, and \`= uuid4()\` is the same id every time.
`,
  help: "Give the function itself: `Field(default_factory=datetime.now)`, or `None` and make it in the body",
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/concepts/fields/#default-values",
  equivalents: ["B008"],
  exemptions: ["calls that give the same value every time, and calls that are not known", "settings, which are made once as well"],
  examples: [
    {
      bad: `
        from datetime import datetime
        from uuid import uuid4
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Order(BaseModel):
            id: str = str(uuid4()) # expect: \`id\` is the same for every request
            placed_at: datetime = datetime.now() # expect: \`placed_at\` is the time at which the module was imported

        @app.post("/orders")
        def place_order(order: Order, until: datetime = datetime.now()): # expect: \`until\`
            return {"order": order, "until": until}
      `,
      good: `
        from datetime import datetime
        from uuid import uuid4
        from fastapi import FastAPI
        from pydantic import BaseModel, Field

        app = FastAPI()

        class Order(BaseModel):
            id: str = Field(default_factory=lambda: str(uuid4()))
            placed_at: datetime = Field(default_factory=datetime.now)

        @app.post("/orders")
        def place_order(order: Order, until: datetime | None = None):
            return {"order": order, "until": until or datetime.now()}
      `,
    },
  ],

  *project(project) {
    for (const { name, at, declaredBy, plain, asDefault } of declarations(project)) {
      const made = madeOnce(plain ?? givenTo(asDefault))
      if (made && declaredBy.role === "app") yield { at, message: messageOf(name, made), scope: declaredBy.id, discriminator: name }
    }
    yield* ofModels(project)
  },
})

const givenTo = (marker: Declaration["asDefault"]): Value | undefined =>
  marker?.built.positional[0] ?? marker?.built.keywords.get("default")

function* ofModels(project: Project) {
  for (const cls of project.classes) {
    if (project.role(cls.module) !== "app" || isModel(project, cls) !== true || isSettings(project, cls)) continue
    const fields = modelFields(project, cls)
    for (const { name, default: given, at } of fields.known ? fields.value : []) {
      const made = at.path === cls.module && at.start >= cls.def.start && at.end <= cls.def.end ? madeOnce(given) : undefined
      if (made) yield { at, message: messageOf(name, made), scope: `${cls.module}:${cls.qualname}`, discriminator: name }
    }
  }
}

/** Settings are made once as well. */
const isSettings = (project: Project, cls: ClassValue): boolean =>
  [...ancestryOf(project, cls).libraries].some((name) => name.endsWith(".BaseSettings"))

const messageOf = (name: string, made: string): string =>
  /uuid|token/.test(made)
    ? `${quote(name)} is the same for every request: ${quote(`${made}()`)} is called once, when the module is imported`
    : `${quote(name)} is the time at which the module was imported, and not that of the request`

/** The function that makes a new value at every call, where the default is what one call gave. */
function madeOnce(value: Value | undefined): string | undefined {
  if (value?.is === "text") return value.parts.map((part) => (typeof part === "string" ? undefined : madeOnce(part))).find(Boolean)
  if (value?.is !== "external") return undefined
  // `str(uuid4())`, and what is asked of a value: `uuid4().hex`.
  if (value.name === "builtins.str()") return madeOnce(value.built?.positional[0])
  const name = value.name.split("()")[0] as string
  return value.name.includes("()") && CHANGING.has(name) ? name.split(".").slice(-2).join(".") : undefined
}

const CHANGING = new Set([
  "datetime.datetime.now",
  "datetime.datetime.utcnow",
  "datetime.datetime.today",
  "datetime.date.today",
  "time.time",
  "uuid.uuid1",
  "uuid.uuid4",
  "secrets.token_hex",
  "secrets.token_urlsafe",
])
