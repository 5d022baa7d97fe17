/** Where something that a client wrote comes to do harm, with the way it took. */
import { type Danger, type Sink, sinksOf } from "#knowledge"
import { type BodyCall, type External, isNone, knownBoolean, knownText, options, type Place, type Value } from "#python"
import type { Fn, Project, Route } from "../project.ts"
import { isChecked } from "./checks.ts"
import { entriesOf } from "./implementations.ts"
import { isCleaned, isSent, type Piece, piecesOf, type Sent } from "./pieces.ts"
import { type PlayedRequest, playRequest, type Visit } from "./play.ts"
import { SolvedDependencies } from "./solved.ts"
import type { Source } from "./source.ts"

/** One sink that something of a request reaches unchecked. */
export interface RequestFlow {
  sink: Sink
  /** What is called: `builtins.open`. */
  callee: string
  /** The call. */
  at: Place
  source: Source
  /** The routes whose requests get there, in the order of the project. */
  routes: Route[]
  /** From the function that the request enters down to the one in which the sink stands, each with the place of its call. */
  steps: { fn: Fn; at: Place }[]
  /** Where the value is first taken from the request, when no parameter names it. */
  taken?: Place
  /** Where the value was put together with the rest, when that is not in the call itself. */
  made?: Place
  /** Set where all that was done about it is to take the `path` of the address that it is. */
  isPathOnly?: true
  /** What else the same value reaches on the same way. */
  also: { callee: string; at: Place; does: string }[]
}

const found = new WeakMap<Project, RequestFlow[]>()

/**
 * Every flow of these kinds. Of all that one value of one route reaches unchecked, the gravest is the flow and the rest
 * is beside it: to check the value once mends them all. All requests are played once, when somebody first asks.
 */
export function requestFlows(project: Project, dangers: readonly Danger[]): RequestFlow[] {
  let all = found.get(project)
  if (!all) {
    all = grouped(allFlows(project))
    found.set(project, all)
  }
  return all.filter(({ sink }) => dangers.includes(sink.danger))
}

function allFlows(project: Project): RequestFlow[] {
  const flows = new Map<string, RequestFlow>()
  const shared = new SolvedDependencies()
  const loose = project.loose.filter(({ endpoint, at }) => endpoint?.role === "app" && project.role(at.path) === "app")
  const leading = leadingToSinks(project)
  for (const route of [...project.reach.routesInto(leading), ...loose]) {
    // Most routes ask for a dependency that leads to a sink, such as a session; fewer have a handler that does.
    const isWhole = route.endpoint === undefined || leading.has(route.endpoint) || loose.includes(route)
    const request = playRequest(project, route, shared, isWhole)
    request.heard.forEach(({ event, visit }, index) => {
      if (event.is !== "call" || visit.fn.role !== "app") return
      for (const { sink, callee, sent } of harm(event, index, request)) {
        const { source } = sent
        const key = `${event.at.path}:${event.at.start}:${sink.danger}:${source.name}`
        const known = flows.get(key)
        if (known) {
          if (!known.routes.includes(route)) known.routes.push(route)
          continue
        }
        const made =
          sent.at && (sent.at.path !== event.at.path || sent.at.end < event.at.start || sent.at.start > event.at.end) ? sent.at : undefined
        flows.set(key, {
          sink,
          callee,
          at: event.at,
          source,
          routes: [route],
          steps: stepsTo(visit, event.at),
          ...takenFrom(request, source, visit),
          ...(made && { made }),
          ...(sent.isPathOnly && { isPathOnly: true }),
          also: [],
        })
      }
    })
  }
  return [...flows.values()]
}

/** The first call in the function that the request enters which has the value in hand; a parameter says by itself what it is. */
function takenFrom({ heard, carrying }: PlayedRequest, source: Source, visit: Visit): { taken?: Place } {
  if (source.in !== "request" && !/ /.test(source.name)) return {}
  let entry = visit
  while (entry.from) entry = entry.from.visit
  for (const { event, visit: where } of heard)
    if (where === entry && event.is === "call" && [event.result, event.callee].some((value) => carrying.isIn(source, value)))
      return { taken: event.at }
  return {}
}

/** What is done with a path, the gravest last. */
const GRAVITY = ["lists", "creates", "changes", "moves", "copies", "reads", "opens", "unpacks", "sends", "writes", "deletes"]

function grouped(flows: readonly RequestFlow[]): RequestFlow[] {
  const groups = new Map<string, RequestFlow>()
  for (const flow of flows) {
    const [route] = flow.routes
    const key = `${route?.at.path}:${route?.at.start}:${flow.source.name}:${flow.sink.danger}`
    const first = groups.get(key)
    if (!first) groups.set(key, flow)
    else {
      const isGraver = GRAVITY.indexOf(flow.sink.does) > GRAVITY.indexOf(first.sink.does)
      const [main, other] = isGraver ? [flow, first] : [first, flow]
      main.also.push(...(isGraver ? first.also : []), { callee: other.callee, at: other.at, does: other.sink.does })
      groups.set(key, main)
    }
  }
  return [...groups.values()]
}

/** The functions from which a sink can be reached at all: what leads to none of them need not be played. */
function leadingToSinks(project: Project): Set<Fn> {
  const sinks = project.functions.filter((fn) => fn.role === "app" && hasSink(fn))
  return project.reach.above([...sinks, ...entriesOf(project, project.reach.above(sinks))])
}

const hasSink = ({ events }: Fn): boolean =>
  events.some(
    (event) =>
      event.is === "call" &&
      event.callees.some(({ name }) => name !== undefined && sinksOf(name).some((sink) => knownText(inputOf(sink, event)) === undefined)),
  )

/** What a sink reads. */
const inputOf = ({ keyword, position }: Sink, { keywords, positional }: BodyCall): Value | undefined =>
  (keyword ? keywords.get(keyword) : undefined) ?? (position === "self" ? undefined : positional[position])

function* harm(event: BodyCall, index: number, { heard, carrying }: PlayedRequest): Generator<{ sink: Sink; callee: string; sent: Sent }> {
  for (const callee of options(event.callee)) {
    if (callee.is !== "external") continue
    for (const sink of sinksOf(callee.name)) {
      if (!isOn(sink, event) || (sink.danger === "url" && hasOwnTransport(callee))) continue
      const value = sink.position === "self" ? (callee.on ?? callee.self) : inputOf(sink, event)
      if (!value) continue
      const told = new Set<Source>()
      const ways = (sink.isWords ? wordsOf(value) : [value]).flatMap((word) => piecesOf(word, sink.danger, carrying.sourceOf))
      for (const sent of ways.flatMap((way) => harmful(way, sink))) {
        if (told.has(sent.source) || isChecked({ index, danger: sink.danger, sent }, heard, carrying)) continue
        told.add(sent.source)
        yield { sink, callee: callee.name, sent }
      }
    }
  }
}

/** The words of an argument list, but the program's own name and its options. A line of text is the shell's to read. */
const wordsOf = (value: Value): Value[] => options(value).flatMap((one) => (one.is === "sequence" ? one.items : []))

/** A client with a transport of the project's own may refuse any address. */
const hasOwnTransport = ({ self }: External): boolean =>
  self?.is === "external" && ["transport", "mounts", "connector"].some((name) => self.built?.keywords.has(name))

/** Does the call do what the sink says, with these arguments? */
function isOn({ when, unless }: Sink, { keywords, positional }: BodyCall): boolean {
  if (when) {
    const given = keywords.get(when.keyword)
    const value = given && isNone(given) ? false : knownBoolean(given)
    if (when.is ? value !== true : value === true || (given !== undefined && value === undefined)) return false
  }
  if (!unless) return true
  const given = keywords.get(unless.keyword) ?? positional[unless.position]
  if (unless.only) return !(given?.is === "external" && unless.names.test(given.name))
  return (
    !given || (given.is === "external" && !unless.names.test(given.name)) || (given.is === "class" && !unless.names.test(given.qualname))
  )
}

// ---------------------------------------------------------------------------- where in the text it stands

/** The pieces with which a client decides what the sink does. */
function harmful(way: Piece[], sink: Sink): Sent[] {
  return way.flatMap((piece, i) => {
    if (!isSent(piece)) return []
    if (piece.source.isContent && sink.danger !== "pickle" && sink.danger !== "code") return []
    if (sink.isWords && !piece.isPart) return []
    return decidesIn[sink.danger](piece, way.slice(0, i), way.slice(i + 1), sink) ? [piece] : []
  })
}

type Decides = (piece: Sent, before: Piece[], after: Piece[], sink: Sink) => boolean

const lastText = (before: Piece[]): string | undefined => {
  const last = before.at(-1)
  return typeof last === "string" ? last : undefined
}

const decidesIn: Record<Danger, Decides> = {
  /** At the beginning, or as a part of its own: `d_..` is the name of a folder that is not there. */
  path(piece, before, after, { isFolder }) {
    const starts = before.length === 0 || /[/\\]$/.test(lastText(before) ?? "")
    if (!starts) return false
    if (!piece.isSegment) return true
    // `..` and nothing more: it must be a folder that is asked for, or lead to what the client names after it.
    const next = after[0]
    if (next === undefined) return isFolder === true
    return typeof next === "string" && /^[/\\]/.test(next) && (isFolder === true || after.some((one) => isSent(one) || isCleaned(one)))
  },
  /** The host is its to say. */
  url(piece, before) {
    if (before.length === 0) return !piece.isSegment
    return before.every((one) => typeof one === "string") && /^\w+:\/\/([^/@]*@)?$/.test(before.join(""))
  },
  redirect(piece, before) {
    if (before.length === 0) return !piece.isSegment
    return before.every((one) => typeof one === "string") && /^(https?:)?\/\/$/.test(before.join(""))
  },
  command: () => true,
  code: () => true,
  pickle: () => true,
  template: (piece) => !piece.source.isContent,
  /** Behind a known beginning (`handle_...`) stand only names that were meant. */
  attribute: (_, before) => before.length === 0,
  sql: (piece) => !piece.source.isContent,
}

function stepsTo(visit: Visit, at: Place): RequestFlow["steps"] {
  const steps: RequestFlow["steps"] = []
  let place = at
  for (let one: Visit | undefined = visit; one; one = one.from?.visit) {
    steps.unshift({ fn: one.fn, at: place })
    if (one.from) place = one.from.at
  }
  return steps
}
