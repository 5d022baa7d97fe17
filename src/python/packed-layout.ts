/** What a kind of node holds, and in which order: how a tree is written into bytes and read from them. */
import type { Node, Span } from "./nodes.ts"
import type { PackedFunction } from "./packed-function.ts"

/** How a field is written. Nodes and texts may be null, and so may the items of `many`; `later` is a list that may be passed over. */
export type Code = "one" | "many" | "later" | "text" | "texts" | "int" | "span" | "value"

type CodeFor<T> = [T] extends [string | null]
  ? "text"
  : [T] extends [number]
    ? "int"
    : [T] extends [string | number | boolean | null]
      ? "value"
      : [T] extends [readonly string[]]
        ? "texts"
        : [T] extends [readonly (Node | null)[]]
          ? "many"
          : [T] extends [Node | null]
            ? "one"
            : "span"

/** The nodes of a kind; type parameters share one type for three. */
type Of<K, N = Node> = N extends { kind: infer Kinds } ? (K extends Kinds ? N : never) : never
type FieldsOf<N> = { [F in Exclude<keyof N, keyof Span | "kind">]: CodeFor<N[F]> }
type Later<F> = Omit<F, "body"> & { body: "later" }
type Layout = { [K in Node["kind"]]: K extends PackedFunction["kind"] ? Later<FieldsOf<Of<K>>> : FieldsOf<Of<K>> }

const DEFINITION = {
  name: "text",
  name_span: "span",
  args: "one",
  decorator_list: "many",
  returns: "one",
  type_params: "many",
  body: "later",
} as const
const LOOP = { target: "one", iter: "one", body: "many", orelse: "many" } as const
const CONDITION = { test: "one", body: "many", orelse: "many" } as const
const WITH = { items: "many", body: "many" } as const
const TRY = { body: "many", handlers: "many", orelse: "many", finalbody: "many" } as const
const COMPREHENSION = { elt: "one", generators: "many" } as const
const TYPE_PARAMETER = { name: "text", bound: "one", default_value: "one" } as const

/** Every field of every kind. The types refuse a table that forgets one. */
const LAYOUT: Layout = {
  Module: { body: "many" },
  FunctionDef: DEFINITION,
  AsyncFunctionDef: DEFINITION,
  ClassDef: {
    name: "text",
    name_span: "span",
    bases: "many",
    keywords: "many",
    body: "many",
    decorator_list: "many",
    type_params: "many",
  },
  Return: { value: "one" },
  Delete: { targets: "many" },
  Assign: { targets: "many", value: "one" },
  TypeAlias: { name: "one", type_params: "many", value: "one" },
  AugAssign: { target: "one", op: "text", value: "one" },
  AnnAssign: { target: "one", annotation: "one", value: "one", simple: "int" },
  For: LOOP,
  AsyncFor: LOOP,
  While: CONDITION,
  If: CONDITION,
  With: WITH,
  AsyncWith: WITH,
  Match: { subject: "one", cases: "many" },
  Raise: { exc: "one", cause: "one" },
  Try: TRY,
  TryStar: TRY,
  Assert: { test: "one", msg: "one" },
  Import: { names: "many" },
  ImportFrom: { module: "text", names: "many", level: "int" },
  Global: { names: "texts" },
  Nonlocal: { names: "texts" },
  Expr: { value: "one" },
  Pass: {},
  Break: {},
  Continue: {},
  BoolOp: { op: "text", values: "many" },
  NamedExpr: { target: "one", value: "one" },
  BinOp: { left: "one", op: "text", right: "one" },
  UnaryOp: { op: "text", operand: "one" },
  Lambda: { args: "one", body: "one" },
  IfExp: { test: "one", body: "one", orelse: "one" },
  Dict: { keys: "many", values: "many" },
  Set: { elts: "many" },
  ListComp: COMPREHENSION,
  SetComp: COMPREHENSION,
  DictComp: { key: "one", value: "one", generators: "many" },
  GeneratorExp: COMPREHENSION,
  Await: { value: "one" },
  Yield: { value: "one" },
  YieldFrom: { value: "one" },
  Compare: { left: "one", ops: "texts", comparators: "many" },
  Call: { func: "one", args: "many", keywords: "many" },
  FormattedValue: { value: "one", conversion: "int", format_spec: "one" },
  Interpolation: { value: "one", str: "text", conversion: "int", format_spec: "one" },
  JoinedStr: { values: "many" },
  TemplateStr: { values: "many" },
  Constant: { type: "text", value: "value" },
  Attribute: { value: "one", attr: "text" },
  Subscript: { value: "one", slice: "one" },
  Starred: { value: "one" },
  Name: { id: "text" },
  List: { elts: "many" },
  Tuple: { elts: "many" },
  Slice: { lower: "one", upper: "one", step: "one" },
  arguments: {
    posonlyargs: "many",
    args: "many",
    vararg: "one",
    kwonlyargs: "many",
    kw_defaults: "many",
    kwarg: "one",
    defaults: "many",
  },
  arg: { arg: "text", annotation: "one" },
  keyword: { arg: "text", value: "one" },
  alias: { name: "text", asname: "text" },
  withitem: { context_expr: "one", optional_vars: "one" },
  comprehension: { target: "one", iter: "one", ifs: "many", is_async: "int" },
  ExceptHandler: { type: "one", name: "text", body: "many" },
  match_case: { pattern: "one", guard: "one", body: "many" },
  TypeVar: TYPE_PARAMETER,
  ParamSpec: TYPE_PARAMETER,
  TypeVarTuple: TYPE_PARAMETER,
  MatchValue: { value: "one" },
  MatchSingleton: { value: "value" },
  MatchSequence: { patterns: "many" },
  MatchMapping: { keys: "many", patterns: "many", rest: "text" },
  MatchClass: { cls: "one", patterns: "many", kwd_attrs: "texts", kwd_patterns: "many" },
  MatchStar: { name: "text" },
  MatchAs: { pattern: "one", name: "text" },
  MatchOr: { patterns: "many" },
}

export interface Shape {
  /** Makes a node of this kind with nothing in it. */
  Empty: new () => Record<string, unknown>
  fields: [name: string, code: Code][]
}

export const KINDS = Object.keys(LAYOUT) as Node["kind"][]

export const SHAPES: Shape[] = KINDS.map((kind) => {
  const fields = Object.entries(LAYOUT[kind]) as [string, Code][]
  return { Empty: maker(kind, fields), fields }
})

/** The numbers that stand for the kinds; 0 is for no node. */
export const NUMBER_OF = new Map(KINDS.map((kind, at) => [kind, at + 1]))

/**
 * A constructor of plain objects: V8 gives what a constructor makes just the room that it needs, and all fields stand
 * together; a copy of an empty node would be a quarter larger, and slower to make.
 */
function maker(kind: Node["kind"], fields: Shape["fields"]): Shape["Empty"] {
  function Empty(this: Record<string, unknown>): void {
    this.kind = kind
    this.start = 0
    this.end = 0
    for (const [name] of fields) this[name] = null
  }
  Empty.prototype = Object.prototype
  return Empty as unknown as Shape["Empty"]
}
