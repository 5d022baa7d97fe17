/** Was `..` worked out of a path before it is compared with a folder? */
import { knownText, options, type Value } from "#python"
import type { Overheard } from "./overheard.ts"

const RESOLVES = /^os\.path\.(abspath|realpath|normpath)\(\)$/
const AS_TEXT = /^(builtins\.str|os\.fspath|os\.path\.(expanduser|normcase))\(\)$/
/** What is left of a path is a name, which leads nowhere. */
const NAME_ONLY = /^os\.path\.basename\(\)$|\.(name|stem|suffix|hex)$|^uuid\./

/**
 * True where it was; false where somebody else's text was put into it and it was not. Unset where it is not known: what
 * a function is given as a whole may have been resolved by whoever gives it, unless that is a client.
 */
export function isResolved(value: Value, heard: Overheard, depth = 0): boolean | undefined {
  if (depth > 16) return undefined
  const ask = (one: Value | undefined) => (one ? isResolved(one, heard, depth + 1) : undefined)
  if (heard.sent.has(value)) return false
  switch (value.is) {
    case "text":
      return all(value.parts.map((part, i) => (typeof part === "string" ? true : i > 0 && isForeign(part, heard) ? false : ask(part))))
    case "either": {
      const answers = options(value).map(ask)
      return answers.includes(false) ? false : all(answers)
    }
    case "external":
      break
    default:
      return undefined
  }
  const { name, built } = value
  const before = value.on ?? value.self
  if (RESOLVES.test(name)) return true
  if (AS_TEXT.test(name)) return ask(built?.positional[0])
  if (/\.(parent|as_posix\(\)|__str__\(\))$/.test(name)) return ask(before)
  if (name === "operator.Div()" || name === "os.path.join()") return joined(built?.positional ?? [], ask, heard)
  if (!/^(pathlib|anyio)\.Path\(\)$/.test(name) || !built) return undefined
  const method = heard.madeBy.get(value)?.split(".").at(-1)
  switch (method) {
    case "resolve":
      return true
    case "absolute":
    case "expanduser":
    case "relative_to":
      return ask(before)
    case "joinpath":
      return joined([...(before ? [before] : []), ...built.positional], ask, heard)
    default:
      return before ? undefined : joined(built.positional, ask, heard)
  }
}

/** A path of parts: whatever comes after the first can lead out again. */
function joined(parts: readonly Value[], ask: (one: Value | undefined) => boolean | undefined, heard: Overheard): boolean | undefined {
  if (parts.slice(1).some((part) => isForeign(part, heard))) return false
  return all(parts.map((part) => (part.is === "external" && NAME_ONLY.test(part.name) ? true : ask(part))))
}

const all = (answers: readonly (boolean | undefined)[]): boolean | undefined =>
  answers.includes(false) ? false : answers.includes(undefined) || answers.length === 0 ? undefined : true

/** Is it a text that the caller gave, whatever was cut off at its ends? */
export function isForeign(value: Value, heard: Overheard, depth = 0): boolean {
  if (heard.given.has(value)) return true
  if (depth > 8) return false
  if (value.is === "either") return options(value).some((option) => isForeign(option, heard, depth + 1))
  if (value.is === "text") return value.parts.length === 1 && isForeign(behindText(value), heard, depth + 1)
  if (value.is !== "external" || NAME_ONLY.test(value.name)) return false
  if (AS_TEXT.test(value.name)) return value.built?.positional.some((one) => isForeign(one, heard, depth + 1)) === true
  if (!/^(builtins\.str|typing\.Any)\(\)\.(strip|lstrip|rstrip|lower|removeprefix|decode)\(\)$/.test(value.name)) return false
  const before = value.on ?? value.self
  return before !== undefined && isForeign(before, heard, depth + 1)
}

/** Is anything that the caller gave in a value, whatever was done with it? */
export function holdsGiven(value: Value | undefined, heard: Overheard, depth = 0): boolean {
  if (!value || depth > 12) return false
  if (heard.given.has(value)) return true
  if (value.is === "either") return options(value).some((option) => holdsGiven(option, heard, depth + 1))
  if (value.is === "text") return value.parts.some((part) => typeof part !== "string" && holdsGiven(part, heard, depth + 1))
  if (value.is !== "external") return false
  const inputs = [value.on ?? value.self, ...(value.built?.positional ?? [])]
  return inputs.some((one) => holdsGiven(one, heard, depth + 1))
}

/** The value that a text is nothing but the text of: `path` of `str(path)`. */
export function behindText(value: Value): Value {
  if (value.is === "external" && AS_TEXT.test(value.name)) return value.built?.positional[0] ?? value
  const [only] = value.is === "text" && value.parts.length === 1 ? value.parts : []
  return only === undefined || typeof only === "string" ? value : only
}

/** A folder as text, with no separator at its end: what begins with it need not lie in it. */
export function endsWithoutSeparator(value: Value): boolean {
  if (value.is === "either") return value.options.every(endsWithoutSeparator)
  const one = behindText(value)
  if (one.is === "text") return /[^/\\]$/.test(knownText(one) ?? "/")
  if (one.is !== "external") return false
  return RESOLVES.test(one.name) || (one !== value && /^(pathlib|anyio)\.Path\(\)(\.parent)?$/.test(one.name))
}
