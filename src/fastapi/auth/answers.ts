/** What the configuration answers to questions about authentication: to which names and routes each entry speaks. */
import type { Value } from "#python"
import type { AuthAnswers, Context } from "../context.ts"
import type { Dependency, Project, Route } from "../project.ts"

/** "yes" or "no" where an entry of the configuration names one of these, by dotted name or id. */
export function toldOf({ auth }: Pick<Context, "auth">, names: readonly (string | undefined)[]): "yes" | "no" | undefined {
  const isNamed = (list: readonly string[] = []) => list.some((entry) => names.some((name) => name !== undefined && isCalled(name, entry)))
  if (!auth) return undefined
  return isNamed(auth.dependencies) ? "yes" : isNamed(auth.notAuth) ? "no" : undefined
}

/**
 * Does a dotted name in the configuration mean this function, class or library object? `app.deps:get_user` is
 * `app.deps.get_user`; either may have more in front, since a monorepo's folders are part of some names; `*` stands for
 * anything; a function made inside another answers to the outer one's name too.
 */
export function isCalled(id: string, entry: string): boolean {
  const parts = spelledOut(id).split(".")
  const asked = entry.trim().split(".")
  if (asked.includes("")) return false
  if (entry.includes("*")) return parts.some((_, from) => fits(parts.slice(from).join("."), asked.join(".")))
  return endsWith(parts, asked) || (parts.length > 1 && endsWith(asked, parts))
}

/** As the configuration spells a name: `app.main:oauth2`, `fastapi.security.HTTPBearer()`, `app.main:guard.<locals>.inner`. */
export const spelledOut = (id: string): string =>
  id
    .replaceAll("()", "")
    .replace(":", ".")
    .replace(/\.<locals>\..*$/, "")
    .replace(/\.(__call__|__init__)$/, "")

const endsWith = (parts: string[], last: string[]): boolean =>
  last.length <= parts.length && last.every((part, i) => part === parts[parts.length - last.length + i])

/** `*` stands for any text. */
const fits = (text: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(text)

/** Does the configuration say that a route is public: by `METHOD /path`, by its path, or by the dotted name of its endpoint? */
export function isPublic({ auth }: Pick<Context, "auth">, route: Route): boolean {
  return auth?.public.some((entry) => isPublicBy(route, entry)) ?? false
}

/** `{id}` and `{item_id:int}` are the same to a reader, and so is a `/` at the end. */
function isPublicBy({ path, methods, kind, endpoint }: Route, entry: string): boolean {
  const [, method, pattern] = /^(?:([A-Za-z*]+)\s+)?(\/.*)$/.exec(entry.trim()) ?? []
  if (pattern === undefined) return endpoint !== undefined && isCalled(endpoint.id, entry)
  if (!path.known || !fits(loose(path.value), loose(pattern))) return false
  if (method === undefined || method === "*") return true
  return kind === "websocket" ? /^websocket$/i.test(method) : methods.known && methods.value.includes(method.toUpperCase())
}

const loose = (path: string): string => path.replace(/\{[^}]*\}/g, "{}").replace(/(.)\/$/, "$1")

// ---------------------------------------------------------------------------- names of values

/** All that a dependency may be called by: what is called, and the module-level name of an object such as a security scheme. */
export const namesOf = (context: Context, { name, call, value }: Dependency): string[] =>
  [name, call?.id, heldBy(context, value)].filter((one) => one !== undefined)

const held = new WeakMap<Context, Map<Value, string>>()

/** `app.deps:oauth2_scheme`: the first module-level name that holds an object. */
export function heldBy(context: Context, value: Value): string | undefined {
  if (value.is !== "external" && value.is !== "instance") return undefined
  let names = held.get(context)
  if (!names) {
    names = new Map()
    held.set(context, names)
    const { player } = context
    for (const path of [...player.facts.keys()].sort()) {
      for (const [name, one] of player.load(path)?.entries() ?? []) {
        if (one.is !== "external" && one.is !== "instance") continue
        const isHome = !one.built || one.built.at.path === path
        if (isHome && !names.has(one)) names.set(one, `${player.modules.nameOf(path)}:${name}`)
      }
    }
  }
  return names.get(value)
}

// ---------------------------------------------------------------------------- entries that say nothing

/** Every name that an entry may mean: functions, classes, and what routes and apps are given from elsewhere. */
export function answerable(context: Context, { routes, apps }: Pick<Project, "routes" | "apps">): string[] {
  const { player } = context
  const names = new Set(player.defined.filter(({ def }) => def.kind !== "Lambda").map((value) => context.functionOf(value).id))
  for (const { module, qualname } of player.classes) names.add(`${player.modules.nameOf(module)}:${qualname}`)
  for (const { dependencies, endpoint } of routes) {
    for (const dependency of dependencies) for (const name of namesOf(context, dependency)) names.add(name)
    for (const { name } of endpoint?.decorators ?? []) if (name !== undefined) names.add(name)
  }
  for (const { value } of apps.flatMap(({ middleware }) => middleware)) if (value.is === "external") names.add(value.name)
  return [...names]
}

/** An entry that names nothing of the project, with the names that it may have meant. */
export interface DeadAnswer {
  key: "dependencies" | "not-auth" | "public"
  index: number
  entry: string
  candidates: string[]
}

/** Entries of the configuration that match nothing; a name of anything in the project is enough to be spared. */
export function deadAnswers(auth: AuthAnswers, names: readonly string[], routes: readonly Route[]): DeadAnswer[] {
  const dead: DeadAnswer[] = []
  const look = (key: DeadAnswer["key"], list: readonly string[], isAlive: (entry: string) => boolean, candidates: string[]) => {
    for (const [index, entry] of list.entries()) if (!isAlive(entry)) dead.push({ key, index, entry, candidates })
  }
  const isNamed = (entry: string) => names.some((name) => isCalled(name, entry))
  const spelled = [...new Set(names.map(spelledOut))]
  look("dependencies", auth.dependencies, isNamed, spelled)
  look("not-auth", auth.notAuth, isNamed, spelled)
  const paths = routes.flatMap(({ path, methods }) =>
    path.known ? (methods.known ? methods.value.map((method) => `${method} ${path.value}`) : [path.value]) : [],
  )
  const endpoints = routes.flatMap(({ endpoint }) => (endpoint ? [spelledOut(endpoint.id)] : []))
  look("public", auth.public, (entry) => routes.some((route) => isPublicBy(route, entry)), [...new Set([...paths, ...endpoints])])
  return dead
}
