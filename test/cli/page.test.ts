import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, test } from "vitest"
import { attribute, readHtml, textOf } from "../report/html.ts"
import { findChromium, see } from "./browser.ts"
import { install } from "./installed.ts"

const storefront = join(dirname(fileURLToPath(import.meta.url)), "../../fixtures/apps/storefront")
const { cli, remove } = install()
const folder = mkdtempSync(join(tmpdir(), "fastlint-page-"))
afterAll(() => {
  remove()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

test("the page of a shop with every defect", { timeout: 240_000 }, async () => {
  const page = join(folder, "page.html")
  execFileSync(process.execPath, [cli, "checklist", storefront, "--format", "html", "-o", page, "--exit-zero"])
  const { elements, problems } = readHtml(readFileSync(page, "utf8"))
  const sections = elements.filter(({ tagName }) => tagName === "section").flatMap((one) => attribute(one, "id") ?? [])
  const reports = elements.filter((one) => one.tagName === "tr" && textOf(one).includes("reports.py")).length
  expect(problems).toEqual([])
  expect(sections.slice(0, 4)).toEqual(["checklist", "routes", "findings", "map"])
  expect(reports).toBeGreaterThan(0)

  // The rest needs eyes. Where the machine has no browser, what was parsed has to do.
  const chromium = findChromium()
  if (chromium === undefined) return
  const seen = await see(chromium, page, "reports.py")
  expect(seen.console).toEqual([])
  expect(seen.picture.length).toBeGreaterThan(20_000)
  for (const view of seen.views) {
    expect(view.scripted).toBe(true)
    expect(view.visible).toEqual(sections)
    expect(view.reach, `at ${view.width} px nothing sticks out to the right, whatever is opened`).toBe(view.width)
    expect(view.filtered).toBe(reports)
  }
})
