/** SARIF 2.1.0, as GitHub code scanning reads it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import type * as Sarif from "sarif"
import { disarmedJson } from "./disarm.ts"
import { isComplete } from "./ending.ts"
import { lineHashes } from "./line-hash.ts"
import type { Notification, Reported, ReportedFix, Run } from "./report.ts"
import { artifact, location, region } from "./sarif-places.ts"
import { descriptor } from "./sarif-rules.ts"

/** GitHub refuses a file with more. */
const MOST_RESULTS = 25_000
const RANK = { error: 0, warning: 1, info: 2 }
const SARIF_LEVEL = { error: "error", warning: "warning", info: "note" } as const

/** A whole document of at most `most` results, with empty `results` when clean: that is how closed alerts get closed. */
export function sarif(run: Run, most = MOST_RESULTS): string {
  const results = [...run.findings, ...(run.known ?? []), ...run.suppressed]
  const kept = keepWeightiest(results, most)
  const notifications = kept.length < results.length ? [...run.notifications, tooMany(results.length, most)] : run.notifications
  const isAboutConfiguration = (notification: Notification) => notification.kind === "configuration"
  const withTrace = new Set(results.filter((finding) => finding.trace.length > 1).map((finding) => finding.rule))
  const indexes = new Map(run.rules.map((rule, i) => [rule.id, i]))
  const hashes = hasher(run)
  const log: Sarif.Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: run.tool.name,
            semanticVersion: run.tool.version,
            informationUri: "https://fastlint.dev",
            rules: run.rules.map((rule) => descriptor(rule, withTrace.has(rule.id))),
          },
        },
        automationDetails: { id: `fastlint/${run.app ? `${run.app.replaceAll("/", "-")}/` : ""}` },
        columnKind: "unicodeCodePoints",
        originalUriBaseIds: {
          "%SRCROOT%": run.options.rootUri === "" ? { description: { text: "The root of the repository" } } : { uri: run.options.rootUri },
        },
        invocations: [
          {
            executionSuccessful: isComplete(run.summary),
            exitCode: run.summary.exitCode,
            toolExecutionNotifications: notifications.filter((notification) => !isAboutConfiguration(notification)).map(notificationObject),
            toolConfigurationNotifications: notifications.filter(isAboutConfiguration).map(notificationObject),
          },
        ],
        results: kept.map((finding) => resultObject(finding, indexes.get(finding.rule), run, hashes)),
      },
    ],
  }
  return disarmedJson(`${JSON.stringify(log, undefined, 2)}\n`)
}

function resultObject(
  finding: Reported,
  ruleIndex: number | undefined,
  run: Run,
  hashes: (path: string) => string[] | undefined,
): Sarif.Result {
  const lineHash = hashes(finding.path)?.[finding.range.start.line - 1]
  return {
    ruleId: finding.rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: SARIF_LEVEL[finding.level],
    ...(finding.baseline ? { baselineState: finding.baseline === "known" ? ("unchanged" as const) : ("new" as const) } : {}),
    message: { text: plain(finding.message) },
    locations: [location(finding, run)],
    partialFingerprints: { ...(lineHash === undefined ? {} : { primaryLocationLineHash: lineHash }), "fastlint/v1": finding.fingerprint },
    ...(finding.related.length > 0
      ? {
          relatedLocations: finding.related.map((place, i) => ({
            id: i + 1,
            ...location(place, run),
            message: { text: plain(place.message) },
          })),
        }
      : {}),
    ...(finding.trace.length > 0 ? { codeFlows: [codeFlow(finding, run)] } : {}),
    ...(finding.fix ? { fixes: [fixObject(finding.fix, run)] } : {}),
    ...(finding.suppressed ? { suppressions: [suppression(finding.suppressed)] } : {}),
    ...(finding.routes.length > 0 ? { properties: { routes: finding.routes } } : {}),
  }
}

function codeFlow({ trace }: Reported, run: Run): Sarif.CodeFlow {
  const locations = trace.map((step): Sarif.ThreadFlowLocation => {
    const name = step.symbol ? { logicalLocations: [{ fullyQualifiedName: step.symbol, kind: "function" }] } : {}
    return { location: { ...location(step, run), ...name, message: { text: plain(step.message) || step.path } } }
  })
  return { threadFlows: [{ locations }] }
}

function suppression({ reason }: NonNullable<Reported["suppressed"]>): Sarif.Suppression {
  return { kind: "inSource", status: "accepted", ...(reason ? { justification: reason } : {}) }
}

function fixObject(fix: ReportedFix, run: Run): Sarif.Fix {
  const paths = [...new Set(fix.edits.map((edit) => edit.path))]
  return {
    description: { text: fix.title },
    artifactChanges: paths.map((path) => ({
      artifactLocation: artifact(path),
      replacements: fix.edits
        .filter((edit) => edit.path === path)
        .map((edit) => ({ deletedRegion: region(edit, run, "whole"), insertedContent: { text: edit.text } })),
    })),
    properties: { applicability: fix.safety },
  }
}

function notificationObject({ level, message, path, line, kind }: Notification): Sarif.Notification {
  const physicalLocation =
    path === undefined ? undefined : { artifactLocation: artifact(path), ...(line === undefined ? {} : { region: { startLine: line } }) }
  return {
    descriptor: { id: kind },
    level: SARIF_LEVEL[level],
    message: { text: message },
    ...(physicalLocation ? { locations: [{ physicalLocation }] } : {}),
  }
}

/** `[text](target)` would be read as a link, and messages name things that strangers wrote. */
const plain = (message: string) => message.replaceAll("](", "\\](")

// ---------------------------------------------------------------------------- limits

/** In their own order, less the lightest where there are too many. */
function keepWeightiest(results: Reported[], most: number): Reported[] {
  if (results.length <= most) return results
  const weightiest = new Set([...results].sort((a, b) => RANK[a.level] - RANK[b.level]).slice(0, most))
  return results.filter((finding) => weightiest.has(finding))
}

const tooMany = (total: number, most: number): Notification => ({
  level: "warning",
  kind: "too-many-results",
  message: `${total} findings; the ${most} weightiest are listed, since GitHub accepts no more`,
})

/** The line hashes of a file, computed when it first has a finding. */
function hasher(run: Run): (path: string) => string[] | undefined {
  const known = new Map<string, string[] | undefined>()
  return (path) => {
    if (!known.has(path)) {
      const source = run.source(path)
      known.set(path, source === undefined ? undefined : lineHashes(source))
    }
    return known.get(path)
  }
}
