// The yardstick: reads and parses files with tree-sitter and does nothing else.
// usage: node parse-only.js THREADS LIST FOLDER, where LIST is a file of paths, one in a line
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { isMainThread, Worker, workerData } from "node:worker_threads"
import { Language, Parser } from "web-tree-sitter"

const [threads, list, folder] = process.argv.slice(2)
const { resolve } = createRequire(import.meta.url)
const next = isMainThread ? new Int32Array(new SharedArrayBuffer(4)) : workerData
const workers = isMainThread
  ? Array.from(
      { length: Number(threads) - 1 },
      () => new Worker(new URL(import.meta.url), { workerData: next, argv: process.argv.slice(2) }),
    )
  : []

await Parser.init()
const parser = new Parser()
parser.setLanguage(await Language.load(readFileSync(resolve("tree-sitter-python/tree-sitter-python.wasm"))))
const paths = readFileSync(list, "utf8").split("\n")
for (let at = Atomics.add(next, 0, 1); at < paths.length; at = Atomics.add(next, 0, 1)) {
  parser.parse(readFileSync(join(folder, paths[at]), "utf8"))?.delete()
}
await Promise.all(workers.map((worker) => new Promise((end) => worker.once("exit", end))))
