/** Small pieces of text that several formats say in the same way. */
import type { Located, Reported } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

/** `app/main.py:3:7`, in one piece, which terminals and editors make a link of. */
export function placeText(place: Located, unicode = true): string {
  return `${visible(place.path, unicode)}:${place.range.start.line}:${place.range.start.column}`
}

/** The first sentence of a paragraph, without its period. */
export function firstSentence(text: string): string {
  return (sentencesOf(text)[0] ?? "").replace(/\.$/, "")
}

/** A first sentence shorter than this only prepares what the second one says. */
const SHORT = 90

/** What a paragraph comes to, without the last period: its first sentence, and the second where the first is short. */
export function gist(text: string): string {
  const [first = "", second] = sentencesOf(text)
  return (second !== undefined && first.length < SHORT ? `${first} ${second}` : first).replace(/\.$/, "")
}

/** The sentences of the first paragraph. */
function sentencesOf(text: string): string[] {
  const paragraph = text
    .trim()
    .split(/\n\s*\n/)[0]!
    .replace(/\s+/g, " ")
  return paragraph.split(/(?<=[.!?])\s+(?=[\p{Lu}`"'(])/u)
}

/** The functions that the trace goes through: `read -> load -> fetch`, or nothing when there are fewer than two. */
export function wayOf(finding: Reported): string {
  const symbols = finding.trace.flatMap((step) => step.symbol ?? []).filter((symbol, i, all) => symbol !== all[i - 1])
  return symbols.length < 2 ? "" : symbols.join(" -> ")
}

/** The way to the cause, a numbered line for each step. */
export function traceLines(finding: Reported): string[] {
  return finding.trace.map((step, i) => {
    const words = [step.symbol, step.message].filter(Boolean).map((text) => oneLine(text!))
    return `  ${i + 1} ${placeText(step)} ${words.join(" ")}`
  })
}

/** Where a server keeps only the first few: security before the rest, else in the order given. */
export function weightiestFirst(findings: readonly Reported[]): Reported[] {
  return [...findings].sort((a, b) => Number(b.concern === "security") - Number(a.concern === "security"))
}
