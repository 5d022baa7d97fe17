/** Expressions to values. In a body that is listened to, every call it meets becomes an event. */
import { unquote } from "./annotations.ts"
import { attribute } from "./attributes.ts"
import { isBuiltin } from "./builtins.ts"
import { type Arguments, call, NO_KEYWORDS, noArguments, type Site, targetOf } from "./call.ts"
import { comprehension } from "./comprehensions.ts"
import { define } from "./define.ts"
import type { BodyCall } from "./events.ts"
import { keptItem } from "./kept-items.ts"
import type { Call, Expr, Name } from "./nodes.ts"
import { asText, binary } from "./operations.ts"
import type { Frame, Player } from "./play.ts"
import { branchOf } from "./reads.ts"
import { elementOf, itemsOf } from "./shapes.ts"
import { itemOf } from "./subscripts.ts"
import { truthOf } from "./truth.ts"
import {
  because,
  external,
  type FunctionValue,
  isNone,
  join,
  joinAll,
  knownNumber,
  literal,
  type Mapping,
  sequence,
  text,
  unknown,
  type Value,
} from "./values.ts"

/** How an expression is used. */
export interface Use {
  awaited?: boolean
  /** The statement is this expression: its value goes nowhere. */
  dropped?: boolean
  /** Entered by `with`, or walked over by `for`. */
  entered?: "with" | "for" | "async with" | "async for"
  /** Read as a type: strings are code, `X | None` is a union. */
  isAnnotation?: boolean
  /** The annotation of the name it is assigned to. */
  annotation?: Expr
  /** Told which function of the project the expression calls, when it is a call. */
  onCall?: (fn: FunctionValue) => void
}

export function evaluate(player: Player, e: Expr, frame: Frame, use: Use = PLAINLY): Value {
  switch (e.kind) {
    case "Constant":
      if (e.type === "str") return use.isAnnotation ? quoted(player, e, frame) : text(e.value as string)
      return literal(e.type, e.value)
    case "JoinedStr": {
      const joined = text(
        ...e.values.map((v) =>
          v.kind === "Constant"
            ? (v.value as string)
            : v.kind === "FormattedValue"
              ? asText(evaluate(player, v.value, frame))
              : evaluate(player, v, frame),
        ),
      )
      return joined.parts.some((part) => typeof part !== "string") ? { ...joined, at: player.place(frame.path, e) } : joined
    }
    case "TemplateStr":
      for (const v of e.values) if (v.kind === "Interpolation") evaluate(player, v.value, frame)
      return external("string.templatelib.Template()")
    case "FormattedValue":
    case "Interpolation":
      return evaluate(player, e.value, frame)
    case "Name":
      return nameValue(player, e, frame)
    case "Attribute":
      return attribute(player, evaluate(player, e.value, frame), e.attr, frame)
    case "Call":
      return evaluateCall(player, e, frame, use)
    case "Await":
      return evaluate(player, e.value, frame, { ...use, awaited: true })
    case "NamedExpr": {
      const value = evaluate(player, e.value, frame)
      frame.scope.set(e.target.id, value)
      return value
    }
    case "BinOp": {
      const left = evaluate(player, e.left, frame, passed(use))
      const right = evaluate(player, e.right, frame, passed(use))
      const value = binary(left, e.op, right)
      // Of a request's values the result is remembered, whatever their types are.
      if (value.is !== "unknown" || !frame.following?.carries([left, right])) return value
      const at = player.place(frame.path, e)
      return external(`operator.${e.op}()`, { built: { positional: [left, right], keywords: new Map(), open: false, at } })
    }
    case "BoolOp": {
      const values: Value[] = []
      for (const operand of e.values) {
        const value = evaluate(player, operand, values.length > 0 ? { ...frame, maybe: frame.maybe + 1 } : frame)
        const truth = truthOf(value)
        values.push(value)
        if (truth === (e.op === "Or")) break
        if (truth !== undefined) values.pop()
        if (values.length === 0 && operand === e.values.at(-1)) return value
      }
      return joinAll(values)
    }
    case "UnaryOp": {
      const operand = evaluate(player, e.operand, frame)
      if (e.op === "Not") {
        const truth = truthOf(operand)
        return truth === undefined ? external("builtins.bool()") : literal("bool", !truth)
      }
      const number = knownNumber(operand)
      return number !== undefined && operand.is === "literal" && e.op === "USub"
        ? { ...operand, value: -number }
        : operand.is === "literal" && e.op === "UAdd"
          ? operand
          : unknown
    }
    case "Compare": {
      const left = evaluate(player, e.left, frame)
      const right = e.comparators.map((c) => evaluate(player, c, frame))
      if (frame.following)
        right.forEach((value, i) => {
          const before = i === 0 ? left : (right[i - 1] as Value)
          const op = e.ops[i] as string
          frame.following?.hear(
            { is: "compare", op, left: before, right: value, at: player.place(frame.path, e), within: frame.within },
            frame,
          )
        })
      if (e.ops.length === 1 && (e.ops[0] === "Is" || e.ops[0] === "IsNot") && right[0] && isNone(right[0])) {
        if (isNone(left)) return literal("bool", e.ops[0] === "Is")
        if (left.is === "function" || left.is === "class" || left.is === "instance" || left.is === "text")
          return literal("bool", e.ops[0] === "IsNot")
      }
      return external("builtins.bool()")
    }
    case "IfExp": {
      const truth = truthOf(evaluate(player, e.test, frame))
      if (truth !== undefined) return evaluate(player, truth ? e.body : e.orelse, frame)
      const at = player.place(frame.path, e.test)
      const way = (holds: boolean): Frame => ({
        ...frame,
        maybe: frame.maybe + 1,
        within: frame.within.concat(branchOf(at, e.test, holds)),
      })
      return join(evaluate(player, e.body, way(true)), evaluate(player, e.orelse, way(false)))
    }
    case "List":
    case "Tuple":
    case "Set":
      return items(player, e.kind === "List" ? "list" : e.kind === "Tuple" ? "tuple" : "set", e.elts, frame, use)
    case "Dict": {
      const mapping: Mapping = { is: "mapping", entries: [], open: false }
      e.values.forEach((v, i) => {
        const key = e.keys[i]
        const value = evaluate(player, v, frame)
        if (key) mapping.entries.push([evaluate(player, key, frame), value])
        else if (value.is === "mapping") {
          mapping.entries.push(...value.entries)
          mapping.open ||= value.open
        } else mapping.open = true
      })
      return mapping
    }
    case "ListComp":
    case "SetComp":
    case "GeneratorExp":
      return comprehension(player, e, e.generators, frame, (inside) => evaluate(player, e.elt, inside))
    case "DictComp": {
      let one: Mapping["entries"][number] | undefined
      comprehension(player, e, e.generators, frame, (inside) => {
        one = [evaluate(player, e.key, inside), evaluate(player, e.value, inside)]
        return one[1]
      })
      return { is: "mapping", entries: one ? [one] : [], open: true }
    }
    case "Lambda": {
      const fn = define(player, e, frame)
      if (frame.events) {
        // What a lambda holds does not run where it is written, but it is still there to be read.
        const inside: Frame = {
          ...frame,
          scope: frame.scope.branch(),
          within: frame.within.concat({ is: "nested", at: player.place(frame.path, e), what: "lambda" }),
        }
        for (const arg of [...e.args.posonlyargs, ...e.args.args, ...e.args.kwonlyargs]) inside.scope.set(arg.arg, unknown)
        evaluate(player, e.body, inside)
      }
      return fn
    }
    case "Yield": {
      const value = e.value ? evaluate(player, e.value, frame) : literal("NoneType", null)
      frame.yields.push(value)
      player.note({ is: "yield", value, at: player.place(frame.path, e), within: frame.within }, frame)
      return unknown
    }
    case "YieldFrom": {
      const value = elementOf(player, evaluate(player, e.value, frame))
      frame.yields.push(value)
      player.note({ is: "yield", value, at: player.place(frame.path, e), within: frame.within }, frame)
      return unknown
    }
    case "Starred":
      return evaluate(player, e.value, frame)
    case "Subscript":
      return subscript(player, e, frame, use)
    case "Slice":
      for (const part of [e.lower, e.upper, e.step]) if (part) evaluate(player, part, frame)
      return unknown
  }
}

// One each: expressions are evaluated by the million.
const PLAINLY: Use = {}
const AS_TYPE: Use = { isAnnotation: true }

const passed = (use: Use): Use => (use.isAnnotation ? AS_TYPE : PLAINLY)

function quoted(player: Player, e: Expr, frame: Frame): Value {
  const code = unquote(e)
  return code === e ? because("an annotation that is no type") : evaluate(player, code, frame, AS_TYPE)
}

export function nameValue(player: Player, e: Name, frame: Frame): Value {
  const bound = frame.scope.get(e.id)
  if (bound) {
    if (bound.is === "unknown" && bound.late) return player.memberOf(bound.late.module, bound.late.name) ?? bound
    return bound
  }
  if (isBuiltin(e.id)) return external(`builtins.${e.id}`)
  const stars = [...frame.scope.root().stars]
  if (stars.length === 1) return external(player.host.canonical(`${stars[0]}.${e.id}`))
  return because(`\`${e.id}\` is not bound where it is read`)
}

function items(player: Player, type: "list" | "tuple" | "set", elts: readonly Expr[], frame: Frame, by: Use): Value {
  if (!elts.some(isStarred)) {
    const use = passed(by)
    return sequence(
      type,
      elts.map((elt) => evaluate(player, elt, frame, use)),
    )
  }
  const all: Value[] = []
  let open = false
  for (const elt of elts) {
    if (elt.kind !== "Starred") {
      all.push(evaluate(player, elt, frame, passed(by)))
      continue
    }
    const inner = evaluate(player, elt.value, frame)
    const known = itemsOf(inner)
    if (known) all.push(...known)
    if (!known || (inner.is === "sequence" && inner.open)) open = true
  }
  return sequence(type, all, open)
}

function subscript(player: Player, e: Extract<Expr, { kind: "Subscript" }>, frame: Frame, use: Use): Value {
  const of = evaluate(player, e.value, frame, passed(use))
  const asType = use.isAnnotation || of.is === "class" || (of.is === "external" && isTypeName(of.name))
  if (asType && (of.is === "class" || of.is === "external" || of.is === "generic" || of.is === "unknown")) {
    const isLiteral = of.is === "external" && (of.name === "typing.Literal" || of.name === "typing_extensions.Literal")
    const isAnnotated = of.is === "external" && of.name === "typing.Annotated"
    const slices = e.slice.kind === "Tuple" ? e.slice.elts : [e.slice]
    // Only the first argument of `Annotated` is a type; the rest are plain values. `Literal` has values only.
    const args = slices.map((s, i) =>
      isLiteral || (isAnnotated && i > 0) ? evaluate(player, s, frame) : evaluate(player, s, frame, AS_TYPE),
    )
    if (of.is === "unknown") return of
    return { is: "generic", of, args }
  }
  const kept = frame.following && (of.is === "external" || of.is === "unknown") ? keptItem(e, frame) : undefined
  return kept ?? itemOf(player, of, evaluate(player, e.slice, frame), frame)
}

const isTypeName = (name: string): boolean => /^(typing|collections|builtins)\.\w+$/.test(name) || /\.[A-Z]\w*$/.test(name)

// ---------------------------------------------------------------------------- calls

function evaluateCall(player: Player, e: Call, frame: Frame, use: Use): Value {
  const callee = evaluate(player, e.func, frame)
  if (callee.is === "function") use.onCall?.(callee)
  const args = evaluateArguments(player, e, frame)
  // Written whole: the most frequent of all objects, and a spread costs more than all else here.
  const site: Site = {
    positional: args.positional,
    keywords: args.keywords,
    open: args.open,
    at: player.place(frame.path, e),
    func: player.place(frame.path, e.func),
  }
  if (args.called) site.called = args.called
  if (use.awaited) site.awaited = true
  if (callee.is === "external" && callee.name === "builtins.super" && args.positional.length === 0) {
    const owner = frame.fn?.owner
    const self = owner && frame.fn?.def.args.args[0] && frame.scope.get(frame.fn.def.args.args[0].arg)
    return owner ? external("builtins.super()", { built: { ...noArguments, positional: [owner, self ?? owner], at: site.at } }) : unknown
  }
  const result = call(player, callee, site, frame)
  if (frame.events) {
    const target = targetOf(player, callee)
    // Written whole, with what it seldom has: calls of many shapes would be slow to read, and spreads leave each in several pieces of memory.
    const event = {
      is: "call",
      callee,
      positional: args.positional,
      keywords: args.keywords,
      open: args.open,
      func: site.func,
      at: site.at,
      awaited: use.awaited ?? false,
      dropped: use.dropped ?? false,
      result,
      within: frame.within,
      target,
      entered: use.entered,
      // Room for what `fastapi/functions.ts` finds out of it: a call is kept, and would be moved to take it in later.
      name: undefined,
      fn: undefined,
      blocks: undefined,
      callees: undefined,
    } as BodyCall
    if (args.called) (event as Arguments).called = args.called
    player.note(event, frame)
  }
  return result
}

function evaluateArguments(player: Player, e: Call, frame: Frame): Arguments {
  let called: Map<number | string, FunctionValue> | undefined
  const value = (expression: Expr, key: number | string | null): Value =>
    expression.kind === "Call" && key !== null
      ? evaluate(player, expression, frame, {
          onCall: (fn) => {
            called ??= new Map()
            called.set(key, fn)
          },
        })
      : evaluate(player, expression, frame)
  let open = false
  let positional: Value[]
  // Mapped, not pushed: what is kept by the hundred thousand has no room to grow.
  if (!e.args.some(isStarred)) positional = e.args.map(value)
  else {
    positional = []
    for (const arg of e.args) {
      if (arg.kind !== "Starred") {
        positional.push(value(arg, open ? null : positional.length))
        continue
      }
      const inner = evaluate(player, arg.value, frame)
      const known = itemsOf(inner)
      if (known) positional.push(...known)
      if (!known || (inner.is === "sequence" && inner.open)) open = true
    }
  }
  if (e.keywords.length === 0)
    return called ? { positional, keywords: NO_KEYWORDS, open, called } : { positional, keywords: NO_KEYWORDS, open }
  const keywords = new Map<string, Value>()
  for (const { arg, value: expression } of e.keywords) {
    const given = value(expression, arg)
    if (arg) keywords.set(arg, given)
    else if (given.is === "mapping") {
      for (const [key, item] of given.entries) if (key.is === "text" && typeof key.parts[0] === "string") keywords.set(key.parts[0], item)
      open ||= given.open
    } else open = true
  }
  return called ? { positional, keywords, open, called } : { positional, keywords, open }
}

const isStarred = (expression: Expr): boolean => expression.kind === "Starred"
