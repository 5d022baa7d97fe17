/** Text that a function is handed, by callers of whom none is seen to pass what the code itself brings. */
import { isNone, knownText, options, type Value } from "#python"
import { passed, traced } from "./marks.ts"
import type { Fn, Project } from "./project.ts"

/** How far callers are followed up. */
const DEPTH = 3

/**
 * The parameter that a value is, where it is declared as text and nothing settles what it holds: no caller passes a
 * constant or the content of a file. What a route takes from its client is not meant: that is a flow of its request.
 */
export function handedText(project: Project, fn: Fn, value: Value, depth = 0): string | undefined {
  const { markOf } = traced(project, fn)
  for (const option of options(value)) {
    const mark = markOf(option)
    if (!mark || mark.field !== undefined || !isFreeText(option) || isTakenFromClient(project, fn, mark.parameter.name)) continue
    const { name } = mark.parameter
    const calls = callsOf(project, fn)
    // A helper that nobody calls renders nothing.
    if (calls.length === 0 && depth === 0) continue
    if (calls.every(({ caller, given }) => isOpen(project, caller, given.get(name), depth + 1))) return name
  }
  return undefined
}

const isFreeText = (value: Value): boolean => value.is === "external" && value.name === "builtins.str()"

const isTakenFromClient = (project: Project, fn: Fn, name: string): boolean =>
  project.reach
    .routesTo(fn)
    .some(({ params }) => params.some((param) => param.name === name && param.declaredBy.value.def === fn.value.def))

function callsOf(project: Project, fn: Fn): { caller: Fn; given: Map<string, Value> }[] {
  return project.reach.callersOf(fn).flatMap((caller) => {
    if (caller.role === "test" || caller.value.def === fn.value.def) return []
    return traced(project, caller).fn.events.flatMap((event) => {
      if (event.is !== "call" || !event.callees.some(({ fn: callee }) => callee?.value.def === fn.value.def)) return []
      const given = passed(fn, event)
      return given ? [{ caller, given }] : []
    })
  })
}

/** May somebody else have written this argument? A parameter of the caller is what its own callers say. */
function isOpen(project: Project, caller: Fn, value: Value | undefined, depth: number): boolean {
  if (!value || options(value).some((option) => isOwn(option))) return false
  if (depth < DEPTH && options(value).some((option) => traced(project, caller).markOf(option)))
    return handedText(project, caller, value, depth) !== undefined
  return options(value).some((option) => option.is !== "unknown")
}

/** What the code brings itself: a constant, a file beside it, a setting of the deployment. */
const isOwn = (value: Value): boolean =>
  knownText(value) !== undefined ||
  (value.is === "literal" && !isNone(value)) ||
  (value.is === "text" && value.assumed === true) ||
  (value.is === "external" && OWN.test(value.name)) ||
  (value.is === "text" && value.parts.every((part) => typeof part === "string" || isOwn(part)))

const OWN = /(\.(read|read_text|read_bytes|readlines|get_source|get_template|get_data)\(\)|^os\.(environ|getenv)\b.*)$/
