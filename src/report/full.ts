/** The default format: each finding with the code it is about, how it comes about, why it matters and what to do. */

import { disarmed } from "./disarm.ts"
import { ending } from "./ending.ts"
import { causeFrame, hasWay, MOST_PLACES, mainFrame } from "./finding-frames.ts"
import { bar, type Frame, frameLines, gutterOf } from "./frame.ts"
import { type Ink, inkOf } from "./ink.ts"
import { columns, count, hang, widthOf, wrap } from "./layout.ts"
import { perRule } from "./per-rule.ts"
import { gist, placeText } from "./phrases.ts"
import type { Reported, Run, TraceStep } from "./report.ts"
import { oneLine } from "./visible.ts"

/** Findings with frames, then the sums. On GitHub all of it stands between `stop-commands`, since it quotes source code. */
export function full(run: Run): string {
  const ink = inkOf(run.options)
  const explained = new Set<string>()
  const blocks = perRule(run).shown.map((finding) => {
    const first = !explained.has(finding.rule)
    explained.add(finding.rule)
    return findingLines(finding, run, ink, first)
  })
  const text = disarmed(`${[...blocks, ending(run, ink)].map((lines) => lines.join("\n")).join("\n\n")}\n`)
  const token = run.options.stopToken
  return token === undefined ? text : `::stop-commands::${token}\n${text}::${token}::\n`
}

/** `explain`: say why it matters, which a reader needs once per rule. */
function findingLines(finding: Reported, run: Run, ink: Ink, explain: boolean): string[] {
  const { unicode, width } = run.options
  const main = mainFrame(finding, run)
  const cause = causeFrame(finding, run)
  const gutter = gutterOf([main, cause].filter((frame) => frame !== undefined))
  const draw = (frame: Frame) => frameLines(frame, gutter, finding.level, run.options, ink)
  const title = `${ink.level[finding.level](finding.level)}[${ink.bold(ink.link(finding.rule, finding.docs))}]: ${oneLine(finding.message, unicode)}`
  const [head, ...tail] = wrap(title, width - 2)
  const lines = [
    head!,
    ...tail.map((line) => `  ${line}`),
    `${" ".repeat(gutter)}${ink.gutter("-->")} ${ink.bold(placeText(finding, unicode))}`,
  ]
  const drawn = main ? draw(main) : []
  if (drawn.length > 0) lines.push(bar(gutter, ink), ...drawn)
  lines.push(bar(gutter, ink))
  const indent = " ".repeat(gutter + 1)
  if (hasWay(finding)) {
    lines.push(`${indent}${ink.dim("trace")}`, ...traceLines(finding.trace, `${indent}  `, run), bar(gutter, ink))
    if (cause) lines.push(...draw(cause), bar(gutter, ink))
  }
  for (const [name, text] of notes(finding, run, explain)) {
    const shown = name === "fix" ? ink.help(name.padEnd(6)) : ink.dim(name.padEnd(6))
    lines.push(...hang(`${indent}${shown}`, text, width))
  }
  if (lines.at(-1) === bar(gutter, ink)) lines.pop()
  return lines
}

// ---------------------------------------------------------------------------- words under the frames

/** Numbered, in columns; where the columns leave no room for words, the words go on lines of their own. */
function traceLines(trace: TraceStep[], indent: string, run: Run): string[] {
  const { unicode, width } = run.options
  const numbers = trace.map((_, i) => String(i + 1).padStart(String(trace.length).length))
  const places = columns(
    trace.map((step, i) => [numbers[i]!, placeText(step, unicode), oneLine(step.symbol ?? "", unicode), "."]),
    indent,
  )
  return trace.flatMap((step, i) => {
    const start = places[i]!.slice(0, -1)
    const message = oneLine(step.message, unicode)
    if (width - widthOf(start) >= Math.min(20, widthOf(message))) return hang(start, message, width)
    const place = `${indent}${numbers[i]}  ${placeText(step, unicode)}`
    return [place, ...hang(" ".repeat(widthOf(indent) + 4), [step.symbol, message].filter(Boolean).join("  "), width)]
  })
}

/** `see`, what the rule notes, `why`, `fix`, `or` and `also`, each a name and its text. */
function* notes(finding: Reported, run: Run, explain: boolean): Generator<[string, string]> {
  const { unicode } = run.options
  const places = run.options.showAll ? finding.related : finding.related.slice(0, MOST_PLACES)
  for (const [i, place] of places.entries()) {
    if (i >= MOST_PLACES || place.path !== finding.path || run.source(place.path) === undefined)
      yield ["see", `${placeText(place, unicode)}  ${oneLine(place.message, unicode)}`]
  }
  if (finding.related.length > places.length) yield ["see", `${count(finding.related.length - places.length, "more place")} (--show-all)`]
  const said = (finding.notes ?? []).map(({ name, text }): [string, string] => [name, oneLine(text, unicode)])
  yield* said.filter(([name]) => name !== "or")
  if (explain && finding.why !== "") yield ["why", oneLine(gist(finding.why), unicode)]
  yield* repair(finding, unicode)
  yield* said.filter(([name]) => name === "or")
  const routes = routesText(finding, run)
  if (routes) yield routes
}

/** What to do, and what fastlint can do itself: one line where these are one. */
function* repair({ help, fix }: Reported, unicode: boolean): Generator<[string, string]> {
  const isSame = fix !== undefined && help === fix.title
  if (help !== "" && !isSame) yield ["fix", oneLine(help, unicode)]
  if (fix) yield [help === "" || isSame ? "fix" : "", `${oneLine(fix.title, unicode)}  (${howToFix(fix.safety)})`]
}

const howToFix = (safety: "safe" | "unsafe" | "suggestion") =>
  ({ safe: "--fix", unsafe: "--unsafe-fixes", suggestion: "suggestion" })[safety]

/** How many routes are named before the rest is only counted. */
const NAMED_ROUTES = 3

/** The routes that the message did not name. */
function routesText(finding: Reported, { options }: Run): [string, string] | undefined {
  const unnamed = finding.routes.filter((route) => !finding.message.includes(route))
  const named = (options.showAll ? unnamed : unnamed.slice(0, NAMED_ROUTES)).map((route) => oneLine(route, options.unicode))
  const total = unnamed.length + (finding.alsoRoutes ?? 0)
  if (total === 0) return undefined
  const isCut = total > named.length
  const all = (isCut ? [...named, inkOf(options).signs.more] : named).join(", ")
  const more = unnamed.length > named.length ? " (--show-all)" : ""
  if (unnamed.length === finding.routes.length && finding.routes.length > 0)
    return ["on", isCut ? `${count(total, "route")}: ${all}${more}` : all]
  const reach = hasWay(finding) ? ` ${total === 1 ? "reaches" : "reach"} the same call` : ""
  return ["also", `${count(total, "more route")}${reach}${named.length ? `: ${all}` : ""}${more}`]
}
