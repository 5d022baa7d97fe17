import type { Look } from "#report"

export type ColorChoice = "auto" | "always" | "never"

/** Where nobody measures: wide enough for a frame, narrow enough for a log. */
const DEFAULT_WIDTH = 100

interface Stream {
  isTTY?: boolean
  columns?: number
}

let chosen: ColorChoice = "auto"

/** What `--color` said; it holds for the whole process. */
export function chooseColor(choice: ColorChoice): void {
  chosen = choice
}

/** How to print to a stream: from the flags, the environment and the stream. */
export function lookOf(stream: Stream, env: NodeJS.ProcessEnv = process.env): Look {
  const isTerminal = stream.isTTY === true
  return {
    color: colorOf(isTerminal, env),
    unicode: isUnicode(env),
    width: isTerminal && stream.columns ? stream.columns : DEFAULT_WIDTH,
    links: isTerminal && env.TERM !== "dumb" && !env.CI,
  }
}

/** For files: no colours, whatever the flags say. */
export const plainLook: Look = { color: false, unicode: true, width: DEFAULT_WIDTH, links: false }

/** `--color`, then `NO_COLOR` (https://no-color.org), then `FORCE_COLOR`, then whether anyone is looking. */
function colorOf(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (chosen !== "auto") return chosen === "always"
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false"
  return isTerminal && env.TERM !== "dumb"
}

/** A locale that says it is not UTF-8 is believed; one that says nothing is not asked. */
function isUnicode(env: NodeJS.ProcessEnv): boolean {
  if (env.TERM === "dumb") return false
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  return !locale || /utf-?8/i.test(locale)
}
