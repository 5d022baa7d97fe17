/** `[f(x) for x in xs]` and its like: played for each item where all are known at import time, else once for any item. */
import { evaluate } from "./evaluate.ts"
import { assign } from "./execute.ts"
import type { Comprehension, Expr } from "./nodes.ts"
import { type Frame, LIMITS, type Player } from "./play.ts"
import { elementOf, itemsOf } from "./shapes.ts"
import { truthOf } from "./truth.ts"
import { sequence, unknown, type Value } from "./values.ts"

/** @param elt  plays what the comprehension makes of one item */
export function comprehension(
  player: Player,
  e: Expr,
  generators: readonly Comprehension[],
  frame: Frame,
  elt: (inside: Frame) => Value,
): Value {
  const [first, ...rest] = generators
  if (!first) return unknown
  const over = evaluate(player, first.iter, frame, { entered: first.is_async === 1 ? "async for" : "for" })
  const known = itemsOf(over)
  const type = e.kind === "SetComp" ? "set" : "list"
  if (frame.mode === "import" && known && rest.length === 0 && known.length <= LIMITS.loop && !(over.is === "sequence" && over.open)) {
    const results: Value[] = []
    let open = false
    for (const item of known) {
      const inside: Frame = { ...frame, scope: frame.scope.branch() }
      assign(player, first.target, item, inside)
      const truths = first.ifs.map((test) => truthOf(evaluate(player, test, inside)))
      if (truths.includes(false)) continue
      if (truths.includes(undefined)) open = true
      results.push(elt(inside))
    }
    return sequence(type, results, open)
  }
  const at = player.place(frame.path, e)
  let inside: Frame = {
    ...frame,
    scope: frame.scope.branch(),
    maybe: frame.maybe + 1,
    within: frame.within.concat({ is: "loop", at, over, async: first.is_async === 1 }),
  }
  generators.forEach((g, i) => {
    const items = i === 0 ? over : evaluate(player, g.iter, inside, { entered: g.is_async === 1 ? "async for" : "for" })
    if (i > 0) inside = { ...inside, within: inside.within.concat({ is: "loop", at, over: items, async: g.is_async === 1 }) }
    assign(player, g.target, elementOf(player, items), inside)
    for (const test of g.ifs) evaluate(player, test, inside)
  })
  return sequence(type, [elt(inside)], true)
}
