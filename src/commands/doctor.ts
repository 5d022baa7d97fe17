import { existsSync, realpathSync, statSync } from "node:fs"
import { relative, resolve } from "node:path"
import { CannotStart, type Checked, type CheckedProject, NEWEST, projectRoot, run, shownPath, workTree } from "#engine"
import { walk } from "#python"
import { disarmed, oneLine, visible } from "#report"
import { BUILD } from "#version"
import { programText, stackOf } from "./crashes.ts"
import { misuse } from "./problems.ts"
import { progress } from "./progress.ts"
import { type ConfigFlags, type ReadingFlags, runRequest } from "./requests.ts"

export interface DoctorFlags extends ConfigFlags, ReadingFlags {
  file?: string
  withSource?: boolean
}

type Fact = [name: string, ...texts: string[]]

/**
 * `fastlint doctor`: what a bug report needs. It runs as `check` does and tells what it saw, by numbers and by names of
 * settings; the text of a file is in it only where it is asked for.
 */
export async function doctor(path: string, { file, withSource, ...flags }: DoctorFlags): Promise<void> {
  const cwd = process.cwd()
  if (!existsSync(resolve(cwd, path))) throw misuse(`no such file or folder: ${path}`)
  if (withSource && file === undefined)
    throw misuse("--with-source needs to know of which file", "fastlint doctor --file app/main.py --with-source")
  if (file !== undefined && !isFile(resolve(cwd, file))) throw misuse(`no such file: ${file}`)
  const from = file === undefined ? path : relative(cwd, projectRoot(realpathSync(resolve(cwd, file)), cwd)) || "."
  const facts: Fact[] = [["fastlint", programText().replace(/^fastlint /, ""), `build ${BUILD ?? "of the sources"}, edition ${NEWEST}`]]
  const steps = progress(process.stderr)
  try {
    const checked = await run({ ...runRequest([from], flags), allowEmpty: true, onStep: steps.step }).finally(steps.done)
    for (const project of checked.projects) facts.push(...projectFacts(project, checked))
    if (file !== undefined)
      facts.push(...checked.projects.flatMap((project) => fileFacts(project, realpathSync(resolve(cwd, file)), withSource ?? false)))
    process.exitCode = checked.isIncomplete ? 3 : 0
  } catch (error) {
    const cannot = error instanceof CannotStart
    facts.push([cannot ? "cannot start" : "broken", ...(cannot ? error.problems.map(({ message }) => message) : stackOf(error))])
    process.exitCode = cannot ? 2 : 3
  }
  process.stdout.write(disarmed(factsText(facts)))
  process.stderr.write("fastlint: read it before you send it; it holds names of files and settings, and the words of errors\n")
}

function projectFacts(project: CheckedProject, { summary, notifications }: Checked): Fact[] {
  const { root, settings, analysis, cache, compared, shown } = project
  const { versions, apps, unseen } = analysis.project
  const libraries = (["fastapi", "starlette", "pydantic", "sqlalchemy", "httpx", "python"] as const).flatMap((name) => {
    const version = versions[name]
    return version === undefined ? [] : `${name} ${versions.loose?.includes(name) ? ">=" : ""}${version}`
  })
  const keys = [...settings.origins.keys()].map((key) =>
    key.replace(/^((?:rules|per-file-ignores)\..*|overrides\[\d+\])$/, (one) => one.split(/[.[]/)[0] as string),
  )
  const count = (role: string) => [...analysis.records.keys()].filter((path) => analysis.project.role(path) === role).length
  return [
    [
      "project",
      `${workTree(root) === undefined ? "no git repository" : "a git repository"}, Python files: ${analysis.records.size} (application: ${count("app")}, tests: ${count("test")})`,
    ],
    [
      "settings",
      settings.file === undefined ? "no configuration file" : shownPath(settings.file, process.cwd()),
      ...(keys.length > 0 ? [`set: ${[...new Set(keys)].join(", ")}`] : []),
    ],
    ["libraries", libraries.length > 0 ? libraries.join(", ") : "no version is known"],
    [
      "model",
      `apps: ${apps.length}, routes: ${apps.reduce((sum, app) => sum + app.routes.length, 0)}, functions: ${analysis.project.functions.length}, not understood: ${unseen.length}`,
    ],
    [
      "rules",
      `ran: ${analysis.ran.length}, errors: ${summary.errors}, warnings: ${summary.warnings}, info: ${summary.info}, suppressed: ${summary.suppressed}`,
    ],
    ["cache", cache === undefined ? "off" : shownPath(cache.folder, process.cwd())],
    ...(compared.baseline ? [["baseline", `${compared.baseline.known} known, ${compared.baseline.stale.length} fixed`] as Fact] : []),
    ["notes", ...(notifications.length === 0 ? ["none"] : notifications.map(({ kind, message }) => `${kind}: ${message}`))],
    [
      "crashes",
      ...(analysis.crashes.length === 0
        ? ["none"]
        : analysis.crashes.flatMap(({ rule, path, error }) => [
            `${rule}${path === undefined ? "" : ` on ${shown(path)}`}`,
            ...stackOf(error).map((line) => `  ${line}`),
          ])),
    ],
  ]
}

/** The shape of one file: how long, and of which kinds of nodes, which is often enough to see what a rule stumbled over. */
function fileFacts({ root, analysis }: CheckedProject, file: string, withSource: boolean): Fact[] {
  const path = relative(root, file).replaceAll("\\", "/")
  const record = analysis.records.get(path)
  if (!record) return [["file", `${path} is not read: it is excluded, ignored by git, or no Python file`]]
  const { text, facts } = record
  const counts = new Map<string, number>()
  if (facts) for (const { kind } of walk(facts.tree)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const kinds = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([kind, n]) => `${kind} ${n}`)
  return [
    [
      "file",
      path,
      `${text.split("\n").length} lines, ${text.length} characters, role ${analysis.project.role(path)}, ${facts?.problems.length ?? "?"} problems of syntax`,
    ],
    ["nodes", kinds.join(", ") || "none"],
    ...(withSource ? [["source", ...text.split(/\r\n|\r|\n/).map((line, i) => `${String(i + 1).padStart(4)}  ${line}`)] as Fact] : []),
  ]
}

/** A name, and its texts below each other. */
function factsText(facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2
  const lines = facts.flatMap(([name, ...texts]) =>
    texts.map(
      (text, i) =>
        `${(i === 0 ? name : "").padEnd(width)}${name === "source" ? visible(text.replaceAll("\t", "    ")) : text.startsWith("  ") ? `  ${oneLine(text)}` : oneLine(text)}`,
    ),
  )
  return lines.map((line) => `${line.trimEnd()}\n`).join("")
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
