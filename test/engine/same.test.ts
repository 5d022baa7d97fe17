/** Whatever is kept, in whatever order files come: a run says what it would say if it were the first. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { globSync } from "tinyglobby"
import { afterAll, describe, expect, test } from "vitest"
import { type AnalyseInput, analyse, loadConfig, pinnedVersions, ready, run, selectable } from "#engine"
import { rules } from "#rules"

await ready()

const made: string[] = []
afterAll(() => {
  for (const one of made) rmSync(one, { recursive: true, force: true })
})

function copyOf(fixture: string): string {
  const folder = mkdtempSync(join(tmpdir(), "fastlint-same-"))
  made.push(folder)
  cpSync(join("fixtures", fixture), folder, { recursive: true })
  if (!existsSync(join(folder, "pyproject.toml"))) writeFileSync(join(folder, "fastlint.toml"), 'preset = "strict"\n')
  return folder
}

/** Everything that a run says. */
async function said(root: string, isCached: boolean): Promise<string> {
  const {
    projects: _,
    source: __,
    ...rest
  } = await run({
    cwd: root,
    paths: [root],
    rules,
    respectGitignore: true,
    allowEmpty: true,
    config: ['preset="strict"'],
    ...(isCached && { cache: { build: "test" } }),
  })
  return JSON.stringify(rest)
}

/** What an editor, a merge or a hasty hand does to a file. */
const edits = fc.record({
  file: fc.nat(),
  line: fc.nat(),
  kind: fc.constantFrom("cut a line", "double a line", "swap two lines", "cut the rest", "indent", "comment", "delete", "empty", "undo"),
})
type Edit = typeof edits extends fc.Arbitrary<infer T> ? T : never

function apply({ file, line, kind }: Edit, root: string, fixture: string): void {
  const paths = globSync("**/*.py", { cwd: join("fixtures", fixture) }).sort()
  const path = paths[file % paths.length] as string
  const original = readFileSync(join("fixtures", fixture, path), "utf8")
  const target = join(root, path)
  if (kind === "delete") {
    rmSync(target, { force: true })
    return
  }
  const lines = (existsSync(target) ? readFileSync(target, "utf8") : original).split("\n")
  const at = line % lines.length
  const here = lines[at] as string
  if (kind === "cut a line") lines.splice(at, 1)
  else if (kind === "double a line") lines.splice(at, 0, here)
  else if (kind === "swap two lines") lines.splice(at, 2, lines[at + 1] ?? "", here)
  else if (kind === "cut the rest") lines.splice(at)
  else if (kind === "indent") lines[at] = `    ${here}`
  else if (kind === "comment") lines[at] = `# ${here}`
  writeFileSync(target, kind === "empty" ? "" : kind === "undo" ? original : lines.join("\n"))
}

describe("warm is cold, after any change of any file", () => {
  test.each(["apps/clinic", "styles/51-two-services", "styles/43-import-cycle", "styles/20-conditional-include"])(
    "%s",
    { timeout: 180_000 },
    async (fixture) => {
      const root = copyOf(fixture)
      await fc.assert(
        fc.asyncProperty(edits, async (edit) => {
          apply(edit, root, fixture)
          expect(await said(root, true)).toBe(await said(root, false))
        }),
        { numRuns: 10, endOnFailure: true },
      )
    },
  )

  test("apps/storefront", async () => {
    const root = copyOf("apps/storefront")
    const cold = await said(root, true)
    expect(await said(root, true)).toBe(cold)
  })
})

describe("the order of files is of no matter", () => {
  test.each(["apps/clinic", "styles/51-two-services", "styles/37-router-included-twice", "styles/28-include-in-loop"])("%s", (fixture) => {
    const root = join("fixtures", fixture)
    const files = globSync("**/*.py", { cwd: root })
      .sort()
      .map((path) => ({ path, bytes: new Uint8Array(readFileSync(join(root, path))) }))
    const { settings } = loadConfig(root, { cwd: root, isolated: true, config: ['preset="strict"'] }, selectable(rules))
    const input: AnalyseInput = { files, settings, rules, roots: [], versions: pinnedVersions(root, root), hasGaps: false }
    const saidOf = (given: AnalyseInput) => {
      const { findings, suppressed, project } = analyse(given)
      const plain = (one: (typeof findings)[number]) => ({
        ...one,
        verdict: { ...one.verdict, routes: one.verdict.routes?.map(({ path }) => path) },
      })
      return JSON.stringify({ findings: findings.map(plain), suppressed: suppressed.map(plain), unseen: project.unseen })
    }
    const expected = saidOf(input)
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => {
        expect(saidOf({ ...input, files: shuffled })).toBe(expected)
      }),
      { numRuns: 5 },
    )
  })
})
