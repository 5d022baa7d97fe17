/** The README shows what fastlint really prints, and names what really exists. */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { rules } from "#rules"
import { FORMAT_HELP } from "../../src/commands/format-help.ts"
import { program } from "../../src/commands/program.ts"
import { KEY_HELP } from "../../src/engine/config-keys.ts"

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..")
const path = join(root, "README.md")
const SKILL = "skills/fastlint/SKILL.md"
const readme = readFileSync(path, "utf8")

/** `UPDATE_README=1` puts what really came out into the page, to be read before it is committed. */
const isUpdate = Boolean(process.env.UPDATE_README)

test("the sample is what `npm start` prints", { timeout: 60_000 }, () => {
  const sample = /^```text\n(error.*?)\n```$/ms.exec(readme)?.[1] ?? ""
  const titles = sample.split("\n\n").map(titleOf)
  const args = [join(root, "dist", "cli.js"), "check", "fixtures/apps/storefront", "--exit-zero", "--no-cache"]
  const printed = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", env: { PATH: process.env.PATH } }).split("\n\n")
  const real = titles.map((title) => printed.find((block) => titleOf(block) === title)).join("\n\n")
  if (isUpdate)
    writeFileSync(
      path,
      readme.replace(sample, () => real),
    )
  expect(titles.length).toBeGreaterThan(1)
  expect(sample).toBe(isUpdate ? sample : real)
})

/** `error[...]: message`, which may take two lines. */
const titleOf = (block: string): string => block.slice(0, block.indexOf("-->")).trim()

test("the number of rules is true, and nearly exact", () => {
  const said = Number(/More than (\d+) rules/.exec(readme)?.[1])
  expect(rules.length).toBeGreaterThan(said)
  expect(rules.length).toBeLessThan(said + 50)
})

test("every section of rules is named", () => {
  const sections = new Set(rules.map(({ id }) => id.split("/")[0]))
  expect([...sections].filter((section) => !readme.includes(`\`${section}\``))).toEqual([])
})

test("every format is named", () => {
  expect(Object.keys(FORMAT_HELP).filter((format) => !readme.includes(`\`${format}\``))).toEqual([])
})

describe("commands", () => {
  const cli = program()
  const pages = ["README.md", "docs/ci.md", "docs/checklist.md", SKILL].map((page) => readFileSync(join(root, page), "utf8")).join("\n")
  const typed = [
    ...new Set([...pages.matchAll(/(?:npx --yes |npx |`)fastlint(?:@[\d.]+)? ([a-z][^`#|\n]*)/gm)].map(([, line]) => line!.trim())),
  ]

  test("there are some", () => expect(typed.length).toBeGreaterThan(10))

  test.each(typed)("fastlint %s", (line) => {
    const words = line.replace(/"/g, "").split(/[\s[\]]+/)
    const name = words.shift()
    let command = cli.commands.find((one) => one.name() === name)
    const below = command?.commands.find((one) => one.name() === words[0])
    if (below) command = below
    const known = [...(command?.options ?? [])].flatMap(({ long, short }) => [long, short])
    const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ""))
    expect(command, `no command \`${name}\``).toBeDefined()
    expect(flags.filter((flag) => !known.includes(flag))).toEqual([])
  })

  test("rules that pages explain exist", () => {
    const explained = [...pages.matchAll(/fastlint explain ([a-z]+\/[a-z0-9-]+)/g)].map(([, id]) => id)
    expect(explained.length).toBeGreaterThan(0)
    for (const id of explained) expect(rules.map((rule) => rule.id)).toContain(id)
  })

  test("every command stands in the README", () => {
    const names = cli.commands.map((one) => one.name()).filter((name) => name !== "version" && name !== "help")
    expect(names.filter((name) => !readme.includes(`fastlint ${name}`))).toEqual([])
  })
})

describe("the skill for agents", () => {
  const skill = readFileSync(join(root, SKILL), "utf8")
  const [, head = ""] = /^---\n([\s\S]*?)\n---\n/.exec(skill) ?? []

  test("says what it is called and when to use it, as installers ask", () => {
    expect(head).toMatch(/^name: fastlint$/m)
    const [, description = ""] = /^description: (.+)$/m.exec(head) ?? []
    expect(description.length).toBeGreaterThan(50)
    expect(description.length).toBeLessThanOrEqual(1024)
  })

  test("comes with the package, and fetches nothing", () => {
    expect(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).files).toContain("skills")
    expect(skill).not.toMatch(/https?:|curl|wget/)
  })

  test("knows the exit codes, the settings and the levels of repairs that there are", () => {
    for (const code of ["0", "1", "2", "3"]) expect(skill).toContain(`| ${code} |`)
    const settings = [...skill.matchAll(/`(auth\.[\w-]+)`/g)].map(([, key]) => key)
    expect(settings.length).toBeGreaterThan(2)
    for (const key of settings) expect(Object.keys(KEY_HELP)).toContain(key)
  })
})
