import { options, type Value } from "./values.ts"

/** Is a value true in an `if`? `undefined` when it cannot be known, or is only a default that a deployment may override. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.is) {
    case "literal":
      return value.assumed ? undefined : value.type === "ellipsis" ? true : Boolean(value.value)
    case "text":
      return value.assumed
        ? undefined
        : value.parts.length === 0
          ? false
          : value.parts.some((p) => typeof p === "string")
            ? true
            : undefined
    // Of what may hold more, the items that are known may be what each would be, if there is any.
    case "sequence":
      return value.open ? undefined : value.items.length > 0
    case "mapping":
      return value.open ? undefined : value.entries.length > 0
    case "function":
    case "class":
    case "module":
      return true
    case "either": {
      const answers = new Set(options(value).map(truthOf))
      return answers.size === 1 ? [...answers][0] : undefined
    }
    default:
      return undefined
  }
}
