import { existsSync, realpathSync } from "node:fs"
import { relative, resolve } from "node:path"
import { run, whyOf } from "#engine"
import { disarmedJson, whyText } from "#report"
import { lookOf } from "./look.ts"
import { misuse } from "./problems.ts"
import { type ConfigFlags, runRequest } from "./requests.ts"

export interface WhyFlags extends ConfigFlags {
  format: "text" | "json"
  showAll?: boolean
}

/** `fastlint why FILE:LINE`: what fastlint knows there, what it found, and what decided about it. */
export async function why(place: string, flags: WhyFlags): Promise<void> {
  const [, file, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(place) ?? []
  if (file === undefined || line === undefined) throw misuse(`which line? \`${place}\` names none`, "fastlint why app/main.py:12")
  if (!existsSync(file)) throw misuse(`no such file: ${file}`)
  const checked = await run({ ...runRequest([file], flags), allowEmpty: true })
  for (const project of checked.projects) {
    const path = relative(project.root, realpathSync(resolve(file))).replaceAll("\\", "/")
    const known = whyOf(project, { path, line: Number(line), rules: runRequest([], flags).rules })
    if (!known) continue
    if (flags.format === "json") process.stdout.write(disarmedJson(`${JSON.stringify({ schemaVersion: 1, ...known }, null, 2)}\n`))
    else process.stdout.write(whyText(known, checked.source(known.path), lookOf(process.stdout), flags.showAll))
    return
  }
  throw misuse(`fastlint did not read ${file}:${line}`, "the file has fewer lines, is no Python, or is excluded")
}
