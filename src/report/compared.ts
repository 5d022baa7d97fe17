/** What people are told of findings that were there before: how many are hidden, and by what. */
import { count } from "./layout.ts"
import type { ComparedWith } from "./report.ts"

/** One line each, with the command that tells more where there is one. */
export function comparedLines(compared: readonly ComparedWith[]): [text: string, command: string][] {
  return compared.flatMap(({ baseline, known, stale, isPruned, since, project = "" }): [string, string][] => [
    ...(since
      ? [[`compared with ${since.revision} (${since.commit.slice(0, 7)}): ${problems(since.known)} hidden`, ""] as [string, string]]
      : []),
    ...(baseline !== undefined && known > 0
      ? [[`${problems(known)} hidden by ${baseline}`, `fastlint baseline show${project}`] as [string, string]]
      : []),
    ...(baseline !== undefined && stale > 0
      ? [
          isPruned
            ? ([`${fixed(stale)} removed from ${baseline}`, ""] as [string, string])
            : ([`${fixed(stale)} still in ${baseline}`, `fastlint baseline prune${project}`] as [string, string]),
        ]
      : []),
  ])
}

const problems = (n: number) => count(n, "known problem")
const fixed = (n: number) => count(n, "fixed problem")
