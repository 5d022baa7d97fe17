/**
 * Counts published vulnerabilities that are found before their fix and gone after it:
 *
 *   node scripts/run.js scripts/cves.ts TABLE DIR [--cli dist/cli.js] [--only TEXTS-OR-NUMBERS] [--all]
 *
 * TABLE is tab-separated with a header: id, class, path, line_start, line_end, needs, split (and more). DIR holds, for the row
 * of number N counted from 0, the tree before the fix as `N` in three digits, and after it as `N.fixed`. A case is solved when a finding
 * of a fitting rule, or a step of its trace, overlaps the lines before the fix, and no finding of that rule stands in the same
 * function after it; what stands at a decorator is said of the function. What the same rules find elsewhere in the trees before the fix is counted too.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"

interface Spot {
  path: string
  range: { start: { line: number }; end: { line: number } }
}
interface Found extends Spot {
  rule: string
  message: string
  scope: string
  trace: (Spot & { note: string })[]
}

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: { cli: { type: "string", default: "dist/cli.js" }, only: { type: "string" }, all: { type: "boolean" } },
})
const [table, dir] = positionals
if (!table || !dir) throw new Error("usage: cves.ts TABLE DIR [--cli dist/cli.js] [--only TEXTS-OR-NUMBERS] [--all]")

/** Which rules may find which class of weakness. */
const RULES: Record<string, string[]> = {
  "path-traversal": ["security/path-traversal", "security/upload-path-traversal", "security/incomplete-path-check"],
  "incomplete-path-sanitizer": [
    "security/path-traversal",
    "security/upload-path-traversal",
    "security/incomplete-path-check",
    "security/posix-only-path-check",
  ],
  "upload-filename-unsanitized": ["security/upload-path-traversal", "security/path-traversal"],
  ssrf: ["security/ssrf"],
  "open-redirect": ["security/open-redirect"],
  "command-injection": ["security/command-injection", "security/shell-with-variable"],
  "code-injection": ["security/code-injection"],
  "unsafe-deserialization": ["security/unsafe-deserialization"],
  ssti: ["security/template-injection"],
  "sql-injection": ["database/sql-string-interpolation"],
  "missing-authentication": [
    "auth/unprotected-mutating-route",
    "auth/auth-gap-in-router",
    "auth/auth-scheme-without-verification",
    "auth/missing-guard-call",
  ],
  "missing-authorization": ["auth/missing-authorization", "auth/auth-gap-in-router", "auth/object-level-authorization"],
  "cors-wildcard": ["security/cors-misconfiguration", "security/cors-credentials-wildcard"],
  "cors-wildcard-credentials": ["security/cors-credentials-wildcard"],
  "cors-null-origin": ["security/cors-misconfiguration"],
  "timing-unsafe-comparison": ["auth/timing-unsafe-compare"],
  "blocking-call-in-async": ["async/blocking-call"],
  "sensitive-data-in-response": [
    "validation/sensitive-field-in-response",
    "secrets/sensitive-data-in-response",
    "secrets/settings-in-response",
  ],
  "unbounded-int-input": ["database/unbounded-page-size"],
  "reflective-method-call": ["security/unsafe-reflection"],
  redos: ["security/redos"],
  "regex-injection": ["security/regex-injection"],
  "trust-x-forwarded-for": ["security/trusted-forwarded-header"],
  "static-mount-of-secrets": ["security/static-files-exposes-project"],
}
/** What a linter can be asked to see. */
const SEEN = new Set(["pattern", "config", "route-model", "intra-taint", "inter-taint"])

const [header = [], ...rows] = readFileSync(table, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => line.split("\t"))
const column = (row: string[], name: string): string => row[header.indexOf(name)] ?? ""

const listed = JSON.parse(execFileSync("node", [flags.cli, "rules", "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 26 })) as
  | { id: string }[]
  | { rules: { id: string }[] }
const known = new Set((Array.isArray(listed) ? listed : listed.rules).map(({ id }) => id))

function findings(tree: string, rules: readonly string[]): Found[] {
  const select = rules.filter((rule) => known.has(rule))
  if (select.length === 0) return []
  // A tree without an application is none that can be judged.
  const output = outputOf(tree, select)
  return output === "" ? [] : (JSON.parse(output) as { findings: Found[] }).findings
}

function outputOf(tree: string, select: readonly string[]): string {
  const { stdout } = spawnSync(
    "node",
    [flags.cli, "check", ".", "--allow-empty", "--select", select.join(","), "--format", "json", "--exit-zero"],
    {
      cwd: tree,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    },
  )
  return stdout
}

const textOf = (path: string): string[] => (existsSync(path) ? readFileSync(path, "utf8").split("\n") : [])

/** What is said of a decorator is said of the function below it. */
function endOf(text: readonly string[], start: number, end: number): number {
  if (!text[start - 1]?.trimStart().startsWith("@")) return end
  const at = text.findIndex((line, i) => i >= end && /^\s*(?:async\s+)?def\s/.test(line))
  return at === -1 ? end : at + 1
}

let [total, solved, flagged, elsewhere] = [0, 0, 0, 0]
for (const [n, row] of rows.entries()) {
  const kind = column(row, "class")
  const title = `${column(row, "id")} ${kind} ${column(row, "path")}`
  if (!flags.all && !SEEN.has(column(row, "needs"))) continue
  if (flags.only && !flags.only.split(",").some((text) => (/^\d+$/.test(text) ? text === String(n) : title.includes(text)))) continue
  const before = join(dir, String(n).padStart(3, "0"))
  if (!existsSync(before)) continue
  total++
  const rules = RULES[kind] ?? []
  const [from, to] = [Number(column(row, "line_start")), Number(column(row, "line_end"))]
  const text = textOf(join(before, column(row, "path")))
  const isThere = (spot: Spot) =>
    spot.path === column(row, "path") && spot.range.start.line <= to && endOf(text, spot.range.start.line, spot.range.end.line) >= from
  const all = rules.length > 0 ? findings(before, rules) : []
  const hits = all.filter((one) => isThere(one) || one.trace.some(isThere))
  elsewhere += all.length - hits.length
  if (hits.length === 0) {
    console.log(`missed   ${String(n).padStart(3, "0")} ${title}:${from}-${to}${rules.length === 0 ? " (no rule)" : ""}`)
    continue
  }
  flagged++
  const after = existsSync(`${before}.fixed`) ? findings(`${before}.fixed`, rules) : []
  const still = after.find((one) =>
    hits.some((hit) => hit.rule === one.rule && hit.path === one.path && hit.scope === one.scope && hit.message === one.message),
  )
  if (still)
    console.log(
      `noisy    ${String(n).padStart(3, "0")} ${title}: after the fix still ${still.path}:${still.range.start.line} ${still.message}`,
    )
  else {
    solved++
    console.log(`solved   ${String(n).padStart(3, "0")} ${title}: ${hits[0]?.message}`)
  }
}
console.log(`${solved} of ${total} solved, ${flagged} flagged before the fix, ${elsewhere} findings of the same rules elsewhere`)
