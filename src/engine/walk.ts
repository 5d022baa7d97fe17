import { type Dirent, existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import ignore, { type Ignore } from "ignore"

/** The rules of one `.gitignore`, which hold for the folder it stands in. */
interface IgnoreFile {
  /** `""`, or a path that ends in `/`. */
  folder: string
  rules: Ignore
}

export interface WalkOptions {
  /** Folders that are never entered, by name. */
  pruned: readonly string[]
  respectGitignore: boolean
  /** Enter only folders that are regular packages. */
  packagesOnly?: boolean
  /** Told of each folder that may not be listed. */
  onUnreadable?(folder: string): void
}

/**
 * The Python files below a folder, for where git cannot be asked. Links to files are listed, links to folders are not
 * followed: what they lead to is found where it is, and a loop cannot begin.
 */
export function walk(root: string, options: WalkOptions): string[] {
  const found: string[] = []
  enter("", [])
  return found

  function entriesOf(folder: string): Dirent[] {
    try {
      return readdirSync(join(root, folder), { withFileTypes: true })
    } catch {
      options.onUnreadable?.(folder.replace(/\/$/, ""))
      return []
    }
  }

  function enter(folder: string, above: readonly IgnoreFile[]): void {
    const entries = entriesOf(folder)
    // What is not listed is not looked for on the disk: most folders have neither.
    const holds = (name: string) => entries.some((entry) => entry.name === name)
    if (folder !== "" && holds("pyvenv.cfg")) return
    const ignores = options.respectGitignore && holds(".gitignore") ? [...above, ...ignoreFile(root, folder)] : above
    for (const entry of entries) {
      const path = folder + entry.name
      if (entry.isDirectory()) {
        if (
          !options.pruned.includes(entry.name) &&
          !isIgnored(`${path}/`, ignores) &&
          (!options.packagesOnly || existsSync(join(root, path, "__init__.py")))
        )
          enter(`${path}/`, ignores)
      } else if (/\.pyi?$/.test(entry.name) && (entry.isFile() || entry.isSymbolicLink()) && !isIgnored(path, ignores)) found.push(path)
    }
  }
}

function ignoreFile(root: string, folder: string): IgnoreFile[] {
  try {
    return [{ folder, rules: ignore().add(readFileSync(join(root, folder, ".gitignore"), "utf8")) }]
  } catch {
    return []
  }
}

/** The deepest file that says anything decides, as in git. */
function isIgnored(path: string, files: readonly IgnoreFile[]): boolean {
  for (const { folder, rules } of files.toReversed()) {
    const { ignored, unignored } = rules.test(path.slice(folder.length))
    if (ignored || unignored) return ignored
  }
  return false
}
