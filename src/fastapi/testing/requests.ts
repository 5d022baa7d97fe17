/**
 * The requests that tests send. Every test is played with what it is given, and its helpers with what it gives them;
 * a request is a call of something like a client with something like a URL.
 */
import { knownText, type ModuleFacts, options, type Value } from "#python"
import type { Context } from "../context.ts"
import { type CallEvent, type Fn, type Known, known, type TestRequest, unseen } from "../project.ts"
import { Spelling } from "./call-names.ts"
import { type Draft, draftsOf } from "./request-drafts.ts"
import { argumentsOf, fixturesAmong, given, rowsOf, type Values } from "./test-arguments.ts"
import { hostIn, urlText } from "./urls.ts"

/** Helpers of helpers of helpers are followed; deeper ones are not. */
const DEPTH = 3

/** Bodies played again with arguments, over the whole project. Past that, helpers say what they say by themselves. */
const MOST_PLAYS = 5000

/** The requests that the functions of these modules (the tests') send. */
export function requestsOf(context: Context, modules: readonly ModuleFacts[]): TestRequest[] {
  return [...new Senders(context, modules).requests()]
}

class Senders {
  private readonly context: Context
  /** By path: the modules that count as tests. */
  private readonly spellings: Map<string, Spelling>
  private readonly fns: Fn[]
  /** Does a function send anything, itself or through helpers? By definition, whatever it is given. */
  private readonly sending = new Map<object, boolean>()
  /** What a helper sends when nothing is known of its arguments. */
  private readonly plain = new Map<object, Draft[]>()
  private plays = 0

  constructor(context: Context, modules: readonly ModuleFacts[]) {
    this.context = context
    this.spellings = new Map(modules.map((module) => [module.path, new Spelling(module)]))
    const fns = new Set<Fn>()
    // Playing a body brings nested functions to light, so the list grows while it is walked.
    for (let i = 0; i < context.player.defined.length; i++) {
      const value = context.player.defined[i]
      if (!value || !this.spellings.has(value.module)) continue
      const fn = context.functionOf(value)
      fns.add(fn)
      void fn.events
    }
    this.fns = [...fns]
  }

  *requests(): Generator<TestRequest> {
    const fixtures = fixturesAmong(this.fns)
    const helpers = new Set<object>()
    for (const fn of this.fns) for (const { helper } of this.helpersIn(fn)) helpers.add(helper.value.def)
    for (const fn of this.fns) {
      // A helper is played by those who call it.
      if (!this.sends(fn) || (helpers.has(fn.value.def) && !fn.name.startsWith("test"))) continue
      for (const values of rowsOf(this.context, fn, fixtures)) for (const draft of this.sent(fn, values, 0)) yield* settle(draft)
    }
  }

  private *sent(fn: Fn, values: Values, depth: number): Generator<Draft> {
    const played = this.plays < MOST_PLAYS ? given(this.context, fn, values) : fn
    if (played !== fn) this.plays++
    yield* this.draftsIn(played)
    if (depth >= DEPTH) return
    for (const { helper, event } of this.helpersIn(played)) {
      if (!this.sends(helper)) continue
      const plain = this.plainly(helper, depth + 1)
      // What needs no arguments to be known is not played again.
      yield* plain.every(isWhole) ? plain : this.sent(helper, argumentsOf(helper, event), depth + 1)
    }
  }

  private plainly(helper: Fn, depth: number): Draft[] {
    const seen = this.plain.get(helper.value.def)
    if (seen) return seen
    this.plain.set(helper.value.def, [])
    const drafts = [...this.sent(helper, new Map(), depth)]
    this.plain.set(helper.value.def, drafts)
    return drafts
  }

  private sends(fn: Fn): boolean {
    const { def } = fn.value
    let answer = this.sending.get(def)
    if (answer === undefined) {
      this.sending.set(def, false)
      answer = !this.draftsIn(fn).next().done || this.helpersIn(fn).some(({ helper }) => this.sends(helper))
      this.sending.set(def, answer)
    }
    return answer
  }

  private *draftsIn(fn: Fn): Generator<Draft> {
    const spelling = this.spellings.get(fn.path)
    if (spelling) yield* draftsOf(fn, spelling)
  }

  /** Calls of the tests' own functions. */
  private helpersIn({ events }: Fn): { helper: Fn; event: CallEvent }[] {
    const found: { helper: Fn; event: CallEvent }[] = []
    for (const event of events) {
      const helper = event.is === "call" ? event.fn : undefined
      if (event.is === "call" && helper && this.spellings.has(helper.path)) found.push({ helper, event })
    }
    return found
  }
}

const isWhole = ({ method, url, name }: Draft): boolean =>
  typeof method === "string" &&
  (url ? url.is === "text" && url.parts.every((part) => typeof part === "string") : knownText(name) !== undefined)

function* settle({ method, url, name, at }: Draft): Generator<TestRequest> {
  const verbs = typeof method === "string" ? [known(method)] : options(method).map(verbIn)
  for (const verb of verbs) {
    for (const option of name ? options(name) : []) {
      const routeName = knownText(option)
      yield {
        method: verb,
        path: unseen(routeName === undefined ? "a URL made by a name that is not known" : "a URL made by name"),
        ...(routeName !== undefined && { routeName }),
        at,
      }
    }
    for (const option of !name && url ? options(url) : []) {
      const host = hostIn(option)
      yield { method: verb, path: urlText(option), ...(host !== undefined && { host }), at }
    }
  }
}

function verbIn(value: Value): Known<string> {
  const verb = knownText(value) ?? (value.is === "external" ? /^http\.HTTPMethod\.(\w+)$/.exec(value.name)?.[1] : undefined)
  return verb === undefined ? unseen("a method that is not known") : known(verb.toUpperCase())
}
