import type { Value } from "#python"

/** The name of a function or class of the project, without what it stands in. */
export function shortNameOf(value: Value): string | undefined {
  if (value.is === "function" || value.is === "class") return value.qualname.slice(value.qualname.lastIndexOf(".") + 1)
  return value.is === "instance" ? value.of.def.name : undefined
}
