/** Places as SARIF writes them: relative to the repository, percent-encoded, on one line. */
import type * as Sarif from "sarif"
import type { Located, Run } from "./report.ts"
import { linesOf } from "./visible.ts"

/** Relative to `%SRCROOT%`; a path outside the repository is given whole. */
export function artifact(path: string): Sarif.ArtifactLocation {
  const absolute = /^(?:\/|[A-Za-z]:\/)/.test(path)
  return absolute
    ? { uri: `file://${path.startsWith("/") ? "" : "/"}${encodePath(path)}` }
    : { uri: encodePath(path), uriBaseId: "%SRCROOT%" }
}

/** RFC 3986: `/` stays, everything else that is not plain is percent-encoded. */
export function encodePath(path: string): string {
  return path
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent)
    .join("/")
}

export function location(place: Located, run: Run): Sarif.Location {
  return { physicalLocation: { artifactLocation: artifact(place.path), region: region(place, run) } }
}

/**
 * A range of several lines is cut to its first, unless it must be `whole`: a pull request shows an alert only where
 * every line of its region is part of the change.
 */
export function region({ path, range: { start, end } }: Located, run: Run, extent: "first line" | "whole" = "first line"): Sarif.Region {
  const from = { startLine: start.line, startColumn: start.column }
  if (extent === "whole" || end.line === start.line) return { ...from, endLine: end.line, endColumn: end.column }
  const line = linesOf(run.source(path) ?? "")[start.line - 1] ?? ""
  return { ...from, endLine: start.line, endColumn: Math.max(start.column + 1, [...line].length + 1) }
}
