/**
 * Our model of an app against what FastAPI itself says of it, field by field. Both are JSON under the same names:
 * `describeApp` of the model, `dump_app.py` of the running app. What we say is unknown is neither right nor wrong.
 */
import type { AppDescription, RouteDescription } from "#fastapi"
import { canonical } from "#knowledge"

export interface Judgement {
  /** `params.type`, `tags`, `middleware`. */
  field: string
  /** The app, or the route in it. */
  where: string
  answer: "equal" | "unknown" | "different"
  theirs: unknown
  ours: unknown
}

/** A recorded app or route: any field may be missing, since recordings hold what they were asked for. */
export interface Recorded {
  kind?: string
  full_path?: string
  methods?: string[]
  framework?: boolean
  routes?: Recorded[]
  webhooks?: Recorded[]
  include_calls?: Recorded[]
  routers?: Recorded[]
  [field: string]: unknown
}

const APP = [
  "title version openapi_url docs_url redoc_url swagger_ui_oauth2_redirect_url root_path debug redirect_slashes",
  "default_response_class created_at lifespan on_startup on_shutdown middleware exception_handlers dependency_overrides",
].flatMap((line) => line.split(" "))

/** Compared by name as they stand. Lists of objects are taken apart below. */
const ROUTE = [
  "path path_format convertors name unique_id operation_id summary description response_description tags deprecated include_in_schema",
  "status_code effective_status_code response_model response_class response_model_options responses stream stream_item_type",
  "callbacks openapi_extra strict_content_type route_class endpoint registered_at included_at body app host fallback directory",
].flatMap((line) => line.split(" "))

/** Lists of objects, and what tells one from another. */
const LISTS: Record<string, readonly string[]> = { params: ["in", "wire_name"], dependencies: ["ref", "param"], security: ["class"] }

/** Everything that both sides say of an app. */
export function* judge(where: string, theirs: Recorded, ours: AppDescription, terms: Terms): Generator<Judgement> {
  const recorded = plain(theirs, terms) as Recorded
  const described = plain(ours, { own: terms.own }) as AppDescription
  for (const field of APP) if (field !== "middleware") yield* compare(field, where, recorded, described)
  yield* judgeMiddleware(where, recorded, described)
  yield* judgeRoutes(where, recorded.routes ?? [], described.routes, ours.unseen.length > 0)
  yield* judgeRoutes(`${where} webhooks`, recorded.webhooks ?? [], described.webhooks, false)
  yield* judgeRouters(where, recorded, described, ours.unseen.length > 0)
}

/** What is added on a way that may not be taken may be there or not. */
function* judgeMiddleware(where: string, { middleware: theirs }: Recorded, { middleware: ours }: AppDescription): Generator<Judgement> {
  if (!Array.isArray(theirs)) return
  const classes = (list: readonly object[]) => list.map((one) => JSON.stringify((one as Recorded).class))
  const certain = ours.filter((one) => !one.maybe)
  const isHonest = certain.length < ours.length && isPart(classes(certain), classes(theirs)) && isPart(classes(theirs), classes(ours))
  yield { field: "middleware", where, answer: isHonest ? "unknown" : answerOf(theirs, ours), theirs, ours }
}

/**
 * The routers of an app and its includes, told by where they stand, since numbers are each side's own. A process knows the
 * routers that it has imported and we know those of the whole project: what both must know is what the app serves.
 */
function* judgeRouters(where: string, theirs: Recorded, ours: AppDescription, mayLack: boolean): Generator<Judgement> {
  if (!theirs.routers || !theirs.include_calls) return
  const [their, our] = [theirs, ours as unknown as Recorded].map(({ routers = [], include_calls = [] }) => {
    const reached = routers.filter(({ reachable }) => reachable)
    const ids = new Set(reached.map(({ id }) => id))
    return {
      routers: reached
        .filter(({ belongs_to_app }) => !belongs_to_app)
        .map((one) => pick(one, ["site", "prefix", "tags", "own_routes", "ever_included"]))
        .sort(bySite),
      include_calls: include_calls
        .filter(({ parent }) => ids.has(parent))
        .map((one) => pick(one, ["site", "prefix", "tags", "dependencies"]))
        .sort(bySite),
    }
  })
  for (const field of ["routers", "include_calls"] as const) {
    const answer = answerOf(their?.[field], our?.[field])
    yield { field, where, answer: answer === "different" && mayLack ? "unknown" : answer, theirs: their?.[field], ours: our?.[field] }
  }
}

const bySite = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** @param mayLack  more routes may be there than we see, and we say so */
function* judgeRoutes(
  where: string,
  theirs: readonly Recorded[],
  ours: readonly RouteDescription[],
  mayLack: boolean,
): Generator<Judgement> {
  const lists = [theirs.map(keyOf), ours.filter((route) => !route.maybe).map((route) => keyOf(route as unknown as Recorded))] as const
  const all = ours.map((route) => keyOf(route as unknown as Recorded))
  const answer = answerOf(lists[0], all)
  const isHonest = answer === "different" && (mayLack ? isPart(lists[1], lists[0]) : isPart(lists[1], lists[0]) && isPart(lists[0], all))
  yield { field: "routes", where, answer: isHonest ? "unknown" : answer, theirs: lists[0], ours: all }
  const left = ours.map((route, i) => ({ route, key: all[i] }))
  for (const [i, route] of theirs.entries()) {
    const at = left.findIndex(({ key }) => key === lists[0][i])
    const [found] = at < 0 ? [] : left.splice(at, 1)
    if (found && !route.framework) yield* judgeRoute(`${where} ${lists[0][i]}`, route, found.route)
  }
}

const keyOf = ({ kind, methods, full_path }: Recorded): string =>
  [kind, Array.isArray(methods) && kind !== "mount" ? [...methods].sort().join(",") : "", typeof full_path === "string" ? full_path : "?"]
    .filter(Boolean)
    .join(" ")

function* judgeRoute(where: string, theirs: Recorded, ours: RouteDescription): Generator<Judgement> {
  const said = { ...ours } as Record<string, unknown>
  for (const field of ROUTE) yield* compare(field, where, theirs, said)
  for (const [field, key] of Object.entries(LISTS)) {
    const [their, our] = [theirs[field], said[field]]
    if (!Array.isArray(their) || our === undefined) continue
    yield* isUnknown(our)
      ? [{ field, where, answer: "unknown" as const, theirs: their, ours: our }]
      : compareLists(field, where, their, our as object[], key)
  }
  if (theirs.routes && ours.routes) yield* judgeRoutes(where, theirs.routes, ours.routes, false)
}

/** Does one list hold another's items in their order? An unknown path may be any. */
function isPart(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0
  for (const key of whole) if (at < part.length && (part[at] === key || part[at]?.endsWith(" ?"))) at++
  return at === part.length
}

/** First who is in the list, and then, where that is equal, each of their fields. */
function* compareLists(
  field: string,
  where: string,
  theirs: Recorded[],
  ours: readonly object[],
  key: readonly string[],
): Generator<Judgement> {
  const names = (list: readonly object[]) => list.map((item) => pick(item, key))
  const answer = answerOf(names(theirs), names(ours))
  yield { field, where, answer, theirs: names(theirs), ours: names(ours) }
  if (answer === "different") return
  for (const [i, item] of theirs.entries()) {
    const said = ours[i] as Record<string, unknown>
    for (const one of Object.keys(said))
      if (!key.includes(one))
        yield* compare(`${field}.${one}`, `${where} ${names([said]).map((name) => Object.values(name).join(" "))}`, item, said, one)
  }
}

const pick = (item: object, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.map((key) => [key, (item as Record<string, unknown>)[key]]))

function* compare(field: string, where: string, theirs: object, ours: object, name = field): Generator<Judgement> {
  const [their, our] = [(theirs as Record<string, unknown>)[name], (ours as Record<string, unknown>)[name]]
  if (their === undefined || our === undefined) return
  yield { field, where, answer: answerOf(their, our), theirs: their, ours: our }
}

const isUnknown = (value: unknown): boolean => value !== null && typeof value === "object" && "unknown" in value

/** Where ours is an object, only what we say of it counts. */
export function answerOf(theirs: unknown, ours: unknown): Judgement["answer"] {
  if (isUnknown(ours)) return "unknown"
  if (theirs === ours) return "equal"
  if (theirs === null || ours === null || typeof theirs !== "object" || typeof ours !== "object") return "different"
  if (Array.isArray(theirs) !== Array.isArray(ours)) return "different"
  if (Array.isArray(theirs) && theirs.length !== (ours as unknown[]).length) return "different"
  const answers = Object.entries(ours).map(([key, value]) => answerOf((theirs as Record<string, unknown>)[key], value))
  return answers.includes("different") ? "different" : answers.includes("unknown") ? "unknown" : "equal"
}

// ---------------------------------------------------------------------------- names and places

export interface Terms {
  /** The folder that recorded places are told from; unset where they are relative already. */
  root?: string
  /** Top-level packages and modules of the project. */
  own: ReadonlySet<string>
}

/** Both sides in the same terms: names as packages offer them, places relative to the root, enum members by value. */
function plain(value: unknown, terms: Terms, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, terms, key))
  if (typeof value === "string")
    return TYPES.has(key)
      ? publicType(value, terms)
      : REFS.has(key) || (value.includes(":") && LISTED.has(key))
        ? publicRef(value, terms)
        : value
  if (value === null || typeof value !== "object") return value
  const given = value as Record<string, unknown>
  if ("unknown" in given) return given
  if ("enum" in given && "value" in given) return plain(given.value, terms)
  if (typeof given.repr === "string") return { repr: publicType(given.repr, terms) }
  const entries = Object.entries(given).map(([name, item]) => [name, plain(item, terms, name)] as const)
  if (key === "dependency_overrides" && !("of" in given)) return entries.map(([of, by]) => ({ of, by }))
  const told = Object.fromEntries(entries) as Record<string, unknown>
  return terms.root !== undefined && typeof told.file === "string" ? inside(told, terms.root) : told
}

const TYPES = new Set(["type", "response_model", "stream_item_type", "model"])
const REFS = new Set(["ref", "class", "app", "handler", "key", "route_class"])
const LISTED = new Set(["on_startup", "on_shutdown"])

/** `fastapi.datastructures.UploadFile` is `fastapi.UploadFile`. */
const publicType = (text: string, terms: Terms): string =>
  text
    // FastAPI with Pydantic 1 makes a type of its own of a constrained one.
    .replace(/fastapi\.dependencies\.utils\.Constrained(Str|Int|Float|Bytes)Value/g, (_, of: string) => of.toLowerCase())
    .replace(/'[^']*'|\b[A-Za-z_][\w.]*\.[A-Za-z_]\w*/g, (name) => (name.startsWith("'") ? name : publicName(name, terms)))

const publicRef = (ref: string, terms: Terms): string =>
  ref.includes(":") ? publicName(ref.replace(":", "."), terms).replace(/\.(?=[^.]*$)/, ":") : ref

/** Of packages that are neither the project's nor FastAPI's only the package and the name count: `a2wsgi.wsgi.WSGIMiddleware` is `a2wsgi.WSGIMiddleware`. */
function publicName(name: string, { own }: Terms): string {
  const [home = "", ...rest] = name.split(".")
  if (own.has(home)) return name
  const known = canonical(name)
  return /^(fastapi|starlette|pydantic)$/.test(home) ? known : `${known.split(".")[0]}.${rest.at(-1)}`
}

/** What lies outside the root has no place. */
function inside(told: Record<string, unknown>, root: string): Record<string, unknown> {
  const path = String(told.file)
  if (path.startsWith(`${root}/`) && !path.includes("site-packages")) return { ...told, file: path.slice(root.length + 1) }
  return Object.fromEntries(Object.entries(told).map(([name, item]) => [name, ["file", "line", "def_line"].includes(name) ? null : item]))
}
