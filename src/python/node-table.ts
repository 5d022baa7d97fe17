import type { AsyncFunctionDef, FunctionDef, Module, Name, Node } from "./nodes.ts"
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
  /** How many nodes the longest way down from the module leads through. */
  readonly depth: number
  /** For each node, the place behind all that is below it. */
  private readonly ends: Uint32Array
  /** Where the nodes of each kind stand: sorted out once, since every rule asks for its own kinds. */
  private readonly places = new Map<Node["kind"], number[]>()
  /** The same the other way round, for the kinds of which somebody has asked where a node stands: most are never asked. */
  private readonly placesByNode = new Map<Node["kind"], Map<Node, number>>()
  private readonly byKinds = new Map<string, Node[]>()
  private owners: Int32Array | undefined
  private names: Map<string, number[]> | undefined

  constructor(module: Module) {
    const nodes: Node[] = []
    const parents: number[] = []
    const open: Node[] = [module]
    const around: number[] = [-1]
    for (let node = open.pop(); node; node = open.pop()) {
      const at = nodes.length
      nodes.push(node)
      parents.push(around.pop() as number)
      const places = this.places.get(node.kind)
      if (places) places.push(at)
      else this.places.set(node.kind, [at])
      pushChildren(node, open)
      while (around.length < open.length) around.push(at)
    }
    this.nodes = nodes
    this.parents = parents
    this.ends = new Uint32Array(nodes.length)
    const heights = new Uint32Array(nodes.length)
    for (let at = nodes.length - 1; at >= 0; at--) {
      // What is below a node stands behind it: its end and height are known by now.
      const end = Math.max(this.ends[at] as number, at + 1)
      this.ends[at] = end
      const height = (heights[at] as number) + 1
      const parent = parents[at] as number
      if (parent === -1) continue
      if ((this.ends[parent] as number) < end) this.ends[parent] = end
      if ((heights[parent] as number) < height) heights[parent] = height
    }
    this.depth = heights[0] as number
  }

  /** Where a node stands; undefined for one of another tree. */
  placeOf(node: Node): number | undefined {
    let known = this.placesByNode.get(node.kind)
    if (!known) {
      known = new Map()
      for (const at of this.placesOf(node.kind)) known.set(this.nodes[at] as Node, at)
      this.placesByNode.set(node.kind, known)
    }
    return known.get(node)
  }

  parentOf(node: Node): Node | undefined {
    const place = this.placeOf(node)
    return place === undefined ? undefined : this.nodes[this.parents[place] as number]
  }

  /** The nodes around a node, innermost first, the module last. */
  *around(node: Node): Generator<Node> {
    const place = this.placeOf(node)
    if (place === undefined) return
    for (let at = this.parents[place] as number; at !== -1; at = this.parents[at] as number) yield this.nodes[at] as Node
  }

  /** The function whose own body holds a node: no class and no lambda stands between. */
  functionAround(node: Node): FunctionDef | AsyncFunctionDef | undefined {
    const place = this.placeOf(node)
    return place === undefined ? undefined : this.functionAt(place)
  }

  /** The same of the node that stands at a place. */
  functionAt(place: number): FunctionDef | AsyncFunctionDef | undefined {
    this.owners ??= this.ownersOfAll()
    const owner = this.owners[place] as number
    return owner === -1 ? undefined : (this.nodes[owner] as FunctionDef | AsyncFunctionDef)
  }

  /** For each node, where the function that holds it stands; -1 for none. */
  private ownersOfAll(): Int32Array {
    const owners = new Int32Array(this.nodes.length).fill(-1)
    // Outer ones first: what is inside of them is then given to the inner ones.
    for (const at of this.inOrder(["FunctionDef", "AsyncFunctionDef", "Lambda", "ClassDef"])) {
      const { kind } = this.nodes[at] as Node
      owners.fill(kind === "FunctionDef" || kind === "AsyncFunctionDef" ? at : -1, at + 1, this.ends[at])
    }
    return owners
  }

  /** Where a name is said below a node, in order. */
  namesBelow(root: Node, id: string): Name[] {
    const place = this.placeOf(root)
    if (place === undefined) return []
    this.names ??= this.namesById()
    const said = this.names.get(id) ?? NOWHERE
    const found: Name[] = []
    for (let i = firstFrom(said, place); i < said.length && (said[i] as number) < (this.ends[place] as number); i++)
      found.push(this.nodes[said[i] as number] as Name)
    return found
  }

  /** The nodes of a kind in what a function runs, in order. */
  inBody<K extends Node["kind"]>(fn: FunctionDef | AsyncFunctionDef, kind: K): NodeOf<K>[] {
    const place = this.placeOf(fn)
    const [first] = fn.body
    if (place === undefined || !first) return []
    const end = this.ends[place] as number
    // The body stands last of what is below a function.
    let body = place + 1
    while (body < end && this.nodes[body] !== first) body = this.ends[body] as number
    const places = this.placesOf(kind)
    return places.slice(firstFrom(places, body), firstFrom(places, end)).map((at) => this.nodes[at] as NodeOf<K>)
  }

  private namesById(): Map<string, number[]> {
    const names = new Map<string, number[]>()
    for (const at of this.placesOf("Name")) {
      const { id } = this.nodes[at] as Name
      const said = names.get(id)
      if (said) said.push(at)
      else names.set(id, [at])
    }
    return names
  }

  /** Where the nodes of a kind stand, in order. */
  placesOf(kind: Node["kind"]): readonly number[] {
    return this.places.get(kind) ?? NOWHERE
  }

  /** The nodes of some kinds, in order. */
  all<K extends Node["kind"]>(kinds: readonly K[]): readonly NodeOf<K>[] {
    const key = kinds.length === 1 ? (kinds[0] as K) : kinds.join()
    let found = this.byKinds.get(key)
    if (!found) {
      found = []
      for (const at of this.inOrder(kinds)) found.push(this.nodes[at] as Node)
      this.byKinds.set(key, found)
    }
    return found as NodeOf<K>[]
  }

  private inOrder(kinds: readonly Node["kind"][]): readonly number[] | Uint32Array {
    const lists = kinds.map((kind) => this.placesOf(kind)).filter((places) => places.length > 0)
    if (lists.length < 2) return lists[0] ?? NOWHERE
    // Numbers of one size are sorted without a function that compares them.
    const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0))
    let end = 0
    for (const places of lists) {
      all.set(places, end)
      end += places.length
    }
    return all.sort()
  }

  /** Does a function or a lambda stand there? */
  private holdsFunction(from: number, to: number): boolean {
    return FUNCTIONS.some((kind) => {
      const places = this.placesOf(kind)
      return (places[firstFrom(places, from)] ?? to) < to
    })
  }

  /** The node and all below it, as `walk` gives them. Undefined for a node of another tree. */
  below(root: Node, { nested = true }: WalkOptions): Node[] | undefined {
    const place = this.placeOf(root)
    if (place === undefined) return undefined
    const end = this.ends[place] as number
    if (nested || !this.holdsFunction(place + 1, end)) return this.nodes.slice(place, end)
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

const NOWHERE: readonly number[] = []
const FUNCTIONS = ["FunctionDef", "AsyncFunctionDef", "Lambda"] as const

/** The first of these ascending numbers that is not below `least`, as an index. */
function firstFrom(ascending: readonly number[], least: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as number) < least) low = middle + 1
    else high = middle
  }
  return low
}
