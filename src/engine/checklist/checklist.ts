/**
 * The checklist of a run: every finding falls on something that an item counts, and what the rules could not see is
 * "unsure". An item passes only where something was looked at, nothing was found, and nothing was hidden from view.
 */
import type { Route } from "#fastapi"
import { CONCERNS, LEVELS, SECTIONS, sectionOf, shownPath } from "#lint"
import type { Answer, Cause, CheckedThing, Checklist, ChecklistItem, Reported } from "#report"
import type { Settled } from "../analyse.ts"
import type { Checked, CheckedProject } from "../run.ts"
import { isNamed } from "../targets.ts"
import { causesOf } from "./causes.ts"
import { Hits } from "./hits.ts"
import { ITEMS, type SectionId } from "./items.ts"
import { countedRoutes, type ReadRoute, readRoutes } from "./routes.ts"

/** How many of the sections are items of the checklist; the others are what its principles add. */
const NUMBERED = SECTIONS.findIndex(({ id }) => id === "security")

export function checklistOf(checked: Checked): Checklist {
  const read = checked.projects.map((project) => readProject(project, checked))
  const items = SECTIONS.map(({ id, item }, i) => itemOf(id, item, i < NUMBERED ? i + 1 : undefined, checked, read))
  const all = read.flatMap(({ reported }) => [...reported.values()])
  const waiting = new Set(items.flatMap(({ things }) => things.filter(({ question }) => question).map(({ name }) => name)))
  const [edition] = checked.projects.flatMap(({ settings }) => settings.edition ?? [])
  return {
    apps: checked.projects.flatMap(({ analysis, shown }) =>
      analysis.project.apps.toSorted((a, b) => b.routes.length - a.routes.length).map(({ name, at }) => name ?? shown(at.path)),
    ),
    routes: read.reduce((sum, { routes }) => sum + routes.length, 0),
    files: read.reduce((sum, { files }) => sum + files.length, 0),
    ...(edition !== undefined && { edition }),
    items,
    findings: all,
    others: all.filter(({ rule }) => !rule.includes("/")),
    waiting: waiting.size,
  }
}

// ---------------------------------------------------------------------------- one project

interface Read {
  project: CheckedProject
  routes: Route[]
  about: Map<Route, ReadRoute>
  /** Application files, as the project names them. */
  files: string[]
  hits: Hits
  /** All findings, also those outside of what the user named, since a route of it may fail by them. */
  reported: Map<Settled, Reported>
  /** By `GET /x`, the question that decides about it. */
  questions: Map<string, string>
}

function readProject(project: CheckedProject, { questions }: Checked): Read {
  const { analysis, named, reporter } = project
  const all = countedRoutes(analysis.project)
  const routes = all.filter((route) => isNamed((route.endpoint ?? route).at.path, named))
  return {
    project,
    routes,
    about: readRoutes(analysis.project, all),
    files: [...analysis.records.keys()].filter((path) => analysis.project.role(path) === "app" && isNamed(path, named)),
    hits: new Hits(analysis.project, routes),
    reported: new Map(analysis.findings.map((finding) => [finding, reporter.report(finding)])),
    questions: new Map(questions.toReversed().flatMap(({ id, routes }) => routes.map((name) => [name, id] as const))),
  }
}

/** `GET /users/{id}`, without the quotes of prose. */
export const nameOfRoute = (route: Route): string =>
  `${route.kind === "websocket" ? "WEBSOCKET" : route.methods.known ? route.methods.value.join("/") : "?"} ${shownPath(route)}`

/** The names that a question calls a route by. */
const asked = (route: Route): string[] =>
  route.methods.known && route.kind !== "websocket"
    ? route.methods.value.map((method) => `${method} ${shownPath(route)}`)
    : [nameOfRoute(route)]

// ---------------------------------------------------------------------------- one item

function itemOf(id: SectionId, item: string, number: number | undefined, checked: Checked, read: readonly Read[]): ChecklistItem {
  const { title, unit, blind, promises = {} } = ITEMS[id]
  const rules = checked.rules.filter((rule) => sectionOf(rule.id) === id)
  const enabled = checked.rules.filter((rule) => rule.enabled !== false).map((rule) => rule.id)
  const on = enabled.filter((rule) => sectionOf(rule) === id)
  const seen = on.length === 0 ? [] : read.map((one) => thingsOf(id, one))
  const things = seen.flatMap((one) => one.things)
  const count = (answer: Answer) => things.filter((thing) => thing.answer === answer).length
  const [pass, fail, unsure] = [count("pass"), count("fail"), count("unsure")]
  const reported = read.flatMap((one) => [...one.reported.values()])
  const causes = causesOf(things, reported)
  const first = firstPlace(things, causes, reported)
  const question = questionOf(things)
  return {
    ...(number !== undefined && { number }),
    section: id,
    title,
    item,
    result: fail > 0 ? "fail" : unsure > 0 ? "unsure" : pass > 0 ? "pass" : "n/a",
    unit,
    pass,
    fail,
    unsure,
    things,
    causes,
    outside: sums(seen.flatMap((one) => one.outside)),
    ...(first && { first }),
    ...(question !== undefined && { question }),
    rules: { on, off: rules.map((rule) => rule.id).filter((rule) => !on.includes(rule)) },
    unchecked: Object.keys(promises).filter((promise) => !enabled.some((rule) => promises[promise]?.test(rule))),
    suppressed: checked.suppressed.filter(({ rule }) => sectionOf(rule) === id).length,
    blind,
  }
}

interface Looked {
  things: CheckedThing[]
  outside: string[]
}

function thingsOf(id: SectionId, read: Read): Looked {
  const findings = [...read.reported].filter(([{ verdict }]) => sectionOf(verdict.rule) === id)
  return ITEMS[id].unit === "file" ? filesOf(read, findings) : routesOf(id, read, findings)
}

type Found = [settled: Settled, reported: Reported]

function filesOf({ project: { analysis, shown }, files }: Read, findings: readonly Found[]): Looked {
  const things = files.map((path): CheckedThing => {
    const found = findings.filter(([{ verdict }]) => verdict.at.path === path).map(([, { id }]) => id)
    const facts = analysis.records.get(path)?.facts
    const isReadable = facts !== undefined && facts.problems.length === 0
    const name = shown(path)
    const at = { kind: "file" as const, name, path: name, line: 1, findings: found }
    if (found.length > 0) return { ...at, answer: "fail" }
    return isReadable ? { ...at, answer: "pass" } : { ...at, answer: "unsure", why: "not all of it could be read" }
  })
  return { things, outside: [] }
}

function routesOf(id: SectionId, read: Read, findings: readonly Found[]): Looked {
  const { project, routes, about, hits } = read
  const byRoute = new Map<Route, Found[]>()
  const homeless: Found[] = []
  for (const found of findings) {
    const hit = hits.routesOf(found[0].verdict)
    for (const route of hit) byRoute.set(route, [...(byRoute.get(route) ?? []), found])
    if (hit.length === 0 && isNamed(found[0].verdict.at.path, project.named)) homeless.push(found)
  }
  const things: CheckedThing[] = []
  const left: string[] = []
  for (const route of routes) {
    const standing = ITEMS[id].standing?.(route, about.get(route) as ReadRoute) ?? { is: "seen" }
    const found = byRoute.get(route) ?? []
    const accusing = found.filter((one) => !isQuestion(one))
    const at = (route.endpoint ?? route).at
    const question = asked(route).flatMap((name) => read.questions.get(name) ?? [])[0]
    const thing = { kind: "route" as const, name: nameOfRoute(route), path: project.shown(at.path), line: project.reporter.line(at) }
    const doubt = standing.is === "unsure" ? standing.why : found.length > 0 ? "it may be open on purpose" : undefined
    if (accusing.length > 0) things.push({ ...thing, answer: "fail", findings: accusing.map(([, { id }]) => id) })
    else if (doubt !== undefined) {
      const asks = id === "auth" && question !== undefined ? { question } : {}
      things.push({ ...thing, answer: "unsure", why: doubt, ...asks, findings: found.map(([, { id }]) => id) })
    } else if (standing.is === "outside") left.push(standing.why)
    else things.push({ ...thing, answer: "pass", findings: [] })
  }
  return { things: [...things, ...homeless.map(elsewhere)], outside: left }
}

/** An open route of which the rule itself says that it may be meant so: a question, not an accusation. */
const isQuestion = ([{ verdict, level }]: Found): boolean =>
  verdict.rule.startsWith("auth/") && verdict.discriminator === "open" && level !== "error"

/** Nothing that is counted runs or carries it: it counts for itself. */
const elsewhere = ([{ verdict }, { id, path, range }]: Found): CheckedThing => ({
  kind: "place",
  name: verdict.scope ? `${path} ${verdict.scope}` : path,
  path,
  line: range.start.line,
  answer: "fail",
  findings: [id],
})

const WEIGHT = ({ level, concern }: Reported): number => LEVELS.indexOf(level) * CONCERNS.length + CONCERNS.indexOf(concern)

/** Where to look first: at the gravest finding, of equals at the one that fails most; else at what is unsure. */
function firstPlace(things: readonly CheckedThing[], causes: readonly Cause[], reported: readonly Reported[]): ChecklistItem["first"] {
  const weight = new Map(reported.map((one) => [one.id, WEIGHT(one)]))
  const gravity = ({ findings }: Cause) => Math.min(...findings.map((id) => weight.get(id) ?? Number.POSITIVE_INFINITY))
  const [cause] = causes.toSorted((a, b) => gravity(a) - gravity(b))
  const gravest = cause && reported.find(({ id }) => cause.findings.includes(id) && weight.get(id) === gravity(cause))
  if (gravest) return { path: gravest.path, line: gravest.range.start.line }
  const doubtful = things.find(({ answer }) => answer === "unsure")
  return doubtful && { path: doubtful.path, line: doubtful.line }
}

/** The question that most of the unsure things wait for. */
function questionOf(things: readonly CheckedThing[]): string | undefined {
  const counts = sums(things.flatMap(({ question }) => question ?? []))
  return counts[0]?.why
}

/** Equal words counted, the most frequent first. */
function sums(words: readonly string[]): { count: number; why: string }[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([why, count]) => ({ count, why })).sort((a, b) => b.count - a.count)
}
