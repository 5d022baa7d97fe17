import { existsSync, realpathSync, statSync } from "node:fs"
import { dirname, relative, resolve } from "node:path"
import { configJsonSchema, configRows, levelRows, loadConfig, projectRoot, selectable, shownPath } from "#engine"
import { rules } from "#rules"
import { misuse } from "./problems.ts"
import { type ConfigFlags, configRequest } from "./requests.ts"

/** `fastlint config`: each key, its value, and the place that set it; for a file also the levels that hold in it alone. */
export function config(flags: ConfigFlags & { show?: string | boolean; schema?: boolean }): void {
  if (flags.schema) {
    process.stdout.write(`${JSON.stringify(configJsonSchema(rules), null, 2)}\n`)
    return
  }
  const cwd = process.cwd()
  const path = resolve(cwd, typeof flags.show === "string" ? flags.show : ".")
  if (!existsSync(path)) throw misuse(`no such file or folder: ${flags.show}`)
  const from = statSync(path).isDirectory() ? path : dirname(path)
  const root = projectRoot(realpathSync(from), cwd)
  const known = selectable(rules)
  const { settings } = loadConfig(root, configRequest(flags), known)
  const inFile = from === path ? [] : levelRows(settings, known, relative(root, realpathSync(path)).replaceAll("\\", "/"))
  const rows = [...configRows(settings), ...inFile]
  const width = Math.max(...rows.map((row) => `${row.key} = ${row.value}`.length))
  const file = settings.file === undefined ? "no configuration file" : shownPath(settings.file, cwd)
  process.stdout.write(
    `# ${file}\n${rows.map((row) => `${`${row.key} = ${row.value}`.padEnd(Math.min(width, 60))}  # ${row.origin}\n`).join("")}`,
  )
}
