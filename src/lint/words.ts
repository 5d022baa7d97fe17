/** The verbs that rules are written with. */
import type { CallEvent, Dependency, Fn, Project, ReturnEvent, Route } from "#fastapi"
import type { AsyncFunctionDef, Constant, Expr, FunctionDef, Node, Place, PyFile, Value } from "#python"

/** Every two of the items, the earlier first. */
export function* pairs<T>(items: readonly T[]): Generator<[earlier: T, later: T]> {
  for (const [i, earlier] of items.entries()) for (const later of items.slice(i + 1)) yield [earlier, later]
}

/** `a.b.c` when the expression is just names and dots. What it means is another question: ask `qualified`. */
export function dotted(expr: Expr): string | undefined {
  if (expr.kind === "Name") return expr.id
  if (expr.kind !== "Attribute") return undefined
  const value = dotted(expr.value)
  return value === undefined ? undefined : `${value}.${expr.attr}`
}

/** What an expression is called at its end: `key` of `settings.key`, `key`, `settings["key"]` and `settings.key()`. */
export function lastName(expr: Expr): string {
  switch (expr.kind) {
    case "Name":
      return expr.id
    case "Attribute":
      return expr.attr
    case "Subscript":
      return expr.slice.kind === "Constant" && expr.slice.type === "str" ? String(expr.slice.value) : ""
    case "Call":
      return lastName(expr.func)
    case "Await":
      return lastName(expr.value)
    default:
      return ""
  }
}

/** Is it this name, by itself? */
export const isNamed = (node: Node, name: string): boolean => node.kind === "Name" && node.id === name

/** Is it a constant text? */
export const isTextConstant = (node: Node | undefined): node is Constant & { value: string } =>
  node?.kind === "Constant" && node.type === "str"

/** `resetToken`, `RESET_TOKEN` and `reset-token` alike are "reset token". */
export const wordsOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join(" ")

/** Does a text say that somebody is known, and may not? */
export const lacksPermission = (text: string): boolean => LACKING.test(text)

const LACKING =
  /(not|n['’]t) have (enough|the|sufficient|required|any)? ?(necessary |required )?(privilege|permission|right|access)|insufficient (privilege|permission|right)s?|not enough (privilege|permission|right)/i

/** The innermost function that a node stands in, also when a class or a lambda stands between. */
export function enclosingFunction(node: Node, file: PyFile): FunctionDef | AsyncFunctionDef | undefined {
  for (const around of file.around(node)) if (around.kind === "FunctionDef" || around.kind === "AsyncFunctionDef") return around
  return undefined
}

/** "1 route", "2 routes", "2 queries". */
export const plural = (count: number, noun: string, many = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`): string =>
  `${count} ${count === 1 ? noun : many}`

/** Code within a message: "`text`". */
export const quote = (code: string): string => `\`${code}\``

/** "a, b and c". */
export const list = (words: readonly string[], and = "and"): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${and} ${words.at(-1)}`

type Named = Pick<Route, "methods" | "path" | "kind"> & { own?: Pick<Route["own"], "path"> }

/** A path as it is served; where a prefix is not known, what the router itself says of it. */
export const shownPath = ({ path, own }: Pick<Named, "path" | "own">): string =>
  path.known ? path.value : `…${own?.path.known ? own.path.value : ""}`

/** "`GET /items/{id}`", with a placeholder for what is not known. */
export function routeName(route: Named): string {
  const path = shownPath(route)
  if (route.kind === "websocket") return quote(`WEBSOCKET ${path}`)
  return quote(`${route.methods.known ? route.methods.value.join("/") : "?"} ${path}`)
}

const CHANGING = new Set(["POST", "PUT", "PATCH", "DELETE"])

/** Is it a method by which clients change data? */
export const isChanging = (method: string): boolean => CHANGING.has(method)

/** Does a route answer a method by which clients change data? */
export const changesData = ({ methods }: Pick<Route, "methods">): boolean => methods.known && methods.value.some(isChanging)

/** Is a dependency the one of this name, or does it ask for that one, however deep? */
export const asksFor = (dependency: Dependency, by: string | undefined): boolean =>
  (dependency.name ?? dependency.call?.id) === by || dependency.dependencies.some((below) => asksFor(below, by))

/** A function as a message calls it: a method with its class. */
export const functionName = ({ owner, qualname, name }: Pick<Fn, "owner" | "qualname" | "name">): string => (owner ? qualname : name)

/** "`GET /a`", "`GET /a` and 3 other routes"; undefined for none. */
export function routeNames(routes: readonly Named[]): string | undefined {
  // One route that several apps serve is one to the reader.
  const [first, ...others] = new Set(routes.map(routeName))
  if (first === undefined) return undefined
  return others.length === 0 ? first : `${first} and ${plural(others.length, "other route")}`
}

/** How a library's function is called in a message: `requests.get`, `Session.execute`, `open`. */
export function shortName(qualified: string): string {
  const words = qualified.replaceAll("()", "").replaceAll("[]", "").split(".")
  return words[0] === "builtins" ? words.slice(1).join(".") : words.slice(-2).join(".")
}

/** What a function returns, one by one. Where a call makes it, what this very call gives: `success_response(status_code=204)`. */
export function* answersOf(
  project: Pick<Project, "outcome" | "isResponse">,
  { events }: Pick<Fn, "events">,
): Generator<{ event: ReturnEvent; value: Value }> {
  for (const event of events) {
    if (event.is !== "return") continue
    const { at, value } = event
    const calls =
      project.isResponse(value) === false
        ? []
        : events.filter((other): other is CallEvent => other.is === "call" && other.result === value && other.at.start < at.end)
    const here = calls.findLast((call) => call.at.start >= at.start)
    // Made before and returned by name: it must be clear which call made it.
    const call = here ?? (calls.length === 1 ? calls[0] : undefined)
    yield { event, value: call ? project.outcome(call) : value }
  }
}

/** Does a place lie in the body of a function, so that it runs at every call? */
export const isInFunction = ({ bodies }: Pick<Project, "bodies">, { path, start }: Place): boolean =>
  bodies.functionsIn(path).some((fn) => fn.header.end <= start && start < fn.value.def.end)
