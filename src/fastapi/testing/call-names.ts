/** How calls are spelled. The player does not know what is called on something unknown; the text still says its name. */
import { type Expr, type Module, type Span, walk } from "#python"

export interface CallName {
  /** `get` of `client.get(...)`. */
  name: string
  /** `client` of `self.client.get(...)`; unset for a plain name. */
  receiver?: string
  /** Its arguments that are calls themselves, by where they stand (see `keyOf`). */
  arguments: number[]
}

/** A span as one number: no file is that long. */
export const keyOf = ({ start, end }: Span): number => start * LONGEST_FILE + end

const LONGEST_FILE = 2 ** 26

/** Every call in a module, by where its callee stands. */
export function callNames(tree: Module): Map<number, CallName> {
  const names = new Map<number, CallName>()
  for (const node of walk(tree)) {
    if (node.kind !== "Call") continue
    const { func } = node
    const inner = [...node.args, ...node.keywords.map(({ value }) => value)].flatMap((e) => callIn(e) ?? [])
    if (func.kind === "Name") names.set(keyOf(func), { name: func.id, arguments: inner })
    else if (func.kind === "Attribute") {
      const receiver = lastName(func.value)
      names.set(keyOf(func), { name: func.attr, ...(receiver !== undefined && { receiver }), arguments: inner })
    }
  }
  return names
}

/** The call behind an argument: `f(x)`, `await f(x)`, `str(f(x))`. */
function callIn(e: Expr): number | undefined {
  if (e.kind === "Await") return callIn(e.value)
  if (e.kind !== "Call") return undefined
  return e.func.kind === "Name" && e.func.id === "str" && e.args[0] ? callIn(e.args[0]) : keyOf(e)
}

function lastName(e: Expr): string | undefined {
  if (e.kind === "Name") return e.id
  if (e.kind === "Attribute") return e.attr
  if (e.kind === "Call") return lastName(e.func)
  return e.kind === "Subscript" || e.kind === "Await" ? lastName(e.value) : undefined
}
