/** What is shown of the code that a finding is about: its own place with the related ones beside it, and the cause. */
import type { Frame, Mark } from "./frame.ts"
import { masked } from "./mask.ts"
import type { RelatedPlace, Reported, Run, TraceStep } from "./report.ts"

/** How many other places are shown before the rest is only counted. */
export const MOST_PLACES = 5

export function mainFrame(finding: Reported, { source: sourceOf }: Pick<Run, "source">): Frame | undefined {
  const text = sourceOf(finding.path)
  const source = text !== undefined && finding.rule.startsWith("secrets/") ? masked(text, finding.range) : text
  // Of what is no text, nothing can be shown.
  if (source === undefined || source === "") return undefined
  const primary: Mark = { range: finding.range, kind: "primary" }
  const first = finding.trace[0]
  if (first && isSamePlace(first, finding)) primary.label = first.message
  const beside = finding.related.slice(0, MOST_PLACES).filter((place) => place.path === finding.path)
  return {
    path: finding.path,
    source,
    marks: [primary, ...beside.map(({ range, message }): Mark => ({ range, kind: "secondary", label: message }))],
  }
}

/** The last step of the trace, when it shows another line than the main frame. */
export function causeFrame(finding: Reported, { source: sourceOf }: Pick<Run, "source">): Frame | undefined {
  const cause = finding.trace.at(-1)
  if (!cause || (cause.path === finding.path && cause.range.start.line === finding.range.start.line)) return undefined
  const source = sourceOf(cause.path)
  const label = cause.path === finding.path ? cause.message : cause.path
  return source === undefined ? undefined : { path: cause.path, source, marks: [{ range: cause.range, kind: "primary", label }] }
}

const isSamePlace = (a: TraceStep | RelatedPlace, b: Reported) =>
  a.path === b.path && a.range.start.line === b.range.start.line && a.range.start.column === b.range.start.column

/** A trace that says more than the finding's own place does. */
export const hasWay = (finding: Reported) => finding.trace.some((step) => !isSamePlace(step, finding))
