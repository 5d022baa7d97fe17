import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { projectWord } from "../../src/commands/paths.ts"

const cwd = tmpdir()

test.each([
  ["where we stand", ".", ""],
  ["above us", "..", ""],
  ["far above us", "../..", ""],
  ["below us", "services/api", " services/api"],
  ["beside us", "../other", " ../other"],
  ["with a blank", "my api", " 'my api'"],
  ["with what a shell obeys", "$(x)'y", " '$(x)'\\''y'"],
])("a project %s", (_, path, word) => {
  expect(projectWord(join(cwd, path), cwd)).toBe(word)
})
