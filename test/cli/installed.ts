import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..")

/** The built package, far from any `node_modules`, as an installed one stands. */
export function install(): { cli: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "fastlint-installed-"))
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true })
  cpSync(join(root, "package.json"), join(folder, "package.json"))
  return { cli: join(folder, "dist", "cli.js"), remove: () => rmSync(folder, { recursive: true }) }
}
