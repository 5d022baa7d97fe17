import type { Node, Stmt } from "./nodes.ts"

/** The fields that hold nodes, by kind, in the order of the text where that is possible. Written out, so that no walk needs reflection. */
const FIELDS: Record<Node["kind"], readonly string[]> = {
  Module: ["body"],
  FunctionDef: ["decorator_list", "type_params", "args", "returns", "body"],
  AsyncFunctionDef: ["decorator_list", "type_params", "args", "returns", "body"],
  ClassDef: ["decorator_list", "type_params", "bases", "keywords", "body"],
  Return: ["value"],
  Delete: ["targets"],
  Assign: ["targets", "value"],
  TypeAlias: ["name", "type_params", "value"],
  AugAssign: ["target", "value"],
  AnnAssign: ["target", "annotation", "value"],
  For: ["target", "iter", "body", "orelse"],
  AsyncFor: ["target", "iter", "body", "orelse"],
  While: ["test", "body", "orelse"],
  If: ["test", "body", "orelse"],
  With: ["items", "body"],
  AsyncWith: ["items", "body"],
  Match: ["subject", "cases"],
  Raise: ["exc", "cause"],
  Try: ["body", "handlers", "orelse", "finalbody"],
  TryStar: ["body", "handlers", "orelse", "finalbody"],
  Assert: ["test", "msg"],
  Import: ["names"],
  ImportFrom: ["names"],
  Global: [],
  Nonlocal: [],
  Expr: ["value"],
  Pass: [],
  Break: [],
  Continue: [],
  BoolOp: ["values"],
  NamedExpr: ["target", "value"],
  BinOp: ["left", "right"],
  UnaryOp: ["operand"],
  Lambda: ["args", "body"],
  IfExp: ["body", "test", "orelse"],
  Dict: ["keys", "values"],
  Set: ["elts"],
  ListComp: ["elt", "generators"],
  SetComp: ["elt", "generators"],
  DictComp: ["key", "value", "generators"],
  GeneratorExp: ["elt", "generators"],
  Await: ["value"],
  Yield: ["value"],
  YieldFrom: ["value"],
  Compare: ["left", "comparators"],
  Call: ["func", "args", "keywords"],
  FormattedValue: ["value", "format_spec"],
  Interpolation: ["value", "format_spec"],
  JoinedStr: ["values"],
  TemplateStr: ["values"],
  Constant: [],
  Attribute: ["value"],
  Subscript: ["value", "slice"],
  Starred: ["value"],
  Name: [],
  List: ["elts"],
  Tuple: ["elts"],
  Slice: ["lower", "upper", "step"],
  arguments: ["posonlyargs", "args", "vararg", "kwonlyargs", "kw_defaults", "kwarg", "defaults"],
  arg: ["annotation"],
  keyword: ["value"],
  alias: [],
  withitem: ["context_expr", "optional_vars"],
  comprehension: ["target", "iter", "ifs"],
  ExceptHandler: ["type", "body"],
  match_case: ["pattern", "guard", "body"],
  TypeVar: ["bound", "default_value"],
  ParamSpec: ["bound", "default_value"],
  TypeVarTuple: ["bound", "default_value"],
  MatchValue: ["value"],
  MatchSingleton: [],
  MatchSequence: ["patterns"],
  MatchMapping: ["keys", "patterns"],
  MatchClass: ["cls", "patterns", "kwd_patterns"],
  MatchStar: [],
  MatchAs: ["pattern"],
  MatchOr: ["patterns"],
}

/** The fields of a kind that hold nodes, lists of nodes or null. */
export const fieldsOf = (kind: Node["kind"]): readonly string[] => FIELDS[kind]

/** The nodes directly inside a node, field by field. */
export function children(node: Node): Node[] {
  const found: Node[] = []
  for (const field of FIELDS[node.kind]) {
    const value = (node as unknown as Record<string, Node | null | (Node | null)[]>)[field]
    if (Array.isArray(value)) {
      for (const item of value) if (item) found.push(item)
    } else if (value) found.push(value)
  }
  return found
}

/**
 * Puts the nodes directly inside a node on a stack, the last one first, so that they come off it in the order of the text.
 * The kinds that nineteen of twenty nodes are of are spelled out: a field whose name is not known beforehand is slow to read.
 */
export function pushChildren(node: Node, stack: Node[]): void {
  switch (node.kind) {
    case "Name":
    case "Constant":
    case "alias":
      return
    case "Attribute":
    case "keyword":
    case "Expr":
      stack.push(node.value)
      return
    case "Call":
      pushList(node.keywords, stack)
      pushList(node.args, stack)
      stack.push(node.func)
      return
    case "Assign":
      stack.push(node.value)
      pushList(node.targets, stack)
      return
    case "arg":
      if (node.annotation) stack.push(node.annotation)
      return
    case "ImportFrom":
      pushList(node.names, stack)
      return
    case "Return":
      if (node.value) stack.push(node.value)
      return
    case "List":
    case "Tuple":
      pushList(node.elts, stack)
      return
    case "Subscript":
      stack.push(node.slice, node.value)
      return
    case "If":
      pushList(node.orelse, stack)
      pushList(node.body, stack)
      stack.push(node.test)
      return
    case "arguments":
      pushList(node.defaults, stack)
      if (node.kwarg) stack.push(node.kwarg)
      pushList(node.kw_defaults, stack)
      pushList(node.kwonlyargs, stack)
      if (node.vararg) stack.push(node.vararg)
      pushList(node.args, stack)
      pushList(node.posonlyargs, stack)
      return
    case "FunctionDef":
    case "AsyncFunctionDef":
      pushList(node.body, stack)
      if (node.returns) stack.push(node.returns)
      stack.push(node.args)
      pushList(node.type_params, stack)
      pushList(node.decorator_list, stack)
      return
    default:
      pushFields(node, stack)
  }
}

function pushFields(node: Node, stack: Node[]): void {
  const fields = FIELDS[node.kind]
  for (let f = fields.length - 1; f >= 0; f--) {
    const value = (node as unknown as Record<string, Node | null | (Node | null)[]>)[fields[f] as string]
    if (Array.isArray(value)) pushList(value, stack)
    else if (value) stack.push(value)
  }
}

function pushList(list: readonly (Node | null)[], stack: Node[]): void {
  for (let at = list.length - 1; at >= 0; at--) if (list[at]) stack.push(list[at] as Node)
}

export interface WalkOptions {
  /**
   * `false`: does not enter the bodies of functions and lambdas below the root, which do not run where they stand.
   * Their decorators, defaults and annotations do, and are walked; so are the bodies of classes.
   */
  nested?: boolean
}

/** A node and all nodes below it, outer before inner. */
export function* walk(root: Node, { nested = true }: WalkOptions = {}): Generator<Node> {
  const stack: Node[] = [root]
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node
    const body = nested || node === root ? undefined : bodyOf(node)
    if (!body) pushChildren(node, stack)
    else for (const child of children(node).reverse()) if (!body.includes(child)) stack.push(child)
  }
}

/** What a function or lambda runs when it is called. */
export function bodyOf(node: Node): Node[] | undefined {
  if (node.kind === "FunctionDef" || node.kind === "AsyncFunctionDef") return node.body
  return node.kind === "Lambda" ? [node.body] : undefined
}

/** The lists of statements directly inside a statement: bodies, `else`, handlers, cases. */
export function blocks(node: Stmt): Stmt[][] {
  switch (node.kind) {
    case "FunctionDef":
    case "AsyncFunctionDef":
    case "ClassDef":
    case "With":
    case "AsyncWith":
      return [node.body]
    case "For":
    case "AsyncFor":
    case "While":
    case "If":
      return [node.body, node.orelse]
    case "Try":
    case "TryStar":
      return [node.body, ...node.handlers.map((handler) => handler.body), node.orelse, node.finalbody]
    case "Match":
      return node.cases.map((item) => item.body)
    default:
      return []
  }
}
