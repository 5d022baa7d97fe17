// Asks FastAPI itself what the fixture projects are, and compares that with the `routes.json` beside each of them.
//
//   node scripts/oracle.js                       the pinned FastAPI (test/oracle/requirements.txt), in a virtual environment
//   node scripts/oracle.js --version 0.115.14    another FastAPI, same question; files are compared, never written
//   node scripts/oracle.js --write               records anew (pinned version only)
//   node scripts/oracle.js storefront 07-        only projects whose folder contains one of these words
//
//   node scripts/oracle.js --gates               each project of fixtures/gates, under the versions it is recorded for (--write: anew)
//   node scripts/oracle.js --compare DIR         every app below DIR that can be imported, against our model of it, field by field
//   node scripts/oracle.js --compare DIR --app shop.main:app --path src     one app of a project
//
// `--python PATH` chooses the interpreter that makes the environment; `--venv DIR` uses an environment that is already
// there, which for a project must hold what it imports. `--compare` also takes `--show FIELD` and `--unknown`.
import { execFile, spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs, promisify } from "node:util"

const run = promisify(execFile)
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const requirements = join(root, "test/oracle/requirements.txt")
const windows = process.platform === "win32"

const { values: flags, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: "string" },
    write: { type: "boolean" },
    python: { type: "string", default: "python3" },
    venv: { type: "string" },
    compare: { type: "string" },
    gates: { type: "boolean" },
    app: { type: "string" },
    path: { type: "string" },
    show: { type: "string" },
    unknown: { type: "boolean" },
  },
})

/** What is another from version to version: `fixtures/gates` holds both sides. */
const GATED = new Set(["refuses", "exits_early"])

const pinned = /^fastapi==(\S+)$/m.exec(await readFile(requirements, "utf8"))[1]
const version = flags.version ?? pinned
if (flags.gates) process.exit(await gates())
if (flags.write && version !== pinned) {
  console.error(`Only FastAPI ${pinned} is recorded. Change ${requirements} to record another.`)
  process.exit(2)
}

const python = await environment(version)
if (flags.compare) process.exit(await compareFolder(flags.compare))
const projects = await fixtures()
const differing = []
await Promise.all([worker(), worker()])

for (const { name, why } of differing.sort((a, b) => a.name.localeCompare(b.name))) console.log(`${name}: ${why}`)
const verb = flags.write ? "recorded" : "compared"
console.log(`${verb} under FastAPI ${version}${differing.length ? `; ${differing.length} differ` : ", all alike"}`)
process.exitCode = differing.length ? 1 : 0

/** Python of a virtual environment that holds the wanted FastAPI; made on first use, kept in node_modules/.cache. */
async function environment(version) {
  const folder = flags.venv ?? join(root, "node_modules/.cache/oracle", version)
  const executable = join(folder, windows ? "Scripts/python.exe" : "bin/python")
  if (flags.venv) return executable
  const done = join(folder, "complete")
  const all = (await readFile(requirements, "utf8")).replace(/^fastapi==.*$/m, `fastapi==${version}`)
  // Before 0.100 FastAPI needs Pydantic 1, and so nothing that needs Pydantic 2.
  const wanted = /^0\.\d\d\./.test(version) ? all.replace(/^pydantic-settings.*\n/m, "") : all
  if (existsSync(done) && (await readFile(done, "utf8")) === wanted) return executable
  console.log(`making a virtual environment for FastAPI ${version} ...`)
  await run(flags.python, ["-m", "venv", "--clear", folder])
  await writeFile(join(folder, "requirements.txt"), wanted)
  await run(executable, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", join(folder, "requirements.txt")])
  await writeFile(done, wanted)
  return executable
}

/** Records or compares the projects of `fixtures/gates`, each under the versions that its file names bear. */
async function gates() {
  let differ = 0
  const all = join(root, "fixtures/gates")
  for (const name of (await readdir(all)).sort().filter((one) => words.length === 0 || words.some((word) => one.includes(word)))) {
    for (const file of await readdir(join(all, name))) {
      const version = /^routes-(.*)\.json$/.exec(file)?.[1]
      if (!version) continue
      const recorder = [join(root, "scripts/record_routes.py"), join(all, name)]
      const { stdout } = await run(await environment(version), recorder, { maxBuffer: 64 * 1024 * 1024 })
      const path = join(all, name, file)
      if (flags.write) await writeFile(path, stdout)
      else if ((await readFile(path, "utf8")) !== stdout) {
        differ++
        console.log(`${name}/${file} differs`)
      }
    }
  }
  console.log(differ ? `${differ} differ` : flags.write ? "recorded" : "all alike")
  return differ ? 1 : 0
}

/** Imports every app below a folder, and compares each with our model; the exit status of the comparison. */
async function compareFolder(folder) {
  const records = await mkdtemp(join(tmpdir(), "fastlint-oracle-"))
  const show = { stdio: "inherit" }
  try {
    const one = [...(flags.app ? ["--app", flags.app] : []), ...(flags.path ? ["--path", flags.path] : [])]
    const dumped = spawnSync(python, [join(root, "scripts/dump_apps.py"), folder, records, ...one], show)
    if (dumped.status !== 0) return dumped.status ?? 3
    const script = [join(root, "scripts/run.js"), join(root, "scripts/compare-apps.ts"), folder, records]
    const options = [
      ...(flags.app ? ["--app"] : []),
      ...(flags.show ? ["--show", flags.show] : []),
      ...(flags.unknown ? ["--unknown"] : []),
      ...(flags.path ? ["--path", flags.path] : []),
    ]
    return spawnSync(process.execPath, [...script, ...options], show).status ?? 3
  } finally {
    await rm(records, { recursive: true, force: true })
  }
}

/** Folders of the projects, apps first. */
async function fixtures() {
  const folders = []
  for (const group of ["fixtures/apps", "fixtures/styles"]) {
    const entries = await readdir(join(root, group), { withFileTypes: true })
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    folders.push(...names.sort().map((name) => join(root, group, name)))
  }
  return folders.filter((folder) => words.length === 0 || words.some((word) => folder.includes(word)))
}

async function worker() {
  for (let project = projects.shift(); project; project = projects.shift()) {
    const why = await judge(project)
    if (why) differing.push({ name: basename(project), why })
  }
}

/** Nothing when FastAPI and the file agree (or the file was written); otherwise what is wrong, in a few words. */
async function judge(project) {
  const file = join(project, "routes.json")
  let text
  try {
    text = (await run(python, [join(root, "scripts/record_routes.py"), project], { maxBuffer: 64 * 1024 * 1024 })).stdout
  } catch (error) {
    return `could not be recorded\n${indent(error.stderr.trim())}`
  }
  if (flags.write) {
    await writeFile(file, text)
    return undefined
  }
  if (!existsSync(file)) return "has no routes.json"
  return difference(JSON.parse(await readFile(file, "utf8")), JSON.parse(text))
}

/** The places where two recordings differ, each with both values. Apps that this FastAPI is too old for count as alike. */
function difference(recorded, now) {
  const lines = []
  recorded.apps.forEach((app, number) => {
    if (!now.apps[number]?.skipped) compare(app, now.apps[number], "", lines)
  })
  return lines.length ? `differs\n${indent(lines.slice(0, 12).join("\n"))}` : undefined
}

function compare(recorded, now, where, lines) {
  if (recorded === now) return
  const both = [recorded, now]
  if (both.some((value) => typeof value !== "object" || value === null)) {
    lines.push(`${where}: recorded ${JSON.stringify(recorded)}, now ${JSON.stringify(now)}`)
    return
  }
  for (const key of new Set(both.flatMap((value) => Object.keys(value)))) {
    if (GATED.has(key) && version !== pinned) continue
    const label = Array.isArray(recorded) ? `[${recorded[key]?.full_path ?? key}]` : `.${key}`
    compare(recorded[key], now[key], where + label, lines)
  }
}

function indent(text) {
  return text.replace(/^/gm, "  ")
}
