/**
 * Where a value in a function came from. The function is played with parameters that are known by sight, so that a
 * piece of text deep in an argument can be traced back to the parameter that it holds.
 */
import { type External, type FunctionValue, firstParameterIsBound, type Instance, instanceOf, Scope, text, type Value } from "#python"
import type { CallEvent, Fn, Parameter, Project } from "./project.ts"
import { modelFields } from "./signature/models.ts"
import type { Linked } from "./signature/types.ts"

/** A parameter, or a field of the model that it is. */
export interface Mark {
  parameter: Parameter
  field?: string
}

export interface Traced {
  /** The function, played with marked parameters: read its `events`. */
  fn: Fn
  /** The parameter that a value is, or is text of. */
  markOf(value: Value): Mark | undefined
  /** For a method: the object it is played on, with what it has put there; for `__init__`, nothing else is on it. */
  self?: Instance
}

const tracings = new WeakMap<Project, Map<object, Traced>>()

/** The function with its parameters marked. Played once. */
export function traced(project: Project, fn: Fn): Traced {
  const all = tracings.get(project) ?? new Map<object, Traced>()
  tracings.set(project, all)
  const seen = all.get(fn.value.def)
  if (seen) return seen
  const marks = new Map<Value, Mark>()
  const values = new Map<string, Value>()
  const free = firstParameterIsBound(fn.value) ? fn.parameters.slice(1) : fn.parameters
  for (const parameter of free) {
    if (parameter.kind === "*args" || parameter.kind === "**kwargs") continue
    values.set(
      parameter.name,
      marked(project, typical(project, parameter), (value, field) =>
        marks.set(value, { parameter, ...(field !== undefined && { field }) }),
      ),
    )
  }
  const markOf = (value: Value): Mark | undefined =>
    marks.get(value) ??
    (value.is === "external" && value.self ? marks.get(value.self) : undefined) ??
    (value.is === "text" && value.parts.length === 1 && typeof value.parts[0] === "object" ? markOf(value.parts[0]) : undefined)
  const played = playedWith(project, fn, values)
  void played.events // what a body does to its object is done when it is played
  const { self } = played.value
  const made = { fn: played, markOf, ...(self?.is === "instance" && { self }) }
  all.set(fn.value.def, made)
  return made
}

/** The function as if these arguments were passed: its events are what it does then. */
export function playedWith(project: Project, fn: Fn, values: ReadonlyMap<string, Value>): Fn {
  const { value } = fn
  // A scope of its own, because a body is played once for each scope; an object of its own, because bodies change theirs.
  const self = value.self ?? (value.owner && firstParameterIsBound(value) === "self" ? project.player.prototype(value.owner) : undefined)
  const bound: FunctionValue = {
    ...value,
    ...(self && { self: self.is === "instance" ? { ...self, attributes: new Map(fn.name === "__init__" ? [] : self.attributes) } : self }),
    scope: new Scope(value.module, value.scope),
    given: { positional: [], keywords: new Map([...(value.given?.keywords ?? []), ...values]) },
  }
  return project.functionOf(bound) ?? fn
}

/** What a call passes, by the names of the callee's parameters. Undefined where `*args` or `**kwargs` hide it. */
export function passed(
  callee: Fn,
  { positional, keywords, open }: Pick<CallEvent, "positional" | "keywords" | "open">,
): Map<string, Value> | undefined {
  if (open) return undefined
  const free = callee.parameters.filter((p) => p.kind === "positional" || p.kind === "positional-only")
  if (firstParameterIsBound(callee.value)) free.shift()
  const values = new Map<string, Value>(callee.parameters.flatMap((p) => (p.default ? [[p.name, p.default.value] as const] : [])))
  positional.forEach((value, i) => {
    const name = free[i]?.name
    if (name !== undefined) values.set(name, value)
  })
  for (const [name, value] of keywords) values.set(name, value)
  return values
}

/** What a parameter is as far as its annotation or its default says. */
function typical({ player }: Project, { annotation, default: given }: Parameter): Value {
  const value = annotation ? instanceOf(player, annotation.value) : undefined
  if (value && value.is !== "unknown") return value
  return (given && player.host.parameter?.(given.value)) ?? { is: "unknown" }
}

type Note = (value: Value, field?: string) => void

/** How far into models within models fields are marked, and how many values in all: models may hold each other. */
const NEAR = { depth: 2, values: 400 }
export const FAR = { depth: 8, values: 400 }

/** A copy that is told from every other value of its kind, with the fields of models and the items of lists marked too. */
export function marked(project: Linked, value: Value, note: Note, reach: { depth: number; values: number } = NEAR): Value {
  let left = reach.values
  const mark = (one: Value, field: string | undefined, depth: number): Value => {
    const noted = <V extends Value>(copy: V): V => {
      note(copy, field)
      return copy
    }
    switch (one.is) {
      case "unknown":
        return noted({ ...one })
      case "external":
        // `host` keeps two texts from being taken for one where ways join.
        return noted({ ...one, host: one.host ?? {} } satisfies External)
      case "sequence":
        return noted({ ...one, items: one.items.map((item) => mark(item, field, depth + 1)) })
      case "mapping":
        return noted({ ...one, entries: one.entries.map(([key, item]): [Value, Value] => [key, mark(item, field, depth + 1)]) })
      case "either":
        return { ...one, options: one.options.map((option) => mark(option, field, depth)) }
      case "text":
        return noted(text(one))
      case "instance": {
        const fields = depth < reach.depth && left > 0 ? modelFields(project, one.of) : undefined
        if (!fields?.known) return noted({ ...one })
        left -= fields.value.length
        const attributes = new Map(one.attributes)
        // A pattern leaves nothing to choose freely.
        for (const { name, type, constraints } of fields.value)
          if (!constraints.has("pattern") && !constraints.has("regex"))
            attributes.set(name, mark(instanceOf(project.player, type.value), name, depth + 1))
        return noted({ ...one, attributes } satisfies Instance)
      }
      default:
        return one
    }
  }
  return mark(value, undefined, 0)
}
