import { watch as watchFiles } from "chokidar"
import { CannotStart, type Checked, type RunRequest, run } from "#engine"
import type { Format } from "#report"
import { lookOf } from "./look.ts"
import { render } from "./output.ts"
import { cannotStartText } from "./problems.ts"

/** How long files must be quiet before a new run: an editor that saves all writes many at once. */
const QUIET_MS = 150

/**
 * `fastlint check --watch`: one line before and one after every run, by which editors know where a run begins and
 * ends (`.vscode/tasks.json`); no colours and no clearing of the screen, because a program reads this.
 */
export async function watch(request: RunRequest, format: Format): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let isRunning = true
  let isStale = false
  const watcher = watchFiles([...request.paths], { cwd: request.cwd, ignoreInitial: true, ignored: (path) => IGNORED.test(path) })
  const check = async () => {
    isRunning = true
    do {
      isStale = false
      const checked = await once(request, format)
      // A named folder belongs to a project, and any of its files may change what is found.
      watcher.add(checked?.projects.map((project) => project.root) ?? [])
    } while (isStale)
    isRunning = false
  }
  watcher.on("all", (_, path) => {
    if (!READ.test(path)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (isRunning) isStale = true
      else void check()
    }, QUIET_MS)
  })
  // A change between the first run and the watch would be lost: watch first.
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()))
  await check()
  await new Promise<void>((resolve) => process.once("SIGINT", () => resolve()))
  await watcher.close()
  process.exitCode = 130
}

const IGNORED = /(^|[/\\])(\.git|node_modules|\.venv|venv|__pycache__|\.fastlint_cache)([/\\]|$)/
/** What a run reads: code, configuration, and what pins versions. */
const READ = /(\.pyi?|\.toml|\.lock|requirements[^/\\]*\.txt)$/

/** One run between its two lines. A configuration that cannot be read is told, and the watch goes on. */
async function once(request: RunRequest, format: Format): Promise<Checked | undefined> {
  process.stdout.write(`[fastlint] checking ${request.paths.join(" ")}…\n`)
  try {
    const checked = await run({ ...request, allowEmpty: true })
    const { errors, warnings } = checked.summary
    process.stdout.write(render(checked, { format }, { exitCode: 0, durationMs: 0 }))
    const files = new Set(checked.findings.map((finding) => finding.path)).size
    process.stdout.write(
      `[fastlint] ${checked.findings.length} problems (${errors} errors, ${warnings} warnings) in ${files} files, watching for changes\n`,
    )
    return checked
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error
    process.stderr.write(cannotStartText(error.problems, lookOf(process.stderr)))
    process.stdout.write("[fastlint] 1 problem (1 errors, 0 warnings) in 0 files, watching for changes\n")
    return undefined
  }
}
