import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { lockedPackages, type PinnedVersions, pinnedVersions } from "./versions.ts"

/** The versions that a project pins, with those marked that are lower bounds only: it runs on later ones as a rule. */
export function versionsOfProject(root: string, top: string): PinnedVersions {
  const pinned = pinnedVersions(root, top)
  return pinned.fastapi !== undefined && isLoose("fastapi", root, top) ? { ...pinned, loose: ["fastapi"] } : pinned
}

/** Is a package asked for as "this or later", and by no lock file held to one version? */
function isLoose(name: string, root: string, top: string): boolean {
  if (lockedPackages(root, top)?.has(name)) return false
  for (let folder = root; ; folder = dirname(folder)) {
    const asked = requirementsIn(folder).flatMap((text) => rangeOf(name, text) ?? [])
    if (asked.length > 0)
      return asked.every((range) => /^\s*>/.test(range) && !/[<=~^]\s*\d[^,]*$|<|==|~=/.test(range.replace(/^\s*>=?/, "")))
    if (folder === top || dirname(folder) === folder) return false
  }
}

/** `>=0.100` of `fastapi[all]>=0.100; python_version > "3.8"`, or of `fastapi = ">=0.100"`. */
function rangeOf(name: string, text: string): string | undefined {
  return new RegExp(`(?:^|["'])${name}(?:\\[[^\\]]*\\])?\\s*(?:=\\s*["'])?([^"'\\n;#]*)`, "im").exec(text)?.[1]
}

function requirementsIn(folder: string): string[] {
  const files = namesIn(folder).filter((name) => /^(requirements.*\.(txt|in)|pyproject\.toml|Pipfile)$/.test(name))
  const more = namesIn(join(folder, "requirements")).filter((name) => /\.(txt|in)$/.test(name))
  return [...files.map((name) => join(folder, name)), ...more.map((name) => join(folder, "requirements", name))].flatMap((path) => {
    try {
      return [readFileSync(path, "utf8")]
    } catch {
      return []
    }
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
