/**
 * Compares our model of applications with what FastAPI itself built, field by field:
 *
 *   node scripts/run.js scripts/compare-apps.ts FOLDER RECORDS [--app] [--show FIELD] [--path SUBFOLDER] [--unknown]
 *
 * RECORDS is what `scripts/dump_apps.py FOLDER RECORDS` left. All files are read as one project. Ends with 1 where
 * something differs. `--app`: the one record is of a project, FOLDER its root.
 */
import { existsSync } from "node:fs"
import { readdir, readFile } from "node:fs/promises"
import { dirname, join, relative, resolve } from "node:path"
import { parseArgs } from "node:util"
import { type App, describeApp, link, type Project } from "#fastapi"
import { distil, Lines, type Place, PyFile, parse, roleOf } from "#python"
import { loadGrammarForTests } from "../test/grammar.ts"
import { type Judgement, judge, type Recorded } from "../test/oracle/judge.ts"

const { values: flags, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    show: { type: "string" },
    app: { type: "boolean" },
    path: { type: "string" },
    unknown: { type: "boolean" },
    limit: { type: "string", default: "200" },
  },
})
const [folder, records] = positionals
if (!folder || !records) throw new Error("usage: compare-apps.ts FOLDER RECORDS [--show FIELD] [--path SUBFOLDER] [--unknown]")
// A package is imported from the folder above it; a project from its own.
const top = resolve(folder)
let root = top
while (!flags.app && existsSync(join(root, "__init__.py"))) root = dirname(root)
const within = relative(root, top).replaceAll("\\", "/")

await loadGrammarForTests()

const inRoot = (path: string): string => (within === "" ? path : `${within}/${path}`)
const paths = (await readdir(top, { recursive: true }))
  .map((path) => inRoot(path.replaceAll("\\", "/")))
  .filter((path) => path.endsWith(".py") && !/(^|\/)(\.venv|venv|node_modules|site-packages)\//.test(path))
  .sort()
/** What is recorded was imported, whatever its name says. */
const recorded = new Set((await readdir(records)).map((name) => pathOf(name)))
const lines = new Map<string, Lines>()
const texts = new Map<string, string>()
for (const path of paths) texts.set(path, await readFile(join(root, path), "utf8"))
const project = link({
  modules: paths.map((path) => {
    const text = texts.get(path) ?? ""
    lines.set(path, new Lines(text))
    return distil(new PyFile(path, text, parse(text)))
  }),
  role: (path) => (recorded.has(path) ? "app" : roleOf(path)),
  roots: flags.app ? [flags.path ?? "."] : [],
  versions: { fastapi: await versionOf() },
})
const lineOf = (place: Place): number => lines.get(place.path)?.position(place.start).line ?? 0

const own = new Set(paths.map((path) => project.player.modules.nameOf(path).split(".")[0] ?? ""))
const counts = new Map<string, Record<Judgement["answer"], number>>()
let shown = 0
for (const name of (await readdir(records)).sort()) {
  const { app, versions } = JSON.parse(await readFile(join(records, name), "utf8")) as {
    versions: { python: string }
    app?: Recorded & { ref: string; created_at?: { file: string } | null }
  }
  if (!app) continue
  const path = pathOf(name)
  // Imported from elsewhere: no app of this folder.
  if (app.created_at && !app.created_at.file.startsWith(`${top}/`)) continue
  const ours = appOf(project, path, app)
  if (!ours) {
    note({ field: "app", where: name, answer: "different", theirs: app.ref, ours: "not found" })
    continue
  }
  note({ field: "app", where: name, answer: "equal", theirs: app.ref, ours: ours.name })
  // Before Python 3.11 a call over several lines does not say where it begins.
  for (const judgement of judge(path, app, describeApp(ours, lineOf, project), { root, own }))
    if (!/^3\.([0-9]|10)\./.test(versions.python) || !/_at$|^middleware$|^exception_handlers$/.test(judgement.field)) note(judgement)
}

/** The FastAPI that the records were made with: it decides what the same code means. */
async function versionOf(): Promise<string> {
  const [first] = await readdir(records ?? "")
  if (!first) throw new Error(`${records} holds no record`)
  return (JSON.parse(await readFile(join(records ?? "", first), "utf8")) as { versions: { fastapi: string } }).versions.fastapi
}

/** The file that a record is of. */
function pathOf(record: string): string {
  return inRoot(record.slice(0, -".json".length).replace(/(?<=[^_])__(?=[^_]|_[^_])/g, "/"))
}

/** The app of a recorded file: where it was built counts, since a test may only import it. */
function appOf(
  { apps }: Project,
  path: string,
  { ref, created_at }: { ref: string; created_at?: { file: string } | null },
): App | undefined {
  const builtIn = created_at?.file.startsWith(`${root}/`) ? created_at.file.slice(root.length + 1) : path
  const attribute = ref.split(":")[1]
  const here = apps.filter((app) => app.at.path === builtIn)
  return here.find((app) => app.name?.split(":")[1] === attribute) ?? apps.find((app) => app.name === ref) ?? here[0]
}

function note({ field, where, answer, theirs, ours }: Judgement): void {
  const all = counts.get(field) ?? { equal: 0, unknown: 0, different: 0 }
  counts.set(field, all)
  all[answer]++
  if (
    answer === "equal" ||
    (answer === "unknown" && !flags.unknown) ||
    (flags.show && flags.show !== field) ||
    shown++ >= Number(flags.limit)
  )
    return
  console.log(`${answer} ${field}  ${where}\n    FastAPI: ${JSON.stringify(theirs)}\n    we:      ${JSON.stringify(ours)}`)
}

const total = { equal: 0, unknown: 0, different: 0 }
for (const all of counts.values()) for (const answer of ["equal", "unknown", "different"] as const) total[answer] += all[answer]
console.log(`\n${"field".padEnd(32)}${"equal".padStart(8)}${"unknown".padStart(9)}${"different".padStart(11)}`)
for (const [field, { equal, unknown, different }] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).concat([["all", total]]))
  console.log(`${field.padEnd(32)}${String(equal).padStart(8)}${String(unknown).padStart(9)}${String(different).padStart(11)}`)
process.exitCode = total.different > 0 ? 1 : 0
