import { dirname } from "node:path/posix"
import { list, plural } from "#lint"
import { code, counted, type Facts, most, some, type Topic } from "./facts.ts"

/** What there is: apps, versions, folders. */
export const application: Topic = (facts) => {
  const { apps, project, routes, functions } = facts
  const { fastapi, pydantic, sqlalchemy, python, loose = [] } = project.versions
  const versions = Object.entries({ python, fastapi, pydantic, sqlalchemy }).flatMap(([name, version]) =>
    version === undefined ? [] : [`${name} ${loose.includes(name) ? ">=" : ""}${version}`],
  )
  const folders = counted(functions.map(({ path }) => dirname(path)))
  return [
    ...apps.map(
      (app) => `- ${nameOf(app, project)} is built in ${app.at.path} and serves ${plural(app.routes.length, "route")}${startOf(app)}`,
    ),
    ...(versions.length > 0 ? [`- versions, as pinned or at least: ${versions.join(", ")}`] : []),
    ...(folders.length > 1
      ? [
          `- most code is in ${some(
            folders.map(([folder, count]) => `${folder}/ (${plural(count, "function")})`),
            6,
          )}`,
        ]
      : []),
    ...tests(facts, routes.length),
    ...(project.unseen.length > 0 ? [`- ${plural(project.unseen.length, "thing")} could not be read: \`fastlint routes\` lists them`] : []),
  ]
}

/** Its name in the application's own code: tests have names for it, too. */
function nameOf({ name }: Facts["apps"][number], project: Facts["project"]): string {
  const path = name?.replace(/:.*$/, "").replaceAll(".", "/")
  const isTest = [`${path}.py`, `${path}/__init__.py`].some((file) => project.role(file) === "test")
  return name === undefined || isTest ? "the app" : code(name)
}

function startOf({ lifespan, events }: Facts["apps"][number]): string {
  if (lifespan) return "; it starts and stops in a lifespan"
  const handlers = events.flatMap(({ handler }) => (handler ? [code(handler.qualname)] : []))
  return handlers.length > 0 ? `; at start and stop it runs ${list(handlers)}` : ""
}

function tests({ project }: Facts, routes: number): string[] {
  const folders = counted(project.requests.map(({ at }) => dirname(at.path)))
  if (folders.length === 0) return []
  const where = some(
    folders.map(([folder]) => `${folder}/`),
    3,
  )
  return [`- tests in ${where} send ${plural(project.requests.length, "request")}${routes > 0 ? " through a client" : ""}`]
}

/** Which router serves what, from which file. */
export const routers: Topic = ({ routes }) => {
  const byFile = new Map<string, (typeof routes)[number][]>()
  for (const route of routes) {
    const path = route.endpoint?.path ?? route.at.path
    byFile.set(path, [...(byFile.get(path) ?? []), route])
  }
  const rows = [...byFile].sort(([a], [b]) => (a < b ? -1 : 1))
  return most(
    rows,
    28,
    ([path, own]) => {
      const tags = [...new Set(own.flatMap(({ operation }) => (operation.tags.known ? operation.tags.value : [])))].sort()
      const answers = new Set(own.map(({ auth }) => auth.answer))
      const auth =
        answers.size === 1 ? { yes: ", all authenticated", no: ", none authenticated", unknown: "" }[[...answers][0] as "yes"] : ""
      return `- ${code(prefixOf(own.flatMap((route) => (route.path.known ? [route.path.value] : []))))} ${path}: ${plural(own.length, "route")}${tags.length > 0 ? `, tagged ${some(tags, 3)}` : ""}${auth}`
    },
    "files with routes",
  )
}

/** The folders that all of some paths begin with: `/api/v1/users`. */
function prefixOf(paths: readonly string[]): string {
  const [first = "", ...others] = paths
  const parts = first.split("/")
  let length = parts.length
  for (const path of others) {
    const theirs = path.split("/")
    while (length > 0 && parts.slice(0, length).join("/") !== theirs.slice(0, length).join("/")) length -= 1
  }
  const own = parts.slice(0, length)
  while (own.length > 1 && own.at(-1)?.startsWith("{")) own.pop()
  return own.join("/") || "/"
}
