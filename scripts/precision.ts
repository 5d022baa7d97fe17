/**
 * How often rules are right on real projects: `node scripts/run.js scripts/precision.ts DATE FOUND SHEET...` writes
 * `src/engine/precision-data.ts`.
 *
 * FOUND is a folder of `PROJECT.json`, what `check --format json` says of each project with this build. A SHEET is a table
 * with tabs and a head line, in which every line is a finding that somebody has read in its code: `project`, `place`
 * (`path:line`), `rule`, `verdict` (`true`, `debatable` or `false`) and `why`. Only findings that this build still has are
 * counted, each once, with the verdict of the last sheet that names it: what was mended since is no merit, and no stain.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { idsUnder } from "./rule-index.ts"

const OUT = "src/engine/precision-data.ts"

const [on, folder, ...sheets] = process.argv.slice(2)
if (!on || !folder || sheets.length === 0) throw new Error("usage: precision.ts DATE FOUND SHEET...")

interface Row {
  project: string
  place: string
  rule: string
  verdict: string
}

const found = new Map<string, { project: string; rule: string }>()
const projects = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length))
let all = 0
const sums = new Map<string, { found: number; foundIn: Set<string>; read: number; readIn: Set<string>; right: number }>(
  idsUnder("rules").map((id) => [id, { found: 0, foundIn: new Set(), read: 0, readIn: new Set(), right: 0 }]),
)
for (const project of projects) {
  const { findings } = JSON.parse(readFileSync(join(folder, `${project}.json`), "utf8")) as {
    findings: { rule: string; path: string; range: { start: { line: number } } }[]
  }
  for (const { rule, path, range } of findings) {
    found.set(`${project} ${rule} ${path}:${range.start.line}`, { project, rule })
    const sum = sums.get(rule)
    if (!sum) continue
    all++
    sum.found++
    sum.foundIn.add(project)
  }
}

const verdicts = new Map(sheets.flatMap(rowsOf).map((row) => [`${row.project} ${row.rule} ${row.place}`, row.verdict]))
for (const [key, verdict] of verdicts) {
  const finding = found.get(key)
  const sum = finding && sums.get(finding.rule)
  if (!sum) continue
  sum.read++
  sum.readIn.add(finding.project)
  if (verdict === "true") sum.right++
}

function rowsOf(sheet: string): Row[] {
  const [head = "", ...lines] = readFileSync(sheet, "utf8").trimEnd().split("\n")
  const names = head.split("\t")
  return lines.map((line) => Object.fromEntries(line.split("\t").map((cell, i) => [names[i], cell])) as unknown as Row)
}

const lines = [...sums].map(
  ([id, { found, foundIn, read, readIn, right }]) => `  "${id}": [${[found, foundIn.size, read, readIn.size, right].join(", ")}],`,
)
writeFileSync(
  OUT,
  `/** Written by \`scripts/precision.ts\`: what came of running all rules on open-source projects and of reading what they found. */

export const MEASURED_ON = "${on}"

/** How many projects were run. */
export const PROJECTS = ${projects.length}

/** For each rule: findings, projects with one, findings read one by one, projects of those, and how many of them were true. */
export const COUNTS: Readonly<Record<string, readonly [found: number, foundIn: number, read: number, readIn: number, right: number]>> = {
${lines.join("\n")}
}
`,
)
const total = [...sums.values()].reduce((sum, { read, right }) => [sum[0]! + read, sum[1]! + right], [0, 0])
console.log(`${all} findings in ${projects.length} projects; ${total[1]} of ${total[0]} that were read are true`)
