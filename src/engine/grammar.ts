import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { loadGrammar } from "#python"

let loading: Promise<void> | undefined

/** Makes Python's grammar ready, once in a process. The package carries the file beside its code; a checkout has it in `grammar/`. */
export function ready(): Promise<void> {
  loading ??= loadGrammar(wasm())
  return loading
}

function wasm(): Uint8Array {
  const here = dirname(fileURLToPath(import.meta.url))
  const beside = join(here, "python.wasm")
  return readFileSync(existsSync(beside) ? beside : join(here, "../../grammar/python.wasm"))
}
