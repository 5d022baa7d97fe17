/** Which characters of a Python text belong to keywords, strings and comments: enough to colour a few printed lines. */

export const HUES = [undefined, "keyword", "string", "comment"] as const
export type Hue = (typeof HUES)[number]

/**
 * Alternatives are tried from left to right over the whole text, so a quote in a comment opens no string, a `#` in a
 * string opens no comment, and a line in the middle of a docstring is known to be one.
 */
const TOKENS = new RegExp(
  [
    String.raw`(?<comment>#[^\r\n]*)`,
    String.raw`(?<string>(?<!\w)[bfrtuBFRTU]{0,2}(?:(?<quotes>"""|''')[^]*?(?:\k<quotes>|$)|"(?:\\.|[^"\\\r\n])*"?|'(?:\\.|[^'\\\r\n])*'?))`,
    String.raw`(?<keyword>(?<![\w.])(?:${"False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".replaceAll(" ", "|")})(?!\w))`,
  ].join("|"),
  "g",
)

/** For every UTF-16 unit of the text, an index into `HUES`. */
export function huesOf(text: string): Uint8Array {
  const hues = new Uint8Array(text.length)
  for (const match of text.matchAll(TOKENS)) {
    const hue = HUES.findIndex((name) => name !== undefined && match.groups![name] !== undefined)
    hues.fill(hue, match.index, match.index + match[0].length)
  }
  return hues
}
