import { type Analysis, analyseRevision, type Checked, type CheckedProject, Reporter } from "#engine"
import { diffRoutes, disarmed, disarmedJson, type RouteDiff, routeDiffText } from "#report"
import { lookOf } from "./look.ts"
import { type ReadProject, routeRows } from "./route-rows.ts"
import { shortened } from "./route-words.ts"

/** `fastlint routes --diff REV`: the routes of today against those of a revision. */
export async function routeDiff(
  { projects }: Checked,
  revision: string,
  format: "text" | "json",
  isShown: (row: ReturnType<typeof routeRows>[number]) => boolean,
): Promise<string> {
  const read = projects.map(async (project) =>
    asRead(project, await analyseRevision(project.root, project.settings, revision, { cache: project.cache })),
  )
  const all = diffOf(await Promise.all(read), projects)
  const diff = {
    added: all.added.filter(isShown),
    changed: all.changed.filter((one) => isShown(one.before) || isShown(one.after)),
    removed: all.removed.filter(isShown),
  }
  if (format === "json") return disarmedJson(`${JSON.stringify({ schemaVersion: 1, revision, ...diff }, null, 2)}\n`)
  return disarmed(routeDiffText(diff, lookOf(process.stdout)))
}

/** What became of the routes since the revision that a run was compared with; nothing where it was compared with none. */
export function routesSince({ projects }: Checked): { revision: string; diff: RouteDiff } | undefined {
  const compared = projects.flatMap((project) => (project.compared.since ? [{ project, since: project.compared.since }] : []))
  const [first] = compared
  if (!first) return undefined
  const before = compared.map(({ project, since }) => asRead(project, since.analysis))
  return {
    revision: first.since.revision,
    diff: diffOf(
      before,
      compared.map(({ project }) => project),
    ),
  }
}

const diffOf = (before: readonly ReadProject[], after: readonly ReadProject[]): RouteDiff =>
  diffRoutes(before.flatMap(routeRows).map(shortened), after.flatMap(routeRows).map(shortened))

const asRead = ({ shown }: CheckedProject, analysis: Analysis): ReadProject => ({
  analysis,
  shown,
  reporter: new Reporter(analysis, [], shown),
  findings: [],
})
