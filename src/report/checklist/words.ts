/** What text, Markdown and HTML say of a checklist in the same words. */
import type { Ink } from "../ink.ts"
import { count } from "../layout.ts"
import { oneLine } from "../visible.ts"
import type { Cause, Checklist, ChecklistItem } from "./checklist.ts"

export function resultWord({ result, question }: ChecklistItem): string {
  if (result === "unsure") return question === undefined ? "UNSURE" : "ASK"
  return { fail: "FAIL", pass: "ok", "n/a": "n/a" }[result]
}

/** What was looked at: the app, and the numbers behind the numbers. */
export function heading({ apps, routes, files, edition }: Checklist, ink?: Ink): string {
  const [first, ...others] = apps
  const parts = [
    ink ? ink.bold("Production checklist") : "Production checklist",
    ...(first === undefined ? [] : [oneLine(first) + (others.length > 0 ? ` and ${count(others.length, "more app")}` : "")]),
    count(routes, "route"),
    count(files, "file"),
    ...(edition === undefined ? [] : [`edition ${edition}`]),
  ]
  return parts.join("   ")
}

/** The sums below the table. */
export function closing(checklist: Checklist): string[] {
  const numbered = checklist.items.filter(({ number }) => number !== undefined)
  const failing = numbered.filter(({ result }) => result === "fail").length
  const beyond = checklist.items.filter(({ number, result }) => number === undefined && result === "fail").length
  const { waiting, others, project = "" } = checklist
  const principles = checklist.items.length - numbered.length
  const and = beyond > 0 ? ` and ${beyond} of ${count(principles, "principle")} (+)` : ""
  const sum =
    failing + beyond === 0
      ? "Nothing fails."
      : `${failing} of ${count(numbered.length, "item")}${and} ${failing + beyond === 1 ? "needs" : "need"} work.`
  const asks =
    waiting > 0 ? `   ${count(waiting, "route")} ${waiting === 1 ? "waits" : "wait"} for an answer: fastlint questions${project}` : ""
  return [
    `${sum}${asks}`,
    ...(others.length > 0
      ? [`${count(others.length, "problem")} ${others.length === 1 ? "belongs" : "belong"} to no item: fastlint check${project}`]
      : []),
  ]
}

/** From here on one cause is said to be what an item fails by. */
const MANY = 3

/** `285 of these 290 routes have one cause, app/deps.py:12; without it 52 would fail`: where that is half and more of what fails. */
export function sharedText({ causes: [most], fail, unit, things, first, section }: ChecklistItem): string {
  // That nothing tests an application is one finding, and no one place to repair.
  if (!most || section === "testing" || most.fails < MANY || most.fails * 2 < fail) return ""
  const noun = things.some(({ answer, kind }) => answer === "fail" && kind === "place") ? "" : ` ${unit}s`
  const who = most.fails === fail ? `All ${fail}${noun}` : `${most.fails} of these ${fail}${noun}`
  const cause = most.findings.length === 1 ? "by one finding" : `by the same ${most.findings.length} findings`
  const place = first?.path === most.path && first.line === most.line ? "" : ` at ${most.path}:${most.line}`
  const left = most.left === 0 ? "none would" : `${most.left} would`
  return `${who} fail ${cause}${place}; without ${most.findings.length === 1 ? "it" : "them"} ${left}`
}

/** `285 routes  app/deps.py:12  errors/x and 2 more`: what each cause fails. */
export const causeText = ({ fails, path, line, rule, findings }: Cause, unit: ChecklistItem["unit"]): string =>
  `${count(fails, unit)}  ${path}:${line}  ${rule}${findings.length > 1 ? ` and ${findings.length - 1} more` : ""}`

export const suppressedText = ({ suppressed }: ChecklistItem): string =>
  suppressed > 0 ? `${count(suppressed, "finding")}, by a comment: counted as passed` : ""

/** `40 routes and 3 other places`: what the numbers of an item add up to. */
export function countedText({ things, unit }: ChecklistItem): string {
  const places = things.filter(({ kind }) => kind === "place").length
  const units = things.length - places
  return [
    ...(units > 0 || places === 0 ? [count(units, unit)] : []),
    ...(places > 0 ? [count(places, units > 0 ? "other place" : "place")] : []),
  ].join(" and ")
}

/** What the items promise and no rule looks at: `4 indexes, transactions`. */
export const uncheckedText = (items: readonly ChecklistItem[]): string =>
  items
    .filter(({ unchecked, result }) => unchecked.length > 0 && result !== "n/a")
    .map(({ number, unchecked }) => `${number ?? "+"} ${unchecked.join(", ")}`)
    .join("; ")

/** Why nothing was counted. */
export const naReason = (item: ChecklistItem): string =>
  item.rules.on.length === 0 ? "all of its rules are off" : `there is no ${item.unit} that it is about`
