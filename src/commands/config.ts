import { existsSync, realpathSync, statSync } from "node:fs"
import { dirname, relative, resolve } from "node:path"
import { configJsonSchema, configRows, levelRows, loadConfig, projectRoot, selectable, shownPath } from "#engine"
import { disarmed, visible } from "#report"
import { rules } from "#rules"
import { misuse } from "./problems.ts"
import { type ConfigFlags, configRequest, type SelectionFlags } from "./requests.ts"

/** `fastlint config`: each key, its value, and the place that set it; for a file also the levels that hold in it alone. */
export function config(flags: ConfigFlags & { show?: string | boolean; schema?: boolean }): void {
  if (flags.schema) {
    process.stdout.write(`${JSON.stringify(configJsonSchema(rules), null, 2)}\n`)
    return
  }
  process.stdout.write(settingsText(typeof flags.show === "string" ? flags.show : ".", flags))
}

/** Every setting that holds for a file or folder, one a line, with the place that set it. */
export function settingsText(named: string, flags: ConfigFlags & SelectionFlags): string {
  const cwd = process.cwd()
  const path = resolve(cwd, named)
  if (!existsSync(path)) throw misuse(`no such file or folder: ${named}`)
  const from = statSync(path).isDirectory() ? path : dirname(path)
  const root = projectRoot(realpathSync(from), cwd)
  const known = selectable(rules)
  const { settings } = loadConfig(root, configRequest(flags), known)
  const inFile = from === path ? [] : levelRows(settings, known, relative(root, realpathSync(path)).replaceAll("\\", "/"))
  const rows = [...configRows(settings), ...inFile]
  const width = Math.max(...rows.map((row) => `${row.key} = ${row.value}`.length))
  const file = settings.file === undefined ? "no configuration file" : shownPath(settings.file, cwd)
  const lines = rows.map((row) => `${`${row.key} = ${row.value}`.padEnd(Math.min(width, 60))}  # ${row.origin}`)
  return disarmed([`# ${file}`, ...lines].map((line) => `${visible(line)}\n`).join(""))
}
