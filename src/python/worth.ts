/**
 * Most functions build nothing, and playing all of them at import time would cost more than all the rest. A
 * function is worth playing when its body mentions what applications are built with, or mentions (by name) a
 * function that does. Names are enough here: playing one function too many costs time, never truth.
 */
import type { ModuleFacts } from "./facts.ts"
import type { Call, Module, Node, Stmt } from "./nodes.ts"
import { fieldsOf } from "./walk.ts"

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

/** What the functions of a module say, given all that the module mentions. */
export function saidIn(tree: Module, mentions: readonly string[]): Said[] {
  const bodies = new Map<string, Set<string>>()
  collect(tree.body, bodies)
  const places = new Map(mentions.map((word, place) => [word, place]))
  const placeOf = (word: string): number | undefined => {
    if (!word.endsWith(CALLED)) return places.get(word)
    const place = places.get(word.slice(0, -CALLED.length))
    return place === undefined ? undefined : -1 - place
  }
  return [...bodies].map(([name, said]): Said => [name, [...said].flatMap((word) => placeOf(word) ?? [])])
}

const CALLED = "()()"

function collect(body: readonly Stmt[], into: Map<string, Set<string>>): void {
  for (const s of body) {
    if (s.kind === "FunctionDef" || s.kind === "AsyncFunctionDef") {
      const said = into.get(s.name) ?? new Set<string>()
      into.set(s.name, said)
      for (const inner of s.body) mention(inner, said)
      collect(s.body, into)
    } else if (s.kind === "ClassDef") {
      collect(s.body, into)
      // Constructing a class runs its `__init__`.
      const init = s.body.find((m) => m.kind === "FunctionDef" && m.name === "__init__")
      if (init?.kind === "FunctionDef") {
        const said = into.get(s.name) ?? new Set<string>()
        into.set(s.name, said)
        for (const inner of init.body) mention(inner, said)
      }
    } else if (s.kind === "If" || s.kind === "For" || s.kind === "While") {
      collect(s.body, into)
      collect(s.orelse, into)
    } else if (s.kind === "With" || s.kind === "Try") collect(s.body, into)
  }
}

/** Names and attributes in a piece of tree. Reads the fields as they stand, without a list of children: this is asked of every function. */
function mention(node: Node, into: Set<string>): void {
  if (node.kind === "Name") into.add(node.id)
  else if (node.kind === "Attribute") into.add(node.attr)
  else if (node.kind === "Call") {
    const decorates = decoratorOf(node)
    if (decorates !== undefined) into.add(`${decorates}${CALLED}`)
  }
  for (const field of fieldsOf(node.kind)) {
    const value = (node as unknown as Record<string, Node | null | (Node | null)[]>)[field]
    if (Array.isArray(value)) {
      for (const item of value) if (item) mention(item, into)
    } else if (value) mention(value, into)
  }
}

/** `get` of `app.get("/x")(handler)`: what a decorator does, written as a call. */
const decoratorOf = ({ func }: Call): string | undefined =>
  func.kind === "Call" && func.func.kind === "Attribute" ? func.func.attr : undefined
