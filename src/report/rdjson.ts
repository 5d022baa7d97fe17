/**
 * Reviewdog's diagnostic format: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. Its columns count the
 * bytes of the line in UTF-8, from 1, and the end is exclusive.
 */
import type { Level } from "#lint"
import { disarmedJson } from "./disarm.ts"
import type { Located, Position, Range, Reported, Run } from "./report.ts"
import { linesOf } from "./visible.ts"

const SEVERITY: Record<Level, string> = { error: "ERROR", warning: "WARNING", info: "INFO" }

/** One document for `reviewdog -f=rdjson`. */
export function rdjson(run: Run): string {
  const bytes = byteRanges(run)
  const document = {
    source: { name: run.tool.name, url: "https://fastlint.dev" },
    severity: "WARNING",
    diagnostics: run.findings.map((finding) => diagnostic(finding, bytes)),
  }
  return disarmedJson(`${JSON.stringify(document, undefined, 2)}\n`)
}

function diagnostic(finding: Reported, bytes: (place: Located) => object): Record<string, unknown> {
  const suggestions = suggestionsOf(finding, bytes)
  const places = [...finding.trace, ...finding.related]
  return {
    message: finding.message,
    location: { path: finding.path, range: bytes(finding) },
    severity: SEVERITY[finding.level],
    code: { value: finding.rule, ...(finding.docs === "" ? {} : { url: finding.docs }) },
    ...(suggestions.length > 0 ? { suggestions } : {}),
    ...(places.length > 0
      ? { related_locations: places.map((place) => ({ message: place.message, location: { path: place.path, range: bytes(place) } })) }
      : {}),
  }
}

/** A suggestion is accepted on its own and has no path of its own, so a repair of several pieces cannot be one. */
function suggestionsOf({ fix, path }: Reported, bytes: (place: Located) => object): object[] {
  const [edit, ...others] = fix?.edits ?? []
  return edit && others.length === 0 && edit.path === path ? [{ range: bytes(edit), text: edit.text }] : []
}

/** Ranges in bytes. Where the text is not at hand only lines are told, which is allowed. */
function byteRanges(run: Run): (place: Located) => object {
  const known = new Map<string, string[]>()
  const lines = (path: string) => {
    if (!known.has(path)) known.set(path, linesOf(run.source(path) ?? ""))
    return known.get(path)!
  }
  const positionOf = ({ line, column }: Position, path: string) => {
    const text = run.source(path) === undefined ? undefined : lines(path)[line - 1]
    return { line, ...(text === undefined ? {} : { column: byteColumn(text, column) }) }
  }
  const rangeOf = ({ start, end }: Range, path: string) => ({ start: positionOf(start, path), end: positionOf(end, path) })
  return ({ path, range }) => rangeOf(range, path)
}

const encoder = new TextEncoder()

/** From code points before a place to bytes before it; both count from 1. A place behind the end stays as far behind it. */
function byteColumn(line: string, column: number): number {
  const points = [...line]
  const before = points.slice(0, column - 1)
  return encoder.encode(before.join("")).length + Math.max(0, column - 1 - points.length) + 1
}
