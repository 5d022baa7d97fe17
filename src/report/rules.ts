/** Rules for reading: the table of all of them, and the page of one. */
import { type Ink, inkOf } from "./ink.ts"
import { columns, count, hang, pad, widthOf, wrap } from "./layout.ts"
import { precisionText } from "./precision.ts"
import type { Look, RuleDescription } from "./report.ts"
import { visible } from "./visible.ts"

/** `fastlint rules`: by section, with the level under this configuration; what it is a concern of, where there is room. */
export function rulesText(rules: RuleDescription[], look: Look): string {
  const ink = inkOf(look)
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1))
  const longest = Math.max(0, ...rules.map(({ summary }) => widthOf(summary)))
  const facts = (rule: RuleDescription, withConcern: boolean) => [
    rule.id,
    rule.enabled === false ? "off" : rule.level,
    ...(withConcern ? [rule.concern] : []),
    rule.fix ?? "-",
  ]
  const roomBeside = (rows: string[][]) =>
    look.width -
    rows.reduce((widths, row) => row.map((cell, i) => Math.max(widths[i] ?? 0, cell.length)), [] as number[]).reduce((a, b) => a + b + 2, 1)
  const tableOf = (withConcern: boolean) => [
    ["RULE", "LEVEL", ...(withConcern ? ["CONCERN"] : []), "FIX"],
    ...sorted.map((rule) => facts(rule, withConcern)),
  ]
  const hasRoom = roomBeside(tableOf(true)) >= longest
  const [titles, ...rows] = tableOf(hasRoom)
  const room = Math.max(20, roomBeside([titles!, ...rows]))
  const cells = sorted.flatMap((rule, i) => {
    const [id, level, ...rest] = rows[i]!
    const [first, ...others] = wrap(rule.summary, room)
    const line = [id!, level!, ...rest, first!]
    const more = others.map((text) => [...rows[i]!.map(() => ""), text])
    if (rule.enabled === false) return [line, ...more].map((row) => row.map(ink.dim))
    return [[id!, ink.level[rule.level](level!), ...rest, first!], ...more]
  })
  const [head, ...body] = columns([[...titles!, "SUMMARY"].map(ink.bold), ...cells], " ")
  const on = rules.filter((rule) => rule.enabled !== false).length
  const sum = on === rules.length ? count(on, "rule") : `${count(rules.length, "rule")}, ${on} on`
  return `${[head!, ...body, "", ` ${sum}.   One of them in full: fastlint explain RULE`].join("\n")}\n`
}

/** What a rule finds in the project that one stands in. */
export interface FoundHere {
  findings: number
  routes: number
  /** The places to look at, `app/main.py:12`, those with the most findings first. */
  causes: string[]
}

/** How many places are named before the rest is only counted. */
const MOST_CAUSES = 3

function foundLines(rule: string, { findings, routes, causes }: FoundHere, look: Look, ink: Ink): string[] {
  if (findings === 0) return hang(" ", "In this project: nothing found.", look.width)
  const on = routes > 0 ? ` on ${count(routes, "route")}` : ""
  const shown = causes.slice(0, MOST_CAUSES).map((place) => `   ${ink.dim(`fastlint why ${visible(place, look.unicode)}`)}`)
  const left = causes.length - shown.length
  return [
    ...hang(" ", `In this project: ${count(findings, "finding")}${on}, ${count(causes.length, "cause")}:`, look.width),
    ...shown,
    ...(left > 0 ? [`   and ${left} more: fastlint check --select ${rule}`] : []),
  ]
}

/** `fastlint explain RULE`: what, why, an example, when it stays silent, how to silence it, who says the same. */
export function explainText(rule: RuleDescription, look: Look, found?: FoundHere): string {
  const ink = inkOf(look)
  const facts = [
    rule.concern,
    rule.enabled === false ? "off" : rule.level,
    ...(rule.fix ? [`${rule.fix} fix`] : []),
    ...(rule.startup ? ["FastAPI would not start"] : []),
    ...(rule.optIn ? ["strict preset"] : []),
    ...(rule.edition ? [`by its name until edition ${rule.edition}`] : []),
  ]
  const right = facts.join(` ${ink.signs.dot} `)
  const gap = Math.max(2, look.width - 2 - widthOf(rule.id) - widthOf(right))
  const blocks = [
    [` ${ink.bold(ink.link(rule.id, rule.docs))}${" ".repeat(gap)}${ink.dim(right)}`, ...paragraph(rule.summary, look)],
    rule.why
      .trim()
      .split(/\n\s*\n/)
      .flatMap((text, i) => [...(i > 0 ? [""] : []), ...paragraph(text, look)]),
    paragraph(`Fix: ${rule.help}`, look).map(ink.help),
    ...(rule.examples ?? []).slice(0, 1).map(({ bad, good }) => exampleLines(bad, good, look, ink)),
    ...(found ? [foundLines(rule.id, found, look, ink)] : []),
    closing(rule, look, ink),
  ]
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`
}

const paragraph = (text: string, look: Look) => hang(" ", text.replace(/\s+/g, " ").trim(), look.width)

/** Side by side where both fit, else one above the other. */
function exampleLines(bad: string, good: string, look: Look, ink: Ink): string[] {
  const [left, right] = [codeLines(bad), codeLines(good)]
  const half = Math.floor((look.width - 6) / 2)
  if (Math.max(...[...left, ...right].map(widthOf)) > half - 2) {
    return [
      `   ${ink.level.error("bad")}`,
      ...left.map((line) => `     ${line}`.trimEnd()),
      `   ${ink.help("good")}`,
      ...right.map((line) => `     ${line}`.trimEnd()),
    ]
  }
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    `     ${pad(left[i] ?? "", half)}  ${right[i] ?? ""}`.trimEnd(),
  )
  return [`   ${ink.level.error("bad")}${" ".repeat(half - 1)}  ${ink.help("good")}`, ...rows]
}

/** The example as code: without the marks of the tests, and without blank lines around it. */
export function codeLines(text: string): string[] {
  const lines = text
    .replace(/[ \t]*# expect\b.*$/gm, "")
    .replace(/^\s*\n|\s+$/g, "")
    .split("\n")
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)))
  return lines.map((line) => line.slice(indent).replaceAll("\t", "    "))
}

function closing(rule: RuleDescription, look: Look, ink: Ink): string[] {
  const named = (name: string, texts: string[]) =>
    texts.flatMap((text, i) => hang(i === 0 ? ` ${name} ` : " ".repeat(name.length + 2), text, look.width))
  const options = (rule.options ?? []).map((option) => `${option.name} = ${JSON.stringify(option.default)}  ${option.says}`)
  return [
    ...named("Not reported:", rule.exemptions ?? []),
    ...named("Options:", options),
    ...named("Measured:", rule.precision ? [precisionText(rule.precision)] : []),
    ...named("Same idea elsewhere:", rule.equivalents.length > 0 ? [rule.equivalents.join(", ")] : []),
    ...named("Weakness:", rule.cwe.length > 0 ? [rule.cwe.join(", ")] : []),
    ...named("Formerly:", rule.formerly?.length ? [rule.formerly.join(", ")] : []),
    " To silence it at one place, say why:",
    ink.dim(`   # fastlint: ignore[${rule.id}] <reason>`),
    " To set it for the project:",
    ...settingLines(rule).map((line) => ink.dim(`   ${line}`)),
    ...(rule.docs === "" ? [] : [` Docs: ${rule.docs}`]),
  ]
}

/** TOML that changes the rule: by its first option where it has one, else off. */
function settingLines({ id, options = [] }: RuleDescription): string[] {
  const lists = options.find((option) => Array.isArray(option.default))
  const value = lists ? `{ ${(options.find(({ name }) => name === "allow") ?? lists).name} = ["..."] }` : '"off"'
  return ["[tool.fastlint.rules]", `"${id}" = ${value}`]
}
