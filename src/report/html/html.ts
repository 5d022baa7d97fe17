/**
 * HTML from templates. Whatever is put into one is text, and is escaped, unless it was made by a template itself:
 * so no name, message or line of source can become markup.
 */
import { visible } from "../visible.ts"

/** Markup that a template made. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** `false` and `undefined` are nothing, so that parts may be left out with `&&`. */
type Part = Html | string | number | false | undefined | readonly Part[]

export function html(literals: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(literals.map((literal, i) => literal + (i < parts.length ? markup(parts[i]) : "")).join(""))
}

function markup(part: Part): string {
  if (part === false || part === undefined) return ""
  if (part instanceof Html) return part.text
  return typeof part === "object" ? part.map(markup).join("") : escaped(String(part))
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" }

/** A document may not hold these (https://html.spec.whatwg.org/multipage/parsing.html#parse-error-noncharacter-in-input-stream). */
const NONCHARACTERS = /\p{Noncharacter_Code_Point}/gu

/** Text of one line or many, safe between tags and in quoted attributes; characters that hide or reorder text are written out. */
const escaped = (text: string): string =>
  text
    .split("\n")
    .map((line) => visible(line.replaceAll("\t", "    ")))
    .join("\n")
    .replace(NONCHARACTERS, "\ufffd")
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character]!)

/** A sentence in which backticks in pairs mean code. */
export function prose(text: string): Html {
  const parts = text.replace(/\s+/g, " ").trim().split("`")
  const last = parts.length % 2 === 0 ? `\`${parts.pop()}` : ""
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : html`<code>${part}</code>`))}${last}`
}
