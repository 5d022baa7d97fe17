/**
 * What a function, and what it calls, does about the identity of the caller. Own evidence is read once per
 * function; what a whole call tree shows is gathered breadth first to a fixed depth, so that the answer never
 * depends on which function was asked about first.
 */
import { guardOf, isHTTPException, isResponse, statusOf, tokenReader } from "#knowledge"
import { argument, type ClassValue, externalBase, options, type Value } from "#python"
import type { Context } from "../context.ts"

import type { CallEvent, Fn } from "../project.ts"
import { readBody } from "./credentials.ts"
import { asksWho, checksProof, isCredentialParameter, isRefusal } from "./identity-words.ts"

/** What these questions need of the context; a `Project` will do. */
type Asked = Pick<Context, "player">

export interface Evidence {
  /** What is taken from the request to tell who is calling. */
  credential?: string
  /** How a caller is refused: "401", "403" or the name of an exception. */
  refusal?: string
  /** A proof is checked: a signature, a token, a password. */
  proof?: string
  /** A call whose name says that it asks who is calling, but which could not be followed. */
  asked?: string
  /** Something not known is given the request: it may authenticate. */
  handsOn: boolean
  raises: boolean
  path: boolean
}

const own = new WeakMap<Fn, Evidence>()
const whole = new WeakMap<Fn, Evidence>()

/** How deep calls are followed. Authentication that hides deeper is not found, which can only make us silent or less sure. */
const DEPTH = 4

/** Most functions looked at for one question. */
const MOST = 150

/** Evidence of a function and of what it calls, nearest first. */
export function evidenceOf(context: Asked, root: Fn): Evidence {
  const known = whole.get(root)
  if (known) return known
  const all: Evidence = { handsOn: false, raises: false, path: false }
  whole.set(root, all)
  const seen = new Set<Fn>([root])
  let layer = [root]
  for (let depth = 0; depth <= DEPTH && layer.length > 0; depth++) {
    const next: Fn[] = []
    for (const fn of layer) {
      merge(all, ownEvidence(context, fn), depth)
      for (const event of fn.events) {
        if (event.is !== "call" || !event.fn || seen.has(event.fn) || seen.size >= MOST) continue
        seen.add(event.fn)
        next.push(event.fn)
      }
    }
    layer = next
  }
  return all
}

function merge(all: Evidence, one: Evidence, depth: number): void {
  for (const key of ["credential", "refusal", "proof"] as const) {
    const said = one[key]
    if (said !== undefined) all[key] ??= said
  }
  // Names of calls and what they are given are evidence where they stand, not four helpers away.
  if (depth <= 1 && one.asked !== undefined) all.asked ??= one.asked
  if (depth <= 1) all.handsOn ||= one.handsOn
  all.raises ||= one.raises
  all.path ||= one.path
}

/** Evidence of a function's own body, without what it calls. */
export function ownEvidence(context: Asked, fn: Fn): Evidence {
  const known = own.get(fn)
  if (known) return known
  const { credential, called, raised, refused, path } = readBody(fn.value)
  const evidence: Evidence = { handsOn: false, raises: raised.size > 0, path }
  own.set(fn, evidence)
  if (credential) evidence.credential = credential
  for (const name of raised) if (isRefusal(name)) evidence.refusal ??= `\`${name}\``
  for (const name of called) {
    if (checksProof(name)) evidence.proof ??= `\`${name}\``
    if (asksWho(name) && !isAboutCode(context, fn, name)) evidence.asked ??= `\`${name}\``
  }
  for (const event of fn.events) {
    if (event.is === "raise") {
      evidence.raises = true
      const refusal = event.value && refusalOf(context, event.value)
      if (refusal) evidence.refusal ??= refusal
    } else if (event.is === "call") readCall(context, event, evidence)
  }
  if (refused) evidence.refusal ??= refused
  return evidence
}

/** `validate_code` may look at a code that proves who is calling, or at code to be run: where it can be followed, its body says which. */
function isAboutCode(context: Asked, { events }: Fn, name: string): boolean {
  if (!/(?:^|_)code$/.test(name)) return false
  const followed = events.flatMap((event) => (event.is === "call" && event.fn?.name === name ? [event.fn] : []))
  return (
    followed.length > 0 &&
    followed.every((fn) => {
      const { credential, refusal, proof, asked, handsOn } = evidenceOf(context, fn)
      return !(credential || refusal || proof || asked || handsOn)
    })
  )
}

function readCall(context: Asked, event: CallEvent, evidence: Evidence): void {
  const refusal = refusedBy(context, event)
  if (refusal) evidence.refusal ??= refusal
  const { name } = event
  if (name !== undefined && tokenReader(name)?.verifies === "yes") evidence.proof ??= `\`${name}\``
  if (name !== undefined && guardOf(name.replace(/\(\)$/, "")) !== undefined) evidence.asked ??= `\`${name}\``
  if (event.callee.is === "unknown" && [...event.positional, ...event.keywords.values()].some(isRequestValue)) evidence.handsOn = true
}

export const isRequestValue = (value: Value): boolean =>
  value.is === "external" && /^starlette\.(requests\.(Request|HTTPConnection)|websockets\.WebSocket)\(\)$/.test(value.name)

// ---------------------------------------------------------------------------- refusals

const REFUSED = new Set([401, 403, 1008, 3000, 4001, 4003, 4401, 4403])

/** A call that makes a refusal: `HTTPException(401)`, `JSONResponse(status_code=403)`, `websocket.close(1008)`. */
function refusedBy(context: Asked, event: CallEvent): string | undefined {
  const { callee } = event
  if (callee.is === "external") {
    const name = callee.name.replace(/\(\)\.__init__$/, "")
    const position =
      isHTTPException(name) || /WebSocketException$/.test(name) || /^starlette\.websockets\.WebSocket\(\)\.close$/.test(name)
        ? 0
        : isResponse(name)
          ? 1
          : undefined
    if (position === undefined) return undefined
    return statusIn(argument(event, position, /close$|WebSocketException$/.test(name) ? "code" : "status_code"))
  }
  // A project's own exception that is given the status, alone or in an enum member.
  if (callee.is === "class" && isException(context, callee)) return givenStatus(event) ?? classRefusal(context, callee)
  return undefined
}

const givenStatus = ({ positional, keywords }: Pick<CallEvent, "positional" | "keywords">): string | undefined =>
  [...positional, ...keywords.values()].map((value) => statusIn(value)).find((status) => status !== undefined)

/** What is raised: a value that says 401 or 403, or whose class is named so. */
function refusalOf(context: Asked, value: Value): string | undefined {
  for (const option of options(value)) {
    if (option.is === "class") return classRefusal(context, option)
    if (option.is === "instance") {
      return (option.built && givenStatus(option.built)) ?? classRefusal(context, option.of)
    }
    if (option.is === "external") {
      const name = option.name.replace(/\(\)$/, "")
      if (isHTTPException(name) && option.built) return statusIn(argument(option.built, 0, "status_code"))
      const last = name.split(".").at(-1) as string
      if (isRefusal(last)) return `\`${last}\``
    }
  }
  return undefined
}

/** A project exception class that is a refusal by its name, its bases' names, or its `status_code`. */
function classRefusal(context: Asked, of: ClassValue, seen = 0): string | undefined {
  const status = statusIn(of.body.own("status_code") ?? of.body.own("status"))
  if (status) return status
  if (isException(context, of) && isRefusal(of.def.name)) return `\`${of.def.name}\``
  if (seen > 6) return undefined
  for (const base of of.bases) {
    const found = base.is === "class" ? classRefusal(context, base, seen + 1) : undefined
    if (found) return found
  }
  return undefined
}

const isException = (context: Asked, of: ClassValue): boolean =>
  /(Exception|Error|Denied|Forbidden|Unauthori[sz]ed|Unauthenticated|Required|Permitted)$/.test(of.def.name) ||
  /(Exception|Error)$/.test(externalBase(context.player, of) ?? "")

/** `401` when a value says so: a number, a named constant, one member of an enum that carries it. */
function statusIn(value: Value | undefined): string | undefined {
  if (!value) return undefined
  for (const option of options(value)) {
    const status =
      option.is === "literal" && typeof option.value === "number"
        ? option.value
        : option.is === "external"
          ? statusOf(option.name)
          : undefined
    if (status !== undefined && REFUSED.has(status)) return String(status)
    if (option.is === "sequence") {
      const inside = option.items.map((item) => statusIn(item)).find((s) => s !== undefined)
      if (inside) return inside
    }
  }
  return undefined
}

// ---------------------------------------------------------------------------- parameters

/** A parameter by which a caller hands over a credential, in words: "the `x_api_key` header". */
export function parameterCredential(fn: Fn): string | undefined {
  for (const { name, annotation, default: given } of fn.parameters) {
    const markers = [given?.value, ...(annotation?.value.is === "generic" ? annotation.value.args.slice(1) : [])].filter(
      (v) => v?.is === "external",
    )
    const marker = markers
      .map((v) => /^fastapi\.(Header|Cookie|Query|Form|Body|Depends|Security)\(\)$/.exec(v?.is === "external" ? v.name : "")?.[1])
      .find((m) => m !== undefined)
    const type =
      annotation &&
      options(annotation.value).find(
        (v) =>
          v.is === "external" &&
          /^fastapi\.security\.(HTTPAuthorizationCredentials|HTTPBasicCredentials|SecurityScopes|OAuth2PasswordRequestForm\w*)$/.test(
            v.name,
          ),
      )
    if (type) return `\`${name}\``
    if (isCredentialParameter(name) || ((marker === "Header" || marker === "Cookie") && /key|token|secret|auth|sig|session/i.test(name)))
      return marker === "Header" || marker === "Cookie" ? `the \`${name}\` ${marker.toLowerCase()}` : `\`${name}\``
  }
  return undefined
}
