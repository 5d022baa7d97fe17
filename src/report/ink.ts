/** Colours and signs by what they mean, so that no other file names a colour. */
import { Chalk } from "chalk"
import type { Level } from "#lint"
import type { Look } from "./report.ts"

export type Paint = (text: string) => string

export interface Ink {
  level: Record<Level, Paint>
  bold: Paint
  /** Whatever is not needed to act. */
  dim: Paint
  gutter: Paint
  secondary: Paint
  help: Paint
  keyword: Paint
  string: Paint
  /** Text that links to a page, where the terminal can. */
  link(text: string, url: string): string
  signs: Signs
}

export interface Signs {
  more: string
  yes: string
  no: string
  unsure: string
  dot: string
}

const UNICODE: Signs = { more: "…", yes: "✓", no: "✗", unsure: "?", dot: "·" }
const ASCII: Signs = { more: "...", yes: "ok", no: "x", unsure: "?", dot: "," }

/** The level of colour is explicit: what the process finds in its environment does not matter here. */
export function inkOf(look: Look): Ink {
  const chalk = new Chalk({ level: look.color ? 1 : 0 })
  // Chalk takes any number of texts, so it cannot be handed to `map` as it is.
  const paint = (style: (...texts: string[]) => string) => (text: string) => style(text)
  return {
    level: { error: paint(chalk.red.bold), warning: paint(chalk.yellow.bold), info: paint(chalk.cyan.bold) },
    bold: paint(chalk.bold),
    dim: paint(chalk.dim),
    gutter: paint(chalk.blue.dim),
    secondary: paint(chalk.blue),
    help: paint(chalk.green),
    keyword: paint(chalk.magenta),
    string: paint(chalk.green.dim),
    link: (text, url) => (look.links && isPlainUrl(url) ? `\u001b]8;;${url}\u0007${text}\u001b]8;;\u0007` : text),
    signs: look.unicode ? UNICODE : ASCII,
  }
}

/** Only printable ASCII may stand inside an escape sequence. */
function isPlainUrl(url: string): boolean {
  return /^https?:\/\/[\x21-\x7e]+$/.test(url)
}
