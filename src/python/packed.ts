/**
 * A tree as bytes, and back. Reading it is several times faster than reading JSON, because names are shared and
 * nothing is spelled out: what a kind of node holds, and in which order, is written once, in `packed-layout.ts`.
 *
 * What a function does stays in bytes until somebody reads it (`packed-function.ts`): a project is mostly bodies, and
 * each of them is played once and then seldom again.
 */
import type { Module, Node, Span, Stmt } from "./nodes.ts"
import { type PackedBody, PackedFunction } from "./packed-function.ts"
import { type Code, KINDS, NUMBER_OF, SHAPES, type Shape } from "./packed-layout.ts"
import { compact } from "./syntax/syntax.ts"

/** What stands before a value that is neither node nor name. */
const NULL = 0
const FALSE = 1
const TRUE = 2
const TEXT = 3
const INTEGER = 4
const FLOAT = 5

/** Bytes of a number that is written before it is known. */
const FIXED = 4

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
    // Without iterators, which make an object for each step: every node of a project comes by.
    const { fields } = SHAPES[number - 1] as Shape
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at] as Shape["fields"][number]
      this.field(field[1], (node as unknown as Record<string, unknown>)[field[0]])
    }
  }

  private many(nodes: readonly (Node | null)[]): void {
    this.natural(nodes.length)
    for (let at = 0; at < nodes.length; at++) this.one(nodes[at] as Node | null)
  }

  private field(code: Code, value: unknown): void {
    if (code === "one") this.one(value as Node | null)
    else if (code === "text") this.text(value as string | null)
    else if (code === "many") this.many(value as (Node | null)[])
    else if (code === "later") this.later(value as Node[])
    else if (code === "texts") this.several(value as string[])
    else if (code === "span") this.span(value as Span)
    else if (code === "int") this.integer(value as number)
    else this.value(value as string | number | boolean | null)
  }

  private several(texts: readonly string[]): void {
    this.natural(texts.length)
    for (const text of texts) this.text(text)
  }

  /** A list with its length in bytes before it, which leaves no trace in what follows. */
  private later(items: readonly Node[]): void {
    const { at, length: before } = this
    this.many(items)
    const length = this.length - before
    this.fixed(0)
    this.bytes.copyWithin(before + FIXED, before, before + length)
    this.length = before
    this.fixed(length)
    this.length = before + FIXED + length
    this.at = at
  }

  private fixed(value: number): void {
    if (this.length + FIXED > this.bytes.length) this.grow()
    new DataView(this.bytes.buffer).setUint32(this.length, value)
    this.length += FIXED
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
  private next: number
  private at: number
  /** Has it met a function, a class or a lambda? */
  holdsDefinitions = false

  constructor(bytes: Uint8Array, texts: readonly string[], next = 0, at = 0) {
    this.bytes = bytes
    this.texts = texts
    this.next = next
    this.at = at
  }

  one(): Node | null {
    const number = this.natural()
    if (number === 0) return null
    const shape = SHAPES[number - 1]
    if (!shape) throw new Error("not a packed tree")
    const kind = KINDS[number - 1] as Node["kind"]
    const isFunction = kind === "FunctionDef" || kind === "AsyncFunctionDef"
    this.holdsDefinitions ||= isFunction || kind === "ClassDef" || kind === "Lambda"
    const node = isFunction ? (new PackedFunction(kind) as unknown as Record<string, unknown>) : new shape.Empty()
    this.at += this.integer()
    node.start = this.at
    node.end = this.at + this.integer()
    const { fields } = shape
    for (let i = 0; i < fields.length; i++) {
      const [name, code] = fields[i] as [string, Code]
      if (code === "later") (node as unknown as PackedFunction).keep(this.later())
      else node[name] = code === "one" ? this.one() : code === "text" ? this.text() : code === "many" ? this.many() : this.other(code)
    }
    return node as unknown as Node
  }

  many(): (Node | null)[] {
    const list: (Node | null)[] = []
    for (let left = this.natural(); left > 0; left--) list.push(this.one())
    return compact(list)
  }

  /** A list that stays in bytes. */
  private later(): PackedBody {
    if (this.next + FIXED > this.bytes.length) throw new Error("not a packed tree")
    const length = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.next).getUint32(0)
    const start = this.next + FIXED
    const { at, bytes, texts } = this
    this.next = start + length
    if (this.next > bytes.length) throw new Error("not a packed tree")
    return () => {
      const inside = new Unpacker(bytes, texts, start, at)
      const statements = inside.many() as Stmt[]
      return { statements, holdsDefinitions: inside.holdsDefinitions }
    }
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
      return compact(list)
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
