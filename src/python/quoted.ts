/**
 * Quoted annotations are code that a parser of text alone must read again. The grammar lives in `parse.ts`,
 * which needs loading; the distilled facts do not. So a quoted annotation is read by a small reader of its own:
 * names, attributes, subscripts, `|`, constants and lists are all that a type may be made of.
 */
import type { Constant, Expr, Span } from "./nodes.ts"

/** The expression in a quoted annotation, every node with the span of the string; undefined when it is no type. */
export function parseAnnotation(code: string, { start, end }: Span): Expr | undefined {
  const tokens = code.match(/[A-Za-z_][\w]*|\d+|"[^"]*"|'[^']*'|\.\.\.|[[\](),.|]|\S/g) ?? []
  let at = 0
  const span = { start, end }
  const take = (token: string) => {
    const isNext = tokens[at] === token
    if (isNext) at++
    return isNext
  }

  const union = (): Expr | undefined => {
    let left = primary()
    while (left && take("|")) {
      const right = primary()
      left = right && { kind: "BinOp", left, op: "BitOr", right, ...span }
    }
    return left
  }
  const list = (close: string): Expr[] | undefined => {
    const elts: Expr[] = []
    while (!take(close)) {
      const item = union()
      if (!item) return undefined
      elts.push(item)
      if (!take(",") && tokens[at] !== close) return undefined
    }
    return elts
  }
  const primary = (): Expr | undefined => {
    const token = tokens[at]
    if (token === undefined) return undefined
    at++
    let value: Expr
    if (token === "[") {
      const elts = list("]")
      return elts && { kind: "List", elts, ...span }
    }
    if (token === "(") {
      const elts = list(")")
      return elts?.length === 1 ? elts[0] : elts && { kind: "Tuple", elts, ...span }
    }
    if (token === "...") return { kind: "Constant", type: "ellipsis", value: null, ...span }
    if (/^["']/.test(token)) return { kind: "Constant", type: "str", value: token.slice(1, -1), ...span }
    if (/^\d/.test(token)) return { kind: "Constant", type: "int", value: Number(token), ...span }
    if (!/^[A-Za-z_]/.test(token)) return undefined
    value = CONSTANTS[token] ? { ...CONSTANTS[token], ...span } : { kind: "Name", id: token, ...span }
    for (;;) {
      if (take(".")) {
        const attr = tokens[at++]
        if (!attr || !/^[A-Za-z_]/.test(attr)) return undefined
        value = { kind: "Attribute", value, attr, ...span }
      } else if (take("[")) {
        const elts = list("]")
        if (!elts) return undefined
        value = { kind: "Subscript", value, slice: elts.length === 1 ? (elts[0] as Expr) : { kind: "Tuple", elts, ...span }, ...span }
      } else return value
    }
  }

  const whole = union()
  return at === tokens.length ? whole : undefined
}

const CONSTANTS: Record<string, Omit<Constant, "start" | "end">> = {
  None: { kind: "Constant", type: "NoneType", value: null },
  True: { kind: "Constant", type: "bool", value: true },
  False: { kind: "Constant", type: "bool", value: false },
}
