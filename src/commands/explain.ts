import { describeRules, OWN_FINDINGS } from "#engine"
import { nearest, select } from "#lint"
import { codeLines, explainText, type RuleDescription } from "#report"
import { rules } from "#rules"
import { lookOf } from "./look.ts"
import { misuse } from "./problems.ts"

/** `fastlint explain RULE` */
export function explain(name: string | undefined, flags: { all?: boolean; format: "text" | "json" | "md" }): void {
  const list = chosen(name, flags.all ?? false)
  const look = lookOf(process.stdout)
  if (flags.format === "json") process.stdout.write(`${JSON.stringify(flags.all ? list : list[0], null, 2)}\n`)
  else process.stdout.write(list.map((rule) => (flags.format === "md" ? page(rule) : explainText(rule, look))).join("\n"))
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
    ...(rule.docs ? [`See ${rule.docs}`] : []),
  ]
    .join("\n\n")
    .concat("\n")
}
