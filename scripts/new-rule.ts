/** `npm run new-rule http/some-name`: a rule that passes its tests, to be rewritten into the one that is wanted. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { SECTIONS } from "../src/lint/sections.ts"
import { idsUnder, indexText } from "./rule-index.ts"

const FIXTURE = `"""What is close to the mistake, and is none."""


def replace_me(): # expect: replace_me
    return 1


def replace_me_not():
    return 1
`

const id = process.argv[2] ?? ""
const sections = SECTIONS.map((section) => section.id).join("|")
if (!new RegExp(`^(${sections})/[a-z][a-z0-9]*(-[a-z0-9]+)*$`).test(id)) {
  fail(`usage: npm run new-rule SECTION/what-is-wrong\nwhere SECTION is ${sections.replaceAll("|", ", ")}`)
}
const rule = `rules/${id}.ts`
const fixture = `fixtures/rules/${id}/edge.py`
if (existsSync(rule)) fail(`${rule} exists already`)

write(rule, readFileSync("scripts/rule-template.ts", "utf8"))
write(fixture, FIXTURE)
write("rules/index.ts", indexText(idsUnder("rules")))
console.log(`${rule}\n${fixture}\nnow write what is wrong, and run: npx vitest run test/rules -t ${id}`)

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
