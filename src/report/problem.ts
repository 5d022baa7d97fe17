/** What keeps fastlint itself from doing its work: bad configuration, no application found, a crash. Said like a finding. */
import { disarmed } from "./disarm.ts"
import { bar, frameLines, gutterOf } from "./frame.ts"
import { inkOf } from "./ink.ts"
import { hang, wrap } from "./layout.ts"
import { placeText } from "./phrases.ts"
import type { Located, Look } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

export interface Problem {
  level: "error" | "warning" | "info"
  /** Instead of the level as first word: `fastlint` for what is our own fault. */
  prefix?: string
  message: string
  /** Where it is, with the text of that file and what to say under the carets. */
  at?: Located & { source: string; label?: string }
  /** Lines of plain text under the message. */
  lines?: string[]
  /** `help`, `keys`, `looked for`: a name and its text. */
  notes?: { name: string; text: string }[]
}

/** All problems, a blank line between them, then the closing sentence. */
export function problemText(problems: Problem[], look: Look, closing?: string): string {
  const blocks = problems.map((problem) => problemLines(problem, look).join("\n"))
  return disarmed(`${[...blocks, ...(closing === undefined ? [] : [closing])].join("\n\n")}\n`)
}

function problemLines(problem: Problem, look: Look): string[] {
  const ink = inkOf(look)
  const { at, level, message, lines = [], notes = [] } = problem
  const [head, ...tail] = wrap(`${ink.level[level](problem.prefix ?? level)}: ${oneLine(message, look.unicode)}`, look.width - 2)
  const out = [head!, ...tail.map((line) => `  ${line}`)]
  let indent = "  "
  if (at) {
    const range = at.range
    const frame = {
      path: at.path,
      source: at.source,
      marks: [{ range, kind: "primary" as const, ...(at.label === undefined ? {} : { label: at.label }) }],
    }
    const gutter = gutterOf([frame])
    indent = " ".repeat(gutter + 1)
    out.push(
      `${" ".repeat(gutter)}${ink.gutter("-->")} ${ink.bold(placeText(at, look.unicode))}`,
      bar(gutter, ink),
      ...frameLines(frame, gutter, level, look, ink),
    )
    if (notes.length > 0) out.push(bar(gutter, ink))
  }
  for (const line of lines) out.push(...hang("  ", visible(line, look.unicode), look.width))
  const width = Math.max(0, ...notes.map(({ name }) => name.length)) + 2
  for (const { name, text } of notes)
    out.push(...hang(`${indent}${ink.dim(name.padEnd(width))}`, visible(text.replace(/\s*\n\s*/g, " "), look.unicode), look.width))
  return out
}
