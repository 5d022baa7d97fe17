// Records what CPython's `ast` says of the fixtures in fixtures/python, beside them as *.ast.json:
//   node scripts/run.js scripts/record-ast.ts [--python python3.13 | --pyodide FOLDER] [FILE...]
// Files named py314_* need Python 3.14; the others 3.13.
import { writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { globSync as glob } from "tinyglobby"
import { askPyodide, askPython } from "../test/oracle/ask.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: "string", default: "python3" }, pyodide: { type: "string" } },
})
const paths = positionals.length > 0 ? positionals.map((path) => resolve(path)) : glob("fixtures/python/*.py", { absolute: true }).sort()
const answers = values.pyodide === undefined ? askPython(values.python, paths) : askPyodide(values.pyodide, paths)
for await (const answer of answers) {
  if ("error" in answer) {
    console.error(`${answer.path}: ${answer.error}`)
    process.exitCode = 1
  } else writeFileSync(answer.path.replace(/\.py$/, ".ast.json"), `${JSON.stringify(answer.tree)}\n`)
}
