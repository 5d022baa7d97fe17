/**
 * How fast is fastlint, against bare parsing and beside other linters, on the same files in one run?
 * `npm run bench -- [--quick] [--limit SECONDS] PROJECT...` writes BENCHMARKS.md and BENCHMARKS.svg. It installs the
 * other linters into `node_modules/.bench`. `--limit` is how long another linter may take; it is killed then, and told so.
 * Only ratios of one run mean anything on another machine.
 */
import { execFileSync } from "node:child_process"
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { basename, join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { chart } from "./chart.ts"
import { generate } from "./generate.ts"
import { machine, measured, type Taken } from "./machine.ts"
import { LEFT_OUT, type Tool, tools } from "./tools.ts"

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean" }, limit: { type: "string", default: "120" }, out: { type: "string", default: "." } },
  allowPositionals: true,
})
const limit = Number(values.limit)
const cores = availableParallelism()
const home = resolve("node_modules/.bench")
const work = mkdtempSync(join(tmpdir(), "fastlint-bench-"))
const cli = resolve("dist/cli.js")
mkdirSync(home, { recursive: true })
execFileSync("node", ["scripts/build.js"], { stdio: "inherit" })

interface Ours {
  parse: Taken
  parseOne: Taken
  cold: Taken
  coldOne: Taken
  warm: Taken
  changed: Taken
}

interface Row {
  name: string
  files: number
  lines: number
  ours: Ours
  others: (Tool & { taken: Taken })[]
}

interface Grown {
  lines: number
  cold: Taken
  warm: Taken
}

try {
  const empty = join(work, "empty")
  writeFileSync(empty, "")
  const beside = tools(home, cores, empty)
  const rows: Row[] = []
  const grown: Grown[] = []
  // A long run that is stopped keeps what it has.
  const publish = () => {
    writeFileSync(join(values.out, "BENCHMARKS.md"), page(rows, grown, beside))
    const [first] = rows
    if (first)
      writeFileSync(
        join(values.out, "BENCHMARKS.svg"),
        chart(`Seconds to check ${first.name} (${thousands(first.lines)} lines)`, barsOf(first)),
      )
  }
  for (const project of positionals) {
    rows.push(measureProject(project, beside))
    publish()
  }
  for (const lines of values.quick ? [3_000, 10_000] : [10_000, 30_000, 100_000, 300_000, 1_000_000]) {
    grown.push(measureGrown(lines))
    publish()
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}

function measureProject(project: string, beside: readonly Tool[]): Row {
  const name = basename(resolve(project))
  const folder = join(work, name)
  cpSync(project, folder, { recursive: true, filter: (path) => !/[/\\](\.git|\.fastlint_cache|node_modules|\.venv)$/.test(path) })
  const { list, files, lines } = listed(folder)
  const ours = measureOurs(folder, list)
  const others = beside.map((tool) => {
    say(`${name}: ${tool.name}`)
    return { ...tool, taken: measured(tool.command, folder, limit) }
  })
  rmSync(folder, { recursive: true })
  return { name, files, lines, ours, others }
}

function measureGrown(wanted: number): Grown {
  const folder = join(work, `grown-${wanted}`)
  const lines = generate(folder, wanted)
  say(`grown to ${thousands(lines)} lines`)
  const cache = join(work, "grown-cache")
  const forget = () => rmSync(cache, { recursive: true, force: true })
  const cold = measured(check(folder, "--cache-dir", cache), folder, limit * 3, forget)
  const warm = measured(check(folder, "--cache-dir", cache), folder, limit * 3)
  forget()
  rmSync(folder, { recursive: true })
  return { lines, cold, warm }
}

function measureOurs(folder: string, list: string): Ours {
  const cache = join(work, "cache")
  const forget = () => rmSync(cache, { recursive: true, force: true })
  const parse = (threads: number) => ["node", resolve("scripts/bench/parse-only.js"), `${threads}`, list, folder]
  const step = (what: string, command: string[], prepare?: () => void) => {
    say(`${basename(folder)}: ${what}`)
    return measured(command, folder, limit * 3, prepare)
  }
  const paths = readFileSync(list, "utf8").split("\n")
  const touched = join(folder, paths[paths.length >> 1] as string)
  const ours = {
    parseOne: step("parse only, one thread", parse(1)),
    parse: step("parse only", parse(cores)),
    coldOne: step("cold, one thread", check(folder, "--cache-dir", cache, "--jobs", "1"), forget),
    cold: step("cold", check(folder, "--cache-dir", cache), forget),
    warm: step("warm", check(folder, "--cache-dir", cache)),
    changed: step("one file changed", check(folder, "--cache-dir", cache), () => appendFileSync(touched, "# changed\n")),
  }
  forget()
  return ours
}

function check(folder: string, ...flags: string[]): string[] {
  return [
    "node",
    cli,
    "check",
    folder,
    "--isolated",
    "--allow-empty",
    "--exit-zero",
    "--format",
    "json",
    "--output-file",
    join(work, "found.json"),
    ...flags,
  ]
}

/** The files that fastlint would read. */
function listed(folder: string): { list: string; files: number; lines: number } {
  const paths = execFileSync("node", [cli, "check", ".", "--isolated", "--show-files"], {
    cwd: folder,
    maxBuffer: 2 ** 26,
    encoding: "utf8",
  })
    .trim()
    .split("\n")
  const list = join(work, "files.txt")
  writeFileSync(list, paths.join("\n"))
  const lines = paths.reduce((sum, path) => sum + readFileSync(join(folder, path)).filter((byte) => byte === 10).length, 0)
  return { list, files: paths.length, lines }
}

function page(rows: Row[], grown: Grown[], beside: readonly Tool[]): string {
  const ratio = (a: Taken, b: Taken) => (isEnded(a) && isEnded(b) ? (a.seconds / b.seconds).toFixed(2) : "-")
  const table = (head: string[], body: string[][]) =>
    [head, head.map((_, nth) => (nth === 0 ? "---" : "---:")), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n")
  const reference = grown.find(({ lines }) => lines >= 90_000) ?? grown[0]
  return `# Benchmarks

Written by \`npm run bench\`. ${machine()}. Medians of one run; other machines have other seconds, and much the same ratios.

${rows.length > 0 ? "![Seconds by tool](BENCHMARKS.svg)\n\n" : ""}## fastlint against bare parsing

Seconds. *Parse* reads every file and parses it with tree-sitter, and does nothing else; *cold* is a first run, *warm* a
second one, *changed* one after a single file was changed. ${cores} threads at most where nothing is said.

${table(
  [
    "project",
    "files",
    "lines",
    "parse",
    "cold",
    "warm",
    "changed",
    "cold / parse",
    "the same, 1 thread",
    "warm / cold",
    "changed / cold",
    "peak MB",
  ],
  rows.map(({ name, files, lines, ours }) => [
    name,
    `${files}`,
    thousands(lines),
    shown(ours.parse),
    shown(ours.cold),
    shown(ours.warm),
    shown(ours.changed),
    ratio(ours.cold, ours.parse),
    ratio(ours.coldOne, ours.parseOne),
    ratio(ours.warm, ours.cold),
    ratio(ours.changed, ours.cold),
    Math.max(ours.cold.megabytes, ours.warm.megabytes).toFixed(0),
  ]),
)}

## Beside other linters, on the same files

Seconds, without any cache; in brackets how many times as long as a cold run of fastlint. Each tool reads its default
configuration, not the project's. They look for other things, and for more or less of them.

${table(
  ["tool", "version", ...rows.map(({ name }) => name)],
  [
    ["fastlint, cold", "", ...rows.map(({ ours }) => `${shown(ours.cold)} (1.00)`)],
    ["fastlint, warm", "", ...rows.map(({ ours }) => `${shown(ours.warm)} (${ratio(ours.warm, ours.cold)})`)],
    ...beside.map(({ name, version }) => [
      name,
      version,
      ...rows.map(({ ours, others }) => {
        const { taken } = others.find((other) => other.name === name) as Row["others"][number]
        return isEnded(taken) ? `${shown(taken)} (${ratio(taken, ours.cold)})` : shown(taken)
      }),
    ]),
  ],
)}

${LEFT_OUT}

## Growth

Generated projects of one kind, each feature with routes, a service, models and tests.

${table(
  ["lines", "cold", "warm", "cold, ms per 1000 lines", "against 100 k", "warm / cold", "peak MB"],
  grown.map(({ lines, cold, warm }) => [
    thousands(lines),
    shown(cold),
    shown(warm),
    ((cold.seconds / lines) * 1e6).toFixed(1),
    reference ? (cold.seconds / lines / (reference.cold.seconds / reference.lines)).toFixed(2) : "-",
    ratio(warm, cold),
    cold.megabytes.toFixed(0),
  ]),
)}
`
}

function barsOf({ ours, others }: Row): Parameters<typeof chart>[1] {
  return [
    { name: "fastlint, warm", seconds: ours.warm.seconds, isOurs: true },
    { name: "fastlint, cold", seconds: ours.cold.seconds, isOurs: true },
    ...others.filter(({ taken }) => isEnded(taken)).map(({ name, taken }) => ({ name, seconds: taken.seconds, isOurs: false })),
  ].sort((a, b) => a.seconds - b.seconds)
}

/** Killed at the limit, a command has not ended. Linters end with 1 where they find something. */
function isEnded({ exit }: Taken): boolean {
  return exit >= 0 && exit <= 1
}

function shown(taken: Taken): string {
  if (isEnded(taken)) return taken.seconds.toFixed(2)
  return taken.exit < 0 ? `> ${taken.seconds.toFixed(0)}` : `failed (${taken.exit})`
}

function thousands(lines: number): string {
  return lines >= 1000 ? `${Math.round(lines / 1000)} k` : `${lines}`
}

function say(what: string): void {
  process.stderr.write(`${what}\n`)
}
