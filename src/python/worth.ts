/**
 * Most functions build nothing, and playing all of them at import time would cost more than all the rest. A
 * function is worth playing when its body mentions what applications are built with, or mentions (by name) a
 * function that does. Names are enough here: playing one function too many costs time, never truth.
 */
import type { ModuleFacts } from "./facts.ts"
import type { Stmt } from "./nodes.ts"

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
      mention(s.body, said)
      collect(s.body, into)
    } else if (s.kind === "ClassDef") {
      collect(s.body, into)
      // Constructing a class runs its `__init__`.
      const init = s.body.find((m) => m.kind === "FunctionDef" && m.name === "__init__")
      if (init?.kind === "FunctionDef") {
        const said = into.get(s.name) ?? new Set<string>()
        into.set(s.name, said)
        mention(init.body, said)
      }
    } else if (s.kind === "If" || s.kind === "For" || s.kind === "While") {
      collect(s.body, into)
      collect(s.orelse, into)
    } else if (s.kind === "With" || s.kind === "Try") collect(s.body, into)
  }
}

/** Names and attributes in a piece of tree. Reads objects as they come: this is asked of every function once. */
function mention(node: unknown, into: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) mention(item, into)
  else if (node !== null && typeof node === "object") {
    const { kind, id, attr } = node as { kind?: string; id?: string; attr?: string }
    if (kind === "Name" && id) into.add(id)
    else if (kind === "Constant") return
    else {
      if (kind === "Attribute" && attr) into.add(attr)
      const decorates = kind === "Call" ? decoratorOf(node as CallLike) : undefined
      if (decorates !== undefined) into.add(`${decorates}()()`)
      for (const key in node) mention((node as Record<string, unknown>)[key], into)
    }
  }
}

interface CallLike {
  func?: { kind?: string; func?: { kind?: string; attr?: string } }
}

/** `get` of `app.get("/x")(handler)`: what a decorator does, written as a call. */
const decoratorOf = ({ func }: CallLike): string | undefined =>
  func?.kind === "Call" && func.func?.kind === "Attribute" ? func.func.attr : undefined
