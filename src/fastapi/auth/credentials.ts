/** What a function's own text reads of the request that could say who is calling. */
import type { Expr, FunctionValue } from "#python"
import { isCredentialName } from "./identity-words.ts"

/** What a body says, apart from calls and raises as the player knows them (those are events). */
export interface Reading {
  /** What it takes from the request, in words: "the `Authorization` header", "`request.state.user`". */
  credential?: string
  /** Names of everything called, and of every exception raised, as they are spelled. */
  called: Set<string>
  raised: Set<string>
  /** "401" or "403", where a `raise` says so: also on a way that is not taken as long as nothing is configured. */
  refused?: string
  /** Looks at the path of the request: what it does may depend on it. */
  path: boolean
}

interface Node {
  kind?: string
  [key: string]: unknown
}

/** Reads a body. Decorators and the signature are not part of it; nested definitions are. */
export function readBody(fn: FunctionValue): Reading {
  const reading: Reading = { called: new Set(), raised: new Set(), path: false }
  const requests = requestNames(fn)
  const look = (node: unknown, parent?: Node, grandparent?: Node): void => {
    if (Array.isArray(node)) {
      for (const item of node) look(item, parent, grandparent)
      return
    }
    if (node === null || typeof node !== "object") return
    const it = node as Node
    if (it.kind === "Constant") return
    if (it.kind === "Call") note(reading.called, lastName(it.func as Expr))
    if (it.kind === "Raise" && it.exc) {
      note(reading.raised, raisedName(it.exc as Expr))
      const refused = statusRaised(it.exc as Expr)
      if (refused) reading.refused ??= refused
    }
    const taken = takenFrom(it, requests, parent, grandparent)
    if (taken) reading.credential ??= taken
    reading.path ||= readsPath(it, requests)
    for (const key in it) {
      const child = it[key]
      if (typeof child === "object" && child !== null && key !== "decorator_list") look(child, it, parent)
    }
  }
  look(fn.def.body)
  return reading
}

function note(into: Set<string>, name: string | undefined): void {
  if (name) into.add(name)
}

/** `raise X`, `raise X(...)`, `raise await x(...)`. */
function raisedName(e: Expr): string | undefined {
  if (e.kind === "Await") return raisedName(e.value)
  return lastName(e.kind === "Call" ? e.func : e)
}

/** `HTTPException(status_code=status.HTTP_401_UNAUTHORIZED)`, `HTTPException(403)`. */
function statusRaised(e: Expr): string | undefined {
  if (e.kind !== "Call" || !/HTTPException$/.test(lastName(e.func) ?? "")) return undefined
  const given = e.keywords.find(({ arg }) => arg === "status_code")?.value ?? e.args[0]
  if (given?.kind === "Constant") return given.value === 401 || given.value === 403 ? String(given.value) : undefined
  return given?.kind === "Attribute" ? /^HTTP_(401|403)_/.exec(given.attr)?.[1] : undefined
}

/** The last name of a dotted expression, or of one in quotes. */
function lastName(e: Expr): string | undefined {
  if (e.kind === "Name") return e.id
  if (e.kind === "Attribute") return e.attr
  return e.kind === "Constant" && e.type === "str" ? /(\w+)\W*$/.exec(String(e.value))?.[1] : undefined
}

/** Names that hold the request: told by annotation, or by what everybody calls it. */
function requestNames(fn: FunctionValue): Set<string> {
  const names = new Set(["request", "req", "_request", "http_request", "websocket", "ws", "conn", "connection", "scope"])
  const { args } = fn.def
  for (const arg of [...args.posonlyargs, ...args.args, ...args.kwonlyargs]) {
    if (!arg.annotation) continue
    if (/^(Request|HTTPConnection|WebSocket|Scope)$/.test(lastName(arg.annotation) ?? "")) names.add(arg.arg)
    else names.delete(arg.arg)
  }
  return names
}

const isRequest = (e: Expr, requests: Set<string>): boolean =>
  (e.kind === "Name" && requests.has(e.id)) || (e.kind === "Attribute" && /^_?(request|websocket)$/.test(e.attr))
const isState = (e: Expr, requests: Set<string>): boolean => e.kind === "Attribute" && e.attr === "state" && isRequest(e.value, requests)
const textOf = (e: unknown): string | undefined => {
  const expression = e as Expr | undefined
  return expression?.kind === "Constant" && expression.type === "str" ? String(expression.value) : undefined
}

/** What this expression takes out of the request to tell who is calling, in words. */
function takenFrom(node: Node, requests: Set<string>, parent: Node | undefined, grandparent: Node | undefined): string | undefined {
  if (node.kind === "Call") {
    // `getattr(request.state, "user", None)`
    const [of, name] = node.args as Expr[]
    const field = textOf(name)
    if (!of || field === undefined || lastName(node.func as Expr) !== "getattr" || !(isState(of, requests) || isRequest(of, requests)))
      return undefined
    return isCredentialName(field) ? `\`request.${isState(of, requests) ? "state." : ""}${field}\`` : undefined
  }
  if (node.kind === "Subscript") {
    // A plain ASGI scope: `scope["headers"]`.
    const key = textOf(node.slice)
    return isRequest(node.value as Expr, requests) && key !== undefined && /^(headers|user|auth|session)$/.test(key)
      ? `the ${key} of the request`
      : undefined
  }
  if (node.kind !== "Attribute") return undefined
  const [of, field] = [node.value as Expr, node.attr as string]
  if (isState(of, requests)) return isCredentialName(field) ? `\`request.state.${field}\`` : undefined
  if (!isRequest(of, requests)) return undefined
  if (field === "user" || field === "auth" || field === "session") return `\`request.${field}\``
  const noun = { headers: "header", cookies: "cookie", query_params: "query parameter" }[field]
  if (!noun) return undefined
  const key = keyOf(node, parent, grandparent)
  if (typeof key === "string") return isCredentialName(key) ? `the \`${key}\` ${noun}` : undefined
  // Handed on as a whole, or read by a key that is worked out: it may be the credential.
  return noun === "query parameter" ? undefined : `a ${noun} of the request`
}

/** The literal key by which `request.headers` is read: `["X-Key"]` or `.get("X-Key")`. */
function keyOf(node: Node, parent: Node | undefined, grandparent: Node | undefined): string | undefined {
  if (parent?.kind === "Subscript" && parent.value === node) return textOf(parent.slice)
  if (
    parent?.kind === "Attribute" &&
    grandparent?.kind === "Call" &&
    grandparent.func === parent &&
    /^(get|getlist|pop)$/.test(parent.attr as string)
  )
    return textOf((grandparent.args as Expr[])[0])
  return undefined
}

function readsPath(node: Node, requests: Set<string>): boolean {
  if (node.kind === "Attribute") return isRequest(node.value as Expr, requests) && /^(url|path|base_url)$/.test(node.attr as string)
  return node.kind === "Subscript" && isRequest(node.value as Expr, requests) && textOf(node.slice) === "path"
}
