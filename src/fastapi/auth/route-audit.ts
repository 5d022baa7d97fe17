/**
 * Some projects walk over all routes when the app starts and refuse to start when one has no known dependency and is
 * not on a list of public ones. Such a project has decided about every route; nothing is left to accuse.
 */
import type { Context } from "../context.ts"
import type { Fn } from "../project.ts"

const audits = new WeakMap<Context, { fn: Fn | undefined }>()

/** The function that audits routes, if there is one: it reads `routes` and `dependant` or `dependencies`, and raises. */
export function checksRoutesAtStart(context: Context): Fn | undefined {
  let audit = audits.get(context)
  if (!audit) {
    audit = { fn: find(context) }
    audits.set(context, audit)
  }
  return audit.fn
}

function find(context: Context): Fn | undefined {
  const { player } = context
  const candidates = new Set(
    [...player.facts.values()]
      .filter(({ mentions }) => mentions.includes("dependant") && mentions.includes("routes"))
      .map(({ path }) => path),
  )
  for (const value of player.defined) {
    if (!candidates.has(value.module) || value.def.kind === "Lambda") continue
    const words = new Set<string>()
    attributes(value.def.body, words)
    if (words.has("routes") && words.has("dependant") && words.has("raise")) return context.functionOf(value)
  }
  return undefined
}

function attributes(node: unknown, into: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) attributes(item, into)
  else if (node !== null && typeof node === "object") {
    const { kind, attr } = node as { kind?: string; attr?: string }
    if (kind === "Attribute" && attr) into.add(attr)
    if (kind === "Raise") into.add("raise")
    if (kind !== "Constant") for (const key in node) attributes((node as Record<string, unknown>)[key], into)
  }
}
