import type { ConfigRequest, RunRequest } from "#engine"
import { rules } from "#rules"

/** Flags that every command that reads configuration has. */
export interface ConfigFlags {
  config?: string[]
  isolated?: boolean
  /** A path; false for `--no-baseline`. */
  baseline?: string | boolean
}

export interface SelectionFlags {
  select?: string[]
  extendSelect?: string[]
  ignore?: string[]
  failOn?: "error" | "warning" | "info" | "never"
  forceExclude?: boolean
}

/** What the command line says about the configuration. */
export function configRequest(flags: ConfigFlags & SelectionFlags): ConfigRequest {
  const { select, extendSelect, ignore, failOn, forceExclude, baseline } = flags
  return {
    cwd: process.cwd(),
    config: flags.config ?? [],
    ...(flags.isolated ? { isolated: true } : {}),
    flags: {
      ...(select ? { select } : {}),
      ...(extendSelect ? { "extend-select": extendSelect } : {}),
      ...(ignore ? { ignore } : {}),
      ...(failOn ? { "fail-on": failOn } : {}),
      ...(forceExclude ? { "force-exclude": true } : {}),
      ...(typeof baseline === "string" ? { baseline } : {}),
    },
  }
}

/** A request to read and judge some paths. */
export function runRequest(
  paths: readonly string[],
  flags: ConfigFlags & SelectionFlags & { respectGitignore?: boolean; allowEmpty?: boolean; since?: string },
): RunRequest {
  return {
    ...configRequest(flags),
    paths: paths.length > 0 ? paths : ["."],
    rules,
    respectGitignore: flags.respectGitignore ?? true,
    allowEmpty: flags.allowEmpty ?? false,
    ...(flags.since === undefined ? {} : { since: flags.since }),
    ...(flags.baseline === false ? { noBaseline: true } : {}),
    today: new Date().toISOString().slice(0, 10),
  }
}
