/**
 * Compares our rules with labelled lines of other linters' own test files:
 *
 *   node scripts/run.js scripts/external.ts TSV DIR [--disagreements] [--only RULE]
 *
 * TSV has a row per label: suite, file (`owner/name:path`), line, verdict (`bad` or `ok`), peer_rule, ..., unit. DIR holds those
 * files as `owner+name/path`. A `bad` line is found when one of our rules that calls itself equivalent to the peer's finds
 * something on it, or names it as related; an `ok` one (a line, or with the unit `function` all of the function around it) when none does.
 * Which rules are equivalent, the rules say themselves. Each file is a project of its own.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { isFunctionNode, type Rule, review } from "#lint"
import { Lines, readFile } from "#python"
import { rules } from "#rules"
import { loadGrammarForTests } from "../test/grammar.ts"

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: { disagreements: { type: "boolean" }, only: { type: "string" } },
})
const [tsv, folder] = positionals
if (!tsv || !folder) throw new Error("usage: external.ts TSV DIR [--disagreements] [--only RULE]")

await loadGrammarForTests()

interface Label {
  file: string
  line: number
  verdict: "bad" | "ok"
  peer: string
  unit: string
}

/** Peers that report what we leave out by default, and the comment that brings it back. */
const OPTIONS: Record<string, string> = { ASYNC212: "# option: cheap-calls = true", ASYNC240: "# option: cheap-calls = true" }

const [head = "", ...lines] = readFileSync(tsv, "utf8").split("\n")
const columns = head.split("\t")
const labels = lines.flatMap((text): Label[] => {
  const cells = text.split("\t")
  const cell = (name: string): string => cells[columns.indexOf(name)] ?? ""
  if (!/^[\w.-]+\/[\w.-]+:/.test(cell("file")) || !/^\d+$/.test(cell("line"))) return []
  return [
    {
      file: cell("file"),
      line: Number(cell("line")),
      verdict: cell("verdict") === "ok" ? "ok" : "bad",
      peer: cell("peer_rule"),
      unit: cell("unit"),
    },
  ]
})

const texts = new Map<string, string | undefined>()

function textOf(file: string): string | undefined {
  if (texts.has(file)) return texts.get(file)
  const [owner = "", path = ""] = file.split(":")
  let text: string | undefined
  try {
    text = readFileSync(join(folder as string, owner.replace("/", "+"), path), "utf8")
  } catch {
    // Not fetched: counted as absent.
  }
  texts.set(file, text)
  return text
}

interface Found {
  lines: Set<number>
  /** Those of related places, where one finding tells of several. */
  related: Set<number>
  /** First and last line of every function. */
  functions: [first: number, last: number][]
}

const known = new Map<string, Found>()

/** The lines on which our rules that answer to the peer's find something. */
function lookAt({ file, peer }: Label, ours: readonly Rule[], text: string): Found {
  const key = `${file} ${peer}`
  const seen = known.get(key)
  if (seen) return seen
  const at = new Lines(text)
  const line = (offset: number): number => at.position(offset).line
  // Test files stand in folders of tests; here each is an application's main module.
  const path = "main.py"
  const { findings } = review([{ path, text: `${text}\n${OPTIONS[peer] ?? ""}\n` }], ours)
  const module = readFile(path, text)
  const functions = [...module.walk()].flatMap((node): Found["functions"] =>
    isFunctionNode(node) ? [[line(node.start), line(node.end)]] : [],
  )
  const found: Found = {
    lines: new Set(findings.map((finding) => line(finding.at.start))),
    related: new Set(findings.flatMap(({ related = [] }) => related.map(({ at }) => line(at.start)))),
    functions,
  }
  known.set(key, found)
  return found
}

function agrees(label: Label, { lines, related, functions }: Found): boolean {
  if (label.verdict === "bad") return lines.has(label.line) || related.has(label.line)
  if (label.unit !== "function") return !lines.has(label.line)
  const around = functions.filter(([first, last]) => first <= label.line && last >= label.line).sort((a, b) => a[1] - a[0] - (b[1] - b[0]))
  const [first, last] = around[0] ?? [label.line, label.line]
  return [...lines].every((one) => one < first || one > last)
}

const byPeer = new Map<string, { ours: string[]; bad: [number, number]; ok: [number, number]; absent: number }>()
const disagreements: string[] = []
for (const label of labels) {
  if (flags.only && flags.only !== label.peer) continue
  const ours = rules.filter((rule) => rule.equivalents.includes(label.peer))
  if (ours.length === 0) continue
  const row = byPeer.get(label.peer) ?? { ours: ours.map(({ id }) => id), bad: [0, 0], ok: [0, 0], absent: 0 }
  byPeer.set(label.peer, row)
  const text = textOf(label.file)
  if (text === undefined) {
    row.absent++
    continue
  }
  const isAgreed = agrees(label, lookAt(label, ours, text))
  row[label.verdict][1]++
  if (isAgreed) row[label.verdict][0]++
  else {
    const source = text.split("\n")[label.line - 1]?.trim() ?? ""
    disagreements.push(`${label.peer.padEnd(9)} ${label.verdict.padEnd(4)} ${label.file.split("/").at(-1)}:${label.line}  ${source}`)
  }
}

if (flags.disagreements) for (const line of disagreements) console.log(line)
const percent = (part: number, all: number): string => (all > 0 ? `${((100 * part) / all).toFixed(1)} %` : "-")
console.log(`${"peer".padEnd(10)}${"bad".padStart(8)}${"ok".padStart(8)}${"agreed".padStart(10)}  ours`)
for (const [peer, { ours, bad, ok, absent }] of [...byPeer].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `${peer.padEnd(10)}${bad.join("/").padStart(8)}${ok.join("/").padStart(8)}${percent(bad[0] + ok[0], bad[1] + ok[1]).padStart(10)}  ${ours.join(", ")}${absent > 0 ? ` (${absent} without a file)` : ""}`,
  )
