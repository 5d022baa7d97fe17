import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"

/** Past this a file is data, not source: hand-written modules of this size do not exist. */
export const LARGEST_FILE = 4 * 1024 * 1024

/** A file's bytes, or why there are none. */
export type Bytes = { ok: true; bytes: Uint8Array } | { ok: false; reason: "unreadable" | "too-large" | "dangling"; message: string }

export function readBytes(root: string, path: string): Bytes {
  try {
    const stat = statSync(join(root, path))
    if (!stat.isFile()) return { ok: false, reason: "unreadable", message: "this is not a file" }
    if (stat.size > LARGEST_FILE) {
      const size = (stat.size / 1024 / 1024).toFixed(0)
      return {
        ok: false,
        reason: "too-large",
        message: `skipped: ${size} MB is more than the ${LARGEST_FILE / 1024 / 1024} MB that are read of one file`,
      }
    }
    return { ok: true, bytes: readFileSync(join(root, path)) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A link that leads nowhere has no text that anybody could have checked.
    if (code === "ENOENT" || code === "ELOOP") return { ok: false, reason: "dangling", message: `skipped: ${says(error)}` }
    return { ok: false, reason: "unreadable", message: `cannot be read: ${says(error)}` }
  }
}

const WORDS: Record<string, string> = {
  ENOENT: "it is a link to a file that does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "it is a link to itself",
}

const says = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code
  return (code && WORDS[code]) || (error instanceof Error ? error.message : String(error))
}
