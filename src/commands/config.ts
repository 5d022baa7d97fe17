import { existsSync, realpathSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { configRows, loadConfig, projectRoot, selectable, shownPath } from "#engine"
import { rules } from "#rules"
import { misuse } from "./problems.ts"
import { type ConfigFlags, configRequest } from "./requests.ts"

/** `fastlint config`: each key, its value, and the place that set it. */
export function config(flags: ConfigFlags & { show?: string | boolean }): void {
  const cwd = process.cwd()
  const path = resolve(cwd, typeof flags.show === "string" ? flags.show : ".")
  if (!existsSync(path)) throw misuse(`no such file or folder: ${flags.show}`)
  const from = statSync(path).isDirectory() ? path : dirname(path)
  const { settings } = loadConfig(projectRoot(realpathSync(from), cwd), configRequest(flags), selectable(rules))
  const rows = configRows(settings)
  const width = Math.max(...rows.map((row) => `${row.key} = ${row.value}`.length))
  const file = settings.file === undefined ? "no configuration file" : shownPath(settings.file, cwd)
  process.stdout.write(
    `# ${file}\n${rows.map((row) => `${`${row.key} = ${row.value}`.padEnd(Math.min(width, 60))}  # ${row.origin}\n`).join("")}`,
  )
}
