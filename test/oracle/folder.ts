import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { type LinkInput, link, type Project } from "#fastapi"
import { distil, Lines, type Place, PyFile, parse, roleOf } from "#python"
import { loadGrammarForTests } from "../grammar.ts"

await loadGrammarForTests()

export interface LinkedFolder {
  project: Project
  lineOf(place: Place): number
  /** Top-level packages and modules. */
  own: Set<string>
}

/** A folder of Python files as a project. */
export function linkFolder(folder: string, versions: LinkInput["versions"] = {}): LinkedFolder {
  const lines = new Map<string, Lines>()
  const modules = pythonFiles(folder).map((file) => {
    const path = relative(folder, file).replaceAll("\\", "/")
    const text = readFileSync(file, "utf8")
    lines.set(path, new Lines(text))
    return distil(new PyFile(path, text, parse(text)))
  })
  const project = link({ modules, role: (path) => roleOf(path), versions })
  return {
    project,
    lineOf: (place) => lines.get(place.path)?.position(place.start).line ?? 0,
    own: new Set(modules.map(({ path }) => project.player.modules.nameOf(path).split(".")[0] ?? "")),
  }
}

function pythonFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? pythonFiles(join(folder, entry.name)) : entry.name.endsWith(".py") ? [join(folder, entry.name)] : [],
    )
    .sort()
}
