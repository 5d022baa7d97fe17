/** How the value of an expression is used, as it is written. What the value is, only the project knows. */
import type { AsyncFunctionDef, Call, ExceptHandler, Expr, FunctionDef, Name, Node, PyFile, Span } from "#python"

export interface Use {
  /**
   * `bound` to a name; what is done to it otherwise: a statement of its own (`dropped`), `await`, `return`, `.attr`, `[item]`,
   * entered by a `with`, a test of its truth, a comparison, a loop or a star over it, or anything else.
   */
  is: "bound" | "entered" | "dropped" | "awaited" | "returned" | "attribute" | "item" | "truth" | "compared" | "walked" | "other"
  at: Span
  /** The name it is bound to, or the attribute that is read. */
  name?: string
}

export type FunctionNode = FunctionDef | AsyncFunctionDef

export const isFunctionNode = (node: Node): node is FunctionNode => node.kind === "FunctionDef" || node.kind === "AsyncFunctionDef"

/** What is done with an expression right where it stands. */
export const useOf = (expr: Expr, file: PyFile): Use => useIn(file.parentOf(expr), expr, file)

/** The same, where it is known what directly holds the expression. */
function useIn(parent: Node | undefined, expr: Expr, file: PyFile): Use {
  const at = { start: expr.start, end: parent?.end ?? expr.end }
  const use = (is: Use["is"], name?: string): Use => (name === undefined ? { is, at } : { is, at, name })
  switch (parent?.kind) {
    case "Expr":
      return use("dropped")
    case "Await":
      return use("awaited")
    case "Return":
      return use("returned")
    case "Attribute":
      return use("attribute", parent.attr)
    case "Subscript":
      return parent.value === expr ? use("item") : use("other")
    case "If":
    case "While":
    case "Assert":
      return parent.test === expr ? use("truth") : use("other")
    case "IfExp":
      return parent.test === expr ? use("truth") : use("other")
    case "UnaryOp":
      return parent.op === "Not" ? use("truth") : use("other")
    case "BoolOp":
      return parent.values.at(-1) === expr && !isTested(parent, file) ? use("other") : use("truth")
    case "Compare":
      return use("compared")
    case "For":
    case "comprehension":
      return parent.iter === expr && !("is_async" in parent && parent.is_async) ? use("walked") : use("other")
    case "Assign": {
      const [target] = parent.targets
      if (parent.value !== expr || parent.targets.length !== 1 || !target) return use("other")
      if (target.kind === "Name") return use("bound", target.id)
      return target.kind === "Tuple" || target.kind === "List" ? use("walked") : use("other")
    }
    case "withitem":
      return parent.context_expr === expr ? use("entered") : use("other")
    case "AnnAssign":
      return parent.value === expr && parent.target.kind === "Name" ? use("bound", parent.target.id) : use("other")
    default:
      return use("other")
  }
}

const isTested = (expr: Expr, file: PyFile): boolean => useOf(expr, file).is === "truth"

/** A call, the function whose own body holds it, and what is done with its value. */
export interface UsedCall {
  call: Call
  def: FunctionNode | undefined
  use: Use
}

const usedCalls = new WeakMap<PyFile, UsedCall[]>()

/** All calls of a file. Several rules ask what is done with each: it is looked at once. */
export function callsOf(file: PyFile): readonly UsedCall[] {
  let calls = usedCalls.get(file)
  if (!calls) {
    const { nodes } = file
    calls = nodes.placesOf("Call").map((at) => {
      const call = nodes.nodes[at] as Call
      return { call, def: nodes.functionAt(at), use: useIn(nodes.nodes[nodes.parents[at] as number], call, file) }
    })
    usedCalls.set(file, calls)
  }
  return calls
}

/** The function whose own body holds a node. */
export const functionAround = (node: Node, file: PyFile): FunctionNode | undefined => file.functionAround(node)

/** Where a function says a name, in the order of the text. */
export function namedIn(def: FunctionNode, name: string, file: PyFile): readonly Name[] {
  const found = file.nodes.namesBelow(def, name)
  // They nearly always are: only the values of a dictionary, and defaults, stand behind what is written after them.
  const isInOrder = found.every(({ start }, i) => i === 0 || (found[i - 1] as Name).start <= start)
  return isInOrder ? found : found.sort((a, b) => a.start - b.start)
}

/** Does a function, or one inside it, bind a name of another scope: `global name`, `nonlocal name`? */
export const bindsOutside = (def: FunctionNode, name: string, file: PyFile): boolean =>
  file.all("Global", "Nonlocal").some((node) => node.names.includes(name) && def.start <= node.start && node.end <= def.end)

interface Mention {
  node: Name
  /** It is given a value there. */
  isBinding: boolean
}

const mentions = new WeakMap<FunctionNode, Map<string, Mention[]>>()

/** Every mention of a name in a function, in the order of the text. Several rules ask for the same names. */
export function mentionsOf(name: string, def: FunctionNode, file: PyFile): readonly Mention[] {
  const ofDef = mentions.get(def) ?? new Map<string, Mention[]>()
  mentions.set(def, ofDef)
  const found = ofDef.get(name) ?? namedIn(def, name, file).map((node) => ({ node, isBinding: isBinding(node, file) }))
  ofDef.set(name, found)
  return found
}

function isBinding(name: Name, file: PyFile): boolean {
  let inner: Node = name
  for (const outer of file.around(name)) {
    switch (outer.kind) {
      case "Assign":
        return outer.targets.some((target) => target === inner)
      case "AnnAssign":
      case "AugAssign":
      case "NamedExpr":
      case "For":
      case "AsyncFor":
      case "comprehension":
        return outer.target === inner
      case "withitem":
        return outer.optional_vars === inner
      case "Delete":
        return true
      case "Tuple":
      case "List":
      case "Starred":
        inner = outer
        continue
      default:
        return false
    }
  }
  return false
}

/** `except:`, `except Exception` and `except BaseException`, alone or among others. */
export function catchesAll({ type }: ExceptHandler, file: PyFile): boolean {
  if (!type) return true
  const types = type.kind === "Tuple" ? type.elts : [type]
  return types.some((one) => /^builtins\.(Base)?Exception$/.test(file.qualified(one) ?? ""))
}

/** The f-strings that hold what an `except` or an exception handler calls its exception. */
export function* exceptionTexts(file: PyFile): Generator<Span> {
  const names = new Set<string>()
  for (const { name } of file.all("ExceptHandler")) if (name !== null) names.add(name)
  for (const { args } of file.all("FunctionDef", "AsyncFunctionDef"))
    if (args.args.length === 2 && args.args[1]) names.add(args.args[1].arg)
  for (const node of names.size > 0 ? file.all("JoinedStr") : [])
    if (node.values.some((part) => part.kind === "FormattedValue" && says(part.value, names, file)))
      yield { start: node.start, end: node.end }
}

/** Does an expression mention one of these names? */
function says(expr: Expr, names: ReadonlySet<string>, file: PyFile): boolean {
  for (const node of file.walk(expr)) if (node.kind === "Name" && names.has(node.id)) return true
  return false
}
