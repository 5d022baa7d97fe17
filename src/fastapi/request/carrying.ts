/** What a request's values carry. */
import { clientWrites, flowOf, remembered } from "#knowledge"
import { type Arguments, itemsOf, type Value } from "#python"
import type { SourceOf } from "./pieces.ts"
import type { Source } from "./source.ts"

const DEEPEST = 24

/** Finds what a client wrote in values, however deep, whatever was done with it on the way. */
export class Carrying {
  readonly sourceOf: SourceOf
  /** Objects that the request made or brought: no other can hold anything of it. */
  readonly own = new Set<Value>()
  /** Values that hold nothing of the request, and never will: none of what they are made from can change. */
  private readonly bare = new Set<Value>()

  constructor(sourceOf: SourceOf) {
    this.sourceOf = sourceOf
  }

  /** The sources in a value. */
  in(value: Value): ReadonlySet<Source> {
    if (this.bare.has(value)) return NOTHING
    const found = new Set<Source>()
    this.look(
      value,
      (one) => {
        const source = this.sourceOf(one)
        if (source) found.add(source)
        return source !== undefined
      },
      this.bare,
    )
    return found
  }

  /** Is there any source in a value? Asked of every argument of every call, and mostly answered at the first look. */
  holdsAny(value: Value): boolean {
    if (this.bare.has(value)) return false
    if (this.sourceOf(value)) return true
    return !isLeaf(value) && this.in(value).size > 0
  }

  isIn(source: Source, value: Value): boolean {
    return this.in(value).has(source)
  }

  /** Was a value decoded on the way? */
  isDecoded(value: Value): boolean {
    let answer = false
    this.look(value, (one) => {
      answer ||= one.is === "external" && flowOf(one.name)?.decodes === true
      return answer
    })
    return answer
  }

  /** Lists, mappings, and the request's own objects: bodies put things into them. */
  private holdsWhatIsPut(value: Value): boolean {
    return value.is === "sequence" || value.is === "mapping" || (value.is === "instance" && this.own.has(value))
  }

  /** Walks over all that a value was made from, each once; `visit` says whether it is of interest. */
  private look(value: Value, visit: (value: Value) => boolean, bare: Set<Value> = new Set()): void {
    const seen = new Set<Value>()
    /** Is there nothing in it, now and ever? */
    const walk = (one: Value, depth: number): boolean => {
      if (bare.has(one)) return true
      if (depth > DEEPEST || seen.has(one)) return false
      seen.add(one)
      let isBare = !visit(one) && !this.holdsWhatIsPut(one)
      this.eachPart(one, (inner) => {
        if (inner && !walk(inner, depth + 1)) isBare = false
      })
      if (isBare) bare.add(one)
      return isBare
    }
    walk(value, 0)
  }

  /** Shows all that a value was directly made from. Requests ask this a million times, too often for a generator. */
  private eachPart(value: Value, show: (part: Value | undefined) => void): void {
    switch (value.is) {
      case "text":
        for (const part of value.parts) if (typeof part !== "string") show(part)
        return
      case "either":
        for (const option of value.options) show(option)
        return
      case "sequence":
        for (const item of itemsOf(value) ?? []) show(item)
        return
      case "mapping":
        for (const [, item] of value.entries) show(item)
        return
      case "instance":
        if (this.own.has(value)) for (const attribute of value.attributes.values()) show(attribute)
        return
      case "function":
        show(value.self)
        eachArgument(value.given, show)
        return
      case "external":
        show(value.self)
        show(value.on)
        eachArgument(value.built, show)
        return
      default:
        return
    }
  }
}

const NOTHING: ReadonlySet<Source> = new Set<Source>()

/** Is it made from no other value? */
const isLeaf = ({ is }: Value): boolean => is === "literal" || is === "unknown" || is === "module" || is === "class"

function eachArgument(given: Pick<Arguments, "positional" | "keywords"> | undefined, show: (part: Value) => void): void {
  for (const value of given?.positional ?? []) show(value)
  if (given && given.keywords.size > 0) for (const value of given.keywords.values()) show(value)
}

/** Was it constructed with its name in the code? */
const isMade = (value: Value): boolean => value.is === "external" && value.built?.keywords.has("filename") === true

/** What Starlette's own objects hold that a client wrote: `request.query_params.get("next")`, `file.filename`. */
export function writtenByClient(value: Value): Source | undefined {
  if (value.is !== "external") return undefined
  const { name } = value
  // One that the code made itself: it is what it was given.
  if (isMade(value.self ?? value) && /(^|\.)UploadFile\(\)/.test(name)) return undefined
  return sourceNamed(name)
}

const sourceNamed = remembered((name): Source | undefined => {
  if (/(^|\.)UploadFile\(\)\.filename$/.test(name))
    return { name: "the name of the uploaded file", in: "file", isSegment: false, isContent: false }
  if (/(^|\.)UploadFile\(\)\.(file|read\(\)|file\.read\(\))$/.test(name))
    return { name: "the content of the uploaded file", in: "file", isSegment: false, isContent: true }
  // The objects themselves: whatever they are passed to may read them.
  if (/^starlette\.(requests\.Request|websockets\.WebSocket)\(\)$|(^|\.)UploadFile\(\)$/.test(name))
    return { name: name.includes("Upload") ? "the uploaded file" : "the request", in: "request", isSegment: false, isContent: true }
  const what = clientWrites(name)
  // The request's own mapping of them is not yet one of them.
  if (what === undefined || /\.(query_params|path_params|headers|cookies)(\.(get|keys|items|values|getlist))?$/.test(name)) return undefined
  return { name: what, in: "request", isSegment: what === "a path parameter", isContent: /\.(body|stream|receive_bytes)\(\)$/.test(name) }
})
