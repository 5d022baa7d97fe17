import { readFileSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { projectName, run } from "#engine"
import { disarmed } from "#report"
import { checkTargets, writeReport } from "../output.ts"
import { type ConfigFlags, runRequest } from "../requests.ts"
import { memoryPage } from "./page.ts"

export interface MemoryFlags extends ConfigFlags {
  output?: string
  check?: boolean
  allowEmpty?: boolean
}

/** `fastlint memory`: writes `MEMORY.md`, or says whether it still holds. */
export async function memory(path: string, flags: MemoryFlags): Promise<void> {
  checkTargets(flags.output === undefined ? [] : [{ path: flags.output }])
  const checked = await run({ ...runRequest([path], flags), isModelOnly: true })
  const [project] = checked.projects
  if (!project) return
  const page = disarmed(memoryPage(project, projectName(project.root) ?? "this project"))
  if (checked.isIncomplete) {
    for (const { level, path: file, message } of checked.notifications)
      process.stderr.write(disarmed(`${level}: ${file ?? "."}: ${message}\n`))
    process.stderr.write("error: this run is incomplete, so nothing was written\n")
    process.exitCode = 3
    return
  }
  if (flags.output === "-") {
    process.stdout.write(page)
    return
  }
  const target = flags.output === undefined ? join(project.root, "MEMORY.md") : resolve(process.cwd(), flags.output)
  const shown = (relative(process.cwd(), target) || target).replaceAll("\\", "/")
  const before = textOf(target)
  if (flags.check) {
    if (before === page) return
    process.stderr.write(
      disarmed(`${shown} ${before === undefined ? "is not there" : "is not what the code says any more"}: fastlint memory\n`),
    )
    process.exitCode = 1
    return
  }
  if (before !== page) writeReport(target, page)
  process.stdout.write(disarmed(`${before === page ? "Nothing new for" : "Wrote"} ${shown}: ${page.split("\n").length - 1} lines\n`))
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replaceAll("\r\n", "\n")
  } catch {
    return undefined
  }
}
