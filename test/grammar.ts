import { readFile } from "node:fs/promises"
import { loadGrammar } from "#python"

/** Makes `parse` ready for a test file: `await loadGrammarForTests()` at its top. */
export async function loadGrammarForTests(): Promise<void> {
  await loadGrammar(await readFile("grammar/python.wasm"))
}
