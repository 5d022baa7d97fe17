/**
 * Does a request make the server run something: code, or another program? Asked of a handler and of what it calls, as far
 * as no setting decides on it: what only runs where a deployment turned it on is that deployment's choice.
 */
import { knownBoolean, type Place } from "#python"
import type { CallEvent, Event, Fn } from "../project.ts"

export interface Execution {
  /** What is called, by qualified name: `builtins.exec`, `subprocess.run`. */
  name: string
  at: Place
  /** Code of any kind, which can do all that the server can; or a program that is started. */
  runs: "code" | "program"
}

const CODE = new Set(["builtins.exec", "builtins.eval", "os.system", "os.popen", "asyncio.create_subprocess_shell"])
const PROGRAM =
  /^(?:subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|asyncio\.create_subprocess_exec|os\.(?:exec[lv]p?e?|spawn\w+|startfile))$/

/** How deep calls are followed. What hides deeper is not found, which can only make us silent. */
const DEPTH = 5

/** How near a program is started. */
const NEAR = 2

/** Most functions looked at for one handler. */
const MOST = 150

interface Answer {
  found: Execution | undefined
}

const unswitched = new WeakMap<Fn, Answer>()
const all = new WeakMap<Fn, Answer>()

/** The nearest call by which a handler runs code, or else starts a program; `even`: also where a setting decides on it. */
export function executionOf(root: Fn, even?: "switched"): Execution | undefined {
  const known = even ? all : unswitched
  let answer = known.get(root)
  if (!answer) {
    answer = { found: find(root, even ? callsOf : unswitchedCalls) }
    known.set(root, answer)
  }
  return answer.found
}

const callsOf = (events: readonly Event[]): CallEvent[] => events.filter((event) => event.is === "call")

function find(root: Fn, callsIn: (events: readonly Event[]) => Iterable<CallEvent>): Execution | undefined {
  const seen = new Set([root])
  let program: Execution | undefined
  let layer = [root]
  for (let depth = 0; depth <= DEPTH && layer.length > 0; depth++) {
    const next: Fn[] = []
    for (const fn of layer) {
      for (const event of callsIn(fn.events)) {
        const found = executed(event)
        if (found?.runs === "code") return found
        // A program that something far below starts is seldom what the route is for.
        if (depth <= NEAR) program ??= found
        for (const { fn: callee } of event.callees) {
          if (!callee || callee.role === "test" || seen.has(callee) || seen.size >= MOST) continue
          seen.add(callee)
          next.push(callee)
        }
      }
    }
    layer = next
  }
  return program
}

function executed(event: CallEvent): Execution | undefined {
  for (const { name } of event.callees) {
    if (name === undefined) continue
    if (CODE.has(name) || (PROGRAM.test(name) && knownBoolean(event.keywords.get("shell")) === true))
      return { name, at: event.at, runs: "code" }
    if (PROGRAM.test(name)) return { name, at: event.at, runs: "program" }
  }
  return undefined
}

// ---------------------------------------------------------------------------- what a setting decides

/** `if config.allow_execution:`, `if not settings.debug: return`, `if os.getenv("LOCAL"):` */
const SETTING =
  /^(?:_?(?:app_?)?(?:settings?|config(?:uration)?|conf|cfg|environ|env|getenv|flags?|features?)|(?:is_)?(?:debug|dev|development|local|sandbox(?:ed)?)(?:_mode)?|(?:allow|enable|disable|turn_on)_\w+|\w+_(?:enabled|allowed|disabled))$/i

const isSwitch = (event: Event): boolean =>
  event.within.some((around) => around.is === "branch" && (around.reads ?? []).some((name) => SETTING.test(name)))

/** Calls that no setting decides on: not in a branch of one, and before any way out that one opens. */
function* unswitchedCalls(events: readonly Event[]): Generator<CallEvent> {
  const leaves = events.find((event) => (event.is === "return" || event.is === "raise") && isSwitch(event))
  for (const event of events) {
    if (event.is !== "call" || isSwitch(event)) continue
    if (leaves && event.at.start > leaves.at.start) return
    yield event
  }
}
