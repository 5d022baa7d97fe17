import { existsSync, realpathSync } from "node:fs"
import { resolve } from "node:path"
import { CannotStart, newConfig, projectRoot, run, shownPath, writeConfig } from "#engine"
import { disarmed } from "#report"
import { misuse } from "./problems.ts"
import { runRequest } from "./requests.ts"

/** `fastlint config init`: a commented configuration in `pyproject.toml`, or in a `fastlint.toml` where there is none. */
export async function configInit(path: string, { dryRun }: { dryRun?: boolean }): Promise<void> {
  const cwd = process.cwd()
  if (!existsSync(resolve(cwd, path))) throw misuse(`no such file or folder: ${path}`)
  const root = projectRoot(realpathSync(resolve(cwd, path)), cwd)
  const shown = (file: string) => shownPath(file, realpathSync(cwd))
  const config = newConfig(root, await appsOf(path), shown)
  if (dryRun) {
    process.stdout.write(disarmed(`${config.added}`))
    process.stderr.write(`fastlint: this would be added to ${shown(config.path)}; nothing was written\n`)
    return
  }
  writeConfig(config)
  process.stdout.write(
    disarmed(
      `Wrote ${shown(config.path)}\n  fastlint check             what is found now\n  fastlint baseline create   begin with that as known, so that only new problems fail\n`,
    ),
  )
}

/** The names of the applications that are found; a project that cannot be read yet may be configured all the same. */
async function appsOf(path: string): Promise<string[]> {
  try {
    const { projects } = await run({ ...runRequest([path], {}), isModelOnly: true, allowEmpty: true })
    return projects.flatMap(({ analysis }) => analysis.project.apps.flatMap(({ name }) => name ?? []))
  } catch (error) {
    if (error instanceof CannotStart) return []
    throw error
  }
}
