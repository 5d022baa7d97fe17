/** Which calls of a handler's own body ask who is calling: `check_access(request.client_id)`, `require_admin(request)`. */
import type { Context } from "../context.ts"
import type { CallEvent, Fn } from "../project.ts"
import { evidenceOf, parameterCredential } from "./evidence.ts"
import { asksWho } from "./identity-words.ts"

/**
 * The guards that a handler calls itself, by id or qualified name. One of the project is known by what it does: it refuses,
 * and takes a credential or says by its name that it asks; one of a library by its name alone.
 */
export function guardCallsOf(context: Pick<Context, "player">, { events }: Fn): string[] {
  const names = events.flatMap((event) => (event.is === "call" ? (guardIn(context, event) ?? []) : []))
  return [...new Set(names)]
}

function guardIn(context: Pick<Context, "player">, { fn, name, positional, keywords, open }: CallEvent): string | undefined {
  // Who is asked about nothing can tell nobody from another.
  if (positional.length + keywords.size === 0 && !open) return undefined
  if (fn) {
    const { refusal, credential } = evidenceOf(context, fn)
    return refusal && (credential || parameterCredential(fn) || asksWho(fn.name)) ? fn.id : undefined
  }
  const last = name?.replaceAll("()", "").split(".").at(-1)
  return last !== undefined && asksWho(last) ? name : undefined
}
