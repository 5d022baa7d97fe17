/**
 * JUnit XML, for the test tabs of GitLab, Jenkins and Azure: a suite per file, a failed case per finding. Nobody wrote
 * the format down; these are the elements and attributes that all three read. Lines only: a test has no column.
 */
import XMLBuilder from "fast-xml-builder"
import { disarmedXml } from "./disarm.ts"
import { isComplete } from "./ending.ts"
import { placeText, traceLines } from "./phrases.ts"
import type { Notification, Reported, Run } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

/** Attributes begin with `@`, as the builder is told; `#text` is what an element holds. */
type Element = Record<string, unknown>

export interface Suite {
  name: string
  cases: Element[]
  failures: number
  errors: number
  skipped?: number
}

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", format: true, suppressEmptyNode: true })

/** A clean run is one case that passed, since an empty report counts as a broken one. */
export function junit(run: Run): string {
  const suites = [...fileSuites(run.findings), ...runSuite(run)]
  return disarmedXml(document(run.tool.name, suites, run.summary.durationMs))
}

/** All suites in one document, with their sums. */
export function document(name: string, suites: readonly Suite[], durationMs: number): string {
  const sum = (count: (suite: Suite) => number) => suites.reduce((total, suite) => total + count(suite), 0)
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": name,
      "@tests": sum(({ cases }) => cases.length),
      "@failures": sum(({ failures }) => failures),
      "@errors": sum(({ errors }) => errors),
      "@time": (durationMs / 1000).toFixed(3),
      testsuite: suites.map(({ name, cases, failures, errors, skipped = 0 }) => ({
        "@name": name,
        "@tests": cases.length,
        "@failures": failures,
        "@errors": errors,
        "@skipped": skipped,
        "@time": "0",
        testcase: cases,
      })),
    },
  })
}

function fileSuites(findings: readonly Reported[]): Suite[] {
  const byPath = new Map<string, Reported[]>()
  for (const finding of findings) {
    const found = byPath.get(finding.path)
    if (found) found.push(finding)
    else byPath.set(finding.path, [finding])
  }
  return [...byPath].map(([path, found]) => ({
    name: legal(visible(path)),
    cases: casesOf(found),
    failures: found.length,
    errors: 0,
  }))
}

function casesOf(found: Reported[]): Element[] {
  const nameOf = uniqueNames()
  return found.map((finding) => failedCase(finding, nameOf))
}

function failedCase(finding: Reported, nameOf: (name: string) => string): Element {
  const path = legal(visible(finding.path))
  const message = legal(oneLine(finding.message))
  const help = finding.help === "" ? [] : [oneLine(finding.help)]
  const text = [`${placeText(finding)}: ${finding.level}: ${message} [${finding.rule}]`, ...traceLines(finding), ...help]
  return {
    "@name": nameOf(`${finding.rule}: ${message}`),
    "@classname": path,
    "@file": path,
    "@line": finding.range.start.line,
    "@time": "0",
    failure: { "@message": message, "@type": finding.level, "#text": legal(text.join("\n")) },
  }
}

/** What concerns the run itself: its own failures, or that there is nothing to tell. */
function runSuite({ tool, findings, notifications, summary }: Run): Suite[] {
  const failed = notifications.filter(({ level }) => level === "error").map(brokenCase)
  if (failed.length === 0 && !isComplete(summary))
    failed.push(brokenCase({ level: "error", kind: "incomplete", message: "this run is incomplete" }))
  if (failed.length > 0) return [{ name: tool.name, cases: failed, failures: 0, errors: failed.length }]
  if (findings.length > 0) return []
  return [{ name: tool.name, cases: [{ "@name": "no problems", "@classname": tool.name, "@time": "0" }], failures: 0, errors: 0 }]
}

function brokenCase({ message, kind, path }: Notification): Element {
  const text = legal(oneLine(path === undefined ? message : `${path}: ${message}`))
  return { "@name": text, "@classname": kind, "@time": "0", error: { "@message": text, "@type": kind } }
}

/** Servers tell cases apart by their names, and names without lines outlive an edit. */
export function uniqueNames(): (name: string) => string {
  const seen = new Map<string, number>()
  return (name) => {
    const ordinal = (seen.get(name) ?? 0) + 1
    seen.set(name, ordinal)
    return ordinal === 1 ? name : `${name} (${ordinal})`
  }
}

/** Without what XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets), which the builder does not look for. */
export function legal(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
}
