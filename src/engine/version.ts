import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** Set by the build. Undefined when the sources are run directly. */
declare const FASTLINT_VERSION: string | undefined
declare const FASTLINT_BUILD: string | undefined

/** The version of this package. */
export const VERSION: string = typeof FASTLINT_VERSION === "string" ? FASTLINT_VERSION : versionOfSources()

/** Tells one build of this package from another. Undefined when the sources are run directly: then nothing may be kept for later. */
export const BUILD: string | undefined = typeof FASTLINT_BUILD === "string" ? FASTLINT_BUILD : undefined

function versionOfSources(): string {
  const packageFile = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "package.json")
  return (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version
}
