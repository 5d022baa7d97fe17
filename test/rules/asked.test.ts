/** A file without the words that a rule names is not asked: so the rule would have nothing to say of it. */
import { readFileSync } from "node:fs"
import { globSync } from "tinyglobby"
import { expect, test } from "vitest"
import { isAsked, optionValues, type Rule } from "#lint"
import { type PyFile, readFile } from "#python"
import { rules } from "#rules"
import { loadGrammarForTests } from "../grammar.ts"

await loadGrammarForTests()

/** What a rule leaves of a file, whatever words it names. */
function said({ file: check, notes, options }: Rule, file: PyFile): unknown {
  const chosen = optionValues(options, undefined)
  const findings = check ? [...check(file, chosen)] : []
  return findings.length > 0 ? findings : notes?.(file, chosen)
}

const withWords = rules.filter(({ files }) => files?.words)
const paths = globSync("fixtures/**/*.py")
const examples = rules.flatMap(({ id, examples }) =>
  examples.flatMap(({ bad, good }) => [bad, good].map((text) => ({ path: `${id}.py`, text }))),
)
const texts = [...paths.map((path) => ({ path, text: readFileSync(path, "utf8") })), ...examples]

test("rules are silent where the words that they name are not said", () => {
  expect(withWords.length).toBeGreaterThan(10)
  const missed: string[] = []
  for (const { path, text } of texts) {
    const file = readFile(path, text)
    for (const rule of withWords)
      if (!isAsked({ files: { words: rule.files?.words ?? [] } }, file) && said(rule, file) !== undefined)
        missed.push(`${rule.id} in ${path}`)
  }
  expect(missed).toEqual([])
})
