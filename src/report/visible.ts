/**
 * Makes text from strangers harmless to show: names, messages and source lines may hold escape codes, and
 * characters that reorder or hide text (https://trojansource.codes).
 */

/** C0 and C1 controls, direction marks, invisible format characters, line separators, tags, lone surrogates. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu

/** Every character that a terminal would obey or hide is written out: `\x1b`, `⟨U+202E⟩`. */
export function visible(text: string, unicode = true): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0)!
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`
    const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`
    return unicode ? `⟨${name}⟩` : `<${name}>`
  })
}

/** One line of prose: white space of every kind becomes one space, the rest of the controls are written out. */
export function oneLine(text: string, unicode = true): string {
  return visible(text.replace(/[\s\u0085]+/g, " ").trim(), unicode)
}

/** A text as its lines, split where Python's own line numbers split. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/)
}
