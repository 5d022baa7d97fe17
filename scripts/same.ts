/**
 * Does a run say the same whatever was kept and however many threads there are? Asked of whole projects, which are
 * copied first: `node scripts/run.js scripts/same.ts [--changes N] [--seed N] FOLDER...`, after `npm run build`.
 */
import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { basename, join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { globSync } from "tinyglobby"

const { values, positionals } = parseArgs({
  options: { changes: { type: "string", default: "5" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
})
const cli = resolve("dist/cli.js")
let state = Number(values.seed)
let isSame = true

function compare(name: string, root: string): void {
  const cache = join(root, ".fastlint_cache")
  const cold = check(root, "--no-cache", "--jobs", "1")
  const expect = (what: string, found: string, expected: string) => {
    if (found === expected) return
    isSame = false
    console.log(`${name}: ${what} differs${firstDifference(found, expected)}`)
  }
  for (const jobs of [2, 3, availableParallelism() * 2]) expect(`${jobs} threads`, check(root, "--no-cache", "--jobs", `${jobs}`), cold)
  expect("the run that fills the cache", check(root, "--cache-dir", cache, "--jobs", "2"), cold)
  expect("warm", check(root, "--cache-dir", cache), cold)

  const paths = globSync("**/*.py", { cwd: root, ignore: ["**/site-packages/**"] }).sort()
  for (let nth = 0; nth < Number(values.changes); nth++) {
    const path = join(root, paths[random(paths.length)] as string)
    const before = readFileSync(path)
    const lines = before.toString("latin1").split("\n")
    const [what, change] = CHANGES[random(CHANGES.length)] as (typeof CHANGES)[number]
    change(lines, random(lines.length))
    writeFileSync(path, Buffer.from(lines.join("\n"), "latin1"))
    const where = `after ${what} in ${path.slice(root.length + 1)}`
    expect(where, check(root, "--cache-dir", cache), check(root, "--no-cache"))
    writeFileSync(path, before)
    expect(`${where}, undone`, check(root, "--cache-dir", cache), cold)
  }
  console.log(`${name}: ${paths.length} files, ${values.changes} changes`)
}

type Change = [what: string, change: (lines: string[], at: number) => void]
const CHANGES: Change[] = [
  ["cutting a line", (lines, at) => lines.splice(at, 1)],
  ["doubling a line", (lines, at) => lines.splice(at, 0, lines[at] as string)],
  ["cutting the rest", (lines, at) => lines.splice(at)],
  ["indenting a line", (lines, at) => lines.splice(at, 1, `    ${lines[at]}`)],
  ["a new first line", (lines) => lines.unshift("import time")],
  ["emptying", (lines) => lines.splice(0)],
]

function check(root: string, ...flags: string[]): string {
  const args = [cli, "check", root, "--allow-empty", "--exit-zero", "--format", "json", ...flags]
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, maxBuffer: 2 ** 30 })
  return stdout.toString().replace(/"durationMs": \d+/, "")
}

/** Repeatable with its seed. */
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

function firstDifference(a: string, b: string): string {
  const [left, right] = [a.split("\n"), b.split("\n")]
  const at = left.findIndex((line, nth) => line !== right[nth])
  return `, first in line ${at + 1} of its JSON:\n  ${left[at]}\n  ${right[at]}`
}

for (const folder of positionals) {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "fastlint-same-")))
  try {
    cpSync(folder, copy, { recursive: true, filter: (path) => !/[/\\](\.git|\.fastlint_cache|node_modules|\.venv)$/.test(path) })
    compare(basename(resolve(folder)), copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
process.exitCode = isSame ? 0 : 1
