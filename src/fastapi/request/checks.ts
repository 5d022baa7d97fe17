/**
 * Was a value looked at before it was used, in a way that could have stopped it? Looking whether a file exists stops
 * nothing; comparing with a list of what is allowed does. Where it is not known what a test does, it did.
 */
import type { Danger } from "#knowledge"
import { type BodyCall, type Comparison, knownText, options, type Place, type Value, type Within } from "#python"
import type { Carrying } from "./carrying.ts"
import type { Sent } from "./pieces.ts"
import type { Heard, Visit } from "./play.ts"

/** A use of a value, in the order of what was heard. */
export interface Use {
  index: number
  danger: Danger
  sent: Sent
}

export function isChecked({ index, danger, sent }: Use, heard: readonly Heard[], carrying: Carrying): boolean {
  // A test before decoding saw another text than the one that is used.
  const isIt = (value: Value): boolean => carrying.isIn(sent.source, value) && (!sent.isDecoded || carrying.isDecoded(value))
  const sink = heard[index] as Heard
  let refusesUp = false
  let refusesRoot = false
  for (let i = 0; i < index; i++) {
    const { event, visit } = heard[i] as Heard
    if (event.is === "compare") {
      const refused = danger === "path" ? refusedText(event, isIt) : undefined
      if (refused !== undefined) {
        if (refused.startsWith("..")) refusesUp = true
        else return true
      } else if (isTest(event, danger, isIt) && (isMembership(event) || decides(event, visit, sink, heard))) return true
    } else if (event.is === "call") {
      if (danger === "path" && looksForRoot(event, isIt)) refusesRoot = true
      if (doesCheck(event, visit, danger, isIt, sink, heard)) return true
    }
  }
  // Without `..` an absolute path still takes the place of all that it is joined to.
  return refusesUp && (refusesRoot || !sent.isPart || sent.isSegment)
}

/** `".." in path`: the text that it must not hold. */
const refusedText = ({ op, left, right }: Comparison, isIt: (value: Value) => boolean): string | undefined =>
  (op === "In" || op === "NotIn") && isIt(right) && !isIt(left) ? knownText(left) : undefined

/** `path.startswith("/")`, `os.path.isabs(path)`. */
function looksForRoot(event: BodyCall, isIt: (value: Value) => boolean): boolean {
  return options(event.callee).some((callee) => {
    if (callee.is !== "external") return false
    const on = callee.on ?? callee.self
    const isGiven = event.positional.some(isIt) || (on !== undefined && isIt(on))
    return isGiven && /(^os\.path\.isabs|\.is_absolute|\.startswith)$/.test(callee.name)
  })
}

// ---------------------------------------------------------------------------- comparisons

const isMembership = ({ op }: Comparison): boolean => op === "In" || op === "NotIn"

function isTest({ op, left, right }: Comparison, danger: Danger, isIt: (value: Value) => boolean): boolean {
  if (op === "In" || op === "NotIn") {
    // What a path ends with says nothing of where it leads.
    if (isIt(left)) return danger !== "path" || !options(left).every(isEnding)
    // `".." in path`, `"/" in name`: what it must not hold.
    return isIt(right) && danger !== "code" && danger !== "pickle"
  }
  if (op !== "Eq" && op !== "NotEq") return false
  const other = isIt(left) ? right : isIt(right) ? left : undefined
  return other !== undefined && knownText(other) !== ""
}

/** The extension of a path: `os.path.splitext(name)[1].lower()`, `Path(name).suffix`. */
const isEnding = (value: Value): boolean => {
  for (let one: Value | undefined = value, steps = 0; one && steps < 6; steps++) {
    if (one.is === "text" && one.parts.length === 1 && typeof one.parts[0] === "object") one = one.parts[0]
    else if (one.is !== "external") return false
    else if (/\.(splitext\(\)\[\]|suffix)/.test(one.name)) return true
    else one = one.on ?? one.self
  }
  return false
}

/** Does what is done after the test depend on it: is the use on the way where it holds, or does the other way end? */
function decides({ op, at }: Comparison, visit: Visit, sink: Heard, heard: readonly Heard[]): boolean {
  const good = op === "Eq"
  if (waysFrom(sink, visit, heard).some((way) => covers(way, at) && way.holds === good)) return true
  return heard.some(
    ({ event, visit: other }) =>
      other === visit &&
      (event.is === "raise" || event.is === "return") &&
      event.within.some((way) => covers(way, at) && way.holds === !good),
  )
}

type Branch = Extract<Within, { is: "branch" }>

const covers = (way: Within, { path, start, end }: Place): way is Branch =>
  way.is === "branch" && way.at.path === path && way.at.start <= start && end <= way.at.end

/** The branches around a use, as seen in a body that led to it. */
function waysFrom(sink: Heard, visit: Visit, heard: readonly Heard[]): Branch[] {
  if (sink.visit === visit) return sink.event.within.filter((one): one is Branch => one.is === "branch")
  for (let at: Visit | undefined = sink.visit; at; at = at.from?.visit) {
    const { from } = at
    if (from?.visit !== visit) continue
    const call = heard.find(
      ({ event, visit: of }) => of === visit && event.is === "call" && event.at.start === from.at.start && event.at.end === from.at.end,
    )
    return (call?.event.within ?? []).filter((one): one is Branch => one.is === "branch")
  }
  return []
}

// ---------------------------------------------------------------------------- calls

/** Looks, and stops nothing. */
const LOOKS =
  /^(os\.path\.(exists|lexists|isfile|isdir|islink|ismount|getsize|getmtime|isabs)|os\.(access|stat)|(pathlib|anyio)\.Path\(\)\.(exists|is_file|is_dir|is_symlink|stat|is_absolute)|aiofiles\.os\.(path\.)?\w+|builtins\.(isinstance|hasattr|len|bool|str|repr|type|print|open)$|mimetypes\.\w+|logging\b.*|loguru\b.*|structlog\b.*)/
/** The text of a value is only what these say it is. */
const NARROWS = /^(builtins\.str\(\)|typing\.Any\(\))\.(isdigit|isalnum|isalpha|isdecimal|isnumeric|isidentifier|isascii)$/
const CHECKS =
  /valid|check|safe|allow|sanit|verif|secur|permit|trust|forbid|reject|assert|ensure|whitelist|denylist|blocklist|guard|escape|authori[sz]e/i
const MATCHES = /^re\.(match|fullmatch|search)$|^re\.compile\(\)\.(match|fullmatch|search)$/

function doesCheck(
  event: BodyCall,
  visit: Visit,
  danger: Danger,
  isIt: (value: Value) => boolean,
  sink: Heard,
  heard: readonly Heard[],
): boolean {
  const given = [...event.positional, ...event.keywords.values()]
  const on = options(event.callee).flatMap((callee) => (callee.is === "external" ? (callee.on ?? callee.self ?? []) : []))
  if (![...given, ...on].some(isIt)) return false
  return options(event.callee).some((callee) => {
    const name = callee.is === "external" ? callee.name : undefined
    if (name === undefined) {
      const called = shortNameOf(callee)
      // Not one of the project's functions that was followed: what it does in a test is not known.
      if (callee.is === "unknown") return isInTest(event, visit, heard) || event.dropped
      return called !== undefined && CHECKS.test(called) && (event.dropped || isInTest(event, visit, heard))
    }
    if (LOOKS.test(name)) return false
    const method = name.slice(name.lastIndexOf(".") + 1)
    if (NARROWS.test(name)) return true
    if (danger === "path" && (method === "is_relative_to" || method === "relative_to" || method === "commonpath")) return true
    if (method === "startswith") return startsRight(event, danger, on, isIt)
    if (method === "endswith") return danger === "url" || danger === "redirect"
    if (method === "replace" || method === "translate" || method === "strip" || method === "lstrip")
      return method === "translate" || (danger !== "command" && /[/\\]|\.\./.test(knownText(event.positional[0]) ?? ""))
    if (MATCHES.test(name)) return !isOnlyRefused(event, visit, sink, heard)
    if (danger === "url" && /^(ipaddress|socket)\./.test(name)) return true
    return CHECKS.test(method) && (event.dropped || isInTest(event, visit, heard))
  })
}

/** The name of a function or class of the project, without what it stands in. */
function shortNameOf(value: Value): string | undefined {
  if (value.is === "function" || value.is === "class") return value.qualname.slice(value.qualname.lastIndexOf(".") + 1)
  return value.is === "instance" ? value.of.def.name : undefined
}

/** Is a call part of a test? */
const isInTest = (event: BodyCall, visit: Visit, heard: readonly Heard[]): boolean =>
  heard.some(({ event: other, visit: of }) => of === visit && other.within.some((way) => covers(way, event.at)))

/** The use stands only where the pattern did not match, and nothing was stopped there. */
const isOnlyRefused = (event: BodyCall, visit: Visit, sink: Heard, heard: readonly Heard[]): boolean =>
  waysFrom(sink, visit, heard).some((way) => covers(way, event.at) && way.holds === false)

/** `startswith` of a path that was resolved, or of an address with its host. That something begins with `/` or `http` is not enough. */
function startsRight(event: BodyCall, danger: Danger, on: Value[], isIt: (value: Value) => boolean): boolean {
  const [prefix] = event.positional
  // A folder that the same client chose holds nothing back.
  if (prefix && isIt(prefix)) return false
  const texts = (prefix?.is === "sequence" ? prefix.items : prefix ? [prefix] : []).map((one) => knownText(one))
  // What is known of the folder does not matter, unless it is the root: every path begins with that.
  if (danger === "path")
    return texts.every((text) => text === undefined || /[^/\\]/.test(text)) && on.some((value) => isResolved(value, isIt))
  if (danger === "redirect")
    return texts.some((text) => text === undefined || text === "//" || /^https?:\/\/[^/]/.test(text) || text.startsWith("/\\"))
  return texts.every((text) => text === undefined || /^\w+:\/\/[^/]/.test(text))
}

/** Was `..` worked out of the path that holds it, before it was compared? */
function isResolved(value: Value, isIt: (value: Value) => boolean, depth = 0): boolean {
  if (depth > 12) return false
  if (value.is === "text") return value.parts.some((part) => typeof part !== "string" && isResolved(part, isIt, depth + 1))
  if (value.is === "either") return value.options.every((option) => isResolved(option, isIt, depth + 1))
  if (value.is !== "external" || !isIt(value)) return value.is === "unknown"
  if (/(abspath|realpath|normpath|resolve|absolute)\(\)$/.test(value.name)) return true
  // `Path.resolve()` gives a path again: it keeps what it was asked of, and has no arguments.
  if (value.name === "pathlib.Path()" && value.self && value.built?.positional.length === 0) return true
  return [value.on, value.self, ...(value.built?.positional ?? [])].some((one) => one && isResolved(one, isIt, depth + 1))
}
