/** What a function does with its parameters, by its text. */
import { type Node, walk } from "#python"
import type { Fn, Parameter } from "./project.ts"

const unread = new WeakMap<object, readonly Parameter[]>()

/**
 * The parameters that a function's body never mentions. None where it may read them by another way (`locals()`), and none
 * for a body that does nothing yet.
 */
export function unreadParameters(fn: Fn): readonly Parameter[] {
  const { def } = fn.value
  let found = unread.get(def)
  if (!found) {
    const body: readonly Node[] = Array.isArray(def.body) ? def.body : [def.body]
    const read = new Set<string>()
    for (const statement of body) for (const node of walk(statement, {})) if (node.kind === "Name") read.add(node.id)
    // Nothing yet, or nothing any more: `raise HTTPException(410)`.
    const isStub =
      body.every(({ kind }) => kind === "Pass" || kind === "Raise" || kind === "Expr") &&
      (read.size === 0 || body.every((one) => one.kind !== "Expr" || one.value.kind === "Constant"))
    found =
      isStub || ["locals", "vars", "eval", "exec"].some((name) => read.has(name)) ? [] : fn.parameters.filter(({ name }) => !read.has(name))
    unread.set(def, found)
  }
  return found
}
