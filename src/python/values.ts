/**
 * What the player knows of a Python value without running Python. Everything it does not understand is
 * `unknown`, and no question about an unknown is ever answered with yes or no.
 */
import type { AsyncFunctionDef, ClassDef, FunctionDef, Lambda, Span } from "./nodes.ts"
import type { Scope } from "./scope.ts"

/** A place in a file. Offsets are UTF-16, as everywhere; lines are computed at the edge. */
export interface Place extends Span {
  path: string
}

export type Value =
  | Unknown
  | Text
  | Literal
  | Sequence
  | Mapping
  | ModuleValue
  | FunctionValue
  | ClassValue
  | Instance
  | External
  | Generic
  | Either

export interface Unknown {
  is: "unknown"
  /** Said to the user when it matters: "read from the environment", "built in a loop over `x`". */
  why?: string
  /** An import cycle asked for this name before it was bound: looked up again when it is used. */
  late?: { module: string; name: string }
}

/** Text as a list of known pieces and values. `"/v" + version` is `["/v", <version>]`. */
export interface Text {
  is: "text"
  parts: (string | Value)[]
  /** True when a piece came from a default that a deployment may override (settings class, `os.getenv` default). */
  assumed?: boolean
  /** The f-string that it is, where values are written into it; lost when more is added. */
  at?: Place
}

/** A number, a boolean, `None`, `...` or bytes. */
export interface Literal {
  is: "literal"
  type: "int" | "float" | "complex" | "bool" | "NoneType" | "ellipsis" | "bytes"
  value: number | boolean | string | null
  assumed?: boolean
}

export interface Sequence {
  is: "sequence"
  type: "list" | "tuple" | "set"
  items: Value[]
  /** True when it may hold more than `items`. */
  open: boolean
}

export interface Mapping {
  is: "mapping"
  entries: [key: Value, value: Value][]
  open: boolean
}

export interface ModuleValue {
  is: "module"
  /** Dotted name in the project's own name space. */
  name: string
}

export interface FunctionValue {
  is: "function"
  def: FunctionDef | AsyncFunctionDef | Lambda
  module: string
  /** `Class.method`, `outer.<locals>.inner`, `<lambda>`: as Python's `__qualname__`. */
  qualname: string
  /** Where its free names are looked up. */
  scope: Scope
  /** Default values, evaluated once at the `def`, by parameter name. */
  defaults: Map<string, Value>
  /** Set for a bound method: what `self` or `cls` is. */
  self?: Value
  /** The class whose body defines it. */
  owner?: ClassValue
  /** Set by `functools.wraps(f)`: the function whose signature FastAPI sees. */
  wraps?: Value
  /** `fn.__signature__ = ...`: what FastAPI sees then, and we usually do not. */
  signature?: Value
  /** Arguments already given by `functools.partial`. */
  given?: { positional: Value[]; keywords: Map<string, Value> }
  /** What decorates it and was not played: external or unknown decorators, outermost first. */
  decorators: Value[]
  /** All that stands above it with an `@`, outermost first, played or not. */
  decoratedBy?: { value: Value; at: Place }[]
}

export interface ClassValue {
  is: "class"
  def: ClassDef
  module: string
  qualname: string
  bases: Value[]
  keywords: Map<string, Value>
  body: Scope
  /** Decorators that were not played, outermost first. */
  decorators: Value[]
}

export interface Instance {
  is: "instance"
  of: ClassValue
  attributes: Map<string, Value>
  /** How it was built, where that is known. */
  built?: Built
  /** Data that the framework's room hangs on it (a router, say). The player never looks inside. */
  host?: unknown
}

/**
 * Something that the project does not define, by its qualified name. Calling it appends `()`, an attribute
 * appends `.name`: `requests.get`, `httpx.Client().get`, `sqlalchemy.orm.sessionmaker()().execute`. A value known
 * only by its annotation `db: Session` is what calling the class would give: `sqlalchemy.orm.Session()`.
 * `await` and `with ... as` do not change the name. Names are canonical (see `knowledge/names.ts`).
 */
export interface External {
  is: "external"
  name: string
  built?: Built
  /** For a method: the instance it is bound to (a project object that inherits it, or another external). */
  self?: Value
  /** For a method: what it was read from; `self` is where the chain of such steps begins (`query.where` is on the query, its `self` is the session). While a request is played, kept on what the method gives. */
  on?: Value
  /** Set on the name that `except ... as name` binds: the exceptions it may be. */
  caught?: Value[]
  host?: unknown
}

/** A subscripted type or container: `list[Item]`, `Annotated[User, Depends(f)]`, `Mapped[int]`. */
export interface Generic {
  is: "generic"
  of: Value
  args: Value[]
  /** Set on what a `type` statement or `TypeAliasType` names: to Python a type of its own. */
  alias?: true
}

/** One of several values: an `if` with two arms, `X | None` in an annotation, a name bound twice. At most 8. */
export interface Either {
  is: "either"
  options: Value[]
}

/** The call that made a value. */
export interface Built {
  positional: Value[]
  keywords: Map<string, Value>
  /** True when `*args` or `**kwargs` of unknown content were passed too. */
  open: boolean
  at: Place
  /** The functions of the project that were called right there to make an argument, by its position or name: `f` of `Depends(f())`. */
  called?: Called
}

export type Called = ReadonlyMap<number | string, FunctionValue>

export const unknown: Unknown = { is: "unknown" }
export const none: Literal = { is: "literal", type: "NoneType", value: null }
export const because = (why: string): Unknown => ({ is: "unknown", why })
export const external = (name: string, more: Partial<Omit<External, "is" | "name">> = {}): External => ({ is: "external", name, ...more })
export const literal = (type: Literal["type"], value: Literal["value"]): Literal => ({ is: "literal", type, value })
export const sequence = (type: Sequence["type"], items: Value[], open = false): Sequence => ({ is: "sequence", type, items, open })

/** Doubling a text in a row of statements must not fill the memory; no path or name is nearly as long. Counts characters and pieces. */
const LONGEST_TEXT = 100_000

/** Text from pieces; neighbouring known pieces are joined. */
export function text(...pieces: (string | Value)[]): Text {
  // Most texts are one piece, and they are kept by the hundred thousand: a list that was pushed to has room for many more.
  const [only] = pieces
  if (pieces.length === 1 && typeof only === "string" && only.length <= LONGEST_TEXT)
    return { is: "text", parts: only === "" ? [] : [only] }
  const parts: (string | Value)[] = []
  let assumed = false
  let size = 0
  const add = (piece: string | Value) => {
    if (size > LONGEST_TEXT) return
    if (typeof piece === "string" || piece.is !== "text") {
      size += typeof piece === "string" ? piece.length : 1
      // From here on nothing is known: one piece stands for all the rest.
      if (size > LONGEST_TEXT) return void parts.push(because("a very long text"))
    }
    if (typeof piece === "string") {
      if (piece === "") return
      const last = parts.at(-1)
      if (typeof last === "string") parts[parts.length - 1] = last + piece
      else parts.push(piece)
    } else if (piece.is === "text") {
      if (piece.assumed) assumed = true
      piece.parts.forEach(add)
    } else parts.push(piece)
  }
  pieces.forEach(add)
  return assumed ? { is: "text", parts: parts.slice(), assumed } : { is: "text", parts: parts.slice() }
}

/** The text of a value that is wholly known, else undefined. */
export function knownText(value: Value | undefined): string | undefined {
  if (value?.is !== "text") return undefined
  if (value.parts.length === 0) return ""
  const [only] = value.parts
  return value.parts.length === 1 && typeof only === "string" ? only : undefined
}

export function knownNumber(value: Value | undefined): number | undefined {
  return value?.is === "literal" && typeof value.value === "number" ? value.value : undefined
}

export function knownBoolean(value: Value | undefined): boolean | undefined {
  return value?.is === "literal" && value.type === "bool" ? (value.value as boolean) : undefined
}

export const isNone = (value: Value | undefined): boolean => value?.is === "literal" && value.type === "NoneType"

/** The alternatives of a value: the options of an `either`, or the value alone. */
export const options = (value: Value): Value[] => (value.is === "either" ? value.options : [value])

/** Most alternatives a value may have; past that it is unknown, so that joins stay cheap. */
const MOST_OPTIONS = 8

/** What is true of a name after two ways that may both have been taken. */
export function join(a: Value, b: Value): Value {
  if (a === b) return a
  const all: Value[] = []
  for (const option of [...options(a), ...options(b)]) if (!all.some((seen) => same(seen, option))) all.push(option)
  if (all.length === 1) return all[0] as Value
  return all.length > MOST_OPTIONS ? because("too many possibilities") : { is: "either", options: all.slice() }
}

/** `join` over any number of values; unknown for none. */
export const joinAll = (values: Value[]): Value => (values.length > 0 ? values.reduce(join) : unknown)

/** Certainly equal. Two unknowns are never the same. */
export function same(a: Value, b: Value): boolean {
  if (a === b) return true
  if (a.is === "literal" && b.is === "literal") return a.type === b.type && a.value === b.value
  if (a.is === "text" && b.is === "text") {
    const known = knownText(a)
    return known !== undefined && known === knownText(b)
  }
  if (a.is === "module" && b.is === "module") return a.name === b.name
  if (a.is === "external" && b.is === "external") return a.name === b.name && a.host === b.host && a.self === b.self
  return false
}
