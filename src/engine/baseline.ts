/** The file of known findings: read, written, and laid over what is found now. */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import * as v from "valibot"
import writeFileAtomic from "write-file-atomic"
import type { KnownFinding } from "#lint"
import { shownPath } from "./config.ts"
import { NEWEST } from "./editions.ts"
import { CannotStart } from "./problem.ts"
import type { Settings } from "./settings.ts"

/** The name that is looked for at the root of a project. */
export const BASELINE_FILE = "fastlint-baseline.json"
const SCHEMA = "https://fastlint.dev/schema/baseline-1.json"
const VERSION = 1

/** A baseline file as it concerns one project. Entries of other projects in it are left as they are. */
export interface Baseline {
  /** Absolute. */
  path: string
  /** What is known of this project, with paths relative to its root. */
  entries: KnownFinding[]
  /** Entries of other projects, with paths as they are written. */
  others: KnownFinding[]
  edition?: string
}

/** Where the baseline of a project is or would be: as configured, else at its root. */
export const baselinePath = (root: string, { baseline }: Settings): string => baseline ?? join(root, BASELINE_FILE)

/** The baseline of a project; undefined where nobody configured one and there is none. Throws `CannotStart` for a file that is none. */
export function readBaseline(root: string, settings: Settings, cwd: string): Baseline | undefined {
  const path = baselinePath(root, settings)
  if (!existsSync(path)) {
    if (settings.baseline === undefined) return undefined
    throw new CannotStart([
      { severity: "error", message: `no baseline at ${shownPath(path, cwd)}`, notes: [["help", "fastlint baseline create"]] },
    ])
  }
  const { entries, edition } = parseBaseline(textOf(path, cwd), shownPath(path, cwd))
  const prefix = prefixOf(root, path)
  const isOurs = (entry: KnownFinding) => entry.path.startsWith(prefix)
  return {
    path,
    entries: entries.filter(isOurs).map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) })),
    others: entries.filter((entry) => !isOurs(entry)),
    ...(edition === undefined ? {} : { edition }),
  }
}

/** Writes a baseline; the file is whole at every moment. The same findings are the same bytes. */
export function writeBaseline(root: string, { path, entries, others, edition }: Baseline, cwd: string): void {
  const prefix = prefixOf(root, path)
  const all = [...others, ...entries.map((entry) => ({ ...entry, path: prefix + entry.path }))]
  try {
    writeFileAtomic.sync(path, baselineText(all, edition ?? NEWEST))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CannotStart([{ severity: "error", message: `cannot write ${shownPath(path, cwd)}: ${why}` }])
  }
}

/** One entry a line, sorted, so that two branches that fix different things can be merged. */
export function baselineText(entries: readonly KnownFinding[], edition: string): string {
  const byPlace = entries.toSorted(
    (a, b) => compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.scope, b.scope) || compare(a.fingerprint, b.fingerprint),
  )
  const lines = byPlace.map(({ rule, path, scope, fingerprint: fp, count }) => JSON.stringify({ rule, path, scope, fp, count }))
  const head = JSON.stringify({ $schema: SCHEMA, version: VERSION, edition }).slice(0, -1)
  return `${head},\n"entries":[\n${lines.join(",\n")}${lines.length > 0 ? "\n" : ""}]}\n`
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const fileSchema = v.object({
  version: v.number(),
  edition: v.optional(v.string()),
  entries: v.array(
    v.object({
      rule: v.string(),
      path: v.string(),
      scope: v.string(),
      fp: v.string(),
      count: v.pipe(v.number(), v.integer(), v.minValue(1)),
    }),
  ),
})

/** The entries of a baseline's text. `shown` is what messages call it. */
export function parseBaseline(text: string, shown: string): { entries: KnownFinding[]; edition?: string } {
  const wrong = (message: string, help: string) => new CannotStart([{ severity: "error", message, notes: [["help", help]] }])
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""))
  } catch {
    const isConflict = /^(?:<{7}|>{7}|={7})/m.test(text)
    throw wrong(`${shown} ${isConflict ? "holds an unresolved merge" : "is not JSON"}`, REPAIR)
  }
  const result = v.safeParse(fileSchema, json)
  if (!result.success) throw wrong(`${shown} is not a baseline of fastlint`, REPAIR)
  const { version, edition, entries } = result.output
  if (version > VERSION) throw wrong(`${shown} was written by a newer fastlint`, "use the version of fastlint that the project pins")
  return {
    entries: entries.map(({ fp, ...entry }) => ({ ...entry, fingerprint: fp })),
    ...(edition === undefined ? {} : { edition }),
  }
}

const REPAIR = "keep the lines of both sides, or write it anew: fastlint baseline create --force"

function textOf(path: string, cwd: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CannotStart([{ severity: "error", message: `cannot read the baseline ${shownPath(path, cwd)}: ${why}` }])
  }
}

/** From the folder of the file down to the project; nothing where the file stands elsewhere, and serves this project alone. */
function prefixOf(root: string, path: string): string {
  const below = relative(dirname(path), root).replaceAll("\\", "/")
  return below === "" || below.startsWith("..") || below.startsWith("/") ? "" : `${below}/`
}

/** A baseline without what is found no more. */
export function withoutStale(baseline: Baseline, stale: readonly KnownFinding[]): Baseline {
  const less = new Map(stale.map(({ fingerprint, count }) => [fingerprint, count]))
  const entries = baseline.entries.flatMap((entry) => {
    const gone = Math.min(entry.count, less.get(entry.fingerprint) ?? 0)
    less.set(entry.fingerprint, (less.get(entry.fingerprint) ?? 0) - gone)
    return gone === entry.count ? [] : [{ ...entry, count: entry.count - gone }]
  })
  return { ...baseline, entries }
}
