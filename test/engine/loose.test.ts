import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { versionsOfProject } from "../../src/engine/loose.ts"

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

function project(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "fastlint-loose-"))
  made.push(folder)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const looseOf = (files: Record<string, string>) => {
  const folder = project(files)
  return versionsOfProject(folder, folder).loose
}

describe("a version is a lower bound only", () => {
  test.each([
    ["requirements.txt", "uvicorn\nfastapi[all]>=0.90\n"],
    ["pyproject.toml", '[project]\ndependencies = ["fastapi>=0.90", "starlette<1"]\n'],
    ["pyproject.toml", '[tool.poetry.dependencies]\nfastapi = ">=0.90"\n'],
  ])("%s: %s", (name, text) => {
    expect(looseOf({ [name]: text })).toEqual(["fastapi"])
  })
})

describe("a version is held", () => {
  test.each([
    ["requirements.txt", "fastapi==0.90.1\n"],
    ["requirements.txt", "fastapi>=0.90,<0.95\n"],
    ["pyproject.toml", '[tool.poetry.dependencies]\nfastapi = "^0.79.1"\n'],
  ])("%s: %s", (name, text) => {
    expect(looseOf({ [name]: text })).toBeUndefined()
  })

  test("by a lock file", () => {
    const lock = '[[package]]\nname = "fastapi"\nversion = "0.94.1"\n'
    expect(looseOf({ "requirements.txt": "fastapi>=0.90\n", "uv.lock": lock })).toBeUndefined()
  })
})
