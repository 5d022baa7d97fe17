/**
 * One finding, one line: `path:line:column: level: message [rule]`. Editors, CI servers and other people's scripts parse
 * it, so its shape is frozen. It is never coloured: GitHub matches problem patterns against the bytes, escape codes included.
 */
import { disarmed } from "./disarm.ts"
import { perRule } from "./per-rule.ts"
import { wayOf } from "./phrases.ts"
import type { Reported, Run } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

export function concise(run: Run): string {
  return perRule(run)
    .shown.map((finding) => `${conciseLine(finding)}\n`)
    .join("")
}

/** Without the line's end. Functions on the way to the cause are part of the message, since a second line would be a second problem. */
export function conciseLine(finding: Reported, way = wayOf(finding)): string {
  const { line, column } = finding.range.start
  const message = oneLine(finding.message).replace(/\.$/, "") || finding.rule
  return disarmed(
    `${pathText(finding.path)}:${line}:${column}: ${finding.level}: ${message}${way && ` (${oneLine(way)})`} [${finding.rule}]`,
  )
}

/** A path that can be read as nothing but a path: it neither begins like a command nor holds what separates it from the rest. */
function pathText(path: string): string {
  const shown = visible(path).replace(/:(?=\d+:\d+: )/g, "\\x3a")
  return /^[\s:#]/.test(path) ? `./${shown}` : shown
}
