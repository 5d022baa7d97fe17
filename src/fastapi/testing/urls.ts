/** URLs of requests as text with holes, and whether a request may reach a route. */
import { knownNumber, type Value } from "#python"
import { type Known, known, type Route, type TestRequest, unseen } from "../project.ts"

/** The path of a URL, without host, query and fragment; each piece that is not known is `{}`. */
export function urlText(value: Value): Known<string> {
  if (value.is !== "text")
    return unseen(value.is === "unknown" && value.why ? `a URL that is not known: ${value.why}` : "a URL that is not known")
  const whole = value.parts
    .map((part) =>
      typeof part === "string" ? part.replaceAll(/[{}]/g, (brace) => (brace === "{" ? "%7B" : "%7D")) : (partText(part) ?? "{}"),
    )
    .join("")
  if (/^(https?|wss?):\/\/[^/]*\{\}$/.test(whole)) return unseen("a URL of which only the host is known")
  // Two slashes in a row: what stands between them is empty only by default (`slug: str = ""`), and something when the test runs.
  const path = whole
    .replace(/^(https?|wss?):\/\/[^/]*/, "")
    .replace(/[?#].*$/s, "")
    .replaceAll(/(?<=\w\/)(?=\/)/g, "{}")
  if (!/[A-Za-z0-9]/.test(path)) return path === "" || path === "/" ? known("/") : unseen("a URL of which no part is known")
  return known(path.startsWith("/") || path.startsWith("{}") ? path : `/${path}`)
}

/** The host of a URL that begins with a scheme. */
export function hostIn(value: Value): string | undefined {
  const [first] = value.is === "text" ? value.parts : []
  return typeof first === "string" ? /^(?:https?|wss?):\/\/([^/:?#]+)/.exec(first)?.[1] : undefined
}

const partText = (value: Value): string | undefined => {
  const number = knownNumber(value)
  return number === undefined ? undefined : String(number)
}

/** How a request fits a route: not at all, perhaps (an unknown piece would have to be just the right word), or well. */
export type Fit = "no" | "perhaps" | "well"

/** May this request reach this route, as far as method and path say? */
export const matches = (request: TestRequest, route: Route): boolean => fitOf(request, route) !== "no"

/** `under` is the path at which the route's app is mounted. */
export function fitOf(request: TestRequest, route: Route, under = ""): Fit {
  if (!sharesMethod(request, route)) return "no"
  if (request.routeName !== undefined) return isNamed(route, request.routeName) ? "well" : "no"
  if (!request.path.known || !route.path.known) return "no"
  return align(pieces(request.path.value), 0, pieces(under === "" ? route.path.value : under + route.path.value), 0)
}

function sharesMethod({ method }: TestRequest, route: Route): boolean {
  if (!method.known) return true
  if (method.value === "WEBSOCKET" || route.kind === "websocket") return method.value === "WEBSOCKET" && route.kind === "websocket"
  return (
    !route.methods.known || route.methods.value.includes(method.value) || (method.value === "HEAD" && route.methods.value.includes("GET"))
  )
}

/** A route's own `name=`, else its function's. */
function isNamed(route: Route, name: string): boolean {
  const given = route.own.built.keywords.get("name")
  if (given && given.is !== "literal") return given.is !== "text" || given.parts.length !== 1 || given.parts[0] === name
  return route.endpoint?.name === name
}

/** What was made of the last texts: each path of a route is laid beside each request. */
function remembered<V>(make: (text: string) => V): (text: string) => V {
  const made = new Map<string, V>()
  return (text) => {
    const before = made.get(text)
    if (before !== undefined) return before
    if (made.size > 5000) made.clear()
    const value = make(text)
    made.set(text, value)
    return value
  }
}

/** What stands between the slashes of a path. */
export const pieces = remembered((path: string): string[] => path.split("/").filter((piece) => piece !== ""))

/** Lays the pieces of a request over those of a route, from these two on. The first piece, when unknown, may be any number of pieces. */
function align(request: readonly string[], at: number, route: readonly string[], from: number): Fit {
  const piece = request[at]
  if (at === 0 && piece === "{}") {
    let best: Fit = "no"
    for (let next = from; next <= route.length; next++) best = better(best, align(request, 1, route, next))
    return best
  }
  const wanted = route[from]
  const later = route.length - from - 1
  if (wanted !== undefined && isPath(wanted)) return later === 0 ? "well" : request.length - at >= later ? "perhaps" : "no"
  if (piece === undefined || wanted === undefined) return piece === wanted ? "well" : "no"
  const one = fitPiece(piece, wanted)
  return one === "no" ? "no" : worse(one, align(request, at + 1, route, from + 1))
}

/** `{rest:path}`: as many pieces as there are. */
const isPath = (wanted: string): boolean => wanted.startsWith("{") && /^\{\w+:path\}$/.test(wanted)

/** What Starlette's convertors accept (starlette/convertors.py); others take any piece. */
const CONVERTORS: Record<string, RegExp> = {
  int: /^\d+$/,
  float: /^\d+(\.\d+)?$/,
  uuid: /^[\da-fA-F]{8}(-?[\da-fA-F]{4}){3}-?[\da-fA-F]{12}$/,
}

function fitPiece(piece: string, wanted: string): Fit {
  if (wanted.includes("{")) {
    const convertor = /^\{[^}:]*(?::(\w+))?\}$/.exec(wanted)
    if (convertor) {
      const accepts = convertor[1] === undefined ? undefined : CONVERTORS[convertor[1]]
      return !accepts || piece.includes("{}") || accepts.test(piece) ? "well" : "no"
    }
    return pattern(wanted.replaceAll(/\{[^}]*\}/g, "{}")).test(piece.replaceAll("{}", "x"))
      ? "well"
      : piece.includes("{}")
        ? "perhaps"
        : "no"
  }
  if (!piece.includes("{}")) return piece === wanted ? "well" : "no"
  return pattern(piece).test(wanted) ? "perhaps" : "no"
}

/** `report-{}.csv` as an expression that any filling of the hole fits. */
const pattern = remembered(
  (piece: string): RegExp =>
    new RegExp(
      `^${piece
        .split("{}")
        .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".+")}$`,
    ),
)

const RANK: Record<Fit, number> = { no: 0, perhaps: 1, well: 2 }
const better = (a: Fit, b: Fit): Fit => (RANK[a] >= RANK[b] ? a : b)
const worse = (a: Fit, b: Fit): Fit => (RANK[a] <= RANK[b] ? a : b)
