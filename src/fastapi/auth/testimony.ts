/** What speaks for and against a function asking who is calling, and the lines that show it: for a person to decide. */
import { statusOf } from "#knowledge"
import { argument, options, type Place, type Value } from "#python"
import type { Context } from "../context.ts"
import type { Fn, RaiseEvent } from "../project.ts"
import { evidenceOf, parameterCredential } from "./evidence.ts"
import { shortName } from "./guards.ts"
import { asksWho, checksProof, speaksOfIdentity } from "./identity-words.ts"

export interface Testimony {
  for: string[]
  against: string[]
  /** Where to look: the `def`, where the credential is used, what is raised. */
  lines: Place[]
}

const MOST_LINES = 4

/** `given`: a credential that something below it hands up, in words. What a dependency returns is telling; what a route does is not. */
export function testimonyOf(context: Context, fn: Fn, role: "dependency" | "other", given?: string): Testimony {
  const { credential, refusal, proof, asked, handsOn, path } = evidenceOf(context, fn)
  const parameter = parameterCredential(fn)
  const raises = fn.events.filter((event) => event.is === "raise")
  const raised = [...new Set(raises.flatMap(raisedBy))].sort()
  const short = shortName(fn.id)

  const pro: string[] = []
  const taken = given ?? credential
  if (parameter) pro.push(parameter.startsWith("the ") ? `takes ${parameter}` : `takes a credential-like parameter (${parameter})`)
  else if (taken) pro.push(`takes ${taken}`)
  if (proof) pro.push(`checks a proof with ${proof}`)
  if (refusal) pro.push(`can refuse with ${refusal}`)
  else if (raises.length > 0) pro.push("raises on failure")
  if (asked) pro.push(`calls ${asked}`)
  if (handsOn) pro.push("hands the request to something that is not known")
  if (speaksOfIdentity(short)) pro.push("is named as if it did")

  const contra: string[] = []
  if (!refusal) contra.push(raised.length > 0 ? `raises ${raised.join(", ")}, never 401 or 403` : "is not seen to refuse anyone")
  if (!parameter && !taken) contra.push("is not seen to take a credential")
  if (path) contra.push("looks at the path, so it may let some requests through")
  const returned = role === "dependency" ? returnedClass(fn) : undefined
  if (returned)
    (isSomeone(returned) ? pro : contra).push(
      `returns ${/^[AEIOU]/.test(returned) ? "an" : "a"} ${returned}${isSomeone(returned) ? "" : ", not a user"}`,
    )
  return { for: pro, against: contra, lines: linesOf(context, fn, parameter) }
}

/** `404`, or the name of an exception of the project. */
function raisedBy({ value }: RaiseEvent): string[] {
  return options(value ?? { is: "unknown" }).flatMap((option) => {
    const of = option.is === "instance" ? option.of : option
    if (of.is === "class") return `\`${of.def.name}\``
    if (option.is !== "external" || !option.built) return []
    return options(argument(option.built, 0, "status_code") ?? { is: "unknown" }).flatMap((status) => numberOf(status) ?? [])
  })
}

function numberOf(value: Value): string | undefined {
  const status =
    value.is === "literal" && typeof value.value === "number" ? value.value : value.is === "external" ? statusOf(value.name) : undefined
  return status === undefined ? undefined : String(status)
}

/** The class that the return annotation names: `Link` of `-> Link | None`. */
function returnedClass({ returns }: Fn): string | undefined {
  for (const option of returns ? options(returns.value) : []) {
    if (option.is === "class") return option.def.name
  }
  return undefined
}

const isSomeone = (name: string): boolean =>
  speaksOfIdentity(name) || /user|account|member|customer|tenant|actor|subject|claims|session|token|payload/i.test(name)

// ---------------------------------------------------------------------------- lines

function linesOf(context: Context, fn: Fn, parameter: string | undefined): Place[] {
  const uses = parameter ? callsWith(context, fn, parameter.match(/`(\w+)`/)?.[1]) : []
  const telling = fn.events.flatMap((event) => {
    if (event.is === "raise") return [event.at]
    const name = event.is === "call" ? (event.name ?? event.fn?.name) : undefined
    return name !== undefined && (checksProof(name) || asksWho(name)) ? [event.at] : []
  })
  const inside = [...uses, ...telling].filter(({ path }) => path === fn.path).sort((a, b) => a.start - b.start)
  return [fn.at, ...inside.filter((at, i) => at.start !== inside[i - 1]?.start)].slice(0, MOST_LINES)
}

interface Node {
  kind?: string
  start?: number
  end?: number
  [key: string]: unknown
}

/** Calls that are given a parameter, by its name. */
function callsWith(context: Context, fn: Fn, name: string | undefined): Place[] {
  const found: Place[] = []
  const look = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) look(item)
      return
    }
    if (node === null || typeof node !== "object") return
    const it = node as Node
    if (it.kind === "Constant") return
    const given = it.kind === "Call" ? [...(it.args as Node[]), ...(it.keywords as Node[]).map(({ value }) => value as Node)] : []
    if (given.some((one) => one.kind === "Name" && one.id === name))
      found.push(context.player.place(fn.path, { start: it.start as number, end: it.end as number }))
    for (const key in it) if (key !== "decorator_list") look(it[key])
  }
  if (name !== undefined) look(fn.value.def.body)
  return found
}
