/** Edits as data, and what a text becomes by them. */
import type { Edit } from "./rule.ts"

/**
 * The text after the edits of its file. Of two edits that overlap the first in the list wins, and two insertions at
 * one place keep their order.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const taken: Edit[] = []
  for (const edit of edits) if (!taken.some((other) => overlaps(edit, other))) taken.push(edit)
  taken.sort((a, b) => a.start - b.start || a.end - b.end)
  let result = ""
  let from = 0
  for (const edit of taken) {
    result += text.slice(from, edit.start) + edit.text
    from = edit.end
  }
  return result + text.slice(from)
}

/** True when two edits claim the same characters; the very same edit asked for twice counts. */
export const overlaps = (a: Edit, b: Edit): boolean =>
  (a.start < b.end && b.start < a.end) || (a.start === b.start && a.end === b.end && (a.end > a.start || a.text === b.text))
