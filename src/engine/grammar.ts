import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { loadGrammar } from "#python"

let loading: Promise<void> | undefined

/** Makes Python's grammar ready, once in a process. The package carries both files beside its code; a checkout has them in `node_modules`. */
export function ready(): Promise<void> {
  loading ??= load()
  return loading
}

async function load(): Promise<void> {
  await loadGrammar({ runtime: wasm("web-tree-sitter/web-tree-sitter.wasm"), python: wasm("tree-sitter-python/tree-sitter-python.wasm") })
}

function wasm(specifier: string): Uint8Array {
  const beside = join(dirname(fileURLToPath(import.meta.url)), specifier.slice(specifier.indexOf("/") + 1))
  return readFileSync(existsSync(beside) ? beside : createRequire(import.meta.url).resolve(specifier))
}
