import { type Binding, type Bound, bindingsOf, isScope, type ScopeNode } from "./bindings.ts"
import { isBuiltin } from "./builtins.ts"
import { type NodeOf, NodeTable } from "./node-table.ts"
import type { AsyncFunctionDef, Comment, Expr, FunctionDef, Module, Name, Node, Parsed, Span, SyntaxProblem } from "./nodes.ts"
import { parse } from "./parse.ts"
import { Lines } from "./positions.ts"
import { type Role, roleOf } from "./roles.ts"
import type { Place } from "./values.ts"
import { type WalkOptions, walk } from "./walk.ts"

/** One parsed file, as file rules see it. */
export class PyFile {
  /** Relative to the project root, with `/`. */
  readonly path: string
  readonly text: string
  readonly module: Module
  readonly comments: readonly Comment[]
  readonly problems: readonly SyntaxProblem[]
  /** Every identifier that stands in it: a cheap "does it mention ...?" */
  readonly names: ReadonlyMap<string, string>
  private knownRole: Role | undefined
  private knownLines: Lines | undefined
  private knownNodes: NodeTable | undefined
  private bindings: Map<string, Bound> | undefined

  constructor(path: string, text: string, parsed: Parsed) {
    this.path = path
    this.text = text
    this.module = parsed.module
    this.comments = parsed.comments
    this.problems = parsed.problems
    this.names = parsed.names
  }

  /** What the file is for: the application, tests, migrations, ... */
  get role(): Role {
    this.knownRole ??= roleOf(this.path, this.text)
    return this.knownRole
  }

  get lines(): Lines {
    this.knownLines ??= new Lines(this.text)
    return this.knownLines
  }

  /** The place of a node, or of any span, for a finding. */
  at(node: Span): Place {
    return { path: this.path, start: node.start, end: node.end }
  }

  /** A node's text as written. */
  source(node: Span): string {
    return this.text.slice(node.start, node.end)
  }

  /** All nodes, outer before inner. */
  get nodes(): NodeTable {
    this.knownNodes ??= new NodeTable(this.module)
    return this.knownNodes
  }

  /** All nodes of some kinds, outer before inner: `file.all("Call")`. */
  all<K extends Node["kind"]>(...kinds: K[]): readonly NodeOf<K>[] {
    return this.nodes.all(kinds)
  }

  /** All nodes below `root` (the whole module if not given), `root` first. See `WalkOptions`. */
  walk(root: Node = this.module, options: WalkOptions = {}): Iterable<Node> {
    if (root === this.module && options.nested !== false) return this.nodes.nodes
    return this.nodes.below(root, options) ?? walk(root, options)
  }

  /** The node that directly holds a node of this file; undefined for the module. */
  parentOf(node: Node): Node | undefined {
    return this.nodes.parentOf(node)
  }

  /** The nodes around a node, innermost first, the module last. */
  around(node: Node): Iterable<Node> {
    return this.nodes.around(node)
  }

  /** The function whose own body holds a node: no class and no lambda stands between. */
  functionAround(node: Node): FunctionDef | AsyncFunctionDef | undefined {
    return this.nodes.functionAround(node)
  }

  /**
   * The dotted origin of a name or attribute, by this file's imports: `time.sleep` for `t.sleep` after `import time as t`,
   * `.deps.get_db` for a relative import, `builtins.open` for what Python brings. Undefined where a parameter or an
   * assignment may have given the name another meaning, and for names that this file defines.
   */
  qualified(expr: Expr): string | undefined {
    const attributes: string[] = []
    let base = expr
    for (; base.kind === "Attribute"; base = base.value) attributes.push(base.attr)
    if (base.kind !== "Name") return undefined
    const origin = this.originOf(base)
    return origin === undefined ? undefined : [origin, ...attributes.reverse()].join(".")
  }

  private originOf(name: Name): string | undefined {
    this.bindings ??= bindingsOf(this.nodes)
    const bound = this.bindings.get(name.id)
    if (!bound) return isBuiltin(name.id) ? `builtins.${name.id}` : undefined
    // Where every binding in the file is the same import, it does not matter which one is seen from here.
    if (bound.origin === undefined) bound.origin = originOf(bound.all) ?? null
    if (bound.origin !== null) return bound.origin
    return bound.hasImport ? originOf(this.visibleFrom(name, bound.all)) : undefined
  }

  /** The bindings of the innermost scope that has any, as Python looks names up. */
  private visibleFrom(name: Name, all: readonly Binding[]): Binding[] {
    let isFirst = true
    for (const scope of this.scopesAround(name)) {
      // What a class body binds is seen from the body itself and from nothing nested in it.
      if (scope.kind !== "ClassDef" || isFirst) {
        const own = all.filter((binding) => binding.scope === scope)
        if (own.length > 0) return own
      }
      isFirst = false
    }
    return []
  }

  private *scopesAround(name: Name): Generator<ScopeNode> {
    let inner: Node = name
    for (const outer of this.around(name)) {
      if (isScope(outer) && !standsOutside(outer, inner)) yield outer
      inner = outer
    }
  }
}

/** Decorators, base classes and annotations of a definition are looked up where the definition stands. */
function standsOutside(scope: ScopeNode, inner: Node): boolean {
  switch (scope.kind) {
    case "FunctionDef":
    case "AsyncFunctionDef":
      return inner === scope.args || inner === scope.returns || scope.decorator_list.includes(inner as Expr)
    case "Lambda":
      return inner === scope.args
    case "ClassDef":
      return inner.kind === "keyword" || scope.bases.includes(inner as Expr) || scope.decorator_list.includes(inner as Expr)
    default:
      return false
  }
}

/** The one import that all these bindings agree on. */
function originOf(bindings: readonly Binding[]): string | undefined {
  const origins = new Set(bindings.filter((binding) => !binding.isNone).map((binding) => binding.origin))
  return origins.size === 1 ? [...origins][0] : undefined
}

/** Parses a text into the file that rules see. `loadGrammar` comes first. */
export const readFile = (path: string, text: string, onStep?: (step: string) => void): PyFile => new PyFile(path, text, parse(text, onStep))
