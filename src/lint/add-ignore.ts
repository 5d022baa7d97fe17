/** Writes suppressions: which comments would silence findings, each above the statement or header that it is about. */
import type { Comment, Module, Span } from "#python"
import type { Edit } from "./rule.ts"
import { unitsOf } from "./units.ts"

/** A finding that somebody has decided to ignore. */
export interface Unwanted {
  rule: string
  /** Where it begins in the file. */
  start: number
}

/**
 * One comment for each statement, which names all rules that find something in it. What stands in no statement, or in
 * one above which no comment can stand, is given back: a comment that silences nothing helps nobody.
 */
export function ignoringEdits<T extends Unwanted>(
  file: { path: string; text: string; module: Module; comments: readonly Comment[] },
  findings: readonly T[],
  reason: string,
): { edits: { edit: Edit; findings: T[] }[]; homeless: T[] } {
  const units = unitsOf(file)
  const byLine = new Map<number, T[]>()
  const homeless: T[] = []
  for (const finding of findings) {
    const line = lineAbove(file.text, units, finding.start)
    if (line === undefined) homeless.push(finding)
    else byLine.set(line, [...(byLine.get(line) ?? []), finding])
  }
  const eol = /\r\n|\r|\n/.exec(file.text)?.[0] ?? "\n"
  const edits = [...byLine].map(([at, found]) => {
    const indent = /^[ \t\f]*/.exec(file.text.slice(at))?.[0] ?? ""
    const rules = [...new Set(found.map(({ rule }) => rule))].sort().join(", ")
    return { edit: { path: file.path, start: at, end: at, text: `${indent}# fastlint: ignore[${rules}] ${reason}${eol}` }, findings: found }
  })
  return { edits, homeless }
}

/** Where the line begins above which a comment covers this place. */
function lineAbove(text: string, units: readonly Span[], place: number): number | undefined {
  const unit = units.findLast(({ start, end }) => start <= place && place < Math.max(end, start + 1))
  if (!unit) return undefined
  const line = Math.max(text.lastIndexOf("\n", unit.start - 1), text.lastIndexOf("\r", unit.start - 1)) + 1
  // Within the lines of another statement a comment would be about that one.
  return units.some(({ start, end }) => start < line && line < end) ? undefined : line
}
