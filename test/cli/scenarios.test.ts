import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, it } from "vitest"
import { install } from "./installed.ts"
import { play, readScenario, writeScenario } from "./scenario.ts"

const here = dirname(fileURLToPath(import.meta.url))
const { cli, remove } = install()

/** `UPDATE_SCENARIOS=1` writes what really came out into the files, to be read before it is committed. */
const isUpdate = Boolean(process.env.UPDATE_SCENARIOS)

afterAll(remove)

describe.concurrent("scenarios", () => {
  for (const name of readdirSync(here)
    .filter((one) => one.endsWith(".scenario"))
    .sort()) {
    it(name.replace(".scenario", ""), { timeout: 120_000 }, async ({ expect }) => {
      const path = join(here, name)
      const scenario = readScenario(readFileSync(path, "utf8"))
      const steps = await play(scenario, cli)
      if (isUpdate) writeFileSync(path, writeScenario({ ...scenario, steps }))
      expect(steps).toEqual(isUpdate ? steps : scenario.steps)
    })
  }
})
