/** Statements that hold others: each way is played on a layer of its own, and what the ways agree on is kept. */
import { evaluate } from "./evaluate.ts"
import type { Handler, Within } from "./events.ts"
import { assign, type Flow, run } from "./execute.ts"
import type { AsyncFor, AsyncWith, ExceptHandler, Expr, For, Match, Pattern, Stmt, Try, TryStar, While, With } from "./nodes.ts"
import { type Frame, LIMITS, type Player } from "./play.ts"
import { branchOf } from "./reads.ts"
import type { Scope } from "./scope.ts"
import { elementOf, enterContext, itemsOf } from "./shapes.ts"
import { truthOf } from "./truth.ts"
import { external, join, unknown, type Value } from "./values.ts"

export function within(frame: Frame, ...surroundings: Within[]): Frame {
  return { ...frame, scope: frame.scope.branch(), maybe: frame.maybe + 1, within: frame.within.concat(surroundings) }
}

/** Brings back what the ways that fell through agree on, and joins what they do not. */
export function settle(frame: Frame, ways: { scope: Scope; flow: Flow }[]): void {
  const open = ways.filter((way) => way.flow === undefined || way.flow === "continue" || way.flow === "break")
  const names = new Set(open.flatMap((way) => [...way.scope.written()]))
  for (const name of names) {
    const values = open.map((way) => way.scope.own(name) ?? frame.scope.own(name)).filter((v) => v !== undefined)
    if (values.length > 0) frame.scope.set(name, values.reduce(join))
  }
}

export function playIf(player: Player, test: Expr, body: readonly Stmt[], orelse: readonly Stmt[], frame: Frame): Flow {
  const value = evaluate(player, test, frame)
  // Names that exist for type checkers only are real names in annotations, which is what we read them for.
  if (value.is === "external" && value.name === "typing.TYPE_CHECKING") return playForCheckers(player, body, orelse, frame)
  const truth = truthOf(value)
  if (truth === true) return run(player, body, frame)
  if (truth === false) return run(player, orelse, frame)
  const at = player.place(frame.path, test)
  const yes = within(frame, branchOf(at, test, true))
  const no = within(frame, branchOf(at, test, false))
  // What a program builds in its own block is what it serves.
  if (isOwnBlock(test)) yes.maybe = frame.maybe
  const yesFlow = run(player, body, yes)
  const noFlow = run(player, orelse, no)
  settle(frame, [
    { scope: yes.scope, flow: yesFlow },
    { scope: no.scope, flow: noFlow },
  ])
  return yesFlow && noFlow ? (yesFlow === noFlow ? yesFlow : "return") : undefined
}

/** `if __name__ == "__main__":` */
const isOwnBlock = (test: Expr): boolean =>
  test.kind === "Compare" &&
  test.left.kind === "Name" &&
  test.left.id === "__name__" &&
  test.ops[0] === "Eq" &&
  test.comparators[0]?.kind === "Constant" &&
  test.comparators[0].value === "__main__"

function playForCheckers(player: Player, body: readonly Stmt[], orelse: readonly Stmt[], frame: Frame): Flow {
  const imported = orelse.length > 0 ? [] : body.flatMap((s) => (s.kind === "Import" || s.kind === "ImportFrom" ? s.names : []))
  const names = imported.map(({ name, asname }) => asname ?? (name.split(".")[0] as string)).filter((name) => !frame.scope.own(name))
  const flow = run(player, body, frame)
  for (const name of names) if (frame.scope.own(name)) frame.scope.keepForTypes(name)
  return flow
}

export function playMatch(player: Player, s: Match, frame: Frame): Flow {
  evaluate(player, s.subject, frame)
  const ways = s.cases.map((c) => {
    const inside = within(frame, { is: "branch", at: player.place(frame.path, c) })
    for (const name of boundBy(c.pattern)) inside.scope.set(name, unknown)
    if (c.guard) evaluate(player, c.guard, inside)
    return { scope: inside.scope, flow: run(player, c.body, inside) }
  })
  const total = s.cases.some((c) => c.guard === null && c.pattern.kind === "MatchAs" && c.pattern.pattern === null)
  settle(frame, total ? ways : [...ways, { scope: frame.scope.branch(), flow: undefined }])
  return total && ways.every((way) => way.flow) ? "return" : undefined
}

export function playWhile(player: Player, s: While, frame: Frame): Flow {
  const truth = truthOf(evaluate(player, s.test, frame))
  if (truth === false) return run(player, s.orelse, frame)
  const inside = within(frame, { is: "loop", at: player.place(frame.path, s), async: false })
  const flow = run(player, s.body, inside)
  settle(frame, [{ scope: inside.scope, flow }])
  return truth === true && flow === "return" ? flow : run(player, s.orelse, frame)
}

export function playFor(player: Player, s: For | AsyncFor, frame: Frame): Flow {
  const over = evaluate(player, s.iter, frame, { entered: s.kind === "AsyncFor" ? "async for" : "for" })
  const items = itemsOf(over)
  if (frame.mode === "import" && items && items.length <= LIMITS.loop && !(over.is === "sequence" && over.open)) {
    for (const item of items) {
      assign(player, s.target, item, frame)
      const flow = run(player, s.body, frame)
      if (flow === "return" || flow === "raise") return flow
      if (flow === "break") return undefined
    }
    return run(player, s.orelse, frame)
  }
  const inside = within(frame, { is: "loop", at: player.place(frame.path, s), over, async: s.kind === "AsyncFor" })
  assign(player, s.target, elementOf(player, over), inside)
  const flow = run(player, s.body, inside)
  settle(frame, [{ scope: inside.scope, flow }])
  return run(player, s.orelse, frame)
}

export function playWith(player: Player, s: With | AsyncWith, frame: Frame): Flow {
  const items: Value[] = []
  for (const item of s.items) {
    const manager = evaluate(player, item.context_expr, frame, { entered: s.kind === "AsyncWith" ? "async with" : "with" })
    items.push(manager)
    if (item.optional_vars) assign(player, item.optional_vars, enterContext(player, manager), frame)
  }
  return run(player, s.body, {
    ...frame,
    within: frame.within.concat({ is: "with", at: player.place(frame.path, s), items, async: s.kind === "AsyncWith" }),
  })
}

export function playTry(player: Player, s: Try | TryStar, frame: Frame): Flow {
  const handlers: Handler[] = s.handlers.map((h) => ({
    types: h.type ? exceptionTypes(evaluate(player, h.type, frame)) : [],
    ...(h.name && { name: h.name }),
    at: player.place(frame.path, h),
    head: player.place(frame.path, { start: h.start, end: headEnd(h) }),
    reraises: reraises(h.body, h.name),
  }))
  const at = player.place(frame.path, s)
  const body: Frame =
    handlers.length > 0 ? { ...frame, scope: frame.scope.branch(), within: frame.within.concat({ is: "try", at, handlers }) } : frame
  let flow = run(player, s.body, body)
  if (!flow) flow = run(player, s.orelse, { ...body, within: frame.within })
  const ways = [{ scope: body.scope, flow }]
  s.handlers.forEach((h, i) => {
    const handler = handlers[i] as Handler
    const inside = within(frame, { is: "handler", at: handler.at, handler })
    // The body may have stopped anywhere: a name it binds may or may not be bound here.
    if (body !== frame)
      for (const name of body.scope.written())
        inside.scope.set(name, join(body.scope.own(name) ?? unknown, frame.scope.own(name) ?? unknown))
    if (h.name)
      inside.scope.set(
        h.name,
        external("builtins.BaseException()", { caught: handler.types.length > 0 ? handler.types : [external("builtins.BaseException")] }),
      )
    ways.push({ scope: inside.scope, flow: run(player, h.body, inside) })
  })
  if (body !== frame) settle(frame, ways)
  const end =
    s.finalbody.length > 0 ? run(player, s.finalbody, { ...frame, within: frame.within.concat({ is: "finally", at }) }) : undefined
  return end ?? (ways.every((way) => way.flow) ? flow : undefined)
}

function* boundBy(pattern: Pattern): Generator<string> {
  if ((pattern.kind === "MatchAs" || pattern.kind === "MatchStar") && pattern.name) yield pattern.name
  if (pattern.kind === "MatchMapping" && pattern.rest) yield pattern.rest
  if (pattern.kind === "MatchAs" && pattern.pattern) yield* boundBy(pattern.pattern)
  if ("patterns" in pattern) for (const p of pattern.patterns) yield* boundBy(p)
  if (pattern.kind === "MatchClass") for (const p of pattern.kwd_patterns) yield* boundBy(p)
}

function exceptionTypes(value: Value): Value[] {
  if (value.is === "sequence") return value.items.flatMap(exceptionTypes)
  return value.is === "either" ? value.options.flatMap(exceptionTypes) : [value]
}

/** Does a handler's body raise what it caught again, bare or by name, on every way? */
function reraises(body: readonly Stmt[], name: string | null): Handler["reraises"] {
  let some = false
  const isAgain = (s: Stmt) => s.kind === "Raise" && (s.exc === null || (s.exc.kind === "Name" && s.exc.id === name))
  const always = (list: readonly Stmt[]): boolean => {
    let all = false
    for (const s of list) {
      if (isAgain(s)) some = all = true
      else if (s.kind === "If") {
        const yes = always(s.body)
        const no = always(s.orelse)
        if (yes && no) all = true
      } else if (s.kind === "With" || s.kind === "AsyncWith") all = always(s.body) || all
      else if (s.kind === "Try" || s.kind === "TryStar") all = (always(s.body) && s.handlers.length === 0) || always(s.finalbody) || all
      else if (s.kind === "Return") return all
      if (all) return true
    }
    return all
  }
  return always(body) ? "always" : some ? "sometimes" : "never"
}

/** Where `except Kind as name` ends; the name has no span of its own. */
const headEnd = (h: ExceptHandler): number =>
  h.type ? h.type.end + (h.name ? " as ".length + h.name.length : 0) : h.start + "except".length
