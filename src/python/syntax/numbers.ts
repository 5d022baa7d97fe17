import type { Constant } from "../nodes.ts"
import type { Reader, SyntaxNode } from "./syntax.ts"

/** An integer, float or imaginary literal. What a double cannot hold becomes the nearest one that is finite, for JSON's sake. */
export function number(reader: Reader, node: SyntaxNode): Constant {
  const text = reader.textOf(node).replaceAll("_", "")
  const span = { start: node.start, end: node.end }
  const isHex = /^0[xX]/.test(text)
  if (/[jJ]$/.test(text)) return { kind: "Constant", type: "complex", value: finite(text.slice(0, -1)), start: span.start, end: span.end }
  if (/[lL]$/.test(text) || (/^0\d*[1-9]/.test(text) && !/[.eE]/.test(text) && !isHex)) reader.problem(node, "invalid number")
  const isFloat = !isHex && !/^0[oObB]/.test(text) && /[.eE]/.test(text)
  return { kind: "Constant", type: isFloat ? "float" : "int", value: finite(text.replace(/[lL]$/, "")), start: span.start, end: span.end }
}

const finite = (text: string): number => Math.min(Number(text), Number.MAX_VALUE)
