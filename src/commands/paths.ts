import { realpathSync } from "node:fs"
import { isAbsolute, join, relative } from "node:path"
import { workTree } from "#engine"
import type { Format, Located, Reported, Run } from "#report"

/** What paths are relative to: where we stand, the root of the repository, or nothing. */
export const PATHS = ["cwd", "root", "absolute"] as const
export type Paths = (typeof PATHS)[number]

/** Documents that a server lays over a repository name its files from its root; everything else is for who stands here. */
export const defaultPaths = (format: Format): Paths => (format === "sarif" || format === "gitlab" ? "root" : "cwd")

/** The root of what is checked out: as the build server says, else as git does, else where we stand. */
export function checkoutRoot(cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  const here = real(cwd)
  for (const folder of [env.GITHUB_WORKSPACE, env.CI_PROJECT_DIR, env.BUILD_SOURCESDIRECTORY]) {
    if (!folder || !isAbsolute(folder)) continue
    const below = relative(real(folder), here)
    if (!below.startsWith("..") && !isAbsolute(below)) return real(folder)
  }
  return workTree(here) ?? here
}

/**
 * What a hint has to add to a command so that it finds this project: ` services/api`, or nothing where we stand in it.
 * Quoted as shells want it.
 */
export function projectWord(root: string, cwd: string): string {
  const path = relative(real(cwd), root).replaceAll("\\", "/")
  if (/^(?:\.\.(?:\/\.\.)*)?$/.test(path)) return ""
  return ` ${/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`}`
}

/** What a hint adds for the only project of a run; of several none is meant. */
export const onlyProjectWord = (projects: readonly { root: string }[], cwd: string): string =>
  projects.length === 1 && projects[0] ? projectWord(projects[0].root, cwd) : ""

/** The same run with its paths relative to a folder, or absolute where there is none. What lies outside of it is absolute, too. */
export function rebased(run: Run, base: string | undefined, cwd: string): Run {
  const here = real(cwd)
  const originals = new Map<string, string>()
  const moved = (path: string): string => {
    const absolute = isAbsolute(path) ? path : join(here, path)
    const below = base === undefined ? absolute : relative(base, absolute)
    const shown = (below.startsWith("..") ? absolute : below === "" ? "." : below).replaceAll("\\", "/")
    originals.set(shown, path)
    return shown
  }
  const at = <T extends Located>(place: T): T => ({ ...place, path: moved(place.path) })
  const finding = (one: Reported): Reported => ({
    ...at(one),
    trace: one.trace.map(at),
    related: one.related.map(at),
    ...(one.fix && { fix: { ...one.fix, edits: one.fix.edits.map(at) } }),
    ...(one.suppressed && { suppressed: { ...one.suppressed, at: { ...one.suppressed.at, path: moved(one.suppressed.at.path) } } }),
  })
  return {
    ...run,
    findings: run.findings.map(finding),
    suppressed: run.suppressed.map(finding),
    ...(run.known && { known: run.known.map(finding) }),
    notifications: run.notifications.map((one) => (one.path === undefined ? one : { ...one, path: moved(one.path) })),
    unseen: run.unseen.map((one) => ({ ...one, path: moved(one.path) })),
    questions: run.questions.map((one) => ({ ...one, at: at(one.at), evidence: one.evidence.map(at), file: moved(one.file) })),
    source: (path) => run.source(originals.get(path) ?? path),
  }
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
