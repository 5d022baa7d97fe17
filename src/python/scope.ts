import type { Expr } from "./nodes.ts"
import type { ClassValue, Value } from "./values.ts"

/**
 * Names and their values, in layers. A branch writes into a layer of its own, so that two arms of an `if` do
 * not see each other; `settle` brings back what the arms agree on.
 */
export class Scope {
  readonly module: string
  /** The enclosing scope, as Python closes over it (class bodies are skipped by the caller). */
  readonly outer: Scope | undefined
  private readonly under: Scope | undefined
  /** A class body: functions defined in it do not close over it. */
  isClass = false
  classValue: ClassValue | undefined
  // Every way of every branch is a layer of its own, and most bind nothing: what a layer holds is made when it is needed.
  private names: Map<string, Value> | undefined
  private annotated: Map<string, Expr> | undefined
  private starred: Set<string> | undefined
  private unreal: Set<string> | undefined
  private globals: Set<string> | undefined

  constructor(module: string, outer?: Scope, under?: Scope) {
    this.module = module
    this.outer = outer
    this.under = under
  }

  /** In a class body: annotations of its names, with or without a value. */
  get annotations(): ReadonlyMap<string, Expr> {
    return this.annotated ?? NO_NAMES
  }

  annotate(name: string, annotation: Expr): void {
    this.annotated ??= new Map()
    this.annotated.set(name, annotation)
  }

  /** Libraries whose names were all imported (`from fastapi import *`). */
  get stars(): ReadonlySet<string> {
    return this.starred ?? NOTHING
  }

  /** Names that only `if TYPE_CHECKING:` binds: they mean something to readers of annotations, and do not exist when the program runs. */
  get typeOnly(): ReadonlySet<string> {
    return this.unreal ?? NOTHING
  }

  /** From now on, and until it is bound again, a name is there for readers of annotations only. */
  keepForTypes(name: string): void {
    this.unreal ??= new Set()
    this.unreal.add(name)
  }

  /** A name bound in this very scope (any of its layers). */
  own(name: string): Value | undefined {
    return this.names?.get(name) ?? this.under?.own(name)
  }

  /** A name as code inside this scope sees it. */
  get(name: string): Value | undefined {
    return this.own(name) ?? this.outer?.get(name)
  }

  set(name: string, value: Value): void {
    this.unreal?.delete(name)
    if (this.isGlobal(name)) this.root().put(name, value)
    else this.put(name, value)
  }

  private put(name: string, value: Value): void {
    this.names ??= new Map()
    this.names.set(name, value)
  }

  /** `global name`: from now on, assignments here bind the module's name. */
  declareGlobal(name: string): void {
    this.globals ??= new Set()
    this.globals.add(name)
  }

  star(library: string): void {
    this.starred ??= new Set()
    this.starred.add(library)
  }

  private isGlobal(name: string): boolean {
    return (this.globals?.has(name) ?? false) || (this.under?.isGlobal(name) ?? false)
  }

  /** The module's own scope. */
  root(): Scope {
    return this.under?.root() ?? this.outer?.root() ?? this
  }

  /** Is it one of these scopes, or inside one? */
  isWithin(scopes: ReadonlySet<Scope>): boolean {
    return scopes.has(this) || (this.under?.isWithin(scopes) ?? false) || (this.outer?.isWithin(scopes) ?? false)
  }

  delete(name: string): void {
    this.names?.delete(name)
  }

  /** All names bound here, later layers last. */
  *entries(): Generator<[string, Value]> {
    if (this.under) for (const entry of this.under.entries()) if (!this.names?.has(entry[0])) yield entry
    if (this.names) yield* this.names
  }

  /** A layer above this scope, for one arm of a branch. */
  branch(): Scope {
    const layer = new Scope(this.module, this.outer, this)
    layer.isClass = this.isClass
    layer.classValue = this.classValue
    return layer
  }

  /** Names that this layer itself wrote. */
  written(): Iterable<string> {
    return this.names?.keys() ?? []
  }
}

const NO_NAMES = new Map<string, never>()
const NOTHING = new Set<string>()
