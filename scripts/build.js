// Builds the package: everything that runs, in `dist/`, with no dependency left to install.
import { createHash } from "node:crypto"
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build as bundle } from "esbuild"
import { late } from "./late.js"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, "dist")
const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"))

const grammar = join(root, "grammar", "python.wasm")

/** Stands in the code until the code is known. */
const UNKNOWN_BUILD = "build-not-known-yet"

const { outputFiles, metafile } = await bundle({
  absWorkingDir: root,
  entryPoints: { cli: "src/cli.ts", worker: "src/engine/worker.ts" },
  outdir: dist,
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // Beside the entry, because code finds the grammar beside itself.
  chunkNames: "[name]-[hash]",
  define: { FASTLINT_VERSION: JSON.stringify(version), FASTLINT_BUILD: JSON.stringify(UNKNOWN_BUILD) },
  // CommonJS packages ask for Node's own modules by `require`, and one for its own file's name: an ES module has neither.
  banner: {
    js: [
      'import { createRequire as __createRequire } from "node:module"',
      'import { fileURLToPath as __fileURLToPath } from "node:url"',
      "const require = __createRequire(import.meta.url)",
      "const __filename = __fileURLToPath(import.meta.url)",
    ].join(";"),
  },
  // Less to read on every start. Names stay, so that a reported stack says where.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "eof",
  logLevel: "warning",
  write: false,
  plugins: [late],
  metafile: true,
}).catch(() => process.exit(1))

// What is kept between runs is good for the same code and the same grammar only.
const identity = createHash("sha256")
for (const { contents } of outputFiles) identity.update(contents)
identity.update(await readFile(grammar))
const build = identity.digest("hex").slice(0, 16)

// Only now: a build that fails leaves the last good one in place.
await rm(dist, { recursive: true, force: true })
for (const { path, text } of outputFiles) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text.replaceAll(UNKNOWN_BUILD, build))
}
await copyFile(grammar, join(dist, "python.wasm"))
await writeFile(join(dist, "THIRD-PARTY-NOTICES.txt"), await notices(Object.keys(metafile.inputs)))
await chmod(join(dist, "cli.js"), 0o755)

/** Names, versions and licences of the packages whose code is in the bundle: their licences ask for it. */
async function notices(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))
  const texts = []
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"))
    const file = (await readdir(join(root, folder))).find((entry) => /^licen[cs]e/i.test(entry))
    const text = file ? (await readFile(join(root, folder, file), "utf8")).trim() : ""
    texts.push(`${name} ${version} (${license})\n\n${text}\n`)
  }
  // Not in the bundle, but in the parser that is copied beside it.
  texts.push(await readFile(join(root, "grammar/LICENSES.txt"), "utf8"))
  return texts.join(`\n${"-".repeat(80)}\n\n`)
}
