/**
 * Does something check who is calling a route? Asked of everything that runs for it: dependencies at every level,
 * middleware, decorators between the route and its function, and the body itself. "No" is only said where all of it
 * is understood: an unknown accuses no one.
 */
import { guardDecorators } from "#knowledge"
import type { FunctionValue, Place, Value } from "#python"
import type { Context } from "../context.ts"
import { dependencyOf } from "../dependencies.ts"
import type { Auth, Dependency, Route } from "../project.ts"
import { isDepends } from "../signature/markers.ts"
import { isPublic, toldOf } from "./answers.ts"
import { evidenceOf, parameterCredential } from "./evidence.ts"
import { shortName, toldVerdict, verdictOf } from "./guards.ts"
import { speaksOfIdentity } from "./identity-words.ts"
import { gatesOf } from "./middleware.ts"
import { checksRoutesAtStart } from "./route-audit.ts"

/** The answer for one route, by the first check that is certain; else by the first that may be one. */
export function authOf(context: Context, route: Route): Auth {
  if (isPublic(context, route)) return { answer: "unknown", why: "the configuration says that it is public", isSaidPublic: true }
  let maybe: Auth | undefined
  for (const { subject: _, ...found } of checks(context, route)) {
    if (found.answer === "yes") return found
    if (found.answer === "unknown") maybe ??= found
  }
  return maybe ?? { answer: "no", why: nothingAsks(route) }
}

/** A check that may ask who is calling, and what it is that nobody knows enough of. */
export type Doubt = Auth & { subject: Subject }

export type Subject =
  | { is: "dependency"; dependency: Dependency }
  | { is: "middleware" | "decorator" | "body" | "audit" }
  /** Something about the route could not be read. */
  | { is: "gap" }

/** Everything that keeps a route's answer from being known. */
export const doubtsOf = (context: Context, route: Route): Doubt[] =>
  isPublic(context, route) ? [] : [...checks(context, route)].filter(({ answer }) => answer === "unknown")

function* checks(context: Context, route: Route): Generator<Doubt> {
  yield* byDependencies(context, route)
  const told = route.endpoint && toldVerdict(toldOf(context, [route.endpoint.id]))
  if (told?.answer === "yes" && route.endpoint)
    yield { ...told, by: route.endpoint.id, level: "body", at: route.endpoint.at, subject: { is: "body" } }
  if (!told) yield* gapsOf(context, route)
  yield* byClass(context, route)
  yield* byDecorators(context, route)
  if (!told) yield* byBody(context, route)
  for (const gate of gatesOf(context, route)) yield { ...gate, subject: { is: "middleware" } }
  const audit = checksRoutesAtStart(context)
  if (audit)
    yield {
      answer: "unknown",
      by: audit.id,
      at: audit.at,
      why: `\`${shortName(audit.id)}\` checks the dependencies of all routes at start-up`,
      subject: { is: "audit" },
    }
}

/** What could not be read of the route itself. */
function* gapsOf(context: Context, route: Route): Generator<Doubt> {
  if (!route.endpoint) yield { answer: "unknown", why: "its endpoint is not known", subject: { is: "gap" } }
  if (!route.isSignatureKnown)
    yield { answer: "unknown", at: route.at, why: "the endpoint's signature could not be read", subject: { is: "gap" } }
  const hidden = context.unseen.find((u) => u.what === "dependency" && placesOf(route).some((place) => isAt(u.at, place)))
  if (hidden)
    yield { answer: "unknown", at: hidden.at, why: `not all of its dependencies are known: ${hidden.why}`, subject: { is: "gap" } }
}

const placesOf = (route: Route): Place[] => [route.at, ...route.includes, route.own.router.at, ...(route.app ? [route.app.at] : [])]
const isAt = (a: Place, b: Place): boolean => a.path === b.path && a.start >= b.start && a.end <= b.end

// ---------------------------------------------------------------------------- dependencies

function* byDependencies(context: Context, route: Route): Generator<Doubt> {
  const below = new Set(route.dependencies.flatMap((dependency) => dependency.dependencies))
  // What the route itself asks for is named before what that asks for in turn.
  const ordered = [...route.dependencies.filter((d) => !below.has(d)), ...route.dependencies.filter((d) => below.has(d))]
  for (const dependency of ordered) yield answerOf(context, dependency)
}

function answerOf(context: Context, dependency: Dependency): Doubt {
  const by = dependency.name ?? dependency.call?.id
  return {
    ...verdictOf(context, dependency),
    ...(by !== undefined && { by }),
    level: dependency.level,
    at: dependency.at,
    subject: { is: "dependency", dependency },
  }
}

/** Class-based views: `user: User = Depends(get_user)` in the class of the endpoint or in its bases. */
function* byClass(context: Context, route: Route): Generator<Doubt> {
  const asked = new Set(route.dependencies.map((d) => d.value))
  const seen = new Set<Value>()
  const open: Value[] = route.endpoint?.owner ? [route.endpoint.owner] : []
  for (let of = open.shift(); of; of = open.shift()) {
    if (of.is === "generic") of = of.of
    if (of.is === "unknown") yield { answer: "unknown", why: "its class has a base that is not known", subject: { is: "gap" } }
    if (of.is !== "class" || seen.has(of)) continue
    seen.add(of)
    const at = context.player.place(of.module, of.def.name_span)
    for (const [name, value] of of.body.entries()) {
      if (!isDepends(value)) continue
      const dependency = dependencyOf(context, value, "parameter", at, name)
      if (!asked.has(dependency.value)) yield answerOf(context, dependency)
    }
    open.push(...of.bases)
  }
}

// ---------------------------------------------------------------------------- decorators and body

/** Decorators that stay on the endpoint: known ones answer, ones that are named like a check may be one. */
function* byDecorators(context: Context, route: Route): Generator<Doubt> {
  const at = route.endpoint?.at ?? route.at
  for (const decorator of layersOf(route).flatMap((layer) => layer.decorators)) {
    const name = nameOf(context, decorator)
    if (name === undefined) continue
    const short = shortName(name.includes(":") ? name : (name.split(".").at(-1) as string))
    const said = { by: name, level: "decorator", at, subject: { is: "decorator" } } as const
    const told = toldVerdict(toldOf(context, [name]))
    if (told) yield { ...told, ...said }
    else if (guardDecorators.has(name)) yield { answer: "yes", ...said, why: `\`@${short}\` refuses callers without the right` }
    else if (speaksOfIdentity(short)) yield { answer: "unknown", ...said, why: `\`@${short}\` is named as if it asked who is calling` }
  }
}

function nameOf({ player }: Context, decorator: Value): string | undefined {
  const own = ({ module, qualname }: { module: string; qualname: string }) => `${player.modules.nameOf(module)}:${qualname}`
  if (decorator.is === "external") return decorator.name.replace(/\(\)$/, "")
  if (decorator.is === "function" || decorator.is === "class") return own(decorator)
  return decorator.is === "instance" ? own(decorator.of) : undefined
}

/** The body, with those of its wrappers: webhooks check a signature, resets a token, logins a password. */
function* byBody(context: Context, route: Route): Generator<Doubt> {
  const fns = new Set([...layersOf(route).map((layer) => context.functionOf(layer)), ...(route.endpoint ? [route.endpoint] : [])])
  for (const fn of fns) {
    const level = fn === route.endpoint ? ("body" as const) : ("decorator" as const)
    const said = { by: fn.id, level, at: fn.at, subject: { is: level } }
    const told = level === "decorator" ? toldVerdict(toldOf(context, [fn.id])) : undefined
    if (told) {
      yield { ...told, ...said }
      continue
    }
    const name = shortName(fn.id)
    const evidence = evidenceOf(context, fn)
    const credential = parameterCredential(fn) ?? evidence.credential
    const { refusal, proof, asked } = evidence
    if (credential && refusal) yield { answer: "yes", ...said, why: `\`${name}\` itself takes ${credential} and refuses with ${refusal}` }
    else if (proof && (refusal || evidence.raises)) yield { answer: "yes", ...said, why: `\`${name}\` itself checks a proof with ${proof}` }
    else if (credential) yield { answer: "unknown", ...said, why: `\`${name}\` takes ${credential}` }
    else if (refusal) yield { answer: "unknown", ...said, why: `\`${name}\` can refuse with ${refusal}` }
    else if (proof) yield { answer: "unknown", ...said, why: `\`${name}\` checks a proof with ${proof}` }
    else if (asked) yield { answer: "unknown", ...said, why: `\`${name}\` calls ${asked}` }
    else if (evidence.handsOn) yield { answer: "unknown", ...said, why: `\`${name}\` hands the request to something that is not known` }
  }
}

/** What a request to the endpoint goes through: the wrappers that decorators put around it, outermost first, and itself. */
function layersOf({ own, endpoint }: Route): FunctionValue[] {
  const layers: FunctionValue[] = []
  let value: Value | undefined = own.endpointValue
  for (let depth = 0; value?.is === "function" && depth < 8; depth++) {
    layers.push(value)
    value = value.wraps
  }
  return layers.length > 0 || !endpoint ? layers : [endpoint.value]
}

// ---------------------------------------------------------------------------- words

function nothingAsks(route: Route): string {
  const names = [...new Set(route.dependencies.map((d) => shortName(d.name ?? d.call?.id ?? "?")))]
  if (names.length === 0) return "it has no dependencies, and nothing else that runs for it asks who is calling"
  const shown = names.slice(0, 4).map((name) => `\`${name}\``)
  const rest = names.length > 4 ? ` and ${names.length - 4} more` : ""
  return `none of what runs for it asks who is calling: ${shown.join(", ")}${rest}`
}
