/** Does anything that runs for a route ask what the caller may do, beyond who it is? */
import { knownText, options, type Value } from "#python"
import type { Context } from "../context.ts"
import type { Dependency, Fn, Route } from "../project.ts"
import { isScheme } from "../schemes.ts"
import { evidenceOf } from "./evidence.ts"
import { words } from "./identity-words.ts"

export type Rights =
  /** Said by a name, scopes or a refusal with 403. */
  { asked: "yes"; by: Dependency | Fn } | { asked: "no" } | { asked: "unknown" }

const RIGHTS =
  /\b(admins?|superusers?|super|staff|moderators?|roles?|rights?|permissions?|permitted|allowed|owners?|ownership|scopes?|acl|rbac|policy|policies|privileges?|tenants?|members?(hip)?|can|may|guard|authori[sz]e[ds]?|authori[sz]ation|access|internal|only|restrict\w*|editor|manager|organi[sz]ation|workspace|project|team)\b/

/** The answer for one route. Whatever is not known may ask. */
export function rightsOf(
  context: Pick<Context, "player" | "versions">,
  route: Pick<Route, "endpoint" | "isSignatureKnown" | "dependencies">,
): Rights {
  let isKnown = route.endpoint !== undefined && route.isSignatureKnown
  for (const dependency of route.dependencies) {
    const { call, value, scopes } = dependency
    if (scopes.length > 0 || (call && speaksOfRights(context, call)) || permissionsIn(value).length > 0)
      return { asked: "yes", by: dependency }
    if (!call && value.is !== "class" && !isScheme(context, value) && value.is !== "external") isKnown = false
  }
  if (route.endpoint && (refuses(context, route.endpoint) || checks(route.endpoint))) return { asked: "yes", by: route.endpoint }
  return { asked: isKnown ? "no" : "unknown" }
}

function speaksOfRights(context: Pick<Context, "player">, fn: Fn): boolean {
  return RIGHTS.test(words(fn.qualname)) || refuses(context, fn)
}

const refuses = (context: Pick<Context, "player">, fn: Fn): boolean =>
  /403|forbidden|permission|denied|privilege/i.test(evidenceOf(context, fn).refusal ?? "")

/** Calls, near by, something whose name says that it checks a right. */
const checks = (fn: Fn): boolean =>
  fn.events.some((event) => {
    if (event.is !== "call") return false
    const name = event.fn?.name ?? event.name?.replaceAll("()", "").split(".").at(-1) ?? ""
    return (
      /\b(check|verify|require|ensure|assert|enforce|validate|has|is|can|may|authori[sz]e)\b/.test(words(name)) && RIGHTS.test(words(name))
    )
  })

/** Texts that a checker was made with: `monitor:cache:list` of `RequirePermission("monitor:cache:list")`. */
export function permissionsIn(value: Value): string[] {
  if (value.is !== "instance") return []
  const given = [...value.attributes.values(), ...(value.built?.positional ?? []), ...(value.built?.keywords.values() ?? [])]
  const texts = given.flatMap((one) =>
    options(one)
      .flatMap((option) => (option.is === "sequence" ? option.items : [option]))
      .flatMap((item) => knownText(item) ?? []),
  )
  return [...new Set(texts)].filter((text) => /^[\w*-]+(?:[:.][\w*-]+)+$/.test(text))
}
