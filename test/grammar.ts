import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { loadGrammar } from "#python"

const { resolve } = createRequire(import.meta.url)

/** Makes `parse` ready for a test file: `await loadGrammarForTests()` at its top. */
export async function loadGrammarForTests(): Promise<void> {
  const runtime = await readFile(resolve("web-tree-sitter/web-tree-sitter.wasm"))
  const python = await readFile(resolve("tree-sitter-python/tree-sitter-python.wasm"))
  await loadGrammar({ runtime, python })
}
