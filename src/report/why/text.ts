/** `fastlint why`: all that is known of one line, for a terminal. */
import { disarmed } from "../disarm.ts"
import { bar, frameLines, gutterOf, type Mark } from "../frame.ts"
import { type Ink, inkOf } from "../ink.ts"
import { count, hang, pad, widthOf, wrap } from "../layout.ts"
import { masked } from "../mask.ts"
import { placeText } from "../phrases.ts"
import type { Look } from "../report.ts"
import { linesOf, oneLine, visible } from "../visible.ts"
import type { Why, WhyFinding, WhyWay } from "./why.ts"

/** How many ways are drawn before the rest is only named. */
const MOST_WAYS = 3
/** How many routes are named behind "more". */
const MOST_NAMED = 6

export function whyText(why: Why, source: string | undefined, look: Look, all = false): string {
  const ink = inkOf(look)
  const blocks = [
    [` ${ink.bold(visible(`${why.path}:${why.line}`, look.unicode))}`, ...frame(why, source, look, ink)],
    factLines(why, look, ink),
    ...why.routes.map((route) => [` ${ink.bold(oneLine(route.name, look.unicode))}`, ...notes(route.facts, look, ink)]),
    findingLines(why, look, ink),
    ...wayBlocks(why, look, ink, all),
    settingLines(why, look, ink),
  ]
  return disarmed(
    `\n${blocks
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join("\n"))
      .join("\n\n")}\n`,
  )
}

/** The line, with what was found there marked, or else the whole of it. */
function frame({ path, line, findings }: Why, source: string | undefined, look: Look, ink: Ink): string[] {
  const text = source === undefined ? undefined : linesOf(source)[line - 1]
  if (source === undefined || text === undefined || text.trim() === "") return []
  const here = findings.filter(({ part }) => part === "here").map(({ finding }) => finding)
  const whole = { start: { line, column: text.search(/\S/) + 1 }, end: { line, column: [...text.trimEnd()].length + 1 } }
  const marks: Mark[] = here.length > 0 ? here.map(({ range }) => ({ range, kind: "primary" })) : [{ range: whole, kind: "secondary" }]
  const shown = here.filter(({ rule }) => rule.startsWith("secrets/")).reduce((masking, { range }) => masked(masking, range), source)
  const drawn = { path, source: shown, marks }
  const gutter = gutterOf([drawn]) + 1
  return [bar(gutter, ink), ...frameLines(drawn, gutter, here[0]?.level ?? "info", look, ink), bar(gutter, ink)]
}

/** A name and its text, in two columns. */
function notes(facts: readonly (readonly [string, string])[], look: Look, ink: Ink): string[] {
  const width = Math.max(8, ...facts.map(([name]) => widthOf(name)))
  return facts.flatMap(([name, text]) => hang(`   ${ink.dim(pad(name, width))}  `, oneLine(text, look.unicode), look.width))
}

// ---------------------------------------------------------------------------- what stands there

const RUNS: Record<string, string> = {
  request: "for requests",
  background: "in the background, as a task that start-up leaves running",
  startup: "at start-up or shutdown, when nobody waits",
  elsewhere: "in another process, or on a loop of its own",
  unknown: "when: not known, nothing in sight calls it",
}

function factLines(why: Why, look: Look, ink: Ink): string[] {
  const { fn, calls, role, routes, uncounted } = why
  const facts: [string, string][] = []
  if (role !== "app") facts.push(["file", `a ${role}: read as evidence, not judged`])
  if (fn) {
    facts.push(["in", `${fn.async ? "async def" : "def"} ${fn.name} (${fn.at})`])
    if (routes.length === 0 && role === "app") facts.push(["runs", RUNS[fn.running] ?? fn.running])
  } else facts.push(["in", "the module itself: it runs once, at import"])
  for (const [i, call] of calls.entries())
    facts.push([i === 0 ? "calls" : "", [call.name, ...call.facts].join(look.unicode ? " · " : ", ")])
  for (const [i, one] of uncounted.entries()) facts.push([i === 0 ? "also from" : "", `${one.at}, ${one.why}: not counted`])
  return notes(facts, look, ink)
}

// ---------------------------------------------------------------------------- what was found

function findingLines({ findings, comments, role }: Why, look: Look, ink: Ink): string[] {
  const silenced = findings.filter(({ finding }) => finding.suppressed)
  const shown = findings.filter(({ finding }) => !finding.suppressed)
  const covering = comments.map(({ at, text, effect }): [string, string] => ["comment", `${at}  ${text}: ${effect}`])
  const nothing = role === "app" ? "Nothing was found here." : "Nothing is looked for here."
  const title =
    findings.length === 0
      ? ` ${nothing}`
      : ` ${count(shown.length, "finding")}${silenced.length > 0 ? `, ${silenced.length} silenced` : ""}`
  return [
    ink.bold(title),
    ...findings.flatMap((one) => oneFinding(one, look, ink)),
    ...(covering.length > 0 ? notes(covering, look, ink) : []),
  ]
}

function oneFinding({ finding, part }: WhyFinding, look: Look, ink: Ink): string[] {
  const { level, rule, message, suppressed, trace } = finding
  const head = `${ink.level[level](level)}[${ink.bold(ink.link(rule, finding.docs))}]: ${oneLine(message, look.unicode)}`
  const [first, ...rest] = wrap(head, look.width - 5)
  const facts: [string, string][] = []
  if (part !== "here") facts.push(["at", `${placeText(finding, look.unicode)}; this line is ${part}`])
  if (suppressed)
    facts.push([
      "silenced",
      `${suppressed.by === "noqa" ? "noqa" : "comment"} at ${suppressed.at.path}:${suppressed.at.line}${suppressed.reason ? `: ${suppressed.reason}` : ", without a reason"}`,
    ])
  else
    facts.push(
      ["fix", finding.help],
      ["ignore", `# fastlint: ignore[${rule}] <reason>${trace.length > 1 ? ", here or at any step of the trace" : ""}`],
    )
  return [
    `   ${first}`,
    ...rest.map((line) => `     ${line}`),
    ...notes(
      facts.filter(([, text]) => text !== ""),
      look,
      ink,
    ).map((line) => `  ${line}`),
  ]
}

// ---------------------------------------------------------------------------- how requests get there

function wayBlocks({ ways }: Why, look: Look, ink: Ink, all: boolean): string[][] {
  if (ways.length === 0) return []
  const onLoop = ways.filter(({ runs }) => runs === "event loop")
  const head = `${ink.bold(`Reached from ${count(ways.length, "route")}`)}, ${whereText(onLoop.length, ways.length - onLoop.length)}; the shortest way of each:`
  const sorted = [...onLoop, ...ways.filter((way) => way.runs !== "event loop")]
  const drawn = all ? sorted : sorted.slice(0, MOST_WAYS)
  const left = sorted.slice(drawn.length)
  const named = left.slice(0, MOST_NAMED).map(({ route }) => oneLine(route, look.unicode))
  const more =
    left.length === 0
      ? []
      : [
          hang(
            " ",
            `${left.length} more: ${named.join(", ")}${left.length > named.length ? `, ${ink.signs.more}` : ""}  (--show-all)`,
            look.width,
          ),
        ]
  return [hang(" ", head, look.width), ...drawn.map((way) => wayLines(way, look, ink)), ...more]
}

function whereText(onLoop: number, inThreads: number): string {
  if (onLoop === 0) return "in a thread"
  return inThreads === 0 ? "on the event loop" : `${onLoop} on the event loop, ${inThreads} in a thread`
}

function wayLines({ route, runs, steps }: WhyWay, look: Look, ink: Ink): string[] {
  const corner = look.unicode ? "└─" : "`-"
  const left = steps.map(({ at }, i) => `${" ".repeat(1 + i * 3)}${corner} ${visible(at, look.unicode)}`)
  const width = Math.max(...left.map(widthOf))
  return [
    ` ${ink.bold(oneLine(route, look.unicode))}  ${ink.dim(runs === "event loop" ? "on the event loop" : "in a thread")}`,
    ...steps.flatMap(({ text }, i) => {
      const start = pad(left[i]!, width)
      const words = oneLine(text, look.unicode)
      return widthOf(start) + 2 + widthOf(words) <= look.width
        ? [`${start}  ${words}`]
        : [left[i]!, ...hang(" ".repeat(4 + i * 3), words, look.width)]
    }),
  ]
}

// ---------------------------------------------------------------------------- settings

function settingLines({ settings, ignores }: Why, look: Look, ink: Ink): string[] {
  if (settings.length + ignores.length === 0) return []
  return [
    ink.bold(" Settings"),
    ...notes(
      [
        ...settings.map(({ rule, level, from }): [string, string] => [rule, `${level}: ${from}`]),
        ...ignores.map(({ selectors, from }): [string, string] => ["off here", `${selectors}: per-file-ignores in ${from}`]),
      ],
      look,
      ink,
    ),
  ]
}
