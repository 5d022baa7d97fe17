/**
 * What tree-sitter's grammar does not know is written in words that it knows before it sees the text. Every change
 * keeps all offsets, and the converters look into the true text.
 */

/** The grammar's scanner does not take a lone carriage return for a line end; Python does. */
export const withLineEnds = (text: string): string => (text.includes("\r") ? text.replace(/\r(?!\n)/g, "\n") : text)

const TYPE_PARAMETERS = /^[ \t]*(?:async[ \t]+)?(?:def|class|type)[ \t]+\w+[ \t]*\[/m
const TYPE_PARAMETERS_ALL = new RegExp(TYPE_PARAMETERS.source, "gm")

/** May type parameters have defaults? To the grammar they are errors. */
export const hasDefaults = (text: string): boolean => TYPE_PARAMETERS.test(text)

/** `[T = int]` becomes `[T : int]`: the grammar has no defaults of type parameters (PEP 696). */
export function withoutDefaults(text: string): string {
  const out: string[] = []
  let from = 0
  let at = 0
  for (const header of text.matchAll(TYPE_PARAMETERS_ALL)) {
    // Inside of brackets that an earlier header opened.
    if (header.index < at) continue
    let depth = 1
    for (at = header.index + header[0].length; at < text.length && depth > 0; at++) {
      const character = text[at] as string
      if ("([{".includes(character)) depth++
      else if (")]}".includes(character)) depth--
      else if (character === "=" && depth === 1 && text[at + 1] !== "=" && !"=<>!:".includes(text[at - 1] ?? "")) {
        out.push(text.slice(from, at), ":")
        from = at + 1
      }
    }
  }
  return from === 0 ? text : out.join("") + text.slice(from)
}
