import { existsSync } from "node:fs"
import { type Change, type Checked, ignoringChanges, isNamed, type Refusal, type RunRequest, run, type Settled, write } from "#engine"
import { byRule, countedRules, disarmed, hang, oneLine, visible } from "#report"
import { crashText } from "./crashes.ts"
import { lookOf } from "./look.ts"
import { misuse } from "./problems.ts"

/** Where nobody gives one: the comments can be found again, and `suppression-without-reason` need not ask for them. */
const NO_REASON = "TODO: reason"

/**
 * `fastlint check --add-ignore[=REASON]`: writes a comment above all that is found. Security problems are ignored for a
 * given reason only. A file is written as it was if its comments do not silence what they were written for. Gives back
 * the exit code.
 */
export async function addIgnores(request: RunRequest, checked: Checked, given: string | true): Promise<number> {
  const reason = reasonOf(given)
  const plans = await Promise.all(
    checked.projects.map(async (project) => {
      const shown = project.analysis.findings.filter((one) => isNamed(one.verdict.at.path, project.named) && !project.compared.isKnown(one))
      const grave =
        given === true ? new Set(project.findings.filter(({ concern }) => concern === "security").map(({ id }) => id)) : undefined
      const wanted = shown.filter(({ fingerprint }) => !grave?.has(fingerprint))
      const plan = await ignoringChanges(project, wanted, reason)
      return { ...plan, grave: shown.filter(({ fingerprint }) => grave?.has(fingerprint)), placeOf: placesIn(project) }
    }),
  )
  const refused: Refusal[] = plans.flatMap((plan) => plan.refused)
  const written = plans
    .flatMap((plan) => plan.changes)
    .filter((change) => {
      const refusal = write(change)
      if (refusal) refused.push(refusal)
      return !refusal
    })
  const useless = written.length > 0 ? await withoutEffect(request, written) : []
  for (const change of useless) {
    write({ ...change, before: change.after, after: change.before })
    refused.push({ path: change.path, why: "a comment did not silence its finding, and was taken back" })
  }
  const ignored = written.filter((change) => !useless.includes(change))
  print([
    ...ignoredText(ignored),
    ...(given === true && ignored.length > 0
      ? [`Write the reasons: they begin with ${NO_REASON.slice(0, NO_REASON.indexOf(":") + 1)}`]
      : []),
    ...plans.flatMap(({ left, placeOf }) =>
      left.map((one) => `not ignored: ${placeOf(one)}  ${one.verdict.rule}: no comment can stand above it`),
    ),
    ...graveText(plans.flatMap(({ grave }) => grave)),
    ...refused.map(({ path, why }) => `not ignored: ${path}: ${why}`),
  ])
  process.stderr.write(
    disarmed(
      crashText(checked)
        .map((line) => `${line}\n`)
        .join(""),
    ),
  )
  if (checked.isIncomplete) return 3
  return refused.length > 0 || plans.some(({ left, grave }) => left.length + grave.length > 0) ? 1 : 0
}

function reasonOf(given: string | true): string {
  if (given === true) return NO_REASON
  const reason = oneLine(given)
  if (existsSync(given)) throw misuse(`--add-ignore takes \`${given}\` for the reason`, `--add-ignore="the reason" ${given}`)
  if (!/\p{L}/u.test(reason)) throw misuse("--add-ignore wants a reason in words", '--add-ignore="goes away with the old client"')
  if (reason.includes("#")) throw misuse("a reason ends at `#`, where the next comment begins", '--add-ignore="ticket 12"')
  return reason
}

/** Changes after which a finding is still there that they were made for. */
async function withoutEffect(request: RunRequest, written: readonly Change[]): Promise<Change[]> {
  const { projects } = await run({ ...request, ignoreSuppressions: false })
  const left = new Set(projects.flatMap(({ analysis }) => analysis.findings.map(({ fingerprint }) => fingerprint)))
  return written.filter(({ repaired }) => repaired.some(({ fingerprint }) => left.has(fingerprint)))
}

const placesIn =
  ({ shown, reporter }: Checked["projects"][number]) =>
  ({ verdict: { at } }: Settled): string =>
    `${shown(at.path)}:${reporter.line(at)}`

function ignoredText(changes: readonly Change[]): string[] {
  const rules = changes.flatMap(({ repaired }) => repaired.map(({ rule }) => rule))
  if (rules.length === 0) return ["Nothing was ignored"]
  const files = changes.length === 1 ? "1 file" : `${changes.length} files`
  return [
    `Ignored ${rules.length === 1 ? "1 problem" : `${rules.length} problems`} in ${files}`,
    ...hang("  ", byRule(countedRules(rules)), lookOf(process.stdout).width),
  ]
}

function graveText(grave: readonly Settled[]): string[] {
  if (grave.length === 0) return []
  const [problems, them] = grave.length === 1 ? ["1 security problem", "it"] : [`${grave.length} security problems`, "them"]
  return [
    `Not ignored: ${problems} (${byRule(countedRules(grave.map(({ verdict }) => verdict.rule)))}). Fix ${them}, or say why: --add-ignore="the reason"`,
  ]
}

const print = (lines: readonly string[]): void => void process.stdout.write(disarmed(lines.map((line) => `${visible(line)}\n`).join("")))
