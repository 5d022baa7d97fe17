import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { afterAll, expect, test } from "vitest"
import { install } from "./installed.ts"

const { cli, remove } = install()
afterAll(remove)

async function check(...flags: string[]): Promise<string> {
  const args = [cli, "check", "fixtures/apps/storefront", "--exit-zero", "--format", "json", "--no-cache", ...flags]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 })
  return stdout.replace(/"durationMs": \d+/, "")
}

test("however many threads read the files, the output is the same, byte for byte", { timeout: 180_000 }, async () => {
  const one = await check("--jobs", "1")
  expect(one).toContain('"findings"')
  for (const jobs of ["2", "3", "8"]) expect(await check("--jobs", jobs)).toBe(one)
  expect(await check()).toBe(one)
})
