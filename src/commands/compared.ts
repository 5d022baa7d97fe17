import { isCI } from "std-env"
import { CannotStart, type Checked, type CheckedProject, shownPath, withoutStale, writeBaseline } from "#engine"
import type { ComparedWith } from "#report"
import { projectWord } from "./paths.ts"

/** What the findings of a run were compared with, for every format. */
export function comparedWith({ projects }: Checked, pruned: ReadonlySet<CheckedProject> = new Set()): ComparedWith[] {
  const cwd = process.cwd()
  return projects.flatMap((project): ComparedWith[] => {
    const { baseline, since } = project.compared
    if (!baseline && !since) return []
    return [
      {
        ...(baseline && { baseline: shownPath(baseline.file.path, cwd) }),
        known: baseline?.known ?? 0,
        stale: baseline?.stale.reduce((sum, { count }) => sum + count, 0) ?? 0,
        project: projectWord(project.root, cwd),
        ...(pruned.has(project) && { isPruned: true }),
        ...(since && { since: { revision: since.revision, commit: since.commit, known: since.known } }),
      },
    ]
  })
}

/**
 * Takes what was repaired out of the baselines, and gives back whose were changed: a file that only ever shrinks needs
 * no care. Not where a build server checks, and not after a look at a part of the project.
 */
export function pruneBaselines({ projects, isIncomplete }: Checked): Set<CheckedProject> {
  if (isCI || isIncomplete) return new Set()
  return new Set(
    projects.filter((project) => {
      const { baseline } = project.compared
      if (!baseline || baseline.stale.length === 0 || !project.named.includes("")) return false
      try {
        writeBaseline(project.root, withoutStale(baseline.file, baseline.stale), process.cwd())
        return true
      } catch (error) {
        if (!(error instanceof CannotStart)) throw error
        return false
      }
    }),
  )
}
