/** For programs: everything that is known of a run. Adding keys is a minor change, removing or renaming one is a major change. */
import { disarmedJson } from "./disarm.ts"
import { questionJson } from "./questions-toml.ts"
import type { Located, Range, Reported, Run } from "./report.ts"

const SCHEMA_VERSION = 1

/** One document, complete even when there is nothing to tell. */
export function json(run: Run): string {
  const document = {
    schemaVersion: SCHEMA_VERSION,
    tool: run.tool,
    exitCode: run.summary.exitCode,
    summary: run.summary,
    findings: [...run.findings, ...(run.known ?? [])].map(findingJson),
    suppressed: run.suppressed.map(findingJson),
    notifications: run.notifications,
    unseen: run.unseen,
    questions: run.questions.map(questionJson),
  }
  return disarmedJson(`${JSON.stringify(document, undefined, 2)}\n`)
}

/** One finding per line, and nothing else. */
export function jsonl(run: Run): string {
  return disarmedJson(run.findings.map((finding) => `${JSON.stringify(findingJson(finding))}\n`).join(""))
}

function findingJson(finding: Reported): Record<string, unknown> {
  return {
    id: finding.id,
    rule: finding.rule,
    level: finding.level,
    /** The same as `level`, under the name that most tools look for. */
    severity: finding.level,
    concern: finding.concern,
    message: finding.message,
    ...placeJson(finding),
    scope: finding.scope,
    routes: finding.routes,
    alsoRoutes: finding.alsoRoutes,
    trace: finding.trace.map((step) => ({ ...placeJson(step), symbol: step.symbol, note: step.message })),
    related: finding.related.map((place) => ({ ...placeJson(place), note: place.message })),
    notes: finding.notes,
    why: finding.why,
    help: finding.help,
    docsUrl: finding.docs,
    cwe: finding.cwe,
    equivalents: finding.equivalents,
    fingerprint: finding.fingerprint,
    fix: finding.fix && {
      applicability: finding.fix.safety,
      title: finding.fix.title,
      edits: finding.fix.edits.map((edit) => ({ ...placeJson(edit), text: edit.text })),
    },
    suppressed: finding.suppressed,
    baseline: finding.baseline,
  }
}

const placeJson = ({ path, range }: Located) => ({ path, range: rangeJson(range) })

const rangeJson = ({ start, end }: Range) => ({
  start: { line: start.line, col: start.column },
  end: { line: end.line, col: end.column },
})
