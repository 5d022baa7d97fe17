/** Every rule does what its page says, and what its fixtures say. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { globSync } from "tinyglobby"
import { beforeAll, describe, expect, test } from "vitest"
import { compare, dedent, describe as deviations, type Rule, type SourceFile, verify } from "#lint"
import { rules } from "#rules"
import template from "../../scripts/rule-template.ts"
import { loadGrammarForTests } from "../grammar.ts"

beforeAll(loadGrammarForTests)

const templateRule: Rule = { ...template, id: "structure/template" }

describe.each([...rules, templateRule].map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  test.each(rule.examples.map((example, i) => [i + 1, example] as const))("example %i: bad is found", (_, example) => {
    expect(example.bad).toContain("# expect")
    expect(deviations(verify(rule, example, "bad"))).toEqual([])
  })

  test.each(rule.examples.map((example, i) => [i + 1, example] as const))("example %i: good is silent", (_, example) => {
    expect(deviations(verify(rule, example, "good"))).toEqual([])
  })

  const withFix = rule.examples.filter((example) => example.fixed !== undefined)
  if (withFix.length > 0) {
    test.each(withFix)("a fix makes of bad what fixed says, and the rule is content", (example) => {
      const { fixed = "" } = verify(rule, example, "bad")
      expect(withoutMarks(fixed)).toBe(withoutMarks(dedent(example.fixed!)))
    })
  }

  const projects = fixturesOf(id)
  if (projects.length > 0) {
    test.each(projects)("fixture $name", ({ files }) => {
      expect(deviations(compare(rule, files))).toEqual([])
    })
  }
})

test("every folder of fixtures belongs to a rule", () => {
  const known = new Set(rules.map((rule) => rule.id))
  const folders = existsSync("fixtures/rules") ? globSync("*/*/", { cwd: "fixtures/rules", onlyDirectories: true }) : []
  expect(folders.map((folder) => folder.replace(/\/$/, "")).filter((folder) => !known.has(folder))).toEqual([])
})

const withoutMarks = (text: string): string => text.replace(/[ \t]*# expect.*$/gm, "").trimEnd()

/** A file beside the others is a project of its own; a folder is one project. */
function fixturesOf(id: string): { name: string; files: SourceFile[] }[] {
  const folder = join("fixtures/rules", id)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory())
        return [
          {
            name: entry.name,
            files: globSync("**/*.py", { cwd: path })
              .sort()
              .map((file) => read(join(path, file), path)),
          },
        ]
      return entry.name.endsWith(".py") ? [{ name: entry.name, files: [read(path, folder)] }] : []
    })
}

const read = (path: string, root: string): SourceFile => ({
  path: relative(root, path).replaceAll("\\", "/"),
  text: readFileSync(path, "utf8"),
})
