import { type Fn, knownBoolean, type Param, type Project, quote, type Route, routeNames, rule, traced, type Value } from "#rule"

export default rule({
  summary: "A request body that may be anything",
  why: `
A body declared as \`dict\`, \`list[dict]\` or \`Any\` is parsed as JSON and handed over as it is: nothing is required, nothing is
checked, and nothing is documented. Missing keys become a \`KeyError\` and a 500 deep in the code, and keys that nobody
thought of travel on to the database.
`,
  help: "Declare a Pydantic model with the fields that the route reads",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/body/",
  equivalents: [],
  exemptions: [
    "webhooks and other routes that check a signature; JSON-RPC, JSON Patch and GraphQL",
    "a body that is handed on unread to another server",
    "dicts whose values have a plain type, such as `dict[str, int]`",
  ],
  examples: [
    {
      bad: `
        from typing import Any
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/orders")
        def create_order(order: dict[str, Any]): # expect: \`order\` of \`POST /orders\` is a \`dict[str, Any]\`, so any JSON object is accepted
            return order["id"]
      `,
      good: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Order(BaseModel):
            id: int

        @app.post("/orders")
        def create_order(order: Order):
            return order.id

        @app.put("/stock")
        def set_stock(stock: dict[str, int]):
            return sum(stock.values())
      `,
    },
    {
      bad: `
        from fastapi import Body, FastAPI

        app = FastAPI()

        @app.put("/items/{item_id}")
        def update_item(item_id: int, changes=Body()): # expect: \`changes\` of \`PUT /items/{item_id}\` has no type
            return changes["name"]
      `,
      good: `
        import httpx
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/proxy")
        async def proxy(payload: dict):
            async with httpx.AsyncClient() as client:
                await client.post("https://example.com", json=payload)
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      if (route.kind !== "api" || !writes(route) || isFreeForm(route)) continue
      for (const param of route.params) {
        const key = `${param.at.path}:${param.at.start}`
        if (param.in !== "body" || !isUntyped(param) || isFreePart(param, route) || told.has(key)) continue
        told.add(key)
        if (param.declaredBy.role !== "app" || checksSignature(route) || isForwarded(param, project)) continue
        const routes = project.routes.filter((other) => other.endpoint === route.endpoint)
        const of = `${quote(param.name)} of ${routeNames(routes) ?? quote(param.declaredBy.name)}`
        yield {
          at: param.at,
          message: param.type.annotated
            ? `${of} is ${/^[aeiou]/i.test(param.type.text) ? "an" : "a"} ${quote(param.type.text)}, so ${accepts(param.type.text)} is accepted`
            : `${of} has no type, so any JSON is accepted`,
          routes,
          scope: param.declaredBy.id,
          discriminator: param.name,
        }
      }
    }
  },
})

const writes = ({ methods }: Route): boolean => methods.known && methods.value.some((method) => ["POST", "PUT", "PATCH"].includes(method))

/** One part of a body that has others: settings, a filter and the like are free by nature. */
const isFreePart = ({ name, constraints }: Param, { params }: Route): boolean =>
  /(^|_)(meta_?data|filters?|filter_config|config|settings|preferences|extra|context|attributes|properties|tags|labels|json_schema|run_input)$/i.test(
    name,
  ) &&
  (params.filter((param) => param.in === "body").length > 1 || knownBoolean(constraints.get("embed")) === true)

const ANYTHING = "(Any|object|unknown)"
const DICT = new RegExp(
  `^(dict|Dict|Mapping|MutableMapping)(\\[\\w+, (${ANYTHING}|dict(\\[.*\\])?|list|list\\[dict(\\[.*\\])?\\]|list\\[Any\\])\\])?$`,
)
const LIST = new RegExp(`^(list|List|Sequence)(\\[(${ANYTHING}|(dict|Dict)(\\[\\w+, ${ANYTHING}\\])?)\\])?$`)

/** `Any`, a dict of anything, or a list of such. What is not known is not untyped. */
function isUntyped({ type }: Param): boolean {
  const text = type.text.replace(/ \| None$/, "").replace(/^None \| /, "")
  return /\bunknown\b/.test(text) ? false : text === "Any" || text === "object" || DICT.test(text) || LIST.test(text)
}

const accepts = (type: string): string =>
  LIST.test(type.replace(/ \| None$/, "")) ? "any JSON array" : /^(Any|object)/.test(type) ? "any JSON" : "any JSON object"

/** Protocols whose bodies are defined elsewhere, and callers that sign what they send. */
const FREE_FORM = /webhook|callback|graphql|rpc|json.?patch|proxy|passthrough|mcp\b/i

const isFreeForm = ({ path, endpoint }: Route): boolean =>
  FREE_FORM.test(path.known ? path.value : "") || FREE_FORM.test(endpoint?.name ?? "")

const checksSignature = ({ endpoint, dependencies }: Route): boolean =>
  [endpoint, ...dependencies.map(({ call }) => call)].some((fn) =>
    fn?.events.some((event) => event.is === "call" && /^hmac\.|\.construct_event$|verify_signature/.test(event.name ?? "")),
  )

/** Is the whole body handed to an HTTP client, and to nothing else? */
function isForwarded(param: Param, project: Project): boolean {
  const { fn, markOf } = traced(project, param.declaredBy)
  const isBody = (value: Value): boolean => markOf(value)?.parameter.name === param.name
  const takers = fn.events.filter((event) => event.is === "call" && [...event.positional, ...event.keywords.values()].some(isBody))
  return takers.length > 0 && takers.every((event) => event.is === "call" && sendsOn(event.name)) && !readsKeys(fn, isBody)
}

const sendsOn = (name: string | undefined): boolean =>
  name !== undefined && /^(httpx|requests|aiohttp|urllib3)\b.*\.(get|post|put|patch|delete|request|send|stream|build_request)$/.test(name)

const readsKeys = (fn: Fn, isBody: (value: Value) => boolean): boolean =>
  fn.events.some(
    (event) => event.is === "call" && event.callee.is === "external" && event.callee.self !== undefined && isBody(event.callee.self),
  )
