import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

test("grammar/python.wasm is made of what stands here: after a change, `node scripts/build-grammar.js`", () => {
  const { compiler, ...record } = JSON.parse(readFileSync("grammar/python.json", "utf8"))
  const script = 'import { recordOf } from "./scripts/grammar-recipe.js"; console.log(JSON.stringify(recordOf()))'
  expect(record).toEqual(JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" })))
  expect(compiler).toContain("clang")
})
