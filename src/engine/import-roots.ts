import { existsSync } from "node:fs"
import { join, relative } from "node:path"
import type { Settings } from "./settings.ts"

const MANIFESTS = ["pyproject.toml", "setup.py", "setup.cfg"]

/**
 * Folders that imports start from, relative to the project root: those that are configured (`src`), and every folder
 * with a manifest of its own (workspace members), with its `src/`.
 */
export function importRoots(root: string, settings: Pick<Settings, "root" | "src">, paths: readonly string[]): string[] {
  const configured = settings.src.map((path) => relative(root, join(settings.root, path)).replaceAll("\\", "/"))
  const roots = new Set(configured.filter((path) => !path.startsWith("..")))
  for (const folder of foldersOf(paths)) {
    if (folder === "" || !MANIFESTS.some((name) => existsSync(join(root, folder, name)))) continue
    roots.add(folder)
    if (existsSync(join(root, folder, "src"))) roots.add(`${folder}/src`)
  }
  return [...roots]
}

function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>()
  for (const path of paths) {
    const parts = path.split("/").slice(0, -1)
    for (let length = parts.length; length > 0; length--) {
      const folder = parts.slice(0, length).join("/")
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return [...folders].sort()
}
