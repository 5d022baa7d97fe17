import type { RuleCrash } from "#lint"
import type { Notification } from "#report"
import { READING } from "./map-file.ts"

/** What a crash is called: "internal error in rule `http/x` on app/main.py". */
export function crashTitle({ rule, path }: RuleCrash, shown: (path: string) => string): string {
  const where = rule === READING ? "while reading" : `in rule \`${rule}\` on`
  return `internal error ${where} ${path === undefined ? "the project" : shown(path)}`
}

/** Our own fault, told in every format. */
export const crashNotification = (crash: RuleCrash, shown: (path: string) => string): Notification => ({
  level: "error",
  kind: "internal-error",
  message: `${crashTitle(crash, shown)}: ${crash.error instanceof Error ? crash.error.message : String(crash.error)}`,
})
