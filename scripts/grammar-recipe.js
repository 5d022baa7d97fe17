// What `grammar/python.wasm` is made of, and how. The build records it beside the result, and a test compares.
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The package that ships the sources of tree-sitter's runtime. Fetched for a build only: installing it would compile it. */
export const RUNTIME = {
  name: "tree-sitter",
  version: "0.25.1",
  integrity: "sha512-mrcEdkYtHfrK1A6fs3O6FxkBo0Qig5XUXqHhxUOQu0bmPo00QF4XaSx4edpazdHwxnSCjlGKGgIqWdaN4dvTLA==",
}

export const GRAMMAR = "node_modules/tree-sitter-python"

export const PARTS = [
  { source: "grammar/python.c", object: "python.o" },
  { source: `${GRAMMAR}/src/parser.c`, object: "parser.o" },
  { source: `${GRAMMAR}/src/scanner.c`, object: "scanner.o" },
]

// -O2 was faster than -O3 by 3 %, and smaller.
export const recipe = {
  compile: ["--target=wasm32-wasi", "-I/usr/include/wasm32-wasi", "-nostdlib", "-O2", "-flto", "-mbulk-memory", "-DNDEBUG"],
  link: ["--no-entry", "--gc-sections", "--lto-O3", "-O3", "-s", "-z", "stack-size=262144"],
}

const hash = (path) =>
  createHash("sha256")
    .update(readFileSync(join(root, path)))
    .digest("hex")

/** Versions, flags and hashes of all that goes in, and of what came out. */
export function recordOf() {
  const sources = [...PARTS.map((part) => part.source), "grammar/memory.h"]
  return {
    runtime: RUNTIME,
    recipe,
    sources: Object.fromEntries(sources.map((path) => [path, hash(path)])),
    result: hash("grammar/python.wasm"),
  }
}
