import { type Finding, isNone, knownNumber, knownText, type OwnRoute, quote, rule, type Value } from "#rule"

export default rule({
  summary: "Additional responses that FastAPI cannot read",
  why: `
\`responses=\` maps status codes to dicts. Anything else raises: a list is a \`TypeError\`, a value that is no dict an
\`AssertionError\`, both at the decorator; a key that is neither a code, \`default\` nor \`4XX\` a \`ValueError\`, at the decorator when
it has a model, and otherwise whenever the OpenAPI schema is asked for, so that the docs stay empty.
`,
  help: 'Write `responses={404: {"description": ...}}`',
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/additional-responses/",
  equivalents: [],
  startup: true,
  exemptions: ["responses that are not known"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items", responses=[404]) # expect: a list, not a dict
        def read_items(): ...

        @app.get("/items/{item_id}", responses={404: "Not found"}) # expect: what it says of 404 is no dict
        def read_item(item_id: int): ...

        @app.get("/users", responses={"missing": {"description": "No user"}}) # expect: \`missing\` is no status code
        def read_users(): ...
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items", responses={404: {"description": "No item"}, "4XX": {"description": "Refused"}, "default": {"description": "Else"}})
        def read_items(): ...
      `,
    },
  ],

  *project({ routers }) {
    for (const { entries } of routers)
      for (const entry of entries) if (entry.is === "route" && entry.route.kind === "api") yield* faults(entry.route)
  },
})

function* faults({ at, built, endpoint }: OwnRoute): Generator<Finding> {
  const responses = built.keywords.get("responses")
  if (!responses || isNone(responses)) return
  const common = { at, ...(endpoint && { scope: endpoint.id }) }
  const what = plainThing(responses)
  if (what)
    yield {
      ...common,
      message: `${quote("responses")} is ${what}, not a dict: FastAPI raises a TypeError here`,
      discriminator: "responses",
    }
  if (responses.is !== "mapping") return
  for (const [key, value] of responses.entries) {
    const name = knownText(key) ?? knownNumber(key)
    if (name === undefined) continue
    if (plainThing(value) || isNone(value))
      yield {
        ...common,
        message: `${quote("responses")} is malformed, because what it says of ${name} is no dict: FastAPI raises an AssertionError here`,
        discriminator: String(name),
      }
    else if (typeof name === "string" && !isStatus(name)) {
      const hasModel = value.is === "mapping" && value.entries.some(([inner]) => knownText(inner) === "model")
      const when = hasModel ? "here" : "for every request of the schema"
      yield { ...common, message: `${quote(name)} is no status code: FastAPI raises a ValueError ${when}`, discriminator: name }
    }
  }
}

/** Python's `int()` takes it, or it is one of the words of OpenAPI. */
const isStatus = (key: string): boolean => /^\s*[-+]?\d+(_\d+)*\s*$/.test(key) || /^([1-5]XX|default)$/i.test(key)

function plainThing(value: Value): string | undefined {
  if (value.is === "text") return "text"
  if (value.is === "sequence") return `a ${value.type}`
  return value.is === "literal" && value.type !== "NoneType" ? `${quote(value.type)}` : undefined
}
