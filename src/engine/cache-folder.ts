/** The folder of the cache: made on the first write, never where it would meddle with what is not ours. */
import { randomBytes } from "node:crypto"
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** The name of the folder at the root of a project, unless another is chosen. */
export const CACHE_FOLDER = ".fastlint_cache"

/** By this line backup programs know a cache (https://bford.info/cachedir/), and by the next one we know ours. */
const TAG =
  "Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds what fastlint keeps between runs. It may be deleted at any time.\n"

const DAY_MS = 24 * 60 * 60 * 1000
/** What nobody has written for so long belongs to a project that is gone, or to a run that was killed. */
const STALE_MS = { ".tmp": DAY_MS, ".records": 60 * DAY_MS }

/** Writes a file of the cache at once or not at all. Says nothing where that cannot be done: a cache is a favour. */
export function writeCached(folder: string, name: string, bytes: Uint8Array): void {
  const path = join(folder, `${name}.${randomBytes(6).toString("hex")}.tmp`)
  try {
    if (!claim(folder)) return
    // `wx`: never through a link that someone has put there.
    writeFileSync(path, bytes, { flag: "wx" })
    renameSync(path, join(folder, name))
    prune(folder)
  } catch {
    remove(path)
  }
}

/** Deletes the cache's own files, and the folder if nothing else is in it. False where there is no cache of ours. */
export function removeCache(folder: string): boolean {
  if (!isOurs(folder)) return false
  for (const name of readdirSync(folder)) if (isOwn(name)) remove(join(folder, name))
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
  return true
}

/** Makes the folder ours if it is new or empty. */
function claim(folder: string): boolean {
  if (isOurs(folder)) return true
  // A link that a repository brings along could lead anywhere.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return false
  makeFolder(folder)
  if (readdirSync(folder).length > 0) return false
  writeFileSync(join(folder, ".gitignore"), "*\n")
  writeFileSync(join(folder, "CACHEDIR.TAG"), TAG)
  return true
}

/** Node's own `recursive` never ends where a folder says that it is not there while it is, as below `/proc`. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  mkdirSync(folder)
}

function isOurs(folder: string): boolean {
  const tag = join(folder, "CACHEDIR.TAG")
  return existsSync(tag) && readFileSync(tag, "utf8") === TAG
}

const isOwn = (name: string): boolean => name === ".gitignore" || name === "CACHEDIR.TAG" || /\.(records|tmp)$/.test(name)

function prune(folder: string): void {
  const now = Date.now()
  for (const name of readdirSync(folder)) {
    const [, kind] = /(\.records|\.tmp)$/.exec(name) ?? []
    if (kind === undefined) continue
    const path = join(folder, name)
    if (now - lstatSync(path).mtimeMs > STALE_MS[kind as keyof typeof STALE_MS]) remove(path)
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Another run was faster, or we may not.
  }
}
