/** The pieces of a file that one comment can answer for: each simple statement, and each header of a block. */
import type { Comment, ExceptHandler, MatchCase, Module, Span, Stmt } from "#python"
import { blocksOf, firstOffset } from "./whereabouts.ts"

/**
 * All simple statements and headers, in the order of the text. A header runs from the first decorator to the
 * colon, so a comment on any of its lines means all of it, wherever a formatter has put the comment.
 */
export function unitsOf(file: { text: string; module: Module; comments: readonly Comment[] }): Span[] {
  const units: Span[] = []
  const commentEnding = new Map(file.comments.map((comment) => [comment.end, comment]))

  /** The colon before a block or case: back over blanks, line joins and whole comments. */
  const colonBefore = (offset: number | undefined): number | undefined => {
    let at = offset ?? -1
    while (at > 0) {
      const comment = commentEnding.get(at)
      if (comment) at = comment.start
      else if (/[\s\\]/.test(file.text[at - 1]!)) at -= 1
      else return file.text[at - 1] === ":" ? at : undefined
    }
    return undefined
  }

  const visit = (stmt: Stmt): void => {
    const blocks = blocksOf(stmt)
    const start = firstOffset(stmt)
    const inner = stmt.kind === "Match" ? stmt.cases[0]?.start : startOf(blocks[0])
    units.push({ start, end: blocks.length === 0 ? stmt.end : (colonBefore(inner) ?? stmt.end) })
    for (const part of partsOf(stmt)) units.push({ start: part.start, end: colonBefore(startOf(part.body)) ?? part.end })
    blocks.flat().forEach(visit)
  }
  file.module.body.forEach(visit)
  return units.sort((a, b) => a.start - b.start || b.end - a.end)
}

const startOf = (block: Stmt[] | undefined): number | undefined => (block?.[0] ? firstOffset(block[0]) : undefined)

/** `except` and `case` have headers of their own. */
const partsOf = (stmt: Stmt): (ExceptHandler | MatchCase)[] =>
  stmt.kind === "Try" || stmt.kind === "TryStar" ? stmt.handlers : stmt.kind === "Match" ? stmt.cases : []
