/** Calls that send a request, as one played body of a test makes them. */
import { itemsOf, knownText, type Place, spanKey, type Value } from "#python"
import type { CallEvent, Fn } from "../project.ts"
import { type CallName, NAMING, type Spelling } from "./call-names.ts"

export interface Draft {
  method: Value | string
  /** The URL, or else the name of a route (`url_path_for`). */
  url?: Value
  name?: Value
  at: Place
}

const VERBS = new Set(["get", "post", "put", "patch", "delete", "head", "options"])
const SENDING = new Set(["request", "stream", "build_request"])
const CLIENT = /client|^ac$|^c$|http|session|api|^app$|browser/i
/** What answers in place of another server is told of a URL, and asks nobody. */
const MOCK = /aioresponse|httpx_?mock|requests_?mock|mock_(http|respons|router|request)|^respx|^responses$|^rsps$/i
const IS_CLIENT =
  /^(starlette\.testclient\.TestClient|httpx\.(Async)?Client|requests\.Session|aiohttp\.ClientSession|async_asgi_testclient\.TestClient)\(\)\.\w+$|^(requests|httpx)\.\w+$/

/** The requests in one body, by how its calls are spelled. */
export function* draftsOf(fn: Fn, spelling: Spelling): Generator<Draft> {
  const asking = fn.events.filter((event): event is CallEvent => event.is === "call" && (spelling.asksByName || mayAsk(event)))
  let byPlace: Map<number, CallEvent> | undefined
  const standingAt = (at: number): CallEvent | undefined => {
    byPlace ??= new Map(fn.events.flatMap((event) => (event.is === "call" ? [[spanKey(event.at), event] as const] : [])))
    return byPlace.get(at)
  }
  const used = new Set<CallEvent>()
  const named: CallEvent[] = []
  for (const event of asking) {
    const spelled = spelling.of(event)
    if (spelled && NAMING.has(spelled.name)) named.push(event)
    const draft = spelled && draftOf(event, spelled)
    if (!draft) continue
    const naming = spelled.arguments.map(standingAt).find((inner) => inner && NAMING.has(spelling.of(inner)?.name ?? ""))
    const { url, ...rest } = draft
    if (naming) {
      used.add(naming)
      yield { ...rest, name: nameIn(naming) }
    } else if (url && isMadeByName(url)) yield { ...rest, name: url.is === "external" && url.built ? nameIn(url.built) : { is: "unknown" } }
    else if (url && (url.is === "unknown" || url.is === "either")) yield* inLoop(event, draft)
    else yield draft
  }
  // A URL made by name and kept in a variable: sent somehow, by a method that is not seen here.
  for (const event of named) if (!used.has(event)) yield { method: { is: "unknown" }, name: nameIn(event), at: event.at }
}

const nameIn = ({ positional, keywords }: Pick<CallEvent, "positional" | "keywords">): Value =>
  positional[0] ?? keywords.get("name") ?? { is: "unknown" }
const isMadeByName = (url: Value): boolean => url.is === "external" && /\.url(_path)?_for\(\)$/.test(url.name)

/** A look at the values alone: may this call be a request that does not ask by name? */
const mayAsk = ({ name, callee, positional, keywords }: CallEvent): boolean =>
  callee.is === "unknown" ||
  (name !== undefined && IS_CLIENT.test(name)) ||
  positional.some(looksLikeURL) ||
  (keywords.size > 0 && [...keywords.values()].some(looksLikeURL))

/** Is this call a request? `undefined` for calls of anything else. */
function draftOf(event: CallEvent, { name, receiver }: CallName): Draft | undefined {
  if (event.name?.startsWith("builtins.") || event.name?.startsWith("os.")) return undefined
  if (receiver !== undefined && MOCK.test(receiver)) return undefined
  const { at, positional, keywords } = event
  const isClient = () =>
    (event.name !== undefined && IS_CLIENT.test(event.name)) ||
    (event.callee.is === "unknown" && receiver !== undefined && CLIENT.test(receiver))
  const isURL = (value: Value) => looksLikeURL(value) || (mayBeURL(value) && isClient())
  const given = keywords.get("url") ?? keywords.get("path")
  if (VERBS.has(name)) {
    const url = positional[0] ?? given
    return url && receiver !== undefined && isURL(url) ? { method: name.toUpperCase(), url, at } : undefined
  }
  if (name === "websocket_connect") {
    const url = positional[0] ?? given
    return url && { method: "WEBSOCKET", url, at }
  }
  if (SENDING.has(name) && receiver !== undefined) {
    const method = keywords.get("method") ?? positional[0]
    const url = given ?? positional[keywords.has("method") ? 0 : 1]
    return method && url && mayBeVerb(method) && isURL(url) ? { method, url, at } : undefined
  }
  // A helper that is not known, given both: `send("POST", "/items")`.
  if (event.fn || event.callee.is !== "unknown") return undefined
  const texts = [...positional, ...keywords.values()]
  const method = texts.find(isVerb)
  const url = method && texts.find(looksLikeURL)
  return method && url ? { method, url, at } : undefined
}

const isVerb = (value: Value): boolean => VERBS.has(knownText(value)?.toLowerCase() ?? "")
const mayBeVerb = (value: Value): boolean => knownText(value) === undefined || isVerb(value)

/** Text that begins with `/` or with a scheme, or with something unknown that a `/` follows. */
function looksLikeURL(value: Value): boolean {
  if (value.is === "either") return value.options.every(looksLikeURL)
  if (value.is !== "text") return isMadeByName(value)
  const [first, second] = value.parts
  if (typeof first === "string") return /^(\/|(https?|wss?):\/\/)/.test(first)
  return typeof second === "string" && second.startsWith("/")
}

/** What a client that is known as one may be given for a URL. */
const mayBeURL = (value: Value): boolean =>
  value.is === "text" || value.is === "unknown" || value.is === "external" || value.is === "either"

/** `for method, path in [("GET", "/a"), ...]: client.request(method, path)`: each row has its own method and URL. */
function* inLoop(event: CallEvent, draft: Draft): Generator<Draft> {
  const loop = event.within.findLast((w) => w.is === "loop")
  const rows = loop?.is === "loop" && loop.over ? (itemsOf(loop.over) ?? []) : []
  const found = rows.flatMap((row): Draft[] => {
    const cells = itemsOf(row) ?? [row]
    const url = cells.find(looksLikeURL)
    const method =
      typeof draft.method === "string" || knownText(draft.method) !== undefined ? draft.method : (cells.find(isVerb) ?? draft.method)
    return url ? [{ method, url, at: draft.at }] : []
  })
  yield* found.length > 0 ? found : [draft]
}
