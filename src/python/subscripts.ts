/** What `value[key]` is. */
import { attribute } from "./attributes.ts"
import { call } from "./call.ts"
import type { Frame, Player } from "./play.ts"
import { elementOf } from "./shapes.ts"
import { external, joinAll, knownNumber, knownText, unknown, type Value } from "./values.ts"

export function itemOf(player: Player, of: Value, key: Value, frame: Frame): Value {
  switch (of.is) {
    case "sequence": {
      const index = knownNumber(key)
      if (index === undefined || of.open) return elementOf(player, of)
      return of.items.at(index) ?? unknown
    }
    case "mapping": {
      const name = knownText(key)
      if (name === undefined) return of.open ? unknown : joinAll(of.entries.map(([, value]) => value))
      // An entry whose key is only known to be a text stands for all of them: `dict[str, Item]`.
      const found = of.entries.findLast(([k]) => knownText(k) === name) ?? of.entries.find(([k]) => k.is === "external")
      return found ? found[1] : unknown
    }
    case "external":
      if (of.name === "os.environ")
        return external("os.environ[]", {
          built: { positional: [key], keywords: new Map(), open: false, at: { path: "", start: 0, end: 0 } },
        })
      // An item of a library's object is an object of that library: `client["db"]["collection"]`.
      return external(player.host.canonical(`${of.name}[]`), { ...((of.self || of.name.endsWith(")")) && { self: of.self ?? of }) })
    case "class": {
      // `Colour["red"]` of an enum.
      const name = knownText(key)
      return name === undefined ? unknown : attribute(player, of, name, frame)
    }
    case "instance": {
      const method = player.methodOf(of.of, "__getitem__")
      return method
        ? call(
            player,
            { ...method, self: of },
            {
              positional: [key],
              keywords: new Map(),
              open: false,
              at: { path: of.of.module, start: 0, end: 0 },
              func: { path: of.of.module, start: 0, end: 0 },
            },
            frame,
          )
        : unknown
    }
    case "text":
      // A piece of a text: which one is not known, but where it comes from is.
      return external("builtins.str()", { self: of })
    case "either":
      return joinAll(of.options.map((option) => itemOf(player, option, key, frame)))
    default:
      return unknown
  }
}
