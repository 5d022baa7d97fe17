/**
 * What a path operation is called, tagged and documented as, after everything that its router, the includes above it
 * and the app add to it. The rules of merging are FastAPI's (`APIRouter.add_api_route` and `include_router` in
 * fastapi/routing.py): lists are put end to end from the outside in, flags hold wherever they are set, and of defaults
 * the one nearest to the route counts.
 */
import { type For, isNone, itemsOf, knownBoolean, knownText, type Value, walk } from "#python"
import type { Context } from "./context.ts"
import { docstringOf } from "./docstrings.ts"
import { describe, flagOf } from "./known.ts"
import { type Layers, nearest } from "./layers.ts"
import { playedUniqueId } from "./played-route.ts"
import { type Known, known, type Route, unseen } from "./project.ts"
import { statusOf } from "./responses.ts"
import { routingOf } from "./routers.ts"
import { viewOf } from "./signature/class-views.ts"
import { isKnownType, type Linked, typeOf } from "./signature/types.ts"

/** What OpenAPI says of a route, once its router, the includes above it and the app have had their say. */
export interface Operation {
  readonly name: Known<string>
  readonly operationId: Known<string | null>
  readonly uniqueId: Known<string>
  readonly summary: Known<string | null>
  readonly description: Known<string>
  readonly responseDescription: Known<string>
  readonly tags: Known<string[]>
  readonly deprecated: Known<boolean>
  /** By status as text: `404`, `4XX`, `default`. */
  readonly responses: Known<Map<string, Value>>
  /** `METHOD path` of each. */
  readonly callbacks: Known<string[]>
  readonly hasOpenapiExtra: Known<boolean>
  readonly isStrictAboutContentType: Known<boolean>
}

/** Works each property out when it is asked for. */
export class MergedOperation implements Operation {
  private readonly context: Context
  private readonly route: Route
  private readonly layers: Layers

  constructor(context: Context, route: Route, layers: Layers) {
    this.context = context
    this.route = route
    this.layers = layers
  }

  get name(): Known<string> {
    const given = this.text("name")
    if (!given.known || given.value !== null) return given as Known<string>
    const { endpointValue, endpoint } = this.route.own
    if (viewOf(this.context, endpointValue)) return unseen("a class-based view names its routes")
    return endpointName(endpointValue, endpoint?.name)
  }

  get operationId(): Known<string | null> {
    if (isSetLater(this.context, "operation_id")) return unseen("the project sets `operation_id` of its routes")
    return this.text("operation_id")
  }

  get uniqueId(): Known<string> {
    const { operationId, name } = this
    if (!operationId.known) return operationId
    if (operationId.value) return known(operationId.value)
    const custom = nearest(this.layers, "generate_unique_id_function", "generate_unique_id_function")
    if (custom) return playedUniqueId(this.context, custom, this.route, this)
    const { methods, path } = this.route
    if (!name.known) return name
    if (!path.known) return path
    if (!methods.known) return methods
    // FastAPI takes the first of a set, which Python orders as it likes.
    if (new Set(methods.value).size !== 1) return unseen("it is made with one of several methods, whichever Python has first")
    return known(`${(name.value + pathFormat(path.value)).replace(/[^\p{L}\p{N}_]/gu, "_")}_${methods.value[0]?.toLowerCase()}`)
  }

  get summary(): Known<string | null> {
    return this.text("summary")
  }

  get description(): Known<string> {
    const given = this.text("description")
    if (!given.known) return given
    if (given.value) return known(cut(given.value))
    const text = docstringOf(this.context, this.route.own.endpointValue)
    return text.known ? known(cut(text.value)) : text
  }

  get responseDescription(): Known<string> {
    const given = this.text("response_description")
    return given.known ? known(given.value ?? "Successful Response") : given
  }

  get tags(): Known<string[]> {
    const all: string[] = []
    for (const { built, isApp } of [...this.layers.outer, { built: this.layers.own, isApp: false }]) {
      if (isApp) continue
      const value = built.keywords.get("tags")
      if (!value && built.open) return unseen("options passed by **")
      if (!value || isNone(value)) continue
      const whole = knownText(value)
      const items = whole === undefined ? itemsOf(value)?.map(knownText) : [...whole]
      if (!items || (value.is === "sequence" && value.open) || items.includes(undefined)) return unseen(`tags from ${describe(value)}`)
      all.push(...(items as string[]))
    }
    return known(all)
  }

  get deprecated(): Known<boolean> {
    return this.anywhere("deprecated", true)
  }

  get responses(): Known<Map<string, Value>> {
    const all = new Map<string, Value>()
    for (const built of [...this.layers.outer.map((layer) => layer.built), this.layers.own]) {
      const value = built.keywords.get("responses")
      if (!value && built.open) return unseen("options passed by **")
      if (!value || isNone(value)) continue
      if (value.is !== "mapping" || value.open) return unseen(`responses from ${describe(value)}`)
      for (const [key, response] of value.entries) {
        const status = knownText(key) ?? statusOf(key)
        if (status === undefined) return unseen("a status code that is not known")
        all.set(String(status), response)
      }
    }
    return known(all)
  }

  /** `METHOD path` of each callback. */
  get callbacks(): Known<string[]> {
    const all: string[] = []
    for (const built of [...this.layers.outer.map((layer) => layer.built), this.layers.own]) {
      const value = built.keywords.get("callbacks")
      if (!value || isNone(value)) continue
      const routing = value.is === "external" && value.name.endsWith(".routes") ? routingOf(value) : undefined
      if (!routing) return unseen(`callbacks from ${describe(value)}`)
      for (const { methods, path } of routing.routes) {
        if (!methods.known || !path.known) return unseen("a callback that is not wholly known")
        all.push(`${[...methods.value].sort().join(",")} ${path.value}`)
      }
    }
    return known(all.sort())
  }

  get hasOpenapiExtra(): Known<boolean> {
    const value = this.layers.own.keywords.get("openapi_extra")
    if (!value) return this.layers.own.open ? unseen("options passed by **") : known(false)
    if (isNone(value)) return known(false)
    if (value.is === "mapping")
      return value.entries.length > 0 ? known(true) : value.open ? unseen("a dictionary that is not wholly known") : known(false)
    return unseen(describe(value))
  }

  get isStrictAboutContentType(): Known<boolean> {
    return flagOf(nearest(this.layers, "strict_content_type", "strict_content_type"), true)
  }

  /** An option of the decorator that is text or nothing. */
  private text(name: string): Known<string | null> {
    const { keywords, open } = this.layers.own
    const value = keywords.get(name)
    if (!value) return open ? unseen("options passed by **") : known(null)
    if (isNone(value)) return known(null)
    const text = knownText(value)
    return text === undefined ? unseen(`${name} is ${describe(value)}`) : known(text)
  }

  /** Is a flag set on any layer? */
  private anywhere(name: string, wanted: boolean): Known<boolean> {
    let why: string | undefined
    for (const built of [...this.layers.outer.map((layer) => layer.built), this.layers.own]) {
      const value = built.keywords.get(name)
      if (value && !isNone(value)) {
        const flag = knownBoolean(value)
        if (flag === wanted) return known(true)
        if (flag === undefined) why = `${name} is ${describe(value)}`
      } else if (!value && built.open) why = "options passed by **"
    }
    return why === undefined ? known(false) : unseen(why)
  }
}

/** Does a loop set this attribute of what it runs over? */
const sets = (loop: For, attribute: string): boolean =>
  [...walk(loop)].some(
    (node) =>
      node.kind === "Assign" &&
      node.targets.some(
        (target) => target.kind === "Attribute" && target.attr === attribute && target.value.kind === "Name" && target.value.id !== "self",
      ),
  )

const setLater = new WeakMap<Context["player"], Map<string, boolean>>()

/** Does the project anywhere set an attribute of this name, as in `for route in app.routes: route.operation_id = route.name`? */
function isSetLater({ player }: Context, attribute: string): boolean {
  const answers = setLater.get(player) ?? new Map<string, boolean>()
  setLater.set(player, answers)
  let answer = answers.get(attribute)
  if (answer === undefined) {
    answer = [...player.facts.values()].some(
      ({ mentions, tree }) => mentions.includes(attribute) && [...walk(tree)].some((node) => node.kind === "For" && sets(node, attribute)),
    )
    answers.set(attribute, answer)
  }
  return answer
}

/** `__name__` of what is called, or of its class where it has none (`get_name` in starlette/routing.py). */
function endpointName(value: Value, name: string | undefined): Known<string> {
  if (value.is === "external" && value.name === "functools.partial()") return known("partial")
  if (value.is === "instance") return known(value.of.def.name)
  if (value.is === "class") return known(value.def.name)
  if (value.is === "function" && name !== undefined) return known(name)
  return unseen(`the endpoint is ${describe(value)}`)
}

/** `/files/{path:path}` as OpenAPI writes it: `/files/{path}`. */
export const pathFormat = (path: string): string => path.replace(/\{([a-zA-Z_]\w*):[a-zA-Z_]\w*\}/g, "{$1}")

/** FastAPI cuts a description at a form feed. */
const cut = (text: string): string => (text.split("\f")[0] ?? "").trim()

/** The model of one entry of `responses=`, as canonical text; null where it has none. */
export function responseModelIn(ctx: Linked, response: Value): Known<string | null> {
  if (response.is !== "mapping") return unseen(describe(response))
  const model = response.entries.find(([key]) => knownText(key) === "model")?.[1]
  if (!model) return response.open ? unseen("a dictionary that is not wholly known") : known(null)
  if (isNone(model)) return known(null)
  const type = typeOf(ctx, model)
  return isKnownType(type) ? known(type.text) : unseen(type.text)
}
