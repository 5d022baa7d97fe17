/**
 * Tests that ask whether a path lies in a folder, and that do not find it out.
 *
 * Sources: the pages of `os.path.commonprefix` ("may return invalid paths because it works a character at a time"), of
 * `PurePath.is_relative_to` ("string-based; it neither accesses the filesystem nor treats `..` segments specially") and of
 * `str.startswith`; CVE-2023-29159, CVE-2023-34239 and CVE-2023-51449 are such tests.
 */
import { type BodyCall, type Comparison, type External, itemsOf, knownText, options, type Place, type Value } from "#python"
import type { Fn, Project } from "../project.ts"
import { type Overheard, overhear } from "./overheard.ts"
import { behindText, endsWithoutSeparator, holdsGiven, isForeign, isResolved } from "./resolved.ts"

export interface WeakCheck {
  /**
   * `letters`: texts are compared, of which one ends without a separator; `prefix`: so does `commonprefix`;
   * `unresolved`: folders are compared while `..` still stands in the path; `beginning`: `..` is looked for at the beginning only.
   */
  is: "letters" | "prefix" | "unresolved" | "beginning"
  /** What tests it: `is_relative_to`. */
  by: string
  at: Place
}

/** Every such test in a function, unless what it is given was narrowed down before. */
export function weakPathChecks(project: Project, fn: Fn): WeakCheck[] {
  const heard = overhear(project, fn)
  const found: WeakCheck[] = []
  let refusesUp = false
  for (const event of heard.events) {
    if (event.is !== "compare" && event.is !== "call") continue
    if (narrows(event, heard)) return []
    refusesUp ||= event.is === "compare" && isMembership(event) && knownText(event.left)?.startsWith("..") === true
    const check = event.is === "compare" ? inComparison(event, heard) : inCall(event, heard)
    if (check) found.push(check)
  }
  return found.filter(({ is }) => !refusesUp || is === "letters" || is === "prefix")
}

const isMembership = ({ op }: Comparison): boolean => op === "In" || op === "NotIn"

/** `name in ALLOWED`, `"/" in name`, `NAME.fullmatch(name)`, `name.isalnum()`: only some names get as far as the test. */
function narrows(event: Comparison | BodyCall, heard: Overheard): boolean {
  if (event.is === "compare") {
    const { left, right } = event
    if (!isMembership(event)) return false
    return isForeign(left, heard) ? !holdsGiven(right, heard) : knownText(left) === "/" && isForeign(right, heard)
  }
  return options(event.callee).some((callee) => {
    if (callee.is !== "external") return false
    if (/^(re|regex)\.(compile\(\)\.)?(match|fullmatch|search)$/.test(callee.name))
      return event.positional.some((one) => isForeign(one, heard))
    const on = callee.on ?? callee.self
    return /\.(isalnum|isdigit|isidentifier)$/.test(callee.name) && on !== undefined && isForeign(on, heard)
  })
}

function inComparison(event: Comparison, heard: Overheard): WeakCheck | undefined {
  const { op, left, right, at } = event
  if (isMembership(event)) {
    const isWeak = options(right).some((one) => one.is === "external" && one.name.endsWith(".parents") && isRaw(one.on ?? one.self, heard))
    return isWeak ? { is: "unresolved", by: "parents", at } : undefined
  }
  if (op !== "Eq" && op !== "NotEq") return undefined
  for (const [made, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (made.is !== "external" || !made.built) continue
    const compared = made.built.positional[0] && itemsOf(made.built.positional[0])
    if (!compared || compared.length < 2) continue
    if (made.name === "os.path.commonprefix()" && (compared.includes(other) || endsWithoutSeparator(other)))
      return { is: "prefix", by: "os.path.commonprefix", at }
    if (made.name === "os.path.commonpath()" && compared.some((one) => isRaw(one, heard)))
      return { is: "unresolved", by: "os.path.commonpath", at }
  }
  return undefined
}

function inCall(event: BodyCall, heard: Overheard): WeakCheck | undefined {
  const callee = options(event.callee).find(
    (one): one is External => one.is === "external" && /\.(startswith|is_relative_to|relative_to)$/.test(one.name),
  )
  if (!callee) return undefined
  const { at } = event
  const on = callee.on ?? callee.self
  const method = callee.name.slice(callee.name.lastIndexOf(".") + 1)
  if (method !== "startswith") {
    // Of `relative_to` only what it raises is a test.
    const isTest = method === "is_relative_to" || (event.dropped && event.within.some((way) => way.is === "try"))
    return isTest && isRaw(on, heard) ? { is: "unresolved", by: method, at } : undefined
  }
  const [prefix] = event.positional
  if (!on || !prefix) return undefined
  if (/^\.\.[/\\]?$/.test(knownText(prefix) ?? "")) {
    const relative = behindText(on)
    const isRelative = relative.is === "external" && heard.madeBy.get(relative)?.endsWith(".relative_to") === true
    const path = relative.is === "external" ? (relative.on ?? relative.self) : undefined
    return isRelative && path && isResolved(path, heard) !== true ? { is: "beginning", by: "startswith", at } : undefined
  }
  const isPath = isResolved(on, heard) === true && holdsGiven(on, heard)
  return isPath && endsWithoutSeparator(prefix) && isComputed(prefix) ? { is: "letters", by: "startswith", at } : undefined
}

const isRaw = (value: Value | undefined, heard: Overheard): boolean => value !== undefined && isResolved(value, heard) === false

/** `/usr/` may be written as `/usr` where nothing beside it begins so; a folder that is worked out can have any neighbour. */
const isComputed = (value: Value): boolean => behindText(value).is !== "text"
