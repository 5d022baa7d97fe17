/**
 * What a person could decide with one line of configuration where fastlint cannot. An unknown accuses no one, so each
 * of these answers lets rules speak that were silent, or silences them for good.
 */
import { publicWord } from "#knowledge"
import type { Place } from "#python"
import type { Context } from "../context.ts"
import type { App, Fn, Project, Route } from "../project.ts"
import { schemeOf } from "../schemes.ts"
import { heldBy, spelledOut } from "./answers.ts"
import { type Doubt, doubtsOf } from "./auth.ts"
import { credentialBelow, shortName } from "./guards.ts"
import { bodyOf } from "./middleware.ts"
import { type Testimony, testimonyOf } from "./testimony.ts"

export interface Question {
  kind: "dependency" | "middleware" | "decorator" | "route" | "scheme" | "gap" | "public" | "apps"
  /** One sentence with its question mark. */
  asks: string
  at: Place
  /** Further lines worth reading, those of `at` included where they are. */
  lines: Place[]
  for: string[]
  against: string[]
  /** The routes whose judgement waits for the answer. */
  decides: Route[]
  answers: Answer[]
}

/** One possible answer: texts to add to a list of the configuration. */
export interface Answer {
  /** `yes`, `no`, `all`, `only app.main:app`. */
  says: string
  key: "dependencies" | "not-auth" | "public" | "apps"
  values: string[]
}

const KINDS: Question["kind"][] = ["dependency", "middleware", "decorator", "scheme", "gap", "route", "public", "apps"]

/** What decides most first; the order depends on nothing but the project. */
export const byWeight = (a: Question, b: Question): number =>
  Number(a.kind === "apps") - Number(b.kind === "apps") ||
  b.decides.length - a.decides.length ||
  KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
  (a.at.path < b.at.path ? -1 : a.at.path > b.at.path ? 1 : a.at.start - b.at.start)

// ---------------------------------------------------------------------------- who is calling

interface Group {
  kind: Question["kind"]
  doubt: Doubt
  routes: Set<Route>
}

/** As few questions as settle every route that can be settled: the one that decides most is asked, then the one that decides most of the rest. */
export function authQuestions(context: Context, project: Pick<Project, "routes" | "role">): Question[] {
  const groups = new Map<string, Group>()
  for (const route of project.routes) {
    if (!route.app || route.auth.answer !== "unknown" || project.role(route.at.path) !== "app") continue
    for (const doubt of askable(context, route)) {
      const key = keyOf(context, doubt, route)
      const group = groups.get(key) ?? { kind: kindOf(context, doubt), doubt, routes: new Set() }
      group.routes.add(route)
      groups.set(key, group)
    }
  }
  const questions: Question[] = []
  for (let open = [...groups.values()]; open.length > 0; open = open.filter(({ routes }) => routes.size > 0)) {
    const next = open.reduce((most, group) => (group.routes.size > most.routes.size ? group : most))
    const decides = [...next.routes]
    for (const { routes } of open) for (const route of decides) routes.delete(route)
    questions.push(questionOf(context, next, decides))
  }
  return questions
}

/** Doubts that an entry of the configuration can settle and whose answer matters. */
function askable(context: Context, route: Route): Doubt[] {
  const doubts = doubtsOf(context, route).filter(({ subject, by, at }) => {
    if (subject.is === "audit") return false
    if (subject.is === "gap") return route.endpoint !== undefined && at !== undefined
    // A login or a webhook that looks at a password or a signature of its own is accused by no rule.
    if (subject.is === "body") return publicWord(route.path.known ? route.path.value : "", route.endpoint?.name) === undefined
    return by !== undefined
  })
  // What reads a bare credential is asked about where nothing behind it may check it.
  const beyond = doubts.filter((doubt) => kindOf(context, doubt) !== "scheme")
  return beyond.length > 0 ? beyond : doubts
}

function kindOf(context: Context, { subject }: Doubt): Question["kind"] {
  if (subject.is === "dependency") {
    const { value, call } = subject.dependency
    return !call && schemeOf(context, value) !== undefined ? "scheme" : "dependency"
  }
  return subject.is === "body" ? "route" : subject.is === "audit" ? "gap" : subject.is
}

function keyOf(context: Context, doubt: Doubt, route: Route): string {
  const { subject, at, by } = doubt
  if (subject.is === "gap") return `gap ${at?.path}:${at?.start} ${route.endpoint?.module}`
  return `${kindOf(context, doubt)} ${nameOf(context, doubt) ?? by}`
}

/** The name by which an answer is given. */
function nameOf(context: Context, { subject, by }: Doubt): string | undefined {
  if (subject.is !== "dependency") return by
  const { call, value, name } = subject.dependency
  return call ? (name ?? call.id) : (heldBy(context, value) ?? name)
}

function questionOf(context: Context, { kind, doubt }: Group, decides: Route[]): Question {
  const at = doubt.at as Place
  if (kind === "gap") {
    const names = [...new Set(decides.map(({ endpoint }) => spelledOut(endpoint?.id ?? "")))]
    const asks = `${decides.length === 1 ? `Does ${named(decides[0] as Route)}` : `Do the routes of \`${decides[0]?.endpoint?.module}\``} ask who is calling?`
    return { kind, asks, at, lines: [at], for: [doubt.why], against: [], decides, answers: yesNo(names) }
  }
  const name = nameOf(context, doubt) as string
  // A library's own name is long, and the lines of configuration say it in full.
  const short = `\`${name.includes(":") ? shortName(name) : spelledOut(name).split(".").at(-1)}\``
  const answers = yesNo([spelledOut(name)])
  if (kind === "scheme") {
    const scheme = shortName((doubt.subject.is === "dependency" && schemeOf(context, doubt.subject.dependency.value)) || name)
      .split(".")
      .at(-1)
    return {
      kind,
      asks: `Does something in front of the app check what ${short} reads?`,
      at,
      lines: [at],
      for: [`asks for a credential (\`${scheme}\`)`],
      against: ["any value passes: nothing in the project looks at it"],
      decides,
      answers,
    }
  }
  const { fn, given } = examined(context, doubt)
  const said: Testimony = fn
    ? testimonyOf(context, fn, kind === "dependency" ? kind : "other", given)
    : { for: [bare(doubt.why)], against: [], lines: [] }
  const asks =
    kind === "route" ? `Does ${named(decides[0] as Route)} check the caller itself, in ${short}?` : `Does ${short} authenticate the caller?`
  return {
    kind,
    asks,
    at: fn?.at ?? at,
    lines: said.lines.length > 0 ? said.lines : [at],
    for: said.for,
    against: said.against,
    decides,
    answers,
  }
}

/** The function to look into, and the credential that reaches it from elsewhere. */
function examined(context: Context, { subject, by }: Doubt): { fn?: Fn | undefined; given?: string | undefined } {
  if (subject.is === "dependency") {
    const { dependency } = subject
    return { fn: dependency.call, given: credentialBelow(context, dependency) }
  }
  const { player } = context
  const of = player.classes.find((one) => `${player.modules.nameOf(one.module)}:${one.qualname}` === by)
  if (of) return { fn: bodyOf(context, of) }
  const value = player.defined.find((one) => context.functionOf(one).id === by)
  return { fn: value && context.functionOf(value) }
}

const bare = (why: string): string => why.replace(/^`[^`]*` /, "")

const yesNo = (values: string[]): Answer[] => [
  { says: "yes", key: "dependencies", values },
  { says: "no", key: "not-auth", values },
]

/** `GET /users/{id}`. */
const named = ({ kind, methods, path }: Route): string =>
  `${kind === "websocket" ? "WEBSOCKET" : methods.known ? methods.value.join(",") : "*"} ${path.known ? path.value : "?"}`

// ---------------------------------------------------------------------------- public on purpose, several apps

/** Open routes that a rule is not sure about, one question for each file. `tested`: how many requests of tests reach a route. */
export function publicQuestions(routes: readonly Route[], tested: (route: Route) => number | "unknown"): Question[] {
  const files = new Map<string, Route[]>()
  for (const route of new Set(routes)) {
    if (route.auth.answer !== "no" || !route.path.known) continue
    const known = files.get(route.at.path)
    if (known) known.push(route)
    else files.set(route.at.path, [route])
  }
  return [...files.values()].map((decides): Question => {
    const first = decides[0] as Route
    const calls = decides.reduce((sum, route) => sum + Number(tested(route) === "unknown" ? 0 : tested(route)), 0)
    return {
      kind: "public",
      asks:
        decides.length === 1
          ? `Is ${named(first)} public on purpose?`
          : `Are ${decides.length} routes public on purpose: ${listed(decides)}?`,
      at: first.at,
      lines: decides.slice(0, 3).map(({ at }) => at),
      for: calls > 0 ? [`tests send ${calls} ${calls === 1 ? "request" : "requests"} to ${decides.length === 1 ? "it" : "them"}`] : [],
      against: [decides.length === 1 ? first.auth.why : "they change data, and nothing that runs for them asks who is calling"],
      decides,
      answers: [{ says: "yes", key: "public", values: decides.map(named) }],
    }
  })
}

const listed = (routes: Route[]): string =>
  routes.length > 3 ? `${routes.slice(0, 2).map(named).join(", ")} and ${routes.length - 2} more` : routes.map(named).join(", ")

/** Several apps that are not parts of one another, where the configuration names none. */
export function appQuestion(project: Pick<Project, "apps" | "role">): Question | undefined {
  const mounted = new Set(project.apps.flatMap((app) => app.served.flatMap((entry) => (entry.kind === "mount" && entry.app) || [])))
  const apps = project.apps.filter((app): app is App & { name: string } => {
    return app.name !== undefined && !mounted.has(app) && project.role(app.at.path) === "app" && app.routes.length > 0
  })
  if (apps.length < 2) return undefined
  const ranked = apps.toSorted((a, b) => b.routes.length - a.routes.length)
  const [largest] = ranked as [(typeof apps)[number]]
  return {
    kind: "apps",
    asks: "Which object is the app?",
    at: largest.at,
    lines: ranked.map(({ at }) => at),
    for: ranked.map(({ name, routes }) => `\`${name}\` serves ${routes.length} ${routes.length === 1 ? "route" : "routes"}`),
    against: [],
    decides: ranked.slice(1).flatMap(({ routes }) => routes),
    answers: [
      { says: ranked.length === 2 ? "both" : "all", key: "apps", values: ranked.map(({ name }) => name) },
      { says: "one", key: "apps", values: [largest.name] },
    ],
  }
}
