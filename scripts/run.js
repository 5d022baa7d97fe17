// Runs a TypeScript script of this repository: `node scripts/run.js scripts/x.ts ARGS`.
// Node 20 does not read TypeScript, so the script is bundled to a temporary file beside this one first.

import { mkdtemp, rm } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [script, ...args] = process.argv.slice(2)
if (!script) {
  console.error("usage: node scripts/run.js SCRIPT.ts [ARGS]")
  process.exit(2)
}
const folder = await mkdtemp(join(root, "node_modules", ".run-"))
const outfile = join(folder, "script.mjs")
try {
  await build({
    entryPoints: [resolve(script)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    logLevel: "error",
  })
  process.argv = [process.argv[0], resolve(script), ...args]
  await import(pathToFileURL(outfile).href)
} finally {
  await rm(folder, { recursive: true, force: true })
}
