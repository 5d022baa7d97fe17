/**
 * Most functions build nothing, and playing all of them at import time would cost more than all the rest. A
 * function is worth playing when its body mentions what applications are built with, or mentions (by name) a
 * function that does. Names are enough here: playing one function too many costs time, never truth.
 */
import type { ModuleFacts } from "./facts.ts"
import type { Call, Node, Stmt } from "./nodes.ts"
import { fieldsOf } from "./walk.ts"

/** Names of functions, over the whole project, that are worth playing at import time. */
export function worthyNames(facts: Iterable<ModuleFacts>, words: ReadonlySet<string>): Set<string> {
  const worthy = new Set<string>()
  const bodies = new Map<string, Set<string>>()
  for (const { tree } of facts) collect(tree.body, bodies)
  const mentionedBy = new Map<string, string[]>()
  const open: string[] = []
  for (const [name, said] of bodies) {
    for (const word of said) {
      if (words.has(word)) open.push(name)
      if (!bodies.has(word)) continue
      const others = mentionedBy.get(word)
      if (others) others.push(name)
      else mentionedBy.set(word, [name])
    }
  }
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (worthy.has(name)) continue
    worthy.add(name)
    // A name that very many bodies mention (`get`, `create`) says nothing about which function is meant.
    const others = mentionedBy.get(name) ?? []
    if (others.length <= 25 && !name.startsWith("__")) open.push(...others)
  }
  return worthy
}

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
    if (decorates !== undefined) into.add(`${decorates}()()`)
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
