import { clearCaches } from "#engine"
import { disarmed, visible } from "#report"
import { type ConfigFlags, type ReadingFlags, runRequest } from "./requests.ts"

/** `fastlint clean`: forgets what earlier runs kept. */
export function clean(path: string, flags: ConfigFlags & ReadingFlags): void {
  for (const folder of clearCaches(runRequest([path], flags))) process.stdout.write(disarmed(`removed ${visible(folder)}\n`))
}
