import { spawnSync } from "node:child_process"
import { existsSync, realpathSync, statSync } from "node:fs"
import { dirname, join, sep } from "node:path"

/** Files that say "a project begins here". */
const MARKERS = ["pyproject.toml", "fastlint.toml", ".fastlint.toml", "setup.py", "setup.cfg", "requirements.txt", ".git"]

/** Does a project begin in this folder? */
export const isProject = (folder: string): boolean => MARKERS.some((name) => existsSync(join(folder, name)))

/**
 * The project that a path belongs to: the nearest folder, looking up, that holds a project file. Never above the
 * work tree that `cwd` stands in. Without any, the path itself, or for a file the folder that its imports start from.
 */
export function projectRoot(path: string, cwd: string): string {
  const isFolder = statSync(path).isDirectory()
  const start = isFolder ? path : dirname(path)
  const top = workTree(cwd)
  const bound = top !== undefined && isInside(start, top) ? top : undefined
  for (let folder = start; ; folder = dirname(folder)) {
    if (isProject(folder)) return folder
    if (folder === bound || dirname(folder) === folder) break
  }
  let folder = start
  while (existsSync(join(folder, "__init__.py")) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** The root of the git work tree that a folder stands in. */
export function workTree(folder: string): string | undefined {
  for (let here = realpathSync(folder); ; here = dirname(here)) {
    if (existsSync(join(here, ".git"))) return here
    if (dirname(here) === here) return undefined
  }
}

export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

/**
 * Runs git in a folder and gives back what it prints, or undefined where git is missing, refuses or fails. Settings
 * of the repository that name programs are switched off: looking at a folder must not run what it brings along, nor
 * fetch what a partial clone lacks.
 */
export const git = (folder: string, args: readonly string[], onComplaint?: (text: string) => void): string | undefined =>
  gitBytes(folder, args, undefined, onComplaint)?.toString("utf8")

/** The same as bytes, with text for git to read; what it complains of although it succeeds is told. */
export function gitBytes(
  folder: string,
  args: readonly string[],
  input?: string,
  onComplaint?: (text: string) => void,
): Buffer | undefined {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1", LC_ALL: "C" }
  // A hook's environment points git at the repository of the hook, which need not be the one looked at.
  for (const name of ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"]) delete env[name]
  const { status, stdout, stderr } = spawnSync("git", ["-C", folder, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=", ...args], {
    env,
    maxBuffer: 1024 * 1024 * 1024,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    ...(input === undefined ? {} : { input }),
  })
  if (status !== 0) return undefined
  if (stderr.length > 0) onComplaint?.(stderr.toString("utf8"))
  return stdout
}
