// Builds `grammar/python.wasm`, Python's parser: node scripts/build-grammar.js
// Needs clang with its WebAssembly backend, wasm-ld and the headers of wasi-libc (Debian: clang, lld, wasi-libc). Not a
// part of the build of the package, which takes the result as it is; `test/python/grammar.test.ts` says when it is stale.
import { execFileSync } from "node:child_process"
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { GRAMMAR, PARTS, RUNTIME, recipe, recordOf, root } from "./grammar-recipe.js"

const folder = mkdtempSync(join(tmpdir(), "grammar-"))
const inFolder = (command, ...args) => execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })
try {
  const [packed] = JSON.parse(inFolder("npm", "pack", "--json", `${RUNTIME.name}@${RUNTIME.version}`))
  if (packed.integrity !== RUNTIME.integrity) throw new Error(`${RUNTIME.name} ${RUNTIME.version} is not what it was: ${packed.integrity}`)
  inFolder("tar", "xzf", packed.filename)
  const runtime = join(folder, "package")
  const objects = PARTS.map(({ source, object }) => {
    const includes = ["vendor/tree-sitter/lib/include", "vendor/tree-sitter/lib/src"].map((path) => `-I${join(runtime, path)}`)
    inFolder("clang", ...recipe.compile, ...includes, `-I${join(root, GRAMMAR, "src")}`, "-c", join(root, source), "-o", object)
    return object
  })
  inFolder("wasm-ld", ...recipe.link, ...objects, "-o", "python.wasm")
  copyFileSync(join(folder, "python.wasm"), join(root, "grammar/python.wasm"))
  writeFileSync(
    join(root, "grammar/LICENSES.txt"),
    [
      ["tree-sitter", join(runtime, "LICENSE")],
      ["tree-sitter-python", join(root, GRAMMAR, "LICENSE")],
      ["ICU, of which tree-sitter has the decoding of UTF-16", join(runtime, "vendor/tree-sitter/lib/src/unicode/LICENSE")],
    ]
      .map(([name, path]) => `${name}\n\n${readFileSync(path, "utf8").trim()}\n`)
      .join(`\n${"-".repeat(80)}\n\n`),
  )
  const compiler = inFolder("clang", "--version").split("\n")[0]
  writeFileSync(join(root, "grammar/python.json"), `${JSON.stringify({ compiler, ...recordOf() }, null, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
