/** Gathers what is known of one line: from the model, the findings, the comments and the settings. */
import { type CallEvent, type Fn, type Route, type Way, waysTo } from "#fastapi"
import type { Rule } from "#lint"
import { select, shortName } from "#lint"
import { Lines, type Place } from "#python"
import type { Why, WhyFinding, WhyWay } from "#report"
import type { Settled } from "../analyse.ts"
import { nameOfRoute } from "../checklist/checklist.ts"
import { Hits } from "../checklist/hits.ts"
import type { CheckedProject } from "../run.ts"
import { selectable } from "../selectors.ts"
import { levelsOf } from "./levels.ts"
import { factsOfRoute } from "./route-facts.ts"

/** The line that is asked about, in one project. `path` is relative to the project's root. */
export interface WhyRequest {
  path: string
  line: number
  rules: readonly Rule[]
}

/** Undefined where the project has no such line. */
export function whyOf(project: CheckedProject, request: WhyRequest): Why | undefined {
  const { analysis, shown } = project
  const record = analysis.records.get(request.path)
  if (!record || request.line < 1 || request.line > new Lines(record.text).starts.length) return undefined
  return new Asked(project, request, record.text).answer(shown(request.path))
}

class Asked {
  private readonly project: CheckedProject
  private readonly request: WhyRequest
  /** Of the line, without the blanks around it. */
  private readonly start: number
  private readonly end: number

  constructor(project: CheckedProject, request: WhyRequest, text: string) {
    this.project = project
    this.request = request
    const lines = new Lines(text)
    const line = lines.line(request.line)
    this.start = (lines.starts[request.line - 1] ?? 0) + Math.max(0, line.search(/\S/))
    this.end = this.start + line.trim().length
  }

  answer(path: string): Why {
    const { analysis } = this.project
    const { project } = analysis
    const fn = new Hits(project, []).functionAt({ path: this.request.path, start: this.start, end: this.end }) ?? this.headed()
    const routes = project.routes.filter((route) => this.isHere(route.at) || (route.endpoint && this.isHere(route.endpoint.header)))
    const findings = this.findings(analysis.findings)
    const silenced = this.findings(analysis.suppressed)
    const found = [...findings, ...silenced].map(({ finding }) => finding)
    const calls = fn ? this.callsIn(fn) : []
    const ways = fn && fn.role === "app" ? waysTo(project, fn) : []
    return {
      path,
      line: this.request.line,
      role: project.role(this.request.path),
      ...(fn && { fn: { name: fn.qualname, async: fn.async, at: this.place(fn.at), running: project.reach.running(fn) } }),
      calls,
      routes: routes.map((route) => ({ name: nameOfRoute(route), facts: factsOfRoute(route, project, (at) => this.place(at)) })),
      findings: [...findings, ...silenced],
      ways: ways.filter(({ route }) => !routes.includes(route)).map((way) => this.shownWay(way, calls)),
      uncounted: fn ? this.uncounted(fn) : [],
      comments: this.comments(),
      ...levelsOf(this.project, this.request, found),
    }
  }

  /** The function whose decorators or signature the line is part of. */
  private headed(): Fn | undefined {
    return this.project.analysis.project.functions.find((fn) => fn.path === this.request.path && this.isHere(fn.header))
  }

  private isHere = (at: Place): boolean =>
    at.path === this.request.path && at.start <= this.end && this.start < Math.max(at.end, at.start + 1)

  /** It begins on this line. */
  private beginsHere = (at: Place): boolean => at.path === this.request.path && this.start <= at.start && at.start <= this.end

  private place = (at: Place): string => `${this.project.shown(at.path)}:${this.project.reporter.line(at)}`

  private findings(settled: readonly Settled[]): WhyFinding[] {
    return settled.flatMap((one) => {
      const { at, trace = [], related = [] } = one.verdict
      const isAt = at.path === this.request.path && this.project.reporter.line(at) === this.request.line
      const part = isAt
        ? "here"
        : trace.some((step) => this.beginsHere(step.at))
          ? "on the trace"
          : related.some((place) => this.beginsHere(place.at))
            ? "beside it"
            : undefined
      return part ? [{ finding: this.project.reporter.report(one), part: part as WhyFinding["part"] }] : []
    })
  }

  private callsIn(fn: Fn): Why["calls"] {
    return fn.events
      .filter((event): event is CallEvent => event.is === "call" && this.beginsHere(event.at))
      .map((call) => ({ at: this.place(call.at), name: this.nameOf(call), facts: [...this.factsOf(call)] }))
  }

  private nameOf = ({ name, fn }: CallEvent): string =>
    fn ? fn.qualname : name === undefined ? "something that is not known" : shortName(name)

  private *factsOf(call: CallEvent): Generator<string> {
    const { name, fn, blocks, awaited, callees, within } = call
    if (fn) yield `${fn.async ? "async def" : "def"} at ${this.place(fn.at)}`
    else if (name !== undefined && name !== shortName(name)) yield name
    if (callees.length > 1) yield `may be one of ${callees.length} things`
    if (awaited) yield "awaited"
    if (blocks)
      yield blocks.certain
        ? `blocks its thread (${blocks.kind}); instead: ${blocks.instead}`
        : `may block its thread for a moment (${blocks.kind})`
    if (within.some(({ is }) => is === "nested")) yield "in a lambda or generator, so not run here"
  }

  private shownWay({ route, steps, runs }: Way, calls: Why["calls"]): WhyWay {
    const last = calls.map(({ at, name, facts }) => ({
      at,
      text: [name, ...facts.filter((fact) => fact.includes("block"))].join(", ").replace(/;.*/, ""),
    }))
    return {
      route: nameOfRoute(route),
      runs,
      steps: [
        ...steps.map(({ fn, call, handed }, i) => ({
          at: call ? this.place(call.at) : this.place(fn.at),
          text: `${i === 0 ? `${fn.async ? "async def" : "def"} ` : ""}${fn.qualname}${this.entered(route, fn, i)}${handed ? ", which hands the next one on" : ""}`,
        })),
        ...last.slice(0, 1),
      ],
    }
  }

  private entered = (route: Route, fn: Fn, i: number): string => (i === 0 && route.endpoint !== fn ? ", a dependency" : "")

  private uncounted(fn: Fn): Why["uncounted"] {
    const { project } = this.project.analysis
    return project.reach
      .callersOf(fn)
      .filter(
        (caller) => caller.role !== "app" || project.reach.running(caller) === "elsewhere" || project.reach.running(caller) === "startup",
      )
      .map((caller) => ({
        at: this.place(caller.at),
        why:
          caller.role !== "app"
            ? `a ${caller.role}`
            : project.reach.running(caller) === "startup"
              ? "at start-up, when nobody waits"
              : "a worker or a command",
      }))
  }

  private comments(): Why["comments"] {
    const { records, suppressed } = this.project.analysis
    const { path, rules } = this.request
    return (records.get(path)?.suppressions ?? [])
      .filter(({ covers }) => covers.some((range) => range.start <= this.end && this.start < range.end))
      .map((comment) => {
        const silenced = suppressed.filter((one) => one.suppressed?.by === comment).length
        const unknown = comment.selectors.filter(({ text }) => comment.tool === "fastlint" && !select(text, selectable(rules)).found)
        const nothing = unknown.length > 0 ? `no rule is called ${unknown.map(({ text }) => `\`${text}\``).join(", ")}` : "silences nothing"
        return {
          at: this.place({ path, start: comment.start, end: comment.end }),
          text: `${comment.tool}: ${comment.kind}${comment.selectors.length > 0 ? `[${comment.selectors.map(({ text }) => text).join(", ")}]` : ""}${comment.reason ? ` ${comment.reason}` : ""}`,
          effect: silenced > 0 ? `silences ${silenced} ${silenced === 1 ? "finding" : "findings"}` : nothing,
        }
      })
  }
}
