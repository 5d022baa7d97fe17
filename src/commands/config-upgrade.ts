import { existsSync, realpathSync } from "node:fs"
import { resolve } from "node:path"
import { createTwoFilesPatch } from "diff"
import { CannotStart, loadConfig, NEWEST, projectRoot, run, selectable, shownPath, type Upgrade, upgradeOf, writeUpgrade } from "#engine"
import { byRule, countedRules, disarmed, hang, visible } from "#report"
import { rules } from "#rules"
import { lookOf } from "./look.ts"
import { misuse } from "./problems.ts"
import { progress } from "./progress.ts"
import { type ConfigFlags, configRequest, runRequest } from "./requests.ts"

/** `fastlint config upgrade`: what this version would have the configuration say, and what it then finds that was not found before. */
export async function configUpgrade(path: string, { dryRun, ...flags }: ConfigFlags & { dryRun?: boolean }): Promise<void> {
  const cwd = process.cwd()
  if (!existsSync(resolve(cwd, path))) throw misuse(`no such file or folder: ${path}`)
  const root = projectRoot(realpathSync(resolve(cwd, path)), cwd)
  const { settings } = loadConfig(root, { ...configRequest(flags), anyVersion: true }, selectable(rules))
  if (settings.file === undefined) throw misuse("nothing configures fastlint here", "fastlint config init")
  const upgrade = upgradeOf(settings.file, selectable(rules))
  const shown = visible(shownPath(upgrade.path, realpathSync(cwd)))
  if (upgrade.changes.length === 0) {
    process.stdout.write(disarmed(`${shown} is up to date: edition ${NEWEST}\n`))
    return
  }
  const added = settings.edition === undefined || settings.edition === NEWEST ? [] : await addedRules(path, flags, settings.edition)
  if (dryRun) {
    process.stdout.write(disarmed(patchOf(upgrade, shown)))
    process.exitCode = 1
  } else writeUpgrade(upgrade)
  const head = dryRun ? `${shown} would change, and was not written` : `Wrote ${shown}`
  process.stdout.write(
    disarmed([head, ...upgrade.changes.map((one) => `  ${visible(one)}`), ...addedText(added)].map((line) => `${line}\n`).join("")),
  )
}

const patchOf = ({ before, after }: Upgrade, shown: string): string =>
  // Shown, and not applied: the command itself writes.
  `${createTwoFilesPatch(`a/${shown}`, `b/${shown}`, before, after, undefined, undefined, { context: 3 })
    .replace(/^=+\n/, "")
    .split("\n")
    .map((line) => visible(line.replace(/\r$/, "")))
    .join("\n")}\n`

/** The rule of each finding that the newest edition has more than this one; nothing where the project cannot be read. */
async function addedRules(path: string, flags: ConfigFlags, edition: string): Promise<string[]> {
  const steps = progress(process.stderr)
  const found = async (one: string) => {
    const request = { ...runRequest([path], { ...flags, edition: one }), anyVersion: true, allowEmpty: true, onStep: steps.step }
    return (await run(request)).findings
  }
  try {
    const before = new Set((await found(edition)).map(({ id }) => id))
    return (await found(NEWEST)).filter(({ id }) => !before.has(id)).map(({ rule }) => rule)
  } catch (error) {
    if (error instanceof CannotStart) return []
    throw error
  } finally {
    steps.done()
  }
}

function addedText(added: readonly string[]): string[] {
  if (added.length === 0) return []
  const problems = added.length === 1 ? "1 problem" : `${added.length} problems`
  return [
    ...hang("", `Edition ${NEWEST} finds ${problems} more: ${byRule(countedRules(added))}`, lookOf(process.stdout).width),
    "  fastlint baseline create   begin with them as known, so that only new problems fail",
  ]
}
