/** The documentation of what FastAPI calls, as `inspect.cleandoc` gives it. */
import type { ClassValue, FunctionValue, Value } from "#python"
import { describe } from "./known.ts"
import { type Known, known, unseen } from "./project.ts"
import { ancestryOf } from "./signature/kinds.ts"
import type { Linked } from "./signature/types.ts"

/** `endpoint.__doc__`, cleaned; empty where there is none. */
export function docstringOf(ctx: Linked, value: Value): Known<string> {
  // `functools.wraps` copies the docstring.
  if (value.is === "function") return value.wraps ? docstringOf(ctx, value.wraps) : written(value.def)
  if (value.is === "class") return written(value.def)
  if (value.is === "instance")
    return ancestryOf(ctx, value.of).complete ? written(value.of.def) : unseen("an object of a class that is not wholly known")
  return unseen(`the endpoint is ${describe(value)}`)
}

/** Facts keep the docstrings of decorated functions only, and cut long ones. */
function written(def: FunctionValue["def"] | ClassValue["def"]): Known<string> {
  const first = def.kind === "Lambda" ? undefined : def.body[0]
  if (first?.kind !== "Expr" || first.value.kind !== "Constant" || first.value.type !== "str") return known("")
  const text = first.value.value as string
  return text === "" || text.length >= LONGEST ? unseen("a docstring that is not kept") : known(clean(text))
}

const LONGEST = 2000

/** What `inspect.cleandoc` does: margins off, blank lines before and after off, tabs as eight blanks. */
export function clean(doc: string): string {
  const [first = "", ...rest] = doc.split("\n").map(expandTabs)
  const margin = Math.min(...rest.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length))
  const lines = [first.trimStart(), ...rest.map((line) => (Number.isFinite(margin) ? line.slice(margin) : line))]
  while (lines.length > 0 && lines.at(-1) === "") lines.pop()
  while (lines.length > 0 && lines[0] === "") lines.shift()
  return lines.join("\n")
}

function expandTabs(line: string): string {
  let out = ""
  for (const character of line) out += character === "\t" ? " ".repeat(8 - (out.length % 8)) : character
  return out
}
