import type { Analysis, Reporter } from "#engine"
import { type Route, testedBy } from "#fastapi"
import { shownPath } from "#lint"
import type { Reported, RouteRow } from "#report"

/** A project that was read: as it stands, or as it was at a revision. */
export interface ReadProject {
  analysis: Analysis
  reporter: Reporter
  shown(path: string): string
  /** What was found in it, where rules ran. */
  findings: readonly Reported[]
}

/** One row for each method of each route that an app serves. */
export function routeRows(project: ReadProject): RouteRow[] {
  const { apps, requests } = project.analysis.project
  return apps.flatMap((app) => app.routes.flatMap((route) => rowsOf(route, project, requests.length > 0)))
}

function rowsOf(route: Route, project: ReadProject, hasTests: boolean): RouteRow[] {
  const { shown, reporter, analysis } = project
  const methods = route.kind === "websocket" ? ["WEBSOCKET"] : route.methods.known ? route.methods.value : ["?"]
  const at = route.endpoint?.at ?? route.at
  const { answer, by, why } = route.auth
  const tests = hasTests ? testedBy(analysis.project, route) : "unknown"
  const path = shownPath(route)
  return methods.map((method) => {
    const problems = problemsOf(route, `${method} ${path}`, project)
    return {
      method,
      path,
      auth: { answer, text: by ?? (answer === "no" ? "none" : why) },
      response: responseOf(route),
      status: route.kind === "websocket" ? "-" : route.statusCode.known ? String(route.statusCode.value) : "?",
      ...(tests !== "unknown" && { tests }),
      handler: `${shown(at.path)}:${reporter.line(at)}`,
      ...(problems.length > 0 && { problems }),
    }
  })
}

function responseOf({ response }: Route): string {
  if (response.type) return response.type.text
  if (response.responseClass) return response.responseClass.split(".").at(-1) as string
  return { none: "-", unknown: "?", response: "Response", response_model: "?", annotation: "?" }[response.from]
}

/** What was found on the way of a request to this route, or in its handler; each message once. */
function problemsOf(route: Route, name: string, { findings, shown, reporter }: ReadProject): string[] {
  if (findings.length === 0) return []
  const { endpoint } = route
  const def = endpoint?.value.def
  const lines = endpoint &&
    def && {
      path: shown(endpoint.path),
      first: reporter.line(endpoint.header),
      last: reporter.line({ path: endpoint.path, start: def.end, end: def.end }),
    }
  const isHere = ({ path, range, routes }: Reported): boolean =>
    routes.includes(name) ||
    (lines !== undefined && path === lines.path && range.start.line >= lines.first && range.start.line <= lines.last)
  return [...new Set(findings.filter(isHere).map(({ message, rule }) => `${message} [${rule}]`))]
}
