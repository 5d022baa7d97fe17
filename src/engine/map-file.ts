import {
  type OnStep,
  type OptionsByRule,
  type Rule,
  type RuleCrash,
  readSuppressions,
  runFileRules,
  type Suppression,
  type Verdict,
} from "#lint"
import { decode, distil, type ModuleFacts, type PyFile, readFile, type SyntaxProblem } from "#python"

/** All that is kept of one file: plain data that holds nothing of another file. */
export interface FileRecord {
  path: string
  /** Empty for a file that is no text. */
  text: string
  facts?: ModuleFacts
  suppressions: Suppression[]
  /** What file rules found, and what keeps the file from being read. */
  findings: Verdict[]
  /** What rules with notes left, by rule id. */
  notes: Record<string, unknown>
  crashes: RuleCrash[]
}

/**
 * Reads one file: the first of the three steps (map, link, check). The result depends on the path, the bytes, the
 * rules and their options, and on nothing else, so it may be made in any thread and kept for the next run.
 */
export function mapFile(path: string, bytes: Uint8Array, rules: readonly Rule[], options: OptionsByRule, onStep?: OnStep): FileRecord {
  const record: FileRecord = { path, text: "", suppressions: [], findings: [], notes: {}, crashes: [] }
  onStep?.("decode")
  const decoded = decode(bytes)
  if ("undecodable" in decoded) {
    record.findings.push({
      rule: "undecodable-file",
      at: { path, start: 0, end: 0 },
      message: `Python cannot read this file: ${decoded.undecodable}`,
      scope: "",
    })
    return record
  }
  record.text = decoded.text
  try {
    const file = readFile(path, decoded.text, onStep)
    onStep?.("distil")
    if (file.problems.length > 0 && isTemplate(decoded.text)) return { ...record, facts: distil(file) }
    record.facts = distil(file)
    onStep?.("file rules")
    record.suppressions = readSuppressions(file)
    record.findings.push(...syntaxFindings(file))
    const judged = runFileRules(file, rules, options, onStep)
    record.findings.push(...judged.findings)
    record.notes = judged.notes
    record.crashes.push(...judged.crashes)
  } catch (error) {
    record.crashes.push({ rule: READING, path, error })
  }
  return record
}

/**
 * Text that becomes Python only when a generator (Jinja, cookiecutter, copier) has filled it in: nobody imports it,
 * so it breaks nothing by not being Python.
 */
const isTemplate = (text: string): boolean => /\{%[-+~]?\s*\w[^%]*%\}|^[ \t]*(?:(?:from|import|class|def|async def)\b|@).*\{\{/m.test(text)

/** Stands for a rule where reading a file itself broke. */
export const READING = "reading"

/** How many further problems of a broken file are shown beside the first: most of them follow from it. */
const SHOWN_PROBLEMS = 3

/** One finding for a file that does not parse, at its first problem. */
function syntaxFindings({ path, problems }: Pick<PyFile, "path" | "problems">): Verdict[] {
  const [first, ...others] = problems.toSorted((a, b) => a.start - b.start)
  if (!first) return []
  const at = (problem: SyntaxProblem) => ({ path, start: problem.start, end: problem.end })
  return [
    {
      rule: "syntax-error",
      at: at(first),
      message: `Python cannot read this file: ${first.message}`,
      related: others.slice(0, SHOWN_PROBLEMS).map((problem) => ({ at: at(problem), message: problem.message })),
      scope: "",
    },
  ]
}
