import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { createInterface } from "node:readline"
import type { Dumped } from "./difference.ts"

/** What CPython says of one file: its tree in the shape of `src/python/nodes.ts`, or why there is none. */
export type Answer = { path: string; tree: Dumped } | { path: string; error: string }

const SCRIPT = "scripts/ast_dump.py"

/** Asks an installed interpreter, in the order of the paths. */
export async function* askPython(python: string, paths: string[]): AsyncGenerator<Answer> {
  const child = spawn(python, [SCRIPT], { stdio: ["pipe", "pipe", "inherit"] })
  // It may end before it has read all paths.
  child.stdin.on("error", () => {})
  child.stdin.end(`${paths.join("\n")}\n`)
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line)
  if (child.exitCode === null) await once(child, "exit")
}

/** Asks the interpreter that Pyodide brings as WebAssembly. `folder` is one in which `npm install pyodide` was run. */
export async function* askPyodide(folder: string, paths: string[]): AsyncGenerator<Answer> {
  const entry = createRequire(join(resolve(folder), "x.js")).resolve("pyodide")
  const { loadPyodide } = await import(entry.replace(/pyodide\.js$/, "pyodide.mjs"))
  const pyodide = await loadPyodide()
  const script = readFileSync(SCRIPT, "utf8").replace(
    /^if __name__[\s\S]*/m,
    "warnings.simplefilter('ignore')\nsys.setrecursionlimit(900)\n",
  )
  pyodide.runPython(script)
  const dump = pyodide.runPython("lambda path: json.dumps(dump(path))")
  for (const path of paths) {
    pyodide.FS.writeFile("/file.py", readFileSync(path))
    try {
      yield { ...JSON.parse(dump("/file.py")), path }
    } catch (error) {
      yield { path, error: String(error).slice(0, 200) }
    }
  }
}
