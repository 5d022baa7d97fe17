/** Types that `Query(...)` can be put on: FastAPI's `is_scalar_field`, `is_scalar_sequence_field` and its check for models. */
import type { Value } from "#python"
import { type Answer, every, isModel, isScalar, isSequence } from "./kinds.ts"
import { bare, genericName, type Linked, members, plain } from "./types.ts"

/** Can a parameter of this type be read from the query? Pydantic models can since FastAPI 0.115. */
export function isQueryable(ctx: Linked, type: Value): Answer {
  if (isWrapped(type)) return undefined
  const model = isModel(ctx, type)
  if (model && ctx.versions.atLeast("fastapi", "0.115.0")) return true
  const all = members(ctx, type)
  return every(all, (member) => either(isScalar(ctx, member), () => isScalarSequence(ctx, member)))
}

const either = (one: Answer, other: () => Answer): Answer => {
  if (one) return true
  const answer = other()
  return answer || (one === false ? answer : undefined)
}

function isScalarSequence(ctx: Linked, type: Value): Answer {
  const value = plain(bare(ctx, type))
  if (isWrapped(value)) return undefined
  const sequence = isSequence(ctx, value)
  if (!sequence) return sequence
  const args = value.is === "generic" ? value.args : []
  return every(args, (arg) => (arg.is === "literal" ? true : isWrapped(arg) ? undefined : isScalar(ctx, arg)))
}

/** Pydantic's own wrappers (`Json[...]`): what FastAPI makes of them differs between versions. */
const isWrapped = (type: Value): boolean =>
  (type.is === "generic" && (/^pydantic\./.test(genericName(type) ?? "") || type.args.some(isWrapped))) ||
  (type.is === "either" && type.options.some(isWrapped))
