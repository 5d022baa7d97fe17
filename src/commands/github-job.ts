import { appendFileSync, realpathSync, statSync } from "node:fs"
import { isAbsolute, relative, sep } from "node:path"

/** GitHub throws away the summary of a step when it is larger. */
const MOST_OF_STEP = 1024 * 1024
const MOST_OF_OURS = 900 * 1024

/** Appends a page to the summary of a GitHub job. It is given the bytes that it may take; a failure is told, and fails nothing. */
export function writeStepSummary(page: (most: number) => string, env: NodeJS.ProcessEnv = process.env): void {
  const { GITHUB_STEP_SUMMARY: path } = env
  if (!path) return
  try {
    const taken = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    const text = page(Math.min(MOST_OF_OURS, MOST_OF_STEP - taken - 1))
    if (text !== "") appendFileSync(path, taken > 0 ? `\n${text}` : text)
  } catch (error) {
    process.stderr.write(`warning: cannot write the job summary: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}

export interface RepositoryPlace {
  /** From the root of the repository down to the folder that we stand in: `services/api/`, or nothing at the root. */
  below: string
  /** Where that folder can be read at this commit, with a `/` at the end. */
  blobUrl?: string
}

/** Where we stand in the repository that a GitHub job checked out; nothing outside of it, or outside of GitHub. */
export function placeInRepository(cwd: string, env: NodeJS.ProcessEnv = process.env): RepositoryPlace | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: commit, GITHUB_WORKSPACE: workspace } = env
  if (!workspace) return undefined
  const path = relative(real(workspace), real(cwd))
  const folders = path.split(sep).filter((part) => part !== "")
  if (folders[0] === ".." || isAbsolute(path)) return undefined
  const below = folders.map((part) => `${part}/`).join("")
  if (!server || !repository || !commit) return { below }
  return { below, blobUrl: `${server}/${repository}/blob/${commit}/${below.split("/").map(encodeURIComponent).join("/")}` }
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
