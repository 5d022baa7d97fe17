/** Containers and context managers: what iterating, unpacking or entering a value gives. */
import { callMethod } from "./call.ts"
import type { Player } from "./play.ts"
import { external, join, joinAll, options, text, unknown, type Value } from "./values.ts"

/** The items of a container whose items are all known one by one, else undefined. */
export function itemsOf(value: Value): Value[] | undefined {
  if (value.is === "sequence") return value.items
  if (value.is === "mapping" && !value.open) return value.entries.map(([key]) => key)
  return undefined
}

/** What a loop variable over the value is, joined over all turns. */
export function elementOf(player: Player, value: Value): Value {
  switch (value.is) {
    case "sequence":
      return joinAll(value.items)
    case "mapping":
      return joinAll(value.entries.map(([key]) => key))
    case "either":
      return options(value)
        .map((option) => elementOf(player, option))
        .reduce(join)
    case "text":
      return text(unknown)
    case "external":
      if (value.name === "builtins.str()") return external("builtins.str()", { self: value })
      // What a list of anything holds is anything, from the same place.
      return /^(typing\.Any|builtins\.dict|starlette\.(requests\.Request|websockets\.WebSocket)|ast\.parse|\w*json\.loads)\(\)/.test(
        value.name,
      )
        ? external(`${value.name}[]`.slice(0, 400), { self: value.self ?? value })
        : unknown
    case "instance":
      return callMethod(player, value, "__next__") ?? unknown
    default:
      return unknown
  }
}

/** What `with value as x` binds: the manager's own word, or the value of a generator, or the value itself. */
export function enterContext(player: Player, value: Value): Value {
  if (value.is === "sequence") return elementOf(player, value)
  if (value.is === "instance") return callMethod(player, value, "__enter__") ?? callMethod(player, value, "__aenter__") ?? value
  if (value.is === "either")
    return options(value)
      .map((option) => enterContext(player, option))
      .reduce(join)
  return value
}
