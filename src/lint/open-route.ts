/** What is told of a route that asks nobody who is calling: what was looked at (none of it asks), what its neighbours do, how to say that it is meant so. */
import type { Auth, Dependency, Route } from "#fastapi"
import type { Value } from "#python"
import type { Note } from "./rule.ts"
import { list, plural, quote, routeName } from "./words.ts"

/** @param guarded  neighbours that are protected */
export function openRouteNotes(route: Route, guarded: readonly Route[]): Note[] {
  return [
    { name: "saw", text: seen(route) },
    ...peers(guarded),
    { name: "or", text: `say that it is open on purpose: \`${publicly(route)}\`` },
  ]
}

/** `route: get_db; middleware: CORSMiddleware; router, include_router, app: none`. */
function seen({ asks, app, includes }: Route): string {
  const at = (...levels: Dependency["level"][]) =>
    asks.filter(({ level }) => levels.includes(level)).map(({ call, name }) => call?.name ?? name ?? "something")
  const levels: [name: string, found: string[]][] = [
    ["route", at("parameter", "decorator")],
    ["router", at("router")],
    ...(includes.length > 0 ? [["include_router", at("include")] as [string, string[]]] : []),
    ["app", at("app")],
    ["middleware", (app?.middleware ?? []).map(({ value }) => nameOf(value))],
  ]
  const some = levels
    .filter(([, found]) => found.length > 0)
    .map(([name, found]) => `${name}: ${[...new Set(found.map(lastPart))].join(", ")}`)
  const none = levels.filter(([, found]) => found.length === 0).map(([name]) => name)
  return [...some, ...(none.length > 0 ? [`${none.join(", ")}: none`] : [])].join("; ")
}

const nameOf = (value: Value): string =>
  value.is === "external" ? value.name : value.is === "class" ? value.qualname : value.is === "function" ? value.qualname : "something"

/** `CORSMiddleware` of `starlette.middleware.cors.CORSMiddleware()`. */
const lastPart = (name: string): string => name.replaceAll("()", "").split(/[.:]/).at(-1) ?? name

/** Who of the neighbours asks, and where what they ask for is written. */
function* peers(guarded: readonly Route[]): Generator<Note> {
  const byGuard = new Map<string, Route[]>()
  for (const route of guarded) {
    const name = guardOf(route)
    if (name !== undefined) byGuard.set(name, [...(byGuard.get(name) ?? []), route])
  }
  const [most] = [...byGuard].sort(([, a], [, b]) => b.length - a.length)
  if (!most) return
  const [name, routes] = most
  const shown = routes.slice(0, 2).map(routeName)
  const who = routes.length > shown.length ? [...shown, plural(routes.length - shown.length, "other")] : shown
  const at = routes[0]?.dependencies.find(({ call }) => call?.name === name)?.call?.at
  yield {
    name: "peers",
    text: `${list(who)} ${routes.length === 1 ? "asks" : "ask"} for ${quote(name)}`,
    ...(at && { at }),
  }
}

/** The name of the check that answers for a route, where it is a dependency. */
export function guardOf({ auth }: Pick<Route, "auth"> & { auth: Auth }): string | undefined {
  if (auth.level === "body" || auth.level === "middleware") return undefined
  const name = lastPart(auth.by ?? "")
  return /^[A-Za-z]\w*$/.test(name) ? name : undefined
}

const publicly = ({ methods, path }: Route): string =>
  `auth.public = [${(methods.known ? methods.value : []).map((method) => `"${method} ${path.known ? path.value : ""}"`).join(", ")}]`
