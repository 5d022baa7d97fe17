import {
  answersOf,
  type ClassValue,
  type Fn,
  isModel,
  isNone,
  knownText,
  list,
  type ModelField,
  members,
  modelFields,
  options,
  type Place,
  type Project,
  quote,
  routeNames,
  rule,
  statusIn,
  type Type,
  type Value,
} from "#rule"

export default rule({
  summary: "A response model that the answer never meets",
  why: `
FastAPI hands a \`Response\` on as it is. A route that declares a model and answers with \`JSONResponse(...)\` documents one thing
and sends another: nothing is filtered, nothing is checked, and the schema that clients are generated from is a promise that
nobody keeps.
`,
  help: "Return the data itself and let the model make the answer, or declare the shape that is really sent",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/response-directly/",
  equivalents: [],
  exemptions: [
    "answers with an error status, redirects, files and streams",
    "a content whose keys are not written out, or that has the keys of the model",
    "models that take any key, and types that are no model",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.responses import JSONResponse
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        @app.get("/items/{item_id}", response_model=Item) # expect: declares \`main.Item\` and answers with a \`JSONResponse\` that holds \`data\`, and no \`name\`
        def read_item(item_id: int):
            return JSONResponse({"data": {"name": "tea", "cost": 3}})
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.responses import FileResponse, JSONResponse
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        @app.get("/items/{item_id}", response_model=Item)
        def read_item(item_id: int):
            if item_id < 0:
                return JSONResponse({"detail": "No such item"}, status_code=404)
            return {"name": "tea", "cost": 3}

        @app.get("/items/{item_id}/label", response_model=Item)
        def read_label(item_id: int):
            if item_id == 0:
                return FileResponse("blank.pdf")
            if item_id == 1:
                return JSONResponse({"name": "tea"}, headers={"X-Cost": "3"})
            return JSONResponse(Item(name="tea").model_dump())
      `,
    },
  ],

  *project(project) {
    const told = new Set<Fn>()
    for (const route of project.routes) {
      const { endpoint, response } = route
      if (route.kind !== "api" || endpoint?.role !== "app" || endpoint.generator || told.has(endpoint) || !response.type) continue
      if (response.from !== "response_model" && response.from !== "annotation") continue
      const by = passingBy(project, endpoint, response.type)
      if (!by) continue
      told.add(endpoint)
      const routes = project.routes.filter((other) => other.endpoint === endpoint)
      const [declare, answer] = routes.length > 1 ? ["declare", "answer"] : ["declares", "answers"]
      yield {
        at: route.at,
        message: `${routeNames(routes)} ${declare} ${quote(response.type.text)} and ${answer} with a ${quote(by.response)} ${by.misfit}`,
        trace: [{ at: by.at, message: `answers with a ${quote(by.response)}`, symbol: endpoint.name }],
        routes,
        scope: endpoint.id,
      }
    }
  },
})

/** The JSON response with a success status that the endpoint returns, and how it differs from what is declared. */
function passingBy(project: Project, endpoint: Fn, declared: Type): { response: string; misfit: string; at: Place } | undefined {
  for (const { event, value } of answersOf(project, endpoint)) {
    if (event.within.some(({ is }) => is === "nested" || is === "handler")) continue
    for (const option of options(value)) {
      if (option.is !== "external" || !option.built || option.built.open || !option.name.endsWith("JSONResponse()")) continue
      const given = option.built.positional[1] ?? option.built.keywords.get("status_code")
      const status = given ? statusIn(given) : 200
      const content = option.built.positional[0] ?? option.built.keywords.get("content")
      if (status === undefined || status < 200 || status > 299 || !content) continue
      const misfit = misfitOf(project, content, declared.value)
      if (misfit !== undefined) return { response: option.name.slice(0, -2).split(".").at(-1) ?? "", misfit, at: event.at }
    }
  }
  return undefined
}

const LISTS = /^(builtins\.(list|set|tuple|frozenset)|typing\.(List|Sequence|Set|Tuple)|collections\.abc\.Sequence)$/

/** How a content that is written out differs from each member of the declared type; undefined where it may fit, or is not known. */
function misfitOf(project: Project, content: Value, declared: Value): string | undefined {
  const inner = content.is === "external" && content.name === "fastapi.encoders.jsonable_encoder()" ? content.built?.positional[0] : content
  if (!inner || (inner.is !== "mapping" && inner.is !== "sequence")) return undefined
  let misfit: string | undefined
  for (const member of members(project, declared)) {
    if (isNone(member)) continue
    misfit = misfitOfOne(project, inner, member)
    if (misfit === undefined) return undefined
  }
  return misfit
}

function misfitOfOne(project: Project, content: Extract<Value, { is: "mapping" | "sequence" }>, member: Value): string | undefined {
  const isList = member.is === "generic" && member.of.is === "external" && LISTS.test(member.of.name)
  if (isList) return content.is === "mapping" ? "that is an object, not a list" : undefined
  const cls = member.is === "generic" ? member.of : member
  if (cls.is !== "class" || isModel(project, cls) !== true || isFree(cls)) return undefined
  if (content.is === "sequence") return "that is a list, not an object"
  const fields = modelFields(project, cls)
  if (!fields.known || fields.value.length === 0 || fields.value.some(({ alias }) => !alias.known)) return undefined
  const keys = new Set(content.entries.flatMap(([key]) => knownText(key) ?? []))
  const names = new Set(fields.value.flatMap(namesOf))
  const foreign = [...keys].filter((key) => !names.has(key))
  // A key may have been added on one way only; that a required one is missing is certain.
  const missing = fields.value.filter(
    (field) => field.required.known && field.required.value && !namesOf(field).some((name) => keys.has(name)),
  )
  if (content.open || keys.size < content.entries.length || missing.length === 0 || foreign.length === 0) return undefined
  return `that holds ${list(foreign.slice(0, 3).map(quote))}, and no ${list(
    missing.slice(0, 3).map(({ name }) => quote(name)),
    "or",
  )}`
}

const namesOf = ({ name, alias, constraints }: ModelField): string[] => {
  const sent = knownText(constraints.get("serialization_alias"))
  return [name, ...(alias.known ? [alias.value] : []), ...(sent === undefined ? [] : [sent])]
}

/** A model that takes whatever keys there are, or is no object at all. */
const isFree = (cls: ClassValue, depth = 0): boolean =>
  depth > 8 ||
  takesAny(cls.body.own("model_config")) ||
  takesAny(cls.body.own("Config")) ||
  cls.bases.some((base) => {
    const of = base.is === "generic" ? base.of : base
    return of.is === "class" ? isFree(of, depth + 1) : of.is === "external" && of.name === "pydantic.RootModel"
  })

/** `extra="allow"`, or a configuration that cannot be read. */
function takesAny(config: Value | undefined): boolean {
  if (!config) return false
  if (config.is === "mapping")
    return config.open || config.entries.some(([key, value]) => knownText(key) === "extra" && knownText(value) !== "ignore")
  if (config.is === "class") return config.body.own("extra") !== undefined
  return config.is !== "external" || !config.built || config.built.open || config.built.keywords.has("extra")
}
