/** What a `generate_unique_id_function` asks of a route. */
import { type FunctionValue, type Node, walk } from "#python"

/** What makes it uncertain that an expression is evaluated. */
const CONDITIONAL = new Set<Node["kind"]>(["If", "IfExp", "BoolOp", "Try", "TryStar", "For", "While", "Match", "ListComp", "GeneratorExp"])

/** Does the function take `route.tags[0]` whatever the route is? For a route without tags that is an IndexError. */
export function needsTag({ def }: FunctionValue): boolean {
  const [route] = [...def.args.posonlyargs, ...def.args.args]
  if (!route) return false
  const nodes = [...walk(def)]
  if (nodes.some(({ kind }) => CONDITIONAL.has(kind))) return false
  return nodes.some(
    (node) =>
      node.kind === "Subscript" &&
      node.slice.kind === "Constant" &&
      node.slice.type === "int" &&
      node.value.kind === "Attribute" &&
      node.value.attr === "tags" &&
      node.value.value.kind === "Name" &&
      node.value.value.id === route.arg,
  )
}
