/**
 * What a body has put into a container of which nothing else is known, for as long as that body runs:
 * after `sessions[key]["current"] = Draft(text)`, reading `sessions[key]["current"]` gives the draft.
 * Only a request that is played asks for it. Kept under the text of the expression, beside the names, so that
 * branches join it as they join names.
 */
import type { Expr } from "./nodes.ts"
import type { Frame } from "./play.ts"
import type { Value } from "./values.ts"

type Subscript = Extract<Expr, { kind: "Subscript" }>

export function keepItem(target: Subscript, value: Value, { scope }: Frame): void {
  const name = spelled(target)
  if (name !== undefined) scope.set(name, value)
}

export function keptItem(e: Subscript, { scope }: Frame): Value | undefined {
  const name = spelled(e)
  return name === undefined ? undefined : scope.own(name)
}

/** `a.b[c]["d"]`, as one word that no program can bind; undefined for what is not made of names and constants alone. */
function spelled(e: Expr): string | undefined {
  switch (e.kind) {
    case "Name":
      return e.id
    case "Constant":
      return `${e.type} ${JSON.stringify(e.value)}`
    case "Attribute": {
      const of = spelled(e.value)
      return of === undefined ? undefined : `${of}.${e.attr}`
    }
    case "Subscript": {
      const of = spelled(e.value)
      const key = spelled(e.slice)
      return of === undefined || key === undefined ? undefined : `${of}[${key}]`
    }
    default:
      return undefined
  }
}
