import { existsSync, lstatSync, realpathSync, statSync } from "node:fs"
import { join } from "node:path"
import picomatch from "picomatch"
import { git, isProject, workTree } from "./root.ts"
import type { Settings } from "./settings.ts"
import { walk } from "./walk.ts"

/** Folders that hold no source of the project, wherever they stand. */
const EXCLUDED_FOLDERS = [
  ".bzr",
  ".direnv",
  ".eggs",
  ".fastlint_cache",
  ".git",
  ".hg",
  ".ipynb_checkpoints",
  ".mypy_cache",
  ".nox",
  ".pyenv",
  ".pytest_cache",
  ".pytype",
  ".ruff_cache",
  ".svn",
  ".tox",
  ".venv",
  "__pycache__",
  "__pypackages__",
  "node_modules",
  "site-packages",
  "venv",
]
/** Output folders where they stand beside a manifest and are no packages; `features/build/` may be code about builds. */
const OUTPUT_FOLDERS = ["build", "dist"]
const MANIFESTS = ["pyproject.toml", "setup.py", "setup.cfg", "package.json"]

export interface FindRequest {
  root: string
  settings: Settings
  /** Paths that the user named, relative to the root; files among them are read even if excluded. */
  named: readonly string[]
  respectGitignore: boolean
  /** Told of each folder that may not be listed, relative to the root. */
  onUnreadable?: (folder: string) => void
}

/** The Python files of a project, relative to its root, with `/`, sorted. */
export function findFiles({ root, settings, named, respectGitignore, onUnreadable = () => undefined }: FindRequest): string[] {
  // A lone file of no project may lie in a home folder or in `/tmp`: what is beside it and its packages are all that it can import.
  const packagesOnly = named.length > 0 && !isProject(root) && named.every((path) => path !== "" && !isFolder(join(root, path)))
  const listed =
    (respectGitignore ? listByGit(root, onUnreadable) : undefined) ??
    walk(root, { pruned: EXCLUDED_FOLDERS, respectGitignore, packagesOnly, onUnreadable })
  const isIncluded = matcher(settings.include, settings.prefix)
  const isExcluded = excluder(root, settings)
  const found = new Set(listed.filter((path) => isPython(path) && isIncluded(path) && !isExcluded(path)))
  for (const path of named) {
    if (isFile(join(root, path)) && (!settings.forceExclude || (!isExcluded(path) && listed.includes(path)))) found.add(path)
  }
  // A stub beside its module says nothing that the module does not say.
  for (const path of found) if (path.endsWith(".pyi") && found.has(path.slice(0, -1))) found.delete(path)
  return withoutCopies(root, [...found].sort())
}

/** Is a path kept out by the default excludes or by `extend-exclude`? */
export function excluder(root: string, settings: Settings): (path: string) => boolean {
  const matches = matcher(settings.extendExclude, settings.prefix)
  const outputs = new Map<string, boolean>()
  const isOutput = (folder: string): boolean => {
    const known = outputs.get(folder)
    if (known !== undefined) return known
    const above = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : ""
    const is =
      !existsSync(join(root, folder, "__init__.py")) && (above === "" || MANIFESTS.some((name) => existsSync(join(root, above, name))))
    outputs.set(folder, is)
    return is
  }
  return (path) => {
    const folders = path.split("/").slice(0, -1)
    for (const [index, name] of folders.entries()) {
      if (EXCLUDED_FOLDERS.includes(name)) return true
      if (OUTPUT_FOLDERS.includes(name) && isOutput(folders.slice(0, index + 1).join("/"))) return true
    }
    return matches(path)
  }
}

/**
 * Matches paths against patterns as users write them: a glob, a folder (with or without a slash at its end), or a
 * bare name, which matches at any depth. `prefix` is put before each path.
 */
export function matcher(patterns: readonly string[], prefix: string): (path: string) => boolean {
  if (patterns.length === 0) return () => false
  // A name may begin with a line break.
  const matches = picomatch(patterns.flatMap(spread), { dot: true, flags: "s" })
  return (path) => matches(prefix + path)
}

const spread = (pattern: string): string[] => {
  const clean = asPattern(pattern)
  if (clean.startsWith("**/")) return [clean, `${clean}/**`]
  return clean.includes("/") ? [clean, `${clean}/**`] : [clean, `${clean}/**`, `**/${clean}`, `**/${clean}/**`]
}

const asPattern = (pattern: string): string => pattern.replace(/^\.\//, "").replace(/\/$/, "")

/** What git tracks, and what it would track: exactly the rules that git itself follows. */
function listByGit(root: string, onUnreadable: (folder: string) => void): string[] | undefined {
  if (workTree(root) === undefined) return undefined
  const refused = (text: string) => {
    for (const [, folder] of text.matchAll(/^warning: could not open directory '(.+?)\/?': /gm)) onUnreadable(folder as string)
  }
  const listed = git(root, ["ls-files", "-z", "-co", "--exclude-standard", "--", "*.py", "*.pyi"], refused)
  if (listed === undefined) return undefined
  const paths = [...new Set(listed.split("\0").filter((path) => path !== ""))]
  // A folder that is ignored as a whole was named on purpose: read it as if git knew nothing of it.
  if (paths.length === 0 && git(root, ["check-ignore", "-q", "."]) !== undefined) return undefined
  // Tracked but deleted is a normal state of a work tree; a link to nowhere is not.
  // A folder named `views.py` may hold other things than Python.
  return paths.filter((path) => isPython(path) && isThere(join(root, path)))
}

/** One file under two names (a link) is read once, under its own name where that is among them. */
function withoutCopies(root: string, paths: readonly string[]): string[] {
  const names = new Map<string, string>()
  const realRoot = realpathSync(root)
  for (const path of paths) {
    const real = realOf(join(root, path))
    const before = names.get(real)
    if (before === undefined || real === join(realRoot, path)) names.set(real, path)
  }
  return [...names.values()].sort()
}

/** Not `.#main.py`, by which an editor says that it holds `main.py` open. */
const isPython = (path: string): boolean => /\.pyi?$/.test(path) && !/(^|\/)\.#[^/]*$/.test(path)
const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()
const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

/** What may not be looked at is there, and reading it will say why not. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return true
  }
}

function realOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}
