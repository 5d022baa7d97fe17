/** How calls are spelled. The player does not know what is called on something unknown; the text still says its name. */
import { type Call, type Expr, type Module, type ModuleFacts, type Span, spanKey, walk } from "#python"

export interface CallName {
  /** `get` of `client.get(...)`. */
  name: string
  /** `client` of `self.client.get(...)`; unset for a plain name. */
  receiver?: string
  /** Its arguments that are calls themselves, by where they stand (see `spanKey`). */
  arguments: number[]
}

/** What makes a URL of a route's name. */
export const NAMING: ReadonlySet<string> = new Set(["url_path_for", "url_for"])

const BY_NAME = [...NAMING, "websocket_connect"]

/** How the calls of one module are spelled. Its text is walked when the first of them is asked for: most tests send nothing. */
export class Spelling {
  private readonly module: ModuleFacts
  private calls: Map<number, Call> | undefined
  private byName: boolean | undefined

  constructor(module: ModuleFacts) {
    this.module = module
  }

  /** Does it say anywhere a name that asks, or makes a URL, whatever is passed? Who looks only at what is passed would miss it. */
  get asksByName(): boolean {
    this.byName ??= BY_NAME.some((name) => this.module.mentions.includes(name))
    return this.byName
  }

  /** The call whose callee stands there. */
  of({ func }: { func: Span }): CallName | undefined {
    this.calls ??= callsIn(this.module.tree)
    const call = this.calls.get(spanKey(func))
    return call && nameOf(call)
  }
}

/** Every call in a module, by where its callee stands. */
function callsIn(tree: Module): Map<number, Call> {
  const calls = new Map<number, Call>()
  for (const node of walk(tree)) if (node.kind === "Call") calls.set(spanKey(node.func), node)
  return calls
}

function nameOf({ func, args, keywords }: Call): CallName | undefined {
  if (func.kind !== "Name" && func.kind !== "Attribute") return undefined
  const inner = [...args, ...keywords.map(({ value }) => value)].flatMap((e) => callIn(e) ?? [])
  if (func.kind === "Name") return { name: func.id, arguments: inner }
  const receiver = lastName(func.value)
  return { name: func.attr, ...(receiver !== undefined && { receiver }), arguments: inner }
}

/** The call behind an argument: `f(x)`, `await f(x)`, `str(f(x))`. */
function callIn(e: Expr): number | undefined {
  if (e.kind === "Await") return callIn(e.value)
  if (e.kind !== "Call") return undefined
  return e.func.kind === "Name" && e.func.id === "str" && e.args[0] ? callIn(e.args[0]) : spanKey(e)
}

function lastName(e: Expr): string | undefined {
  if (e.kind === "Name") return e.id
  if (e.kind === "Attribute") return e.attr
  if (e.kind === "Call") return lastName(e.func)
  return e.kind === "Subscript" || e.kind === "Await" ? lastName(e.value) : undefined
}
