/**
 * What a value is put together from. `Path("files") / name` is "files/" and the client's `name`; what a library made
 * of it in a way that is not known is a piece of which nothing is known, and accuses no one.
 */
import { type Danger, flowOf } from "#knowledge"
import { type External, options, type Place, type Value } from "#python"
import type { Source } from "./source.ts"

/** Something that a client wrote, where it stands in a text. */
export interface Sent {
  source: Source
  /** It holds no slash, as the segment of a path that it was. */
  isSegment: boolean
  /** It was decoded: what it held is not what the client's text showed. */
  isDecoded: boolean
  /** A part of a path, where an absolute one replaces all before it. */
  isPart: boolean
  /** It is the `path` of an address, which of `////host` is `//host`. */
  isPathOnly?: true
  /** Where it was put together with the rest. */
  at?: Place
}

/** Something that a client wrote, with all taken out of it that does harm: it still chooses which file of a folder. */
export interface Cleaned {
  cleaned: Source
}

/** A known text, something that a client wrote, the same cleaned, or something of which nothing is known (null). */
export type Piece = string | Sent | Cleaned | null

/** Where a value comes from, when a client wrote the whole of it. */
export type SourceOf = (value: Value) => Source | undefined

const ADDRESS_PATH = /^urllib\.parse\.(urlparse|urlsplit)\(\)\.path$/

/** Most ways in which a value may have come about that are looked at, and how deep. */
const MOST_WAYS = 8
const DEEPEST = 24

/** Every way in which a value may have come about, each as its pieces in order. */
export const piecesOf = (value: Value, danger: Danger, sourceOf: SourceOf): Piece[][] => new Reader(danger, sourceOf).read(value, 0, false)

class Reader {
  private readonly danger: Danger
  private readonly sourceOf: SourceOf

  constructor(danger: Danger, sourceOf: SourceOf) {
    this.danger = danger
    this.sourceOf = sourceOf
  }

  /** @param decoding  what reads it will decode it, so that encoding it before was for nothing */
  read(value: Value, depth: number, decoding: boolean): Piece[][] {
    if (depth > DEEPEST) return [[null]]
    const source = this.sourceOf(value)
    if (source) return [[{ source, isSegment: source.isSegment, isDecoded: false, isPart: false }]]
    const inner = (one: Value): Piece[][] => this.read(one, depth + 1, decoding)
    switch (value.is) {
      case "text":
        return value.parts
          .reduce<Piece[][]>((ways, part) => times(ways, typeof part === "string" ? [[part]] : inner(part)), [[]])
          .map((way) => (value.at ? way.map((piece) => (isSent(piece) ? { ...piece, at: piece.at ?? value.at } : piece)) : way) as Piece[])
      case "literal":
        return [[typeof value.value === "number" ? String(value.value) : null]]
      case "either":
        return options(value).flatMap(inner).slice(0, MOST_WAYS)
      case "sequence":
        // An argument list: its words one after the other.
        return value.items.reduce<Piece[][]>((ways, item, i) => times(ways, i === 0 ? inner(item) : times([[" "]], inner(item))), [[]])
      case "external":
        return this.readExternal(value, depth + 1, decoding)
      default:
        return [[null]]
    }
  }

  private readCleaned({ on, self, built }: External, depth: number): Piece[][] {
    for (const one of [on ?? self, ...(built?.positional ?? []), ...(built?.keywords.values() ?? [])])
      if (one)
        for (const way of this.read(one, depth, false)) for (const piece of way) if (isSent(piece)) return [[{ cleaned: piece.source }]]
    return [[null]]
  }

  private readExternal(value: External, depth: number, decoding: boolean): Piece[][] {
    const flow = flowOf(value.name)
    if (flow?.cleans?.includes(this.danger) || (!flow && CLEANS.test(value.name))) return this.readCleaned(value, depth)
    if (!flow || (flow.encodes && !decoding)) return [[null]]
    const inputs: Value[] = []
    if (flow.from !== "arguments") {
      const before = value.on ?? value.self
      if (before) inputs.push(before)
    }
    if (flow.from !== "self") inputs.push(...(value.built?.positional ?? []), ...(value.built?.keywords.values() ?? []))
    const read = (one: Value) => this.read(one, depth, decoding || flow.decodes === true)
    if (flow.joins) {
      const at = value.built?.at
      const part = (ways: Piece[][]) => ways.map((way) => way.map((piece, i) => (i === 0 && isSent(piece) ? joined(piece, at) : piece)))
      return inputs.map(read).reduce<Piece[][]>((ways, next, i) => (i === 0 ? next : times(ways, times([["/"]], part(next)))), [[null]])
    }
    // Changed in some way: what came before it is not known to stand before it now.
    const found = inputs.flatMap(read).filter((way) => way.some(isSent))
    if (found.length === 0) return [[null]]
    const ways = found.slice(0, MOST_WAYS)
    const change = (add: (piece: Sent) => Partial<Sent>) =>
      ways.map((way) => way.map((piece) => (isSent(piece) ? { ...piece, ...add(piece) } : piece)))
    if (ADDRESS_PATH.test(value.name)) return change(() => ({ isPathOnly: true }))
    if (flow.decodes) return change(() => ({ isSegment: false, isDecoded: true }))
    const at = flow.leaves ? value.built?.at : undefined
    return at ? change((piece) => ({ at: piece.at ?? at })) : ways
  }
}

export const isSent = (piece: Piece): piece is Sent => typeof piece === "object" && piece !== null && "source" in piece

export const isCleaned = (piece: Piece): piece is Cleaned => typeof piece === "object" && piece !== null && "cleaned" in piece

/** Functions of libraries that say of themselves that they clean a name. */
const CLEANS = /\.\w*(sanit|secure_filename|safe_|clean|slugify)\w*\(\)$/i

const joined = (piece: Sent, at: Place | undefined): Sent => ({
  ...piece,
  isPart: true,
  ...(at && at.path !== "" && { at: piece.at ?? at }),
})

const times = (ways: Piece[][], more: Piece[][]): Piece[][] =>
  ways.flatMap((way) => more.map((next) => [...way, ...next])).slice(0, MOST_WAYS)
