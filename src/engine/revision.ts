import { type Analysis, analyse } from "./analyse.ts"
import type { CachePlace } from "./cache.ts"
import { excluder, matcher } from "./files.ts"
import { importRoots } from "./import-roots.ts"
import { versionsOfProject } from "./loose.ts"
import { mapFiles } from "./map-files.ts"
import { CannotStart } from "./problem.ts"
import { LARGEST_FILE } from "./read.ts"
import { git, gitBytes, workTree } from "./root.ts"
import type { Settings } from "./settings.ts"

/**
 * A project as it was at a revision of its git repository, read from the repository and not from the work tree, under
 * the settings and library versions of today. What the cache holds of files that have not changed is used. Throws `CannotStart` where git does not know the revision.
 */
export async function analyseRevision(root: string, settings: Settings, revision: string, cache?: CachePlace): Promise<Analysis> {
  const isIncluded = matcher(settings.include, settings.prefix)
  const isExcluded = excluder(root, settings)
  const blobs = blobsAt(root, commitOf(root, revision)).filter(({ path }) => /\.pyi?$/.test(path) && isIncluded(path) && !isExcluded(path))
  const files = contentsOf(root, blobs)
  const paths = files.map((file) => file.path)
  return analyse({
    files,
    records: await mapFiles({ files, rules: [], options: {}, cache, isKept: () => false }),
    settings,
    rules: [],
    roots: importRoots(root, settings, paths),
    versions: versionsOfProject(root, workTree(root) ?? root),
    hasGaps: false,
  })
}

interface Blob {
  path: string
  id: string
}

/** The commit that a revision names. */
function commitOf(root: string, revision: string): string {
  const isInGit = workTree(root) !== undefined
  const commit = isInGit ? git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`])?.trim() : undefined
  if (commit) return commit
  throw new CannotStart([
    {
      severity: "error",
      message: isInGit ? `git does not know the revision \`${revision}\`` : "there is no git repository to compare with",
      notes: isInGit ? [["help", "fetch it first; in CI, check out with `fetch-depth: 0`"]] : [],
    },
  ])
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
    // A blob that a partial clone lacks is `missing`, and has no bytes.
    if (kind !== "blob") continue
    const bytes = output.subarray(at, at + Number(size))
    at += bytes.length + 1
    if (bytes.length <= LARGEST_FILE) files.push({ path, bytes })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}
