/**
 * Most functions build nothing, and playing all of them at import time would cost more than all the rest. A
 * function is worth playing when its body mentions what applications are built with, or mentions (by name) a
 * function that does. Names are enough here: playing one function too many costs time, never truth.
 */
import type { ModuleFacts } from "./facts.ts"
import type { NodeTable } from "./node-table.ts"
import type { AsyncFunctionDef, Call, FunctionDef, Module, Stmt } from "./nodes.ts"

/**
 * What the functions of one name mention in a file: places in the file's `mentions`, and `-1 - place` for a decorator written
 * as a call, `app.get("/x")(handler)`.
 */
export type Said = [name: string, words: number[]]

/** Names of functions, over the whole project, that are worth playing at import time. */
export function worthyNames(facts: Iterable<ModuleFacts>, words: ReadonlySet<string>): Set<string> {
  const all = [...facts]
  const names = new Set(all.flatMap(({ says }) => says.map(([name]) => name)))
  const open: string[] = []
  const mentionedBy = new Map<string, Set<string>>()
  for (const { says, mentions } of all) {
    // Looked up once a file, and not for every function that says the word.
    const callers = mentions.map((word) => (names.has(word) ? known(mentionedBy, word) : undefined))
    const builds = mentions.map((word) => words.has(word))
    for (const [name, said] of says) {
      for (const place of said) {
        if (place < 0 ? words.has(`${mentions[-1 - place]}()()`) : builds[place]) open.push(name)
        if (place >= 0) callers[place]?.add(name)
      }
    }
  }
  const worthy = new Set<string>()
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (worthy.has(name)) continue
    worthy.add(name)
    // A name that very many bodies mention (`get`, `create`) says nothing about which function is meant.
    const others = mentionedBy.get(name)
    if (others && others.size <= 25 && !name.startsWith("__")) open.push(...others)
  }
  return worthy
}

function known(map: Map<string, Set<string>>, key: string): Set<string> {
  const seen = map.get(key)
  if (seen) return seen
  const made = new Set<string>()
  map.set(key, made)
  return made
}

/** What the functions of a module say, given all its nodes and all that it mentions. */
export function saidIn(module: Module, nodes: NodeTable, mentions: readonly string[]): Said[] {
  const places = new Map(mentions.map((word, place) => [word, place]))
  const said = new Map<string, Set<number>>()
  for (const [name, fn] of named(module.body)) {
    const words = said.get(name) ?? new Set<number>()
    said.set(name, words)
    const add = (word: string | undefined, isDecorator = false) => {
      const place = word === undefined ? undefined : places.get(word)
      if (place !== undefined) words.add(isDecorator ? -1 - place : place)
    }
    for (const { id } of nodes.inBody(fn, "Name")) add(id)
    for (const { attr } of nodes.inBody(fn, "Attribute")) add(attr)
    for (const call of nodes.inBody(fn, "Call")) add(decoratorOf(call), true)
  }
  return [...said].map(([name, words]) => [name, [...words]])
}

/** Functions by their names, and by that of their class where constructing it runs them. */
function* named(body: readonly Stmt[]): Generator<[name: string, fn: FunctionDef | AsyncFunctionDef]> {
  for (const s of body) {
    if (s.kind === "FunctionDef" || s.kind === "AsyncFunctionDef") {
      yield [s.name, s]
      yield* named(s.body)
    } else if (s.kind === "ClassDef") {
      yield* named(s.body)
      const init = s.body.find((m) => m.kind === "FunctionDef" && m.name === "__init__")
      if (init?.kind === "FunctionDef") yield [s.name, init]
    } else if (s.kind === "If" || s.kind === "For" || s.kind === "While") {
      yield* named(s.body)
      yield* named(s.orelse)
    } else if (s.kind === "With" || s.kind === "Try") yield* named(s.body)
  }
}

/** `get` of `app.get("/x")(handler)`: what a decorator does, written as a call. */
const decoratorOf = ({ func }: Call): string | undefined =>
  func.kind === "Call" && func.func.kind === "Attribute" ? func.func.attr : undefined
