import { type LinkInput, link, type Param, type Project, type Route } from "#fastapi"
import { distil, readFile } from "#python"

/** Links a project from source text: one file `main.py`, or several by path. `loadGrammarForTests()` comes first. */
export function linked(source: string | Record<string, string>, more: Omit<LinkInput, "modules"> = {}): Project {
  const files = typeof source === "string" ? { "main.py": source } : source
  const modules = Object.entries(files).map(([path, text]) => distil(readFile(path, text)))
  return link({ modules, ...more })
}

/** The route of `GET /path`, which must be there. */
export function routeOf(project: Project, name: string): Route {
  const all = project.apps.flatMap((app) => app.routes)
  const found = all.find((route) => spelled(route) === name)
  if (!found) throw new Error(`no ${name} among ${all.map(spelled).join(", ")}`)
  return found
}

export const spelled = ({ kind, methods, path }: Route): string =>
  `${kind === "websocket" ? "WEBSOCKET" : methods.known ? [...methods.value].sort().join(",") : "?"} ${path.known ? path.value : "?"}`

/** `query limit?: int`: where a parameter is read from, its name there, and its type. */
export const written = (param: Param): string =>
  `${param.in} ${param.wireName}${param.required.known ? (param.required.value ? "" : "?") : "??"}: ${param.type.text}`
