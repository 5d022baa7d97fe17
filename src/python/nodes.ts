/**
 * Python's syntax, in the words of CPython's own `ast` module: node kinds, field names and nesting are the
 * same, so https://docs.python.org/3/library/ast.html documents this file too. Plain JSON: no methods, no
 * cycles, no parents. `start` and `end` are UTF-16 offsets into the decoded text; lines and columns are
 * computed at the edge (see `positions.ts`).
 *
 * Differences from `ast`, all on purpose:
 *  - no `ctx`: whether a name is stored or loaded follows from where it stands;
 *  - operators are their names (`"Add"`, `"NotIn"`), not nodes;
 *  - a `Constant` says the Python type of its value in `type`, because JSON has fewer kinds than Python;
 *  - definitions carry the span of their own name (`name_span`), which findings point at.
 */

export interface Span {
  start: number
  end: number
}

// ---------------------------------------------------------------------------- module

export interface Module extends Span {
  kind: "Module"
  body: Stmt[]
}

// ---------------------------------------------------------------------------- statements

export type Stmt =
  | FunctionDef
  | AsyncFunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | TypeAlias
  | AugAssign
  | AnnAssign
  | For
  | AsyncFor
  | While
  | If
  | With
  | AsyncWith
  | Match
  | Raise
  | Try
  | TryStar
  | Assert
  | Import
  | ImportFrom
  | Global
  | Nonlocal
  | ExprStmt
  | Pass
  | Break
  | Continue

interface FunctionFields extends Span {
  name: string
  name_span: Span
  args: Arguments
  body: Stmt[]
  decorator_list: Expr[]
  returns: Expr | null
  type_params: TypeParam[]
}
export interface FunctionDef extends FunctionFields {
  kind: "FunctionDef"
}
export interface AsyncFunctionDef extends FunctionFields {
  kind: "AsyncFunctionDef"
}
export interface ClassDef extends Span {
  kind: "ClassDef"
  name: string
  name_span: Span
  bases: Expr[]
  keywords: Keyword[]
  body: Stmt[]
  decorator_list: Expr[]
  type_params: TypeParam[]
}
export interface Return extends Span {
  kind: "Return"
  value: Expr | null
}
export interface Delete extends Span {
  kind: "Delete"
  targets: Expr[]
}
export interface Assign extends Span {
  kind: "Assign"
  targets: Expr[]
  value: Expr
}
export interface TypeAlias extends Span {
  kind: "TypeAlias"
  name: Name
  type_params: TypeParam[]
  value: Expr
}
export interface AugAssign extends Span {
  kind: "AugAssign"
  target: Expr
  op: Operator
  value: Expr
}
export interface AnnAssign extends Span {
  kind: "AnnAssign"
  target: Expr
  annotation: Expr
  value: Expr | null
  /** 1 when the target is a bare name without parentheses, as in `ast`. */
  simple: 0 | 1
}
interface ForFields extends Span {
  target: Expr
  iter: Expr
  body: Stmt[]
  orelse: Stmt[]
}
export interface For extends ForFields {
  kind: "For"
}
export interface AsyncFor extends ForFields {
  kind: "AsyncFor"
}
export interface While extends Span {
  kind: "While"
  test: Expr
  body: Stmt[]
  orelse: Stmt[]
}
export interface If extends Span {
  kind: "If"
  test: Expr
  body: Stmt[]
  orelse: Stmt[]
}
interface WithFields extends Span {
  items: WithItem[]
  body: Stmt[]
}
export interface With extends WithFields {
  kind: "With"
}
export interface AsyncWith extends WithFields {
  kind: "AsyncWith"
}
export interface Match extends Span {
  kind: "Match"
  subject: Expr
  cases: MatchCase[]
}
export interface Raise extends Span {
  kind: "Raise"
  exc: Expr | null
  cause: Expr | null
}
interface TryFields extends Span {
  body: Stmt[]
  handlers: ExceptHandler[]
  orelse: Stmt[]
  finalbody: Stmt[]
}
export interface Try extends TryFields {
  kind: "Try"
}
export interface TryStar extends TryFields {
  kind: "TryStar"
}
export interface Assert extends Span {
  kind: "Assert"
  test: Expr
  msg: Expr | null
}
export interface Import extends Span {
  kind: "Import"
  names: Alias[]
}
export interface ImportFrom extends Span {
  kind: "ImportFrom"
  module: string | null
  names: Alias[]
  level: number
}
export interface Global extends Span {
  kind: "Global"
  names: string[]
}
export interface Nonlocal extends Span {
  kind: "Nonlocal"
  names: string[]
}
/** `ast.Expr`, renamed because `Expr` is the union of all expressions here. */
export interface ExprStmt extends Span {
  kind: "Expr"
  value: Expr
}
export interface Pass extends Span {
  kind: "Pass"
}
export interface Break extends Span {
  kind: "Break"
}
export interface Continue extends Span {
  kind: "Continue"
}

// ---------------------------------------------------------------------------- expressions

export type Expr =
  | BoolOp
  | NamedExpr
  | BinOp
  | UnaryOp
  | Lambda
  | IfExp
  | Dict
  | SetExpr
  | ListComp
  | SetComp
  | DictComp
  | GeneratorExp
  | Await
  | Yield
  | YieldFrom
  | Compare
  | Call
  | FormattedValue
  | Interpolation
  | JoinedStr
  | TemplateStr
  | Constant
  | Attribute
  | Subscript
  | Starred
  | Name
  | List
  | Tuple
  | Slice

export type Operator =
  | "Add"
  | "Sub"
  | "Mult"
  | "MatMult"
  | "Div"
  | "Mod"
  | "Pow"
  | "LShift"
  | "RShift"
  | "BitOr"
  | "BitXor"
  | "BitAnd"
  | "FloorDiv"
export type CmpOp = "Eq" | "NotEq" | "Lt" | "LtE" | "Gt" | "GtE" | "Is" | "IsNot" | "In" | "NotIn"

export interface BoolOp extends Span {
  kind: "BoolOp"
  op: "And" | "Or"
  values: Expr[]
}
export interface NamedExpr extends Span {
  kind: "NamedExpr"
  target: Name
  value: Expr
}
export interface BinOp extends Span {
  kind: "BinOp"
  left: Expr
  op: Operator
  right: Expr
}
export interface UnaryOp extends Span {
  kind: "UnaryOp"
  op: "Invert" | "Not" | "UAdd" | "USub"
  operand: Expr
}
export interface Lambda extends Span {
  kind: "Lambda"
  args: Arguments
  body: Expr
}
export interface IfExp extends Span {
  kind: "IfExp"
  test: Expr
  body: Expr
  orelse: Expr
}
export interface Dict extends Span {
  kind: "Dict"
  /** `null` where the entry is `**value`. */
  keys: (Expr | null)[]
  values: Expr[]
}
export interface SetExpr extends Span {
  kind: "Set"
  elts: Expr[]
}
export interface ListComp extends Span {
  kind: "ListComp"
  elt: Expr
  generators: Comprehension[]
}
export interface SetComp extends Span {
  kind: "SetComp"
  elt: Expr
  generators: Comprehension[]
}
export interface DictComp extends Span {
  kind: "DictComp"
  key: Expr
  value: Expr
  generators: Comprehension[]
}
export interface GeneratorExp extends Span {
  kind: "GeneratorExp"
  elt: Expr
  generators: Comprehension[]
}
export interface Await extends Span {
  kind: "Await"
  value: Expr
}
export interface Yield extends Span {
  kind: "Yield"
  value: Expr | null
}
export interface YieldFrom extends Span {
  kind: "YieldFrom"
  value: Expr
}
export interface Compare extends Span {
  kind: "Compare"
  left: Expr
  ops: CmpOp[]
  comparators: Expr[]
}
export interface Call extends Span {
  kind: "Call"
  func: Expr
  args: Expr[]
  keywords: Keyword[]
}
/** One `{...}` of an f-string. `conversion` is -1 or the code of `s`, `r`, `a`, as in `ast`. */
export interface FormattedValue extends Span {
  kind: "FormattedValue"
  value: Expr
  conversion: number
  format_spec: JoinedStr | null
}
/** One `{...}` of a t-string (PEP 750). `str` is the source text of the expression. */
export interface Interpolation extends Span {
  kind: "Interpolation"
  value: Expr
  str: string
  conversion: number
  format_spec: JoinedStr | null
}
export interface JoinedStr extends Span {
  kind: "JoinedStr"
  values: Expr[]
}
export interface TemplateStr extends Span {
  kind: "TemplateStr"
  values: Expr[]
}
export interface Constant extends Span {
  kind: "Constant"
  type: "str" | "bytes" | "int" | "float" | "complex" | "bool" | "NoneType" | "ellipsis"
  /** str: the decoded text. bytes: one character per byte. int, float: the nearest number. complex: its imaginary part. None and `...`: null. */
  value: string | number | boolean | null
}
export interface Attribute extends Span {
  kind: "Attribute"
  value: Expr
  attr: string
}
export interface Subscript extends Span {
  kind: "Subscript"
  value: Expr
  slice: Expr
}
export interface Starred extends Span {
  kind: "Starred"
  value: Expr
}
export interface Name extends Span {
  kind: "Name"
  id: string
}
export interface List extends Span {
  kind: "List"
  elts: Expr[]
}
export interface Tuple extends Span {
  kind: "Tuple"
  elts: Expr[]
}
export interface Slice extends Span {
  kind: "Slice"
  lower: Expr | null
  upper: Expr | null
  step: Expr | null
}

// ---------------------------------------------------------------------------- parts

export interface Arguments extends Span {
  kind: "arguments"
  posonlyargs: Arg[]
  args: Arg[]
  vararg: Arg | null
  kwonlyargs: Arg[]
  /** One per `kwonlyargs`; `null` where there is no default. */
  kw_defaults: (Expr | null)[]
  kwarg: Arg | null
  /** Defaults of the last `posonlyargs` + `args`. */
  defaults: Expr[]
}
export interface Arg extends Span {
  kind: "arg"
  arg: string
  annotation: Expr | null
}
export interface Keyword extends Span {
  kind: "keyword"
  /** `null` for `**value`. */
  arg: string | null
  value: Expr
}
export interface Alias extends Span {
  kind: "alias"
  name: string
  asname: string | null
}
export interface WithItem extends Span {
  kind: "withitem"
  context_expr: Expr
  optional_vars: Expr | null
}
export interface Comprehension extends Span {
  kind: "comprehension"
  target: Expr
  iter: Expr
  ifs: Expr[]
  is_async: 0 | 1
}
export interface ExceptHandler extends Span {
  kind: "ExceptHandler"
  type: Expr | null
  name: string | null
  body: Stmt[]
}
export interface MatchCase extends Span {
  kind: "match_case"
  pattern: Pattern
  guard: Expr | null
  body: Stmt[]
}
export interface TypeParam extends Span {
  kind: "TypeVar" | "ParamSpec" | "TypeVarTuple"
  name: string
  /** `TypeVar` only. */
  bound: Expr | null
  default_value: Expr | null
}

export type Pattern = MatchValue | MatchSingleton | MatchSequence | MatchMapping | MatchClass | MatchStar | MatchAs | MatchOr
export interface MatchValue extends Span {
  kind: "MatchValue"
  value: Expr
}
export interface MatchSingleton extends Span {
  kind: "MatchSingleton"
  value: boolean | null
}
export interface MatchSequence extends Span {
  kind: "MatchSequence"
  patterns: Pattern[]
}
export interface MatchMapping extends Span {
  kind: "MatchMapping"
  keys: Expr[]
  patterns: Pattern[]
  rest: string | null
}
export interface MatchClass extends Span {
  kind: "MatchClass"
  cls: Expr
  patterns: Pattern[]
  kwd_attrs: string[]
  kwd_patterns: Pattern[]
}
export interface MatchStar extends Span {
  kind: "MatchStar"
  name: string | null
}
export interface MatchAs extends Span {
  kind: "MatchAs"
  pattern: Pattern | null
  name: string | null
}
export interface MatchOr extends Span {
  kind: "MatchOr"
  patterns: Pattern[]
}

// ---------------------------------------------------------------------------- beside the tree

/** A `#` comment, from the hash to the end of its line. */
export interface Comment extends Span {
  text: string
}

/** A place that Python's grammar does not allow, and what was expected there if that is known. */
export interface SyntaxProblem extends Span {
  message: string
}

export interface Parsed {
  module: Module
  comments: Comment[]
  /** By each identifier that was read (names, attributes, keywords, the parts of imported names) what Python takes it for. */
  names: ReadonlyMap<string, string>
  /** Empty for a file that parses. Otherwise `module` holds what could be read. */
  problems: SyntaxProblem[]
}

export type Node =
  | Module
  | Stmt
  | Expr
  | Pattern
  | Arguments
  | Arg
  | Keyword
  | Alias
  | WithItem
  | Comprehension
  | ExceptHandler
  | MatchCase
  | TypeParam
