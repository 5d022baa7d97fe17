import type { Problem } from "./problem.ts"
import type { CheckedProject } from "./run.ts"
import { ALWAYS_ON } from "./selectors.ts"

const ON_PURPOSE: [string, string] = ["help", "nothing to lint on purpose? --allow-empty"]

/** "All clear" of nothing would be a lie: there was no Python to read. */
export const noFiles = (shown: string): Problem => ({
  severity: "error",
  message: `no Python files found under ${shown}`,
  notes: [["looked for", "*.py and *.pyi, without what git ignores and what `extend-exclude` names"], ON_PURPOSE],
})

/** There was Python, and no application in it. */
export function noApp({ analysis, shown, reporter, notifications }: CheckedProject, paths: readonly string[]): Problem {
  const count = analysis.records.size
  const hit = nearestHit(analysis.records)
  const where = hit && {
    path: hit.path,
    start: Math.max(0, (analysis.records.get(hit.path)?.text ?? "").search(new RegExp(`\\b${hit.word}\\b`))),
    end: 0,
  }
  return {
    severity: "error",
    message: `no FastAPI application found under ${paths.length > 0 ? paths.join(", ") : shown("")} (${count} Python ${count === 1 ? "file" : "files"} read)`,
    notes: [
      ...unread(analysis, shown, notifications),
      ["looked for", "FastAPI(…) at module level or in a factory, APIRouter"],
      ...(hit && where
        ? ([["nearest hit", `${shown(hit.path)}:${reporter.line(where)} speaks of ${hit.word}`]] as [string, string][])
        : []),
      ["help", 'fastlint check ./services/api   or   [tool.fastlint] apps = ["pkg.module:app"]'],
      ON_PURPOSE,
    ],
  }
}

/** The app may stand in what could not be read: that comes first. */
function unread({ findings }: CheckedProject["analysis"], shown: CheckedProject["shown"], notifications: CheckedProject["notifications"]) {
  const broken = findings.flatMap(({ verdict: { rule, at, message } }) =>
    ALWAYS_ON.includes(rule) ? [`${shown(at.path)}: ${message.replace(/^Python cannot read this file: /, "")}`] : [],
  )
  const skipped = notifications.flatMap(({ path, message, kind }) =>
    path !== undefined && /^(?:unreadable|too-large|dangling)-/.test(kind) ? [`${path}: ${message}`] : [],
  )
  const all = [...skipped, ...broken]
  const more = all.length > MOST_UNREAD ? [`and ${all.length - MOST_UNREAD} more`] : []
  return [...all.slice(0, MOST_UNREAD), ...more].map((text): [string, string] => ["not read", text])
}

const MOST_UNREAD = 5

/** Nothing would be checked, whatever there is: a gate that lets everything pass. */
export const noRules = ({ settings }: Pick<CheckedProject, "settings">): Problem => ({
  severity: "error",
  message: "no rule is left to check",
  notes: [
    ...(["select", "ignore"] as const).flatMap((key): [string, string][] => {
      const origin = settings.origins.get(key)
      return origin === undefined ? [] : [["set by", `${origin}: ${key} = ${JSON.stringify(settings[key] ?? [])}`]]
    }),
    ["help", '`preset = "none"` says that only files that cannot be read are told'],
  ],
})

/** What a file that nearly is the one would mention, the nearest first. */
const HINTS = ["FastAPI", "APIRouter", "Starlette", "Flask", "Django", "Litestar"]

function nearestHit(records: CheckedProject["analysis"]["records"]): { path: string; word: string } | undefined {
  for (const word of HINTS) {
    for (const { path, facts } of records.values()) if (facts?.mentions.includes(word)) return { path, word }
  }
  return undefined
}

/** Applications that the configuration names and that the project does not build: a name was misspelt, or the app is hidden from us. */
export function missingApps({ settings, analysis }: CheckedProject): Problem[] {
  const built = analysis.project.routers.flatMap(({ kind, name }) => (kind === "app" ? (name ?? []) : []))
  return settings.apps
    .filter((name) => !built.includes(name))
    .map((name) => ({
      severity: "error",
      message: `no application \`${name}\`, which ${settings.origins.get("apps") ?? "the configuration"} names`,
      notes: [["found", built.length > 0 ? built.join(", ") : "none"]],
    }))
}
