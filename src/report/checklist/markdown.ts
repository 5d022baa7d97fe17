/** The checklist as Markdown: for a pull request, a wiki, the summary of a job. */
import { count } from "../layout.ts"
import { codeMarkdown, plainMarkdown, proseMarkdown } from "../markdown.ts"
import type { CheckedThing, Checklist, ChecklistItem } from "./checklist.ts"
import { closing, countedText, heading, resultWord, sharedText, suppressedText, uncheckedText } from "./words.ts"

const SIGNS = { fail: "❌", unsure: "❓", pass: "✅", "n/a": "➖" } as const
/** How many failing things are named before the rest is only counted. */
const MOST_NAMED = 20

export function checklistMarkdown(checklist: Checklist): string {
  const unchecked = uncheckedText(checklist.items)
  const [title, ...facts] = heading(checklist).split("   ")
  const lines = [
    `## ${title}`,
    "",
    facts.map(plainMarkdown).join(" · "),
    "",
    ...checklistTable(checklist.items),
    "",
    // Whoever reads this page stands nowhere: where the project is, the page is about.
    ...closing({ ...checklist, project: "" }).map((line) => line.replace(/ {2,}/g, " ").replace(/fastlint \w+/g, "`$&`")),
    ...(unchecked ? ["", `No rule looks at: ${unchecked}`] : []),
    "",
    ...checklist.items.flatMap(details),
  ]
  return `${lines.join("\n").trimEnd()}\n`
}

/** A row for each item, with its denominators. */
export function checklistTable(items: readonly ChecklistItem[]): string[] {
  const rows = items.map((item) => {
    const sums = item.result === "n/a" ? ["–", "–", "–"] : [item.pass, item.fail, item.unsure]
    const first = item.first && item.result !== "pass" ? codeMarkdown(`${item.first.path}:${item.first.line}`) : ""
    return `| ${[`${SIGNS[item.result]} ${resultWord(item)}`, item.number ?? "+", plainMarkdown(item.item), ...sums, first].join(" | ")} |`
  })
  return ["| result | # | item | pass | fail | unsure | first place to look |", "|--|--:|--|--:|--:|--:|--|", ...rows]
}

function details(item: ChecklistItem): string[] {
  const { on } = item.rules
  return [
    `<details><summary>${item.number ?? "+"} ${plainMarkdown(item.item)}: ${countedText(item)} checked</summary>`,
    "",
    ...named(item, "fail"),
    ...(sharedText(item) === "" ? [] : [`- ${plainMarkdown(sharedText(item))}`]),
    ...named(item, "unsure"),
    ...item.outside.map((one) => `- not counted: ${count(one.count, item.unit)}: ${proseMarkdown(one.why)}`),
    `- rules: ${on.length > 0 ? on.map(codeMarkdown).join(", ") : "none is on"}`,
    ...(item.suppressed > 0 ? [`- ignored: ${suppressedText(item)}`] : []),
    ...(item.unchecked.length > 0 ? [`- no rule looks at ${item.unchecked.join(", ")}`] : []),
    `- blind to ${item.blind}`,
    "",
    "</details>",
    "",
  ]
}

function named({ things }: ChecklistItem, answer: CheckedThing["answer"]): string[] {
  const chosen = things.filter((thing) => thing.answer === answer)
  const lines = chosen.slice(0, MOST_NAMED).map((thing) => {
    const place = thing.name === thing.path ? "" : ` ${codeMarkdown(`${thing.path}:${thing.line}`)}`
    return `- ${answer}: ${codeMarkdown(thing.name)}${place}${thing.why ? `: ${proseMarkdown(thing.why)}` : ""}`
  })
  const left = chosen.length - lines.length
  return left > 0 ? [...lines, `- and ${left} more that ${answer === "fail" ? "fail" : "are unsure"}`] : lines
}
