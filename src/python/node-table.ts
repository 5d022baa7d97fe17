import type { Module, Node } from "./nodes.ts"
import { bodyOf, pushChildren, type WalkOptions } from "./walk.ts"

/** The nodes of these kinds. */
export type NodeOf<K extends Node["kind"]> = Extract<Node, { kind: K }>

/**
 * All nodes of a module in one row, outer before inner, as `walk` gives them: made once, so that the rules that look at
 * a file do not each take its tree apart again. What is below a node stands right behind it.
 */
export class NodeTable {
  readonly nodes: readonly Node[]
  /** For each node, where the one around it stands; -1 for the module. */
  readonly parents: readonly number[]
  /** For each node, the place behind all that is below it. */
  private readonly ends: readonly number[]
  private places: Map<Node, number> | undefined
  private byKind: Map<Node["kind"], number[]> | undefined
  private readonly byKinds = new Map<string, Node[]>()

  constructor(module: Module) {
    const nodes: Node[] = []
    const parents: number[] = []
    const open: Node[] = [module]
    const around: number[] = [-1]
    for (let node = open.pop(); node; node = open.pop()) {
      const at = nodes.length
      nodes.push(node)
      parents.push(around.pop() as number)
      pushChildren(node, open)
      while (around.length < open.length) around.push(at)
    }
    const ends = nodes.map((_, at) => at + 1)
    for (let at = nodes.length - 1; at > 0; at--) {
      const parent = parents[at] as number
      if ((ends[parent] as number) < (ends[at] as number)) ends[parent] = ends[at] as number
    }
    this.nodes = nodes
    this.parents = parents
    this.ends = ends
  }

  /** Where a node stands; undefined for one of another tree. */
  placeOf(node: Node): number | undefined {
    if (!this.places) {
      this.places = new Map()
      for (let at = 0; at < this.nodes.length; at++) this.places.set(this.nodes[at] as Node, at)
    }
    return this.places.get(node)
  }

  parentOf(node: Node): Node | undefined {
    const place = this.placeOf(node)
    return place === undefined ? undefined : this.nodes[this.parents[place] as number]
  }

  /** The nodes of some kinds, in order. */
  all<K extends Node["kind"]>(kinds: readonly K[]): readonly NodeOf<K>[] {
    const key = kinds.join()
    let found = this.byKinds.get(key)
    if (!found) {
      found = []
      for (const at of this.inOrder(kinds)) found.push(this.nodes[at] as Node)
      this.byKinds.set(key, found)
    }
    return found as NodeOf<K>[]
  }

  private inOrder(kinds: readonly Node["kind"][]): Iterable<number> {
    const lists = kinds.map((kind) => this.placesOf(kind)).filter((places) => places.length > 0)
    // Numbers of one size are sorted without a function that compares them.
    return lists.length > 1 ? Uint32Array.from(lists.flat()).sort() : (lists[0] ?? [])
  }

  /** Where the nodes of a kind stand: sorted out once, since every rule asks for its own kinds. */
  private placesOf(kind: Node["kind"]): readonly number[] {
    if (!this.byKind) {
      this.byKind = new Map()
      for (const [at, node] of this.nodes.entries()) {
        const places = this.byKind.get(node.kind)
        if (places) places.push(at)
        else this.byKind.set(node.kind, [at])
      }
    }
    return this.byKind.get(kind) ?? []
  }

  /** The node and all below it, as `walk` gives them. Undefined for a node of another tree. */
  below(root: Node, { nested = true }: WalkOptions): Node[] | undefined {
    const place = this.placeOf(root)
    if (place === undefined) return undefined
    const end = this.ends[place] as number
    if (nested) return this.nodes.slice(place, end)
    const found: Node[] = []
    // Where what a function runs begins and ends: it stands last of what is below the function.
    const jumps = new Map<number, number>()
    for (let at = place; at < end; ) {
      const jump = jumps.get(at)
      if (jump !== undefined) {
        at = jump
        continue
      }
      const node = this.nodes[at] as Node
      found.push(node)
      const [first] = node === root ? [] : (bodyOf(node) ?? [])
      if (first) jumps.set(this.placeOf(first) as number, this.ends[at] as number)
      at++
    }
    return found
  }
}
