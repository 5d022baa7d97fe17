/** Operators on values: `+`, `%`, `|` and the like. */
import { type Either, external, knownNumber, literal, sequence, text, unknown, type Value } from "./values.ts"

/** What formatting a value into text adds: the text itself where it is known. */
export function asText(value: Value): string | Value {
  if (value.is === "literal" && !value.assumed && (value.type === "int" || value.type === "float")) return String(value.value)
  return value
}

export function binary(left: Value, op: string, right: Value): Value {
  if (op === "BitOr") {
    if (isType(left) || isType(right))
      return { is: "either", options: [left, right].flatMap((v) => (v.is === "either" ? v.options : [v])) } satisfies Either
    if (left.is === "mapping" && right.is === "mapping")
      return { is: "mapping", entries: [...left.entries, ...right.entries], open: left.open || right.open }
  }
  if (op === "Add") {
    if (isText(left) || isText(right)) return text(asText(left), asText(right))
    if (left.is === "sequence" && right.is === "sequence")
      return sequence(left.type, [...left.items, ...right.items], left.open || right.open)
    if (left.is === "sequence" || right.is === "sequence") {
      const known = (left.is === "sequence" ? left : right) as Extract<Value, { is: "sequence" }>
      return sequence(known.type, known.items, true)
    }
  }
  if (op === "Mod" && left.is === "text") return text(...percent(left, right))
  const a = knownNumber(left)
  const b = knownNumber(right)
  if (a !== undefined && b !== undefined) {
    const result = op === "Add" ? a + b : op === "Sub" ? a - b : op === "Mult" ? a * b : op === "Pow" ? a ** b : undefined
    if (result !== undefined) return literal(Number.isInteger(result) ? "int" : "float", result)
  }
  if (op === "Div" && left.is === "external" && left.name === "pathlib.Path()")
    return external("pathlib.Path()", {
      built: { positional: [left, right], keywords: new Map(), open: false, at: left.built?.at ?? { path: "", start: 0, end: 0 } },
    })
  return unknown
}

const isText = (value: Value): boolean => value.is === "text" || (value.is === "external" && value.name === "builtins.str()")

/** `"..." % values`: the known text, with what is filled in between. */
function* percent(left: Value, right: Value): Generator<string | Value> {
  if (left.is !== "text") return
  const filled = right.is === "sequence" ? right.items : [right]
  let next = 0
  for (const part of left.parts) {
    if (typeof part !== "string") yield part
    else
      for (const piece of part.split(/(%(?:\([^)]*\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z%])/)) {
        if (!/^%/.test(piece) || piece === "%") yield piece
        else if (piece === "%%") yield "%"
        else yield filled[next++] ?? unknown
      }
  }
}

const isType = (v: Value): boolean =>
  v.is === "class" || v.is === "generic" || (v.is === "external" && !v.name.endsWith(")")) || (v.is === "either" && v.options.some(isType))
