/** Where the value of an expression comes from, by the text of the function it stands in. */
import type { PyFile } from "./file.ts"
import type { AsyncFunctionDef, Expr, FunctionDef, Node } from "./nodes.ts"

/** What a function's names are: parameters, and what is assigned to the others. */
interface Sources {
  parameters: Set<string>
  assigned: Map<string, Expr>
}

/**
 * The parameter of the enclosing function that an expression is taken from: `token` for `token`, `token.strip()`,
 * `clean(token)`, and for a name that one of them was assigned to.
 *
 * @param makes  names of functions whose result is something new, whatever they are given
 * @returns undefined where the value is made or fetched, or where that is not known
 */
export function parameterBehind(file: PyFile, expr: Expr, makes: RegExp): string | undefined {
  for (const around of file.around(expr)) if (isFunction(around)) return originOf(expr, sourcesIn(file, around), makes, 0)
  return undefined
}

const isFunction = (node: Node): node is FunctionDef | AsyncFunctionDef => node.kind === "FunctionDef" || node.kind === "AsyncFunctionDef"

function sourcesIn(file: PyFile, { args, body }: FunctionDef | AsyncFunctionDef): Sources {
  const names = [...args.posonlyargs, ...args.args, ...args.kwonlyargs].map(({ arg }) => arg)
  const assigned = new Map<string, Expr>()
  for (const stmt of body) {
    for (const node of file.walk(stmt)) {
      if (node.kind !== "Assign") continue
      for (const target of node.targets)
        for (const name of target.kind === "Tuple" ? target.elts : [target]) if (name.kind === "Name") assigned.set(name.id, node.value)
    }
  }
  return { parameters: new Set(names.filter((name) => name !== "self" && name !== "cls")), assigned }
}

function originOf(expr: Expr, sources: Sources, makes: RegExp, depth: number): string | undefined {
  if (depth > 12) return undefined
  const next = (inner: Expr) => originOf(inner, sources, makes, depth + 1)
  const firstOf = (exprs: Expr[]) => exprs.map(next).find((name) => name !== undefined)
  switch (expr.kind) {
    case "Name": {
      const value = sources.assigned.get(expr.id)
      return sources.parameters.has(expr.id) ? expr.id : value && next(value)
    }
    case "Await":
    case "Attribute":
    case "Subscript":
      return next(expr.value)
    case "BoolOp":
      return firstOf(expr.values)
    case "IfExp":
      return firstOf([expr.body, expr.orelse])
    case "Call": {
      const { func, args } = expr
      const name = func.kind === "Attribute" ? func.attr : func.kind === "Name" ? func.id : ""
      if (makes.test(name)) return undefined
      return (func.kind === "Attribute" ? next(func.value) : undefined) ?? firstOf(args)
    }
    default:
      return undefined
  }
}
