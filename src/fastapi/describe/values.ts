/** Values, callables and places as `test/oracle/dump_app.py` writes those of a running app. */
import { type ClassValue, isNone, itemsOf, knownNumber, knownText, type Place, type Value } from "#python"
import type { Fn, Known, Route } from "../project.ts"
import { isScheme } from "../schemes.ts"
import type { Linked } from "../signature/types.ts"

/** A fact, or why it is not known. */
export type Described<T> = T | { unknown: string }

export interface FileLine {
  file: string
  line: number
}

/** How often tests call a route, null where nobody can tell, and the requests that they send to it. */
export interface RouteTests {
  calls: number | null
  requests: Place[]
}

/** What describing needs: the player to look things up, and the 1-based line of a place. */
export interface Describing extends Linked {
  /** What the tests ask of a route; absent where nobody wants to know. */
  testsOf?: ((route: Route) => RouteTests | undefined) | undefined
  functionOf(value: Value): Fn | undefined
  lineOf(place: Place): number
}

export interface Callable {
  ref: string
  kind: "function" | "class" | "instance" | "other"
  async?: boolean
  generator?: boolean
  async_generator?: boolean
  partial?: boolean
  file?: string
  line?: number
  def_line?: number
}

export const factOf = <T>(fact: Known<T>): Described<T> => (fact.known ? fact.value : { unknown: fact.why })

export const isUnknown = (value: unknown): value is { unknown: string } => value !== null && typeof value === "object" && "unknown" in value

/** `module:qualname` of a class of the project. */
export const classRef = ({ player }: Linked, of: ClassValue): string => `${player.modules.nameOf(of.module)}:${of.qualname}`

/** `starlette.responses:JSONResponse`, by the name that the package offers it under. */
export const externalRef = (name: string): string => name.replace(/(\(\))+$/, "").replace(/\.(?=[^.]*$)/, ":")

/** `module:qualname` of a class or function, as a name alone. */
export function refOf(on: Describing, value: Value): Described<string> {
  const info = callableOf(on, value)
  return isUnknown(info) ? info : info.ref
}

/** A callable by what it is under `partial` and `functools.wraps`. */
export function callableOf(on: Describing, value: Value, depth = 0): Described<Callable> {
  if (depth > 8) return { unknown: "wrapped too often" }
  switch (value.is) {
    case "function": {
      if (value.wraps) return callableOf(on, value.wraps, depth + 1)
      const fn = on.functionOf(value)
      return fn ? functionInfo(on, fn) : { unknown: "a function that is not known" }
    }
    case "class":
      return { ref: classRef(on, value), kind: "class", ...placeOfClass(on, value) }
    case "instance":
      return { ref: classRef(on, value.of), kind: "instance", ...placeOfClass(on, value.of) }
    case "generic":
      return callableOf(on, value.of, depth + 1)
    case "external": {
      if (value.name === "functools.partial()") {
        const inner = value.built?.positional[0]
        const info = inner ? callableOf(on, inner, depth + 1) : { unknown: "a partial of something that is not known" }
        return isUnknown(info) ? info : { ...info, partial: true }
      }
      if (isScheme(on, value)) return { ref: externalRef(value.name), kind: "instance" }
      if (/[)\]]/.test(value.name)) return { unknown: `what \`${value.name}\` gives` }
      // A library's own: what it is can be told from its spelling only, and mostly is.
      return { ref: externalRef(value.name), kind: /(^|\.)_*[A-Z]\w*$/.test(value.name) ? "class" : "function" }
    }
    default:
      return { unknown: value.is === "unknown" ? (value.why ?? "not known") : `a value of ${value.is}` }
  }
}

function functionInfo(on: Describing, fn: Fn): Callable {
  const { path } = fn
  return {
    ref: fn.id,
    kind: "function",
    async: fn.async && !fn.generator,
    generator: fn.generator && !fn.async,
    async_generator: fn.generator && fn.async,
    file: path,
    line: on.lineOf(fn.header),
    def_line: on.lineOf(fn.at),
  }
}

function placeOfClass(on: Describing, { module, def }: ClassValue): Pick<Callable, "file" | "line" | "def_line"> {
  const first = def.decorator_list[0] ?? def
  return {
    file: module,
    line: on.lineOf(on.player.place(module, first)),
    def_line: on.lineOf(on.player.place(module, def.name_span)),
  }
}

/** JSON for a default or an option: literals as they are, classes and functions by name, objects by their class. */
export function literalOf(on: Describing, value: Value, depth = 0): Described<unknown> {
  if (isNone(value)) return null
  if ((value.is === "text" || value.is === "literal") && value.assumed) return { unknown: "a default that a deployment may override" }
  const plain = knownText(value) ?? knownNumber(value)
  if (plain !== undefined) return plain
  switch (value.is) {
    case "literal":
      if (value.type === "bool") return value.value
      return { repr: `builtins.${value.type}` }
    case "sequence": {
      const items = value.open || depth > 3 ? undefined : itemsOf(value)?.map((item) => literalOf(on, item, depth + 1))
      if (!items) return { unknown: "a collection that is not wholly known" }
      return items.find(isUnknown) ?? (value.type === "set" ? items.sort((a, b) => (String(a) < String(b) ? -1 : 1)) : items)
    }
    case "mapping": {
      if (value.open || depth > 3) return { unknown: "a dictionary that is not wholly known" }
      const entries = value.entries.map(([key, item]) => [literalOf(on, key, depth + 1), literalOf(on, item, depth + 1)] as const)
      const hidden = entries.flat().find(isUnknown)
      return hidden ?? Object.fromEntries(entries.map(([key, item]) => [key === null ? "None" : String(key), item]))
    }
    case "function":
    case "class": {
      const ref = refOf(on, value)
      return isUnknown(ref) ? ref : { ref }
    }
    case "instance":
      return { repr: classRef(on, value.of).replace(":", ".") }
    default:
      return {
        unknown:
          value.is === "unknown" ? (value.why ?? "not known") : value.is === "external" ? `\`${value.name}\`` : "a value that is not known",
      }
  }
}
