import { CannotStart, describeRules, isProject, listFiles, OWN_FINDINGS, projectRoot, run } from "#engine"
import { nearest, select } from "#lint"
import { codeLines, disarmed, explainText, type FoundHere, precisionText, type RuleDescription } from "#report"
import { rules } from "#rules"
import { lookOf } from "./look.ts"
import { misuse } from "./problems.ts"
import { progress } from "./progress.ts"
import { runRequest } from "./requests.ts"

/** `fastlint explain RULE` */
export async function explain(name: string | undefined, flags: { all?: boolean; format: "text" | "json" | "md" }): Promise<void> {
  const list = chosen(name, flags.all ?? false)
  const look = lookOf(process.stdout)
  if (flags.format === "json") process.stdout.write(`${JSON.stringify(flags.all ? list : list[0], null, 2)}\n`)
  else if (flags.format === "md") process.stdout.write(list.map(page).join("\n"))
  else {
    const [only] = list.length === 1 ? list : []
    const here = only && (await foundHere(only.id))
    process.stdout.write(disarmed(list.map((rule) => explainText(rule, look, here)).join("\n")))
  }
}

/** A page of text should come at once: larger projects are left to `check`. */
const MOST_FILES = 1500

/** What the rule finds in the project that one stands in; nothing where there is none, or where it cannot be read. */
async function foundHere(rule: string): Promise<FoundHere | undefined> {
  const cwd = process.cwd()
  if (!isProject(projectRoot(cwd, cwd))) return undefined
  const steps = progress(process.stderr)
  try {
    const request = runRequest(["."], { select: [rule] })
    if (listFiles(request).length > MOST_FILES) return undefined
    const { findings } = await run({ ...request, onStep: steps.step }).finally(steps.done)
    const causes = new Map<string, number>()
    for (const { trace, path, range } of findings) {
      const cause = trace.at(-1) ?? { path, range }
      const place = `${cause.path}:${cause.range.start.line}`
      causes.set(place, (causes.get(place) ?? 0) + 1)
    }
    const routes = new Set(findings.flatMap((finding) => finding.routes)).size
    return { findings: findings.length, routes, causes: [...causes].sort(([, a], [, b]) => b - a).map(([place]) => place) }
  } catch (error) {
    if (error instanceof CannotStart) return undefined
    throw error
  }
}

function chosen(name: string | undefined, all: boolean): RuleDescription[] {
  const known = describeRules(rules, []).map(({ enabled: _, ...rule }) => rule)
  if (all) return known
  if (name === undefined) throw misuse("which rule? `fastlint rules` lists them", "fastlint explain RULE, or --all")
  const selection = select(name, [...rules, ...OWN_FINDINGS])
  if (selection.found) return [...known, ...own].filter((rule) => selection.ids.includes(rule.id))
  const near =
    selection.meant ??
    nearest(
      name,
      [...known, ...own].map((rule) => rule.id),
    )
  throw misuse(`unknown rule \`${name}\``, near ? `did you mean \`${near}\`?` : "fastlint rules lists all rules")
}

/** What fastlint itself has to say is no rule, and is explained like one. */
const own: RuleDescription[] = OWN_FINDINGS.map((finding) => ({ ...finding, docs: "", cwe: [], equivalents: [] }))

/** One rule as a page of Markdown. */
function page(rule: RuleDescription): string {
  const [example] = rule.examples ?? []
  const code = (text: string) => `\`\`\`python\n${codeLines(text).join("\n")}\n\`\`\``
  return [
    `# ${rule.id}`,
    `${rule.summary}. *${rule.concern}, ${rule.level}*`,
    rule.why.trim(),
    `**Fix:** ${rule.help}`,
    ...(example ? [`Bad:\n\n${code(example.bad)}`, `Good:\n\n${code(example.good)}`] : []),
    ...(rule.exemptions?.length ? [`Not reported:\n\n${rule.exemptions.map((line) => `- ${line}`).join("\n")}`] : []),
    ...(rule.equivalents.length ? [`Same idea elsewhere: ${rule.equivalents.join(", ")}`] : []),
    ...(rule.precision ? [`Measured: ${precisionText(rule.precision)}.`] : []),
    ...(rule.docs ? [`See ${rule.docs}`] : []),
  ]
    .join("\n\n")
    .concat("\n")
}
