import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { compare, valid } from "@renovatebot/pep440"
import { parse } from "smol-toml"

/** Versions as a project pins them. Missing where nothing says. */
export type PinnedVersions = Partial<Record<"fastapi" | "starlette" | "pydantic" | "sqlalchemy" | "httpx" | "torch" | "python", string>> & {
  /** Names whose version is a lower bound only. */
  loose?: string[]
}

const PACKAGES = ["fastapi", "starlette", "pydantic", "sqlalchemy", "httpx", "torch"] as const
type Package = (typeof PACKAGES)[number]

/**
 * What a project's manifests say of the libraries that fastlint knows, best source first: lock files (the project's
 * own, then those of folders above it up to `top`), requirements with `==`, then lower bounds.
 */
export function pinnedVersions(root: string, top: string = root): PinnedVersions {
  let found: PinnedVersions = {}
  for (let folder = root; ; folder = dirname(folder)) {
    found = { ...pinnedIn(folder), ...found }
    if (folder === top || dirname(folder) === folder) break
  }
  // A repository whose services keep their manifests in folders of their own (`backend/requirements.txt`).
  if (!found.fastapi) {
    const below = folderNames(root).flatMap((name) => [
      join(root, name),
      ...folderNames(join(root, name)).map((inner) => join(root, name, inner)),
    ])
    const oldest = below
      .map((folder) => pinnedIn(folder))
      .filter((pinned) => pinned.fastapi !== undefined)
      .sort((a, b) => compare(a.fastapi as string, b.fastapi as string))[0]
    return { ...oldest, ...found }
  }
  return found
}

/** What the manifests of one folder say. */
function pinnedIn(folder: string): PinnedVersions {
  const found: PinnedVersions = {}
  for (const source of [...locks(folder), ...requirements(folder), ...manifests(folder)]) {
    for (const [name, version] of Object.entries(source) as [Package | "python", string][]) found[name] ??= version
  }
  return found
}

const folderNames = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
      .map((entry) => entry.name)
      .sort()
  } catch {
    return []
  }
}

/**
 * Every package that the nearest lock file with FastAPI in it installs, by normal name (`python-multipart`), extras and
 * groups included; undefined where there is no such file. Only what is not in it is certain: not to be installed.
 */
export function lockedPackages(root: string, top: string = root): ReadonlySet<string> | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const names = new Set(lockedNames(folder).map((name) => name.toLowerCase().replaceAll(/[-_.]+/g, "-")))
    if (names.has("fastapi")) return names
    if (folder === top || dirname(folder) === folder) return undefined
  }
}

function lockedNames(folder: string): string[] {
  const pipfile = json(join(folder, "Pipfile.lock"))
  const names = [...Object.keys(table(pipfile?.default)), ...Object.keys(table(pipfile?.develop))]
  for (const lock of LOCKS.map((name) => toml(join(folder, name)))) {
    const packages = lock?.package ?? lock?.packages
    if (Array.isArray(packages)) names.push(...packages.map((entry) => String(entry?.name)))
  }
  return names
}

const LOCKS = ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"]

/** `uv.lock`, `poetry.lock` and `pdm.lock` share one shape; `Pipfile.lock` is JSON. */
function* locks(folder: string): Generator<PinnedVersions> {
  for (const name of LOCKS) {
    const lock = toml(join(folder, name))
    const packages = lock?.package ?? lock?.packages
    if (!Array.isArray(packages)) continue
    yield versionsOf(packages.map((entry) => [String(entry?.name), String(entry?.version)]))
  }
  const pipfile = json(join(folder, "Pipfile.lock"))
  const section = pipfile?.default
  if (isTable(section)) {
    yield versionsOf(Object.entries(section).map(([name, entry]) => [name, isTable(entry) ? String(entry.version).replace(/^==/, "") : ""]))
  }
}

/** `requirements*.txt` beside the project file or in `requirements/`. */
function* requirements(folder: string): Generator<PinnedVersions> {
  const lines: string[] = []
  for (const place of [folder, join(folder, "requirements")]) {
    for (const name of entries(place).filter(
      (name) => /^(requirements.*|base|prod.*|common)\.(txt|in)$/.test(name) && (place !== folder || name.startsWith("req")),
    )) {
      lines.push(...(text(join(place, name)) ?? "").split(/\r?\n/))
    }
  }
  yield bounds(lines)
}

/** `pyproject.toml` and `Pipfile`. */
function* manifests(folder: string): Generator<PinnedVersions> {
  const pyproject = toml(join(folder, "pyproject.toml"))
  if (pyproject) {
    const project = table(pyproject.project)
    const poetry = table(table(pyproject.tool).poetry)
    const lists = [
      project.dependencies,
      ...Object.values(table(project["optional-dependencies"])),
      ...Object.values(table(pyproject["dependency-groups"])),
    ]
    const specs = lists.flatMap((list) => (Array.isArray(list) ? list.filter((item) => typeof item === "string") : []))
    const tables = [poetry.dependencies, ...Object.values(table(poetry.group)).map((group) => table(group).dependencies)]
    const python = lowerBound(String(project["requires-python"] ?? table(poetry.dependencies).python ?? ""))
    yield { ...bounds([...specs, ...tables.flatMap(tableSpecs)]), ...(python ? { python } : {}) }
  }
  const pipfile = toml(join(folder, "Pipfile"))
  if (pipfile) {
    const python = lowerBound(`==${table(pipfile.requires).python_version ?? ""}`)
    yield { ...bounds(tableSpecs(pipfile.packages)), ...(python ? { python } : {}) }
  }
  const pinned = text(join(folder, ".python-version"))?.match(/^\s*(\d+\.\d+(?:\.\d+)?)/)?.[1]
  if (pinned) yield { python: pinned }
}

/** `{ fastapi = "^0.110", sqlalchemy = { version = "~2.0" } }` as requirement lines. */
const tableSpecs = (entries: unknown): string[] =>
  Object.entries(table(entries)).map(([name, entry]) => `${name} ${typeof entry === "string" ? entry : String(table(entry).version ?? "")}`)

/** The exact version, else the lower bound, of each known library in requirement lines. */
function bounds(lines: readonly string[]): PinnedVersions {
  const found: [string, string][] = []
  for (const line of lines) {
    const match = /^\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(line.split(/\s#|;/)[0] ?? "")
    const version = match && lowerBound(match[2] ?? "")
    if (version) found.push([match[1] as string, version])
  }
  return versionsOf(found)
}

/** `0.110` of `>=0.110,<1`, `^0.110`, `~=0.110`, `==0.110.*`, `0.110`. */
export function lowerBound(range: string): string | undefined {
  const bounds = [...range.matchAll(/(>=|==|~=|\^|~|>|^\(?\s*)\s*v?(\d[\w.]*?)(?:\.\*)?(?=$|[\s,)|])/g)]
    .map((match) => match[2] as string)
    .filter((version) => valid(version))
  return bounds.sort(compare).at(-1)
}

const versionsOf = (pairs: readonly (readonly [string, string])[]): PinnedVersions => {
  const found: PinnedVersions = {}
  for (const [name, version] of pairs) {
    const known = PACKAGES.find((one) => one === name.toLowerCase().replaceAll("_", "-"))
    if (known && valid(version)) found[known] ??= version
  }
  return found
}

const text = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "")
  } catch {
    return undefined
  }
}

/** A broken manifest says nothing: other tools complain about it better. */
function toml(path: string): Record<string, any> | undefined {
  const content = existsSync(path) ? text(path) : undefined
  if (content === undefined) return undefined
  try {
    return parse(content) as Record<string, any>
  } catch {
    return undefined
  }
}

function json(path: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text(path) ?? "") as Record<string, unknown>
  } catch {
    return undefined
  }
}

const isTable = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value)
const table = (value: unknown): Record<string, unknown> => (isTable(value) ? value : {})

/** The names in a folder; none where it may not be listed. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
