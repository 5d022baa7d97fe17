/** Text from strangers inside Markdown, as GitHub reads it: shown as it is, never read as markup or HTML. */
import { oneLine } from "./visible.ts"

/** Whatever can begin or end something. A character reference is never read as markup (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references). */
const MARKUP = /[\\`*_[\](){}<>&|~#@$!"']/g

/** One line of plain text. */
export function plainMarkdown(text: string): string {
  return oneLine(text).replace(MARKUP, (character) => `&#${character.charCodeAt(0)};`)
}

/** One line of prose, in which backticks in pairs mean code. */
export function proseMarkdown(text: string): string {
  const parts = oneLine(text).split("`")
  const last = parts.length % 2 === 0 ? `&#96;${plainMarkdown(parts.pop()!)}` : ""
  return parts.map((part, i) => (i % 2 === 0 ? spaced(part) : codeMarkdown(part))).join("") + last
}

export const codeMarkdown = (text: string): string => `<code>${plainMarkdown(text)}</code>`

/** Blanks at the ends stand between words and code. */
const spaced = (text: string) => text.replace(/\S(?:.*\S)?/, plainMarkdown)
