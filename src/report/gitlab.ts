/** GitLab Code Quality: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
import type { Level } from "#lint"
import { disarmedJson } from "./disarm.ts"
import type { Reported, Run } from "./report.ts"

type Severity = "info" | "minor" | "major" | "critical" | "blocker"
const SEVERITY: Record<Level, Severity> = { error: "major", warning: "minor", info: "info" }

/** One JSON array, empty when clean. Entries with equal fingerprints would collapse into one, so the finding's id serves. */
export function gitlab(run: Run): string {
  const entries = run.findings.map((finding) => ({
    description: finding.message,
    check_name: finding.rule,
    fingerprint: finding.id,
    severity: severityOf(finding),
    location: { path: finding.path.replace(/^(?:\.\/)+/, ""), lines: { begin: finding.range.start.line } },
  }))
  return disarmedJson(`${JSON.stringify(entries, undefined, 2)}\n`)
}

/** Errors that let strangers in weigh more than others. */
function severityOf({ rule, level, concern }: Reported): Severity {
  if (level !== "error") return SEVERITY[level]
  if (/^(?:secrets|auth)\//.test(rule)) return "blocker"
  return concern === "security" ? "critical" : "major"
}
