import type { Parsed, Stmt } from "./nodes.ts"
import { blanked, readBrackets } from "./syntax/brackets.ts"
import { hasDefaults, withLineEnds, withoutDefaults } from "./syntax/disguise.ts"
import { statements } from "./syntax/statements.ts"
import { Reader, type SyntaxNode } from "./syntax/syntax.ts"
import { hasError, type Kind, kindOf, nodesOf, type Table } from "./syntax/tree.ts"

/** What we need of WebAssembly, which Node and browsers have. */
declare const WebAssembly: { instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }> }

/** What `grammar/python.c` exports. Pointers are numbers. */
interface Grammar {
  memory: { buffer: ArrayBuffer }
  start(): void
  kindCount(): number
  kindName(kind: number): number
  isNamed(kind: number): number
  allocate(bytes: number): number
  release(pointer: number): void
  parse(text: number, bytes: number): number
  rowCount(): number
}

let parser: ((text: string) => Table) | undefined
let loading: Promise<(text: string) => Table> | undefined

/** Makes `parse` ready, given the bytes of `grammar/python.wasm`. Loads once, however often it is called. */
export async function loadGrammar(wasm: Uint8Array): Promise<void> {
  loading ??= load(wasm)
  parser = await loading
}

async function load(wasm: Uint8Array): Promise<(text: string) => Table> {
  const { instance } = await WebAssembly.instantiate(wasm, {})
  const grammar = instance.exports as Grammar
  grammar.start()
  const kinds = Array.from({ length: grammar.kindCount() }, (_, kind) => kindOf(nameOf(grammar, kind), grammar.isNamed(kind) !== 0))
  return parserWith(grammar, kinds)
}

function nameOf({ memory, kindName }: Grammar, kind: number): string {
  const start = kindName(kind)
  const bytes = new Uint8Array(memory.buffer, start)
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))
}

/** Two bytes for each of UTF-16's units. */
const UNIT = 2
/** Four numbers of four bytes. */
const ROW = 16

function parserWith(grammar: Grammar, kinds: readonly Kind[]): (text: string) => Table {
  let place = 0
  let room = 0
  return (text) => {
    if (text.length > room) {
      if (place !== 0) grammar.release(place)
      room = text.length
      place = grammar.allocate(room * UNIT)
    }
    const units = new Uint16Array(grammar.memory.buffer, place, text.length)
    for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at)
    const rows = grammar.parse(place, text.length * UNIT)
    return { rows: new Uint32Array(grammar.memory.buffer, rows, (grammar.rowCount() * ROW) / Uint32Array.BYTES_PER_ELEMENT), kinds }
  }
}

/** Reads Python of any version from 3.8 to 3.14. Never throws for what the text is; it throws if no grammar was loaded. `onStep` is told what is being done, for those who keep the time. */
export function parse(text: string, onStep?: (step: string) => void): Parsed {
  if (!parser) throw new Error("loadGrammar() has to finish before parse()")
  const reader = new Reader(text)
  onStep?.("parse")
  const root = read(parser, reader, onStep)
  let body: Stmt[] = []
  try {
    body = statements(reader, root)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    reader.problem({ start: 0, end: 0 }, "too deeply nested to read")
  }
  const problems = reader.problems.sort((a, b) => a.start - b.start)
  return { module: { kind: "Module", body, start: 0, end: text.length }, comments: reader.comments, names: reader.names, problems }
}

/** A text with more broken brackets and strings than this is left to tree-sitter's own recovery. */
const MOST_REPAIRS = 4

function read(parser: (text: string) => Table, reader: Reader, onStep?: (step: string) => void): SyntaxNode {
  let shown = withLineEnds(reader.text)
  let table = parser(shown)
  // Few files have any, and without them this need not be asked of the others.
  if (hasError(table) && hasDefaults(shown)) {
    shown = withoutDefaults(shown)
    table = parser(shown)
  }
  for (let repairs = 0; hasError(table) && repairs <= MOST_REPAIRS; repairs++) {
    const { problem, repaired, breaks, comments } = readBrackets(shown)
    if (problem) {
      reader.blame(problem)
      shown = repaired
    } else if (breaks.length + comments.length > 0) {
      // The grammar takes a line end inside brackets for the end of a block, where the next line is indented less and
      // no closing bracket could stand; and a comment below a decorator, where it is indented less. With such line ends
      // and comments blanked it reads the text as Python does.
      reader.comments.push(...comments.map((span) => ({ ...span, text: reader.textOf(span) })))
      shown = blanked(shown, [...breaks, ...comments])
    } else break
    table = parser(shown)
  }
  onStep?.("convert")
  const root = nodesOf(table, reader)
  reader.comments.sort((a, b) => a.start - b.start)
  return root
}
