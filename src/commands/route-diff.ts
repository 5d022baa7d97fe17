import { analyseRevision, type Checked, type CheckedProject, Reporter } from "#engine"
import { diffRoutes, disarmed, disarmedJson, routeDiffText } from "#report"
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
  const read = await Promise.all(projects.map((project) => atRevision(project, revision)))
  const before = read.flatMap(routeRows)
  const after = projects.flatMap(routeRows)
  const all = diffRoutes(before.map(shortened), after.map(shortened))
  const diff = {
    added: all.added.filter(isShown),
    changed: all.changed.filter((one) => isShown(one.before) || isShown(one.after)),
    removed: all.removed.filter(isShown),
  }
  if (format === "json") return disarmedJson(`${JSON.stringify({ schemaVersion: 1, revision, ...diff }, null, 2)}\n`)
  return disarmed(routeDiffText(diff, lookOf(process.stdout)))
}

async function atRevision({ root, settings, cache, shown }: CheckedProject, revision: string): Promise<ReadProject> {
  const analysis = await analyseRevision(root, settings, revision, { cache })
  return { analysis, shown, reporter: new Reporter(analysis, [], shown), findings: [] }
}
