import type { Dependency, Route } from "#fastapi"
import { plural } from "#lint"
import { code, compare, counted, most, routeCode, short, some, type Topic } from "./facts.ts"

/** Who asks who is calling, and where nobody does. */
export const authentication: Topic = (facts) => {
  const { routes } = facts
  const yes = routes.filter(({ auth }) => auth.answer === "yes")
  const ways = counted(yes.map(({ auth }) => `${facts.named(auth.by ?? "something")}${levelOf(auth.level)}`))
  const schemes = counted(
    routes.flatMap(({ dependencies }) => [
      ...new Set(dependencies.filter(({ security }) => security).map(({ name }) => short(name ?? ""))),
    ]),
  )
  const open = routes.filter(({ auth }) => auth.answer === "no")
  const unsure = routes.filter(({ auth }) => auth.answer === "unknown")
  const scopes = [...new Set(routes.flatMap(({ dependencies }) => dependencies.flatMap((one) => one.scopes)))].sort()
  return [
    ...(routes.length > 0
      ? [
          `- of ${plural(routes.length, "route")}, ${yes.length} ask who is calling, ${open.length} do not, of ${unsure.length} it is not known`,
        ]
      : []),
    ...most(ways, 8, ([way, count]) => `- ${way}: ${plural(count, "route")}`, "ways"),
    ...(schemes.length > 0
      ? [
          `- security schemes: ${some(
            schemes.map(([name, count]) => `${code(name)} (${plural(count, "route")})`),
            5,
          )}`,
        ]
      : []),
    ...(scopes.length > 0 ? [`- scopes that routes ask for: ${some(scopes.map(code), 10)}`] : []),
    ...(unsure.length > 0 ? [`- not known, see \`fastlint questions\`: ${some(unsure.map(routeCode), 5)}`] : []),
    ...(open.length > 0 ? [`- open to everybody: ${some(open.map(routeCode), 10)}`] : []),
  ]
}

const levelOf = (level: Route["auth"]["level"]): string =>
  level === undefined || level === "parameter"
    ? ""
    : {
        app: ", for the whole app",
        router: ", for whole routers",
        include: ", where routers are included",
        decorator: ", in the decorator",
        middleware: ", as middleware",
        body: ", in the handler itself",
      }[level]

/** What routes are given, and how it is asked for. */
export const dependencies: Topic = (facts) => {
  const { routes, project } = facts
  const uses = new Map<string, { dependency: Dependency; routes: Set<Route> }>()
  const visit = (dependency: Dependency, route: Route) => {
    const key = dependency.call?.id ?? dependency.name
    if (key !== undefined) {
      const use = uses.get(key) ?? { dependency, routes: new Set<Route>() }
      uses.set(key, { ...use, routes: use.routes.add(route) })
    }
  }
  for (const route of routes) for (const dependency of route.dependencies) visit(dependency, route)
  const sorted = [...uses].sort(([a, m], [b, n]) => n.routes.size - m.routes.size || compare(a, b))
  const own = sorted.filter(([, { dependency }]) => !dependency.security)
  const params = routes.flatMap(({ asks }) => asks.filter(({ level }) => level === "parameter"))
  const overrides = counted(
    project.apps.flatMap((app) => app.overrides.flatMap(({ of }) => (of.is === "function" ? [code(of.qualname)] : []))),
  )
  return [
    ...(params.length > 0 ? styleOf(routes) : []),
    ...most(
      own,
      16,
      ([key, { dependency, routes: users }]) => `- ${facts.named(key)}${givenBy(dependency)}: ${plural(users.size, "route")}`,
      "dependencies",
    ),
    ...(overrides.length > 0
      ? [
          `- tests replace ${some(
            overrides.map(([name]) => name),
            6,
          )} (\`dependency_overrides\`)`,
        ]
      : []),
  ]
}

/** In the annotation, or as a default. */
function styleOf(routes: readonly Route[]): string[] {
  const asked = routes.flatMap(({ asks }) => asks.filter(({ level }) => level === "parameter")).length
  const isDefault = ({ default: given }: Route["declared"][number]) =>
    given?.is === "external" && /(?:^|\.)(?:Depends|Security)\(\)$/.test(given.name)
  const defaults = routes.flatMap(({ declared }) => declared.filter(isDefault)).length
  if (defaults === 0) return ["- dependencies are asked for in annotations: `Annotated[..., Depends(...)]`"]
  if (defaults >= asked) return ["- dependencies are asked for as defaults: `= Depends(...)`"]
  return [`- dependencies are asked for as defaults (\`= Depends(...)\`) in ${defaults} of ${asked} places, in annotations elsewhere`]
}

function givenBy({ call }: Dependency): string {
  if (!call) return ""
  const returned = call.returns?.value
  const type = returned?.is === "class" ? returned.qualname : returned?.is === "external" ? short(returned.name) : undefined
  if (call.generator) return type ? `, yields ${code(type)} and cleans up` : ", yields and cleans up"
  return type && type !== "None" ? `, gives ${code(type)}` : ""
}
