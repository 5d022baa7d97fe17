import { describeRules, loadConfig, selectable, selectionOf } from "#engine"
import { type RuleDescription, rulesText } from "#report"
import { rules as all } from "#rules"
import { lookOf } from "./look.ts"
import { type ConfigFlags, configRequest } from "./requests.ts"

/** Every rule, with its level under the configuration found from here. */
export function described(flags: ConfigFlags): RuleDescription[] {
  const known = selectable(all)
  const { settings } = loadConfig(process.cwd(), configRequest(flags), known)
  return describeRules(all, [selectionOf(settings, known)])
}

/** `fastlint rules` */
export function rules(flags: ConfigFlags & { format: "text" | "json" | "md" }): void {
  const list = described(flags)
  process.stdout.write(
    flags.format === "json"
      ? `${JSON.stringify(list, null, 2)}\n`
      : flags.format === "md"
        ? markdown(list)
        : rulesText(list, lookOf(process.stdout)),
  )
}

function markdown(list: readonly RuleDescription[]): string {
  const rows = list.map(
    ({ id, level, enabled, concern, summary, docs }) =>
      `| [${id}](${docs}) | ${enabled === false ? "off" : level} | ${concern} | ${summary.replaceAll("|", "\\|")} |`,
  )
  return `| Rule | Level | Concern | What it finds |\n| -- | -- | -- | -- |\n${rows.map((row) => `${row}\n`).join("")}`
}
