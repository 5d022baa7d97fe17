/**
 * Annotations that FastAPI cannot read: text while the program runs (quoted, or under `from __future__ import annotations`),
 * with a name in it that only `if TYPE_CHECKING:` imports. They stay a `ForwardRef`, as a whole (`fastapi/dependencies/utils.py`).
 */
import { type Expr, external, type FunctionValue, type Scope, text, type Value } from "#python"

/** What FastAPI takes for the type: a forward reference that nothing resolves; undefined where it reads the annotation. */
export function unreadable(fn: FunctionValue, annotation: Expr | null | undefined): Value | undefined {
  const root = fn.scope.root()
  if (!annotation || root.typeOnly.size === 0) return undefined
  const isText = isPostponed(root)
  // `Annotated["Service", Depends(...)]` is read, and only the name in it stays a reference.
  if (!isText && annotation.kind !== "Constant") return undefined
  const name = nameIn(annotation, root, isText)
  if (name === undefined) return undefined
  const written = annotation.kind === "Name" ? annotation.id : annotation.kind === "Constant" ? String(annotation.value) : undefined
  return external(FORWARD, {
    built: {
      positional: written === undefined ? [] : [text(written)],
      keywords: new Map([["name", text(name)]]),
      open: false,
      at: { path: fn.module, start: annotation.start, end: annotation.end },
    },
  })
}

const isPostponed = (root: Scope): boolean => {
  const bound = root.own("annotations")
  return bound?.is === "external" && bound.name === "__future__.annotations"
}

const FORWARD = "typing.ForwardRef"

/** The name for type checkers only that an annotation holds, where FastAPI cannot read it for that. */
export function typeOnlyName(type: Value | undefined): string | undefined {
  const name = type?.is === "external" && type.name === FORWARD ? type.built?.keywords.get("name") : undefined
  return name?.is === "text" ? String(name.parts[0]) : undefined
}

/** The first name that is missing. */
function nameIn(annotation: Expr, root: Scope, isText: boolean): string | undefined {
  const within = (...parts: (Expr | undefined)[]): string | undefined => {
    for (const part of parts) {
      const name = part && nameIn(part, root, isText)
      if (name !== undefined) return name
    }
    return undefined
  }
  switch (annotation.kind) {
    case "Name":
      return isText && root.typeOnly.has(annotation.id) ? annotation.id : undefined
    case "Constant":
      if (annotation.type !== "str") return undefined
      return String(annotation.value)
        .match(/(?<![\w.'"])[A-Za-z_]\w*/g)
        ?.find((name) => root.typeOnly.has(name))
    case "Attribute":
      return within(annotation.value)
    case "BinOp":
      return within(annotation.left, annotation.right)
    case "Tuple":
      return within(...annotation.elts)
    case "Subscript": {
      const of = annotation.value.kind === "Name" ? annotation.value.id : annotation.value.kind === "Attribute" ? annotation.value.attr : ""
      if (of === "Literal") return within(annotation.value)
      const isAnnotated = of === "Annotated" && annotation.slice.kind === "Tuple"
      return within(annotation.value, isAnnotated && annotation.slice.kind === "Tuple" ? annotation.slice.elts[0] : annotation.slice)
    }
    default:
      return undefined
  }
}
