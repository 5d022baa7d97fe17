import { resolve } from "node:path"
import type { ConfigRequest, RunRequest } from "#engine"
import { rules } from "#rules"
import { BUILD } from "#version"

/** Flags that every command that reads configuration has. */
export interface ConfigFlags {
  config?: string[]
  isolated?: boolean
  edition?: string
  /** A path; false for `--no-baseline`. */
  baseline?: string | boolean
}

export interface SelectionFlags {
  select?: string[]
  extendSelect?: string[]
  ignore?: string[]
  perFileIgnores?: Record<string, string[]>
  failOn?: "error" | "warning" | "info" | "never"
  forceExclude?: boolean
}

/** How files are read, which changes nothing in what is found. */
export interface ReadingFlags {
  /** False for `--no-cache`. */
  cache?: boolean
  cacheDir?: string
  jobs?: number
}

/** What the command line says about the configuration. */
export function configRequest(flags: ConfigFlags & SelectionFlags): ConfigRequest {
  const { edition, select, extendSelect, ignore, perFileIgnores, failOn, forceExclude, baseline } = flags
  return {
    cwd: process.cwd(),
    config: flags.config ?? [],
    ...(flags.isolated ? { isolated: true } : {}),
    flags: {
      ...(edition === undefined ? {} : { edition }),
      ...(select ? { select } : {}),
      ...(extendSelect ? { "extend-select": extendSelect } : {}),
      ...(ignore ? { ignore } : {}),
      ...(perFileIgnores ? { "per-file-ignores": perFileIgnores } : {}),
      ...(failOn ? { "fail-on": failOn } : {}),
      ...(forceExclude ? { "force-exclude": true } : {}),
      ...(typeof baseline === "string" ? { baseline } : {}),
    },
  }
}

/** What a run looks at, and what it compares with. */
export interface RunFlags {
  respectGitignore?: boolean
  allowEmpty?: boolean
  since?: string
  ignoreSuppressions?: boolean
}

/** A request to read and judge some paths. */
export function runRequest(paths: readonly string[], flags: ConfigFlags & SelectionFlags & ReadingFlags & RunFlags): RunRequest {
  return {
    ...configRequest(flags),
    paths: paths.length > 0 ? paths : ["."],
    rules,
    respectGitignore: flags.respectGitignore ?? true,
    allowEmpty: flags.allowEmpty ?? false,
    ...cacheRequest(flags),
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    ...(flags.since === undefined ? {} : { since: flags.since }),
    ...(flags.baseline === false ? { noBaseline: true } : {}),
    ...(flags.ignoreSuppressions ? { ignoreSuppressions: true } : {}),
    today: new Date().toISOString().slice(0, 10),
  }
}

/** Where to keep what was read. Sources that are run directly keep nothing, because they change without a new name. */
function cacheRequest({ cache, cacheDir }: ReadingFlags): Pick<RunRequest, "cache"> {
  if (cache === false || BUILD === undefined) return {}
  const folder = cacheDir ?? (process.env.FASTLINT_CACHE_DIR || undefined)
  return { cache: { build: BUILD, ...(folder === undefined ? {} : { folder: resolve(folder) }) } }
}
