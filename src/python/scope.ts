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
  /** In a class body: annotations of its names, with or without a value. */
  readonly annotations = new Map<string, Expr>()
  /** Libraries whose names were all imported (`from fastapi import *`). */
  readonly stars = new Set<string>()
  /** Names that only `if TYPE_CHECKING:` binds: they mean something to readers of annotations, and do not exist when the program runs. */
  readonly typeOnly = new Set<string>()
  private readonly names = new Map<string, Value>()
  private readonly globals = new Set<string>()

  constructor(module: string, outer?: Scope, under?: Scope) {
    this.module = module
    this.outer = outer
    this.under = under
  }

  /** A name bound in this very scope (any of its layers). */
  own(name: string): Value | undefined {
    return this.names.get(name) ?? this.under?.own(name)
  }

  /** A name as code inside this scope sees it. */
  get(name: string): Value | undefined {
    return this.own(name) ?? this.outer?.get(name)
  }

  set(name: string, value: Value): void {
    this.typeOnly.delete(name)
    if (this.isGlobal(name)) this.root().names.set(name, value)
    else this.names.set(name, value)
  }

  /** `global name`: from now on, assignments here bind the module's name. */
  declareGlobal(name: string): void {
    this.globals.add(name)
  }

  star(library: string): void {
    this.stars.add(library)
  }

  private isGlobal(name: string): boolean {
    return this.globals.has(name) || (this.under?.isGlobal(name) ?? false)
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
    this.names.delete(name)
  }

  /** All names bound here, later layers last. */
  *entries(): Generator<[string, Value]> {
    if (this.under) for (const entry of this.under.entries()) if (!this.names.has(entry[0])) yield entry
    yield* this.names
  }

  /** A layer above this scope, for one arm of a branch. */
  branch(): Scope {
    const layer = new Scope(this.module, this.outer, this)
    layer.isClass = this.isClass
    layer.classValue = this.classValue
    return layer
  }

  /** Names that this layer itself wrote. */
  written(): IterableIterator<string> {
    return this.names.keys()
  }
}
