/** Rules as SARIF describes them, with all their texts: GitHub shows them beside an alert. */
import type * as Sarif from "sarif"
import type { Level } from "#lint"
import { firstSentence } from "./phrases.ts"
import { precisionText } from "./precision.ts"
import type { RuleDescription } from "./report.ts"
import { codeLines } from "./rules.ts"

const LONGEST_TEXT = 1024
const SECURITY_SECTIONS = new Set(["security", "auth", "secrets", "sql"])
/** GitHub's own bounds: 7.0 and more is "high", 4.0 and more "medium". */
const SECURITY_SEVERITY: Record<Level, string> = { error: "8.0", warning: "5.5", info: "3.0" }
const PROBLEM_SEVERITY: Record<Level, string> = { error: "error", warning: "warning", info: "recommendation" }
/** Errors are only said of what is proved. */
const PRECISION: Record<Level, string> = { error: "very-high", warning: "high", info: "medium" }

export function descriptor(rule: RuleDescription, hasTrace: boolean): Sarif.ReportingDescriptor {
  const [section = "", name = rule.id] = rule.id.split("/")
  const isSecurity = SECURITY_SECTIONS.has(section) || rule.concern === "security"
  return {
    id: rule.id,
    name,
    shortDescription: { text: short(rule.summary) },
    fullDescription: { text: short(rule.why) },
    help: { text: `${rule.why.trim()}\n\n${rule.help}`, markdown: markdown(rule) },
    ...(rule.docs === "" ? {} : { helpUri: rule.docs }),
    defaultConfiguration: { level: rule.level === "info" ? "note" : rule.level },
    properties: {
      tags: [
        ...new Set([
          section,
          rule.concern,
          ...(isSecurity ? ["security"] : []),
          ...rule.cwe.map((cwe) => `external/cwe/${cwe.toLowerCase()}`),
        ]),
      ].slice(0, 20),
      precision: PRECISION[rule.level],
      ...(isSecurity ? { "security-severity": SECURITY_SEVERITY[rule.level] } : { "problem.severity": PROBLEM_SEVERITY[rule.level] }),
      kind: hasTrace ? "path-problem" : "problem",
    },
  }
}

/** Within GitHub's limit: whole if it fits, else its first sentence. */
function short(text: string): string {
  const plain = text.trim().replace(/\s+/g, " ")
  return plain.length <= LONGEST_TEXT ? plain : firstSentence(plain).slice(0, LONGEST_TEXT)
}

/** The rule's page: why, what to do, one bad and one good example. */
function markdown(rule: RuleDescription): string {
  const example = rule.examples?.[0]
  const code = (title: string, text: string) => `### ${title}\n\n\`\`\`python\n${codeLines(text).join("\n")}\n\`\`\``
  const parts = [
    rule.why.trim(),
    `**What to do:** ${rule.help}`,
    ...(example ? [code("Bad", example.bad), code("Good", example.good)] : []),
    ...(rule.equivalents.length > 0 ? [`Said by other linters as ${rule.equivalents.map((code) => `\`${code}\``).join(", ")}.`] : []),
    ...(rule.precision ? [`Measured: ${precisionText(rule.precision)}.`] : []),
    ...(rule.docs === "" ? [] : [`[Documentation](${rule.docs})`]),
  ]
  return parts.join("\n\n")
}
