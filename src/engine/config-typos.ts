/** Configuration that is never read, because something in it is misspelt: it must not pass for obeyed. */
import { existsSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { distance } from "fastest-levenshtein"
import type { Notification } from "#report"
import { matcher } from "./files.ts"
import type { Problem } from "./problem.ts"
import type { Settings } from "./settings.ts"

/** `[tool.fastlnt]`: warnings for tables of a project's `pyproject.toml` that are nearly ours. */
export function misspeltTables(root: string, cwd: string): Problem[] {
  const path = join(root, "pyproject.toml")
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch {
    return []
  }
  const names = new Set(
    [...text.matchAll(/^\s*\[+\s*(tool\s*\.\s*)?["']?([\w-]+)["']?\s*(?=[.\]])/gm)].map(
      ([, tool, name]) => `${tool ? "tool." : ""}${name}`,
    ),
  )
  const shown = (relative(cwd, path) || path).replaceAll("\\", "/")
  return [...names]
    .filter(
      (name) =>
        name === "fastlint" ||
        (name.startsWith("tool.") && name !== "tool.fastlint" && distance(name.slice(5).toLowerCase(), "fastlint") <= MOST_SLIPS),
    )
    .map((name) => ({ severity: "warning", message: `[${name}] in ${shown} is not read: did you mean [tool.fastlint]?` }))
}

/** Two letters away is a slip, three may be another tool. */
const MOST_SLIPS = 2

/** Warnings for patterns and folders that match nothing of a project that was listed whole. */
export function deadPatternWarnings(root: string, settings: Settings, listed: readonly string[]): Notification[] {
  // A file above the project speaks of its neighbours, too.
  if (settings.prefix !== "" || settings.root !== root) return []
  const warn = (key: string, pattern: string): Notification => {
    const [, path, line] = /^(.*):(\d+)$/.exec(settings.origins.get(key) ?? "") ?? []
    const place = path === undefined ? {} : { path, line: Number(line) }
    return {
      level: "warning",
      kind: "configuration",
      message: `\`${pattern}\` in ${key.replace(/\[\d+\]$/, "")} matches nothing`,
      ...place,
    }
  }
  const dead = (patterns: readonly string[]) => patterns.filter((pattern) => !listed.some(matcher([pattern], settings.prefix)))
  const isSet = (key: string) => settings.origins.has(key)
  return [
    ...(isSet("src") ? settings.src.filter((folder) => !existsSync(join(settings.root, folder))).map((folder) => warn("src", folder)) : []),
    ...(isSet("include")
      ? dead(settings.include.filter((pattern) => !pattern.startsWith("**/*"))).map((pattern) => warn("include", pattern))
      : []),
    ...(isSet("tests.paths") ? dead(settings.tests.paths).map((pattern) => warn("tests.paths", pattern)) : []),
    // `extend-exclude` is not judged: what it names need not be Python, and may be there on some machines only.
    ...settings.perFileIgnores.flatMap(({ pattern }) =>
      dead([pattern]).map(() => ({
        ...warn(`per-file-ignores.${pattern}`, pattern),
        message: `\`${pattern}\` in per-file-ignores matches nothing`,
      })),
    ),
    ...settings.overrides.flatMap(({ files }, i) => dead(files).map((pattern) => warn(`overrides[${i}]`, pattern))),
  ]
}
