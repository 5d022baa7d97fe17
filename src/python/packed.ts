/**
 * A tree as bytes, and back. Reading it is several times faster than reading JSON, because names are shared and
 * nothing is spelled out: what a kind of node holds, and in which order, is written here once.
 */
import type { Module, Node, Span } from "./nodes.ts"

/** How a field is written. Nodes and texts may be null, and so may the items of `many`. */
type Code = "one" | "many" | "text" | "texts" | "int" | "span" | "value"

type CodeFor<T> = [T] extends [string | null]
  ? "text"
  : [T] extends [number]
    ? "int"
    : [T] extends [string | number | boolean | null]
      ? "value"
      : [T] extends [readonly string[]]
        ? "texts"
        : [T] extends [readonly (Node | null)[]]
          ? "many"
          : [T] extends [Node | null]
            ? "one"
            : "span"

/** The nodes of a kind; type parameters share one type for three. */
type Of<K, N = Node> = N extends { kind: infer Kinds } ? (K extends Kinds ? N : never) : never
type FieldsOf<N> = { [F in Exclude<keyof N, keyof Span | "kind">]: CodeFor<N[F]> }
type Layout = { [K in Node["kind"]]: FieldsOf<Of<K>> }

const DEFINITION = {
  name: "text",
  name_span: "span",
  args: "one",
  body: "many",
  decorator_list: "many",
  returns: "one",
  type_params: "many",
} as const
const LOOP = { target: "one", iter: "one", body: "many", orelse: "many" } as const
const CONDITION = { test: "one", body: "many", orelse: "many" } as const
const WITH = { items: "many", body: "many" } as const
const TRY = { body: "many", handlers: "many", orelse: "many", finalbody: "many" } as const
const COMPREHENSION = { elt: "one", generators: "many" } as const
const TYPE_PARAMETER = { name: "text", bound: "one", default_value: "one" } as const

/** Every field of every kind. The types refuse a table that forgets one. */
const LAYOUT: Layout = {
  Module: { body: "many" },
  FunctionDef: DEFINITION,
  AsyncFunctionDef: DEFINITION,
  ClassDef: {
    name: "text",
    name_span: "span",
    bases: "many",
    keywords: "many",
    body: "many",
    decorator_list: "many",
    type_params: "many",
  },
  Return: { value: "one" },
  Delete: { targets: "many" },
  Assign: { targets: "many", value: "one" },
  TypeAlias: { name: "one", type_params: "many", value: "one" },
  AugAssign: { target: "one", op: "text", value: "one" },
  AnnAssign: { target: "one", annotation: "one", value: "one", simple: "int" },
  For: LOOP,
  AsyncFor: LOOP,
  While: CONDITION,
  If: CONDITION,
  With: WITH,
  AsyncWith: WITH,
  Match: { subject: "one", cases: "many" },
  Raise: { exc: "one", cause: "one" },
  Try: TRY,
  TryStar: TRY,
  Assert: { test: "one", msg: "one" },
  Import: { names: "many" },
  ImportFrom: { module: "text", names: "many", level: "int" },
  Global: { names: "texts" },
  Nonlocal: { names: "texts" },
  Expr: { value: "one" },
  Pass: {},
  Break: {},
  Continue: {},
  BoolOp: { op: "text", values: "many" },
  NamedExpr: { target: "one", value: "one" },
  BinOp: { left: "one", op: "text", right: "one" },
  UnaryOp: { op: "text", operand: "one" },
  Lambda: { args: "one", body: "one" },
  IfExp: { test: "one", body: "one", orelse: "one" },
  Dict: { keys: "many", values: "many" },
  Set: { elts: "many" },
  ListComp: COMPREHENSION,
  SetComp: COMPREHENSION,
  DictComp: { key: "one", value: "one", generators: "many" },
  GeneratorExp: COMPREHENSION,
  Await: { value: "one" },
  Yield: { value: "one" },
  YieldFrom: { value: "one" },
  Compare: { left: "one", ops: "texts", comparators: "many" },
  Call: { func: "one", args: "many", keywords: "many" },
  FormattedValue: { value: "one", conversion: "int", format_spec: "one" },
  Interpolation: { value: "one", str: "text", conversion: "int", format_spec: "one" },
  JoinedStr: { values: "many" },
  TemplateStr: { values: "many" },
  Constant: { type: "text", value: "value" },
  Attribute: { value: "one", attr: "text" },
  Subscript: { value: "one", slice: "one" },
  Starred: { value: "one" },
  Name: { id: "text" },
  List: { elts: "many" },
  Tuple: { elts: "many" },
  Slice: { lower: "one", upper: "one", step: "one" },
  arguments: {
    posonlyargs: "many",
    args: "many",
    vararg: "one",
    kwonlyargs: "many",
    kw_defaults: "many",
    kwarg: "one",
    defaults: "many",
  },
  arg: { arg: "text", annotation: "one" },
  keyword: { arg: "text", value: "one" },
  alias: { name: "text", asname: "text" },
  withitem: { context_expr: "one", optional_vars: "one" },
  comprehension: { target: "one", iter: "one", ifs: "many", is_async: "int" },
  ExceptHandler: { type: "one", name: "text", body: "many" },
  match_case: { pattern: "one", guard: "one", body: "many" },
  TypeVar: TYPE_PARAMETER,
  ParamSpec: TYPE_PARAMETER,
  TypeVarTuple: TYPE_PARAMETER,
  MatchValue: { value: "one" },
  MatchSingleton: { value: "value" },
  MatchSequence: { patterns: "many" },
  MatchMapping: { keys: "many", patterns: "many", rest: "text" },
  MatchClass: { cls: "one", patterns: "many", kwd_attrs: "texts", kwd_patterns: "many" },
  MatchStar: { name: "text" },
  MatchAs: { pattern: "one", name: "text" },
  MatchOr: { patterns: "many" },
}

interface Shape {
  /** A node of this kind with nothing in it: copying it is the fastest way to make one. */
  empty: Record<string, unknown>
  fields: [name: string, code: Code][]
}

const KINDS = Object.keys(LAYOUT) as Node["kind"][]
const SHAPES: Shape[] = KINDS.map((kind) => {
  const fields = Object.entries(LAYOUT[kind]) as [string, Code][]
  return { empty: { kind, start: 0, end: 0, ...Object.fromEntries(fields.map(([name]) => [name, null])) }, fields }
})
const NUMBER_OF = new Map(KINDS.map((kind, at) => [kind, at + 1]))

/** What stands before a value that is neither node nor name. */
const NULL = 0
const FALSE = 1
const TRUE = 2
const TEXT = 3
const INTEGER = 4
const FLOAT = 5

/** Largest number that is written as an integer. */
const MOST = 2 ** 31 - 1

/** A tree as bytes. Its texts go into `texts`, which may hold some already; the same list is needed to read it. */
export function packTree(tree: Module, texts: string[]): Uint8Array {
  const packer = new Packer(texts)
  packer.one(tree)
  return packer.bytes.slice(0, packer.length)
}

class Packer {
  bytes = new Uint8Array(4096)
  length = 0
  private readonly texts: string[]
  private readonly numberOf: Map<string, number>
  private at = 0

  constructor(texts: string[]) {
    this.texts = texts
    this.numberOf = new Map(texts.map((text, at) => [text, at + 1]))
  }

  one(node: Node | null): void {
    const number = node ? (NUMBER_OF.get(node.kind) as number) : 0
    this.natural(number)
    if (!node) return
    this.span(node)
    const { fields } = SHAPES[number - 1] as Shape
    for (const [name, code] of fields) this.field(code, (node as unknown as Record<string, unknown>)[name])
  }

  private field(code: Code, value: unknown): void {
    if (code === "one") this.one(value as Node | null)
    else if (code === "text") this.text(value as string | null)
    else if (code === "many") this.list(value as (Node | null)[], (item) => this.one(item))
    else if (code === "texts") this.list(value as string[], (item) => this.text(item))
    else if (code === "span") this.span(value as Span)
    else if (code === "int") this.integer(value as number)
    else this.value(value as string | number | boolean | null)
  }

  private list<T>(items: readonly T[], write: (item: T) => void): void {
    this.natural(items.length)
    for (const item of items) write(item)
  }

  /** Nodes follow each other as in the text, so the way from one start to the next is short. */
  private span({ start, end }: Span): void {
    this.integer(start - this.at)
    this.integer(end - start)
    this.at = start
  }

  private text(text: string | null): void {
    let number = text === null ? 0 : this.numberOf.get(text)
    if (number === undefined) {
      number = this.texts.push(text as string)
      this.numberOf.set(text as string, number)
    }
    this.natural(number)
  }

  private value(value: string | number | boolean | null): void {
    if (value === null) this.natural(NULL)
    else if (typeof value === "boolean") this.natural(value ? TRUE : FALSE)
    else if (typeof value === "string") {
      this.natural(TEXT)
      this.text(value)
    } else if (Number.isInteger(value) && Math.abs(value) < MOST / 2 && !Object.is(value, -0)) {
      this.natural(INTEGER)
      this.integer(value)
    } else {
      // Also what JSON could not hold: -0, and the infinity that Python reads in `1e999`.
      this.natural(FLOAT)
      for (const byte of new Uint8Array(new Float64Array([value]).buffer)) this.natural(byte)
    }
  }

  private integer(value: number): void {
    this.natural(value < 0 ? -2 * value - 1 : 2 * value)
  }

  private natural(value: number): void {
    if (this.length + 5 > this.bytes.length) this.grow()
    let rest = value
    for (; rest > 127; rest >>>= 7) this.bytes[this.length++] = (rest & 127) | 128
    this.bytes[this.length++] = rest
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2)
    larger.set(this.bytes)
    this.bytes = larger
  }
}

/** The tree that `packTree` wrote. Throws where the bytes say anything else. */
export function unpackTree(bytes: Uint8Array, texts: readonly string[]): Module {
  const tree = new Unpacker(bytes, texts).one()
  if (tree?.kind !== "Module") throw new Error("not a packed tree")
  return tree
}

class Unpacker {
  private readonly bytes: Uint8Array
  private readonly texts: readonly string[]
  private next = 0
  private at = 0

  constructor(bytes: Uint8Array, texts: readonly string[]) {
    this.bytes = bytes
    this.texts = texts
  }

  one(): Node | null {
    const number = this.natural()
    if (number === 0) return null
    const shape = SHAPES[number - 1]
    if (!shape) throw new Error("not a packed tree")
    const node: Record<string, unknown> = { ...shape.empty }
    this.at += this.integer()
    node.start = this.at
    node.end = this.at + this.integer()
    const { fields } = shape
    for (let i = 0; i < fields.length; i++) {
      const [name, code] = fields[i] as [string, Code]
      node[name] = code === "one" ? this.one() : code === "text" ? this.text() : code === "many" ? this.many() : this.other(code)
    }
    return node as unknown as Node
  }

  private many(): (Node | null)[] {
    const list: (Node | null)[] = []
    for (let left = this.natural(); left > 0; left--) list.push(this.one())
    return list
  }

  private text(): string | null {
    const number = this.natural()
    if (number === 0) return null
    const text = this.texts[number - 1]
    if (text === undefined) throw new Error("not a packed tree")
    return text
  }

  private other(code: Code): unknown {
    if (code === "value") return this.value()
    if (code === "int") return this.integer()
    if (code === "texts") {
      const list: (string | null)[] = []
      for (let left = this.natural(); left > 0; left--) list.push(this.text())
      return list
    }
    this.at += this.integer()
    return { start: this.at, end: this.at + this.integer() }
  }

  private value(): string | number | boolean | null {
    const kind = this.natural()
    if (kind === TEXT) return this.text()
    if (kind === INTEGER) return this.integer()
    if (kind === FLOAT) return new Float64Array(Uint8Array.from({ length: 8 }, () => this.natural()).buffer)[0] as number
    return kind === NULL ? null : kind === TRUE
  }

  private integer(): number {
    const value = this.natural()
    return value & 1 ? -(value >>> 1) - 1 : value >>> 1
  }

  private natural(): number {
    let byte = this.bytes[this.next++]
    if (byte === undefined) throw new Error("not a packed tree")
    if (byte < 128) return byte
    let value = byte & 127
    for (let shift = 7; ; shift += 7) {
      byte = this.bytes[this.next++]
      if (byte === undefined) throw new Error("not a packed tree")
      value |= (byte & 127) << shift
      if (byte < 128) return value >>> 0
    }
  }
}
