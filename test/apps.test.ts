import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { run } from "#engine"
import { rules } from "#rules"

/**
 * Whole projects with every rule on: rules must not trip over each other, and must be silent where all is well.
 * `# expect: rule, rule` marks each finding on its line; nothing else may be found.
 */
const apps = join(dirname(fileURLToPath(import.meta.url)), "../fixtures/apps")

function markedIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".py"))
    .flatMap((path) =>
      readFileSync(join(folder, path), "utf8")
        .split("\n")
        .flatMap((line, i) =>
          (/# expect: (.*)/.exec(line)?.[1] ?? "")
            .split(",")
            .flatMap((rule) => (rule.trim() ? [`${path.replaceAll("\\", "/")}:${i + 1} ${rule.trim()}`] : [])),
        ),
    )
}

async function foundIn(folder: string): Promise<string[]> {
  const checked = await run({
    cwd: folder,
    paths: [folder],
    rules,
    config: ['preset="strict"'],
    isolated: true,
    flags: {},
    respectGitignore: false,
    allowEmpty: false,
  })
  expect(checked.isIncomplete).toBe(false)
  return checked.findings.map(
    (finding) => `${relative(folder, join(folder, finding.path)).replaceAll("\\", "/")}:${finding.range.start.line} ${finding.rule}`,
  )
}

describe.each(readdirSync(apps))("%s", (name) => {
  const folder = join(apps, name)

  test("every marked defect is found, and nothing else", async () => {
    expect((await foundIn(folder)).sort()).toEqual(markedIn(folder).sort())
  })
})

test("the demonstration has a defect for every rule", () => {
  const marked = new Set(markedIn(join(apps, "storefront")).map((line) => line.split(" ")[1]))
  // An app with a start-up error would not start, and the demonstration does.
  expect(
    rules.filter((rule) => !rule.startup && !marked.has(rule.id)).map((rule) => rule.id),
    "rules without a line `# expect: ID` in fixtures/apps/storefront",
  ).toEqual([])
})
