// Compares our trees with those of CPython's `ast`, over all Python files under some folders:
//   node scripts/run.js scripts/compare-ast.ts [--python python3.13 | --pyodide FOLDER] [--show N] [--loose] FOLDER...
// FOLDER of --pyodide is one in which `npm install pyodide` was run. --loose compares no offsets: before 3.8.2 and inside
// f-strings before 3.12 CPython's own are wrong.
import { readFileSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { globSync } from "tinyglobby"
import { decode, type Parsed, parse } from "#python"
import { loadGrammarForTests } from "../test/grammar.ts"
import { askPyodide, askPython } from "../test/oracle/ask.ts"
import { type Dumped, difference } from "../test/oracle/difference.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: "python3" },
    pyodide: { type: "string" },
    show: { type: "string", default: "20" },
    loose: { type: "boolean", default: false },
  },
})

function read(path: string): Parsed | string {
  const decoded = decode(readFileSync(path))
  return "undecodable" in decoded ? decoded.undecodable : parse(decoded.text)
}

await loadGrammarForTests()
const paths = positionals
  .flatMap((path) => (statSync(path).isDirectory() ? globSync("**/*.py", { cwd: path, absolute: true, dot: true }) : [resolve(path)]))
  .sort()
const count = { files: 0, agree: 0, differ: 0, accused: 0, refused: 0, refusedByBoth: 0 }
let shown = 0
const show = (line: string) => {
  if (shown++ < Number(values.show)) console.log(line)
}
const answers = values.pyodide === undefined ? askPython(values.python, paths) : askPyodide(values.pyodide, paths)
for await (const answer of answers) {
  count.files++
  const ours = read(answer.path)
  if ("error" in answer) {
    count.refused++
    if (typeof ours === "string" || ours.problems.length > 0) count.refusedByBoth++
    else show(`not noticed  ${answer.path}: ${answer.error}`)
  } else if (typeof ours === "string" || ours.problems.length > 0) {
    count.accused++
    const problem = typeof ours === "string" ? ours : ours.problems[0]
    const line = typeof problem === "object" ? readFileSync(answer.path, "utf8").slice(0, problem.start).split("\n").length : 0
    show(`accused      ${answer.path}:${line}: ${typeof problem === "object" ? problem.message : problem}`)
  } else {
    const found = difference(answer.tree, ours.module as unknown as Dumped, { spans: !values.loose })
    if (found === undefined) count.agree++
    else {
      count.differ++
      show(`differs      ${answer.path}:${lineOf(answer.path, found.at)}: ${found.what}`)
    }
  }
}
console.log(count)

function lineOf(path: string, offset: number): number {
  const decoded = decode(readFileSync(path))
  return "undecodable" in decoded ? 0 : decoded.text.slice(0, offset).split(/\r\n|\r|\n/).length
}
