import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, statSync } from "node:fs"
import { basename, dirname, join, relative, resolve } from "node:path"
import { nearest } from "#lint"
import { shownPath } from "./config.ts"
import { CannotStart, type Problem } from "./problem.ts"
import { isInside, projectRoot } from "./root.ts"

/** A project, and what of it the user asked for. */
export interface Target {
  /** Absolute, links resolved. */
  root: string
  /** Relative to the root, with `/`; `""` is the whole project. */
  named: string[]
}

/** Groups the paths of a command line by project. Paths that do not exist are all named at once. */
export function targets(paths: readonly string[], cwd: string): Target[] {
  if (paths.includes(""))
    throw new CannotStart([
      { severity: "error", message: "a path is empty", notes: [["help", "an unset variable? `.` is the folder that you stand in"]] },
    ])
  const missing = paths.filter((path) => !existsSync(resolve(cwd, path)))
  if (missing.length > 0) throw new CannotStart(missing.map((path) => noSuchPath(path, cwd)))
  const alien = paths.filter((path) => !isReadable(resolve(cwd, path)))
  if (alien.length > 0) throw new CannotStart(alien.map((path) => ({ severity: "error", message: `not a Python file: ${path}` })))
  const byRoot = new Map<string, string[]>()
  for (const path of paths) {
    const real = realpathSync(resolve(cwd, path))
    const root = projectRoot(real, cwd)
    const named = byRoot.get(root) ?? []
    named.push(slashed(relative(root, real)))
    byRoot.set(root, named)
  }
  return [...byRoot].map(([root, named]) => ({ root, named }))
}

/**
 * The project of a file that need not exist on disk: its text comes from stdin. Below `cwd` its folder need not exist
 * either; elsewhere it must, since climbing to one that does could end at the root of the disk.
 */
export function stdinTarget(filename: string, cwd: string): Target {
  const path = resolve(cwd, filename)
  let folder = dirname(path)
  while (!existsSync(folder)) {
    if (!isInside(folder, cwd)) throw new CannotStart([noSuchPath(dirname(filename), cwd)])
    folder = dirname(folder)
  }
  const real = join(realpathSync(folder), relative(folder, path))
  const root = projectRoot(realpathSync(folder), cwd)
  return { root, named: [slashed(relative(root, real))] }
}

/** A folder, a file of Python by its name, or a script that says in its first line that Python runs it. */
function isReadable(path: string): boolean {
  if (!statSync(path).isFile() || /\.pyi?$/.test(path)) return true
  try {
    return /^#!.*python/.test(firstBytes(path))
  } catch {
    return true
  }
}

function firstBytes(path: string): string {
  const file = openSync(path, "r")
  try {
    const bytes = Buffer.alloc(128)
    return bytes.toString("latin1", 0, readSync(file, bytes))
  } finally {
    closeSync(file)
  }
}

/** Is a file of the project among what the user named? */
export const isNamed = (path: string, named: readonly string[]): boolean =>
  named.some((one) => one === "" || path === one || path.startsWith(`${one}/`))

const slashed = (path: string): string => path.replaceAll("\\", "/")

function noSuchPath(path: string, cwd: string): Problem {
  const absolute = resolve(cwd, path)
  const folder = dirname(absolute)
  const near = existsSync(folder) && statSync(folder).isDirectory() ? nearest(basename(absolute), readdirSync(folder)) : undefined
  return {
    severity: "error",
    message: `no such file or folder: ${path}`,
    ...(near === undefined ? {} : { notes: [["help", `did you mean ${shownPath(join(folder, near), cwd)}?`] as [string, string]] }),
  }
}
