import type { Rule } from "#lint"
import { type Analysis, analyse, chosen } from "./analyse.ts"
import type { CachePlace } from "./cache.ts"
import { excluder, matcher } from "./files.ts"
import { importRoots } from "./import-roots.ts"
import { versionsOfProject } from "./loose.ts"
import { mapFiles } from "./map-files.ts"
import { CannotStart } from "./problem.ts"
import { LARGEST_FILE } from "./read.ts"
import { git, gitBytes, workTree } from "./root.ts"
import type { Settings } from "./settings.ts"
import { lockedPackages } from "./versions.ts"

export interface RevisionRequest {
  rules?: readonly Rule[]
  named?: readonly string[]
  today?: string | undefined
  ignoreSuppressions?: boolean | undefined
  cache?: CachePlace | undefined
  jobs?: number | undefined
}

/**
 * A project as it was at a revision of its git repository, read from the repository and not from the work tree, under
 * the settings and library versions of today. The cache is asked for files that have not changed since; nothing of the
 * past goes into it. Throws `CannotStart` where git does not know the revision.
 */
export async function analyseRevision(
  root: string,
  settings: Settings,
  revision: string,
  { rules = [], named = [], today, cache, jobs, ignoreSuppressions }: RevisionRequest = {},
): Promise<Analysis> {
  const top = workTree(root) ?? root
  const isIncluded = matcher(settings.include, settings.prefix)
  const isExcluded = excluder(root, settings)
  const blobs = blobsAt(root, commitOf(root, revision)).filter(({ path }) => /\.pyi?$/.test(path) && isIncluded(path) && !isExcluded(path))
  const files = contentsOf(root, blobs)
  const paths = files.map((file) => file.path)
  const { ran, selection } = chosen({ settings, rules })
  return analyse({
    records: await mapFiles({ files, rules: ran, options: selection.options, cache, isKept: () => false, jobs }),
    settings,
    rules,
    named,
    roots: importRoots(root, settings, paths),
    versions: versionsOfProject(root, top),
    locked: lockedPackages(root, top),
    hasGaps: false,
    ...(today === undefined ? {} : { today }),
    ignoreSuppressions,
  })
}

interface Blob {
  path: string
  id: string
}

/** The commit that a revision names. Throws `CannotStart` where git cannot tell, with what to do about it. */
export function commitOf(root: string, revision: string): string {
  const cannot = (message: string, help?: string) =>
    new CannotStart([{ severity: "error", message, ...(help === undefined ? {} : { notes: [["help", help]] as [string, string][] }) }])
  if (workTree(root) === undefined) throw cannot("there is no git repository to compare with")
  if (git(root, ["--version"]) === undefined) throw cannot("git is not installed, so there is nothing to compare with")
  if (git(root, ["rev-parse", "--git-dir"]) === undefined)
    throw cannot("git refuses to read this repository", "git status says why; `git config --global --add safe.directory` may be missing")
  const commit = git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`])?.trim()
  if (commit) return commit
  const isShallow = git(root, ["rev-parse", "--is-shallow-repository"])?.trim() === "true"
  throw isShallow
    ? cannot(
        `this clone is shallow, and does not hold the revision \`${revision}\``,
        "git fetch --unshallow; in CI, check out with `fetch-depth: 0`",
      )
    : cannot(`git does not know the revision \`${revision}\``, "fetch it first; in CI, check out with `fetch-depth: 0`")
}

/** The files below a folder, as a commit holds them, by paths relative to the folder. Links and submodules are left out. */
function blobsAt(root: string, commit: string): Blob[] {
  const listed = git(root, ["ls-tree", "-r", "-z", commit]) ?? ""
  return listed.split("\0").flatMap((line) => {
    const [, id, path] = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? []
    return id !== undefined && path !== undefined ? [{ path, id }] : []
  })
}

/** What `git cat-file --batch` prints for each: `<id> blob <size>`, a line break, the bytes, a line break. */
function contentsOf(root: string, blobs: readonly Blob[]): { path: string; bytes: Uint8Array }[] {
  if (blobs.length === 0) return []
  const output = gitBytes(root, ["cat-file", "--batch"], `${blobs.map(({ id }) => id).join("\n")}\n`)
  if (!output) throw new CannotStart([{ severity: "error", message: "git could not read the files of that revision" }])
  const files: { path: string; bytes: Uint8Array }[] = []
  let at = 0
  for (const { path } of blobs) {
    const end = output.indexOf(0x0a, at)
    const [, kind, size] = output.subarray(at, end).toString("latin1").split(" ")
    at = end + 1
    // Without its files a revision would have no findings, and all of today's would be new.
    if (kind !== "blob")
      throw new CannotStart([
        {
          severity: "error",
          message: `this clone is partial, and does not hold ${path} of that revision`,
          notes: [["help", "clone without `--filter`"]],
        },
      ])
    const bytes = output.subarray(at, at + Number(size))
    at += bytes.length + 1
    if (bytes.length <= LARGEST_FILE) files.push({ path, bytes })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}
