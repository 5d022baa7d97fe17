import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { lockedPackages } from "../../src/engine/versions.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fastlint-locked-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

const lockOf = (...names: string[]) => names.map((name) => `[[package]]\nname = "${name}"\nversion = "1.0"\n`).join("\n")

describe("locked packages", () => {
  it("names every package of the lock file in its normal form", () => {
    writeFileSync(join(folder, "uv.lock"), lockOf("FastAPI", "python_multipart"))
    expect(lockedPackages(folder)).toEqual(new Set(["fastapi", "python-multipart"]))
  })

  it("reads Pipfile.lock, with what is for development", () => {
    writeFileSync(join(folder, "Pipfile.lock"), JSON.stringify({ default: { fastapi: {} }, develop: { jinja2: {} } }))
    expect(lockedPackages(folder)).toEqual(new Set(["fastapi", "jinja2"]))
  })

  it("looks above, and past a lock file that has no FastAPI", () => {
    mkdirSync(join(folder, "service"))
    writeFileSync(join(folder, "poetry.lock"), lockOf("fastapi"))
    writeFileSync(join(folder, "service", "poetry.lock"), lockOf("ruff"))
    expect(lockedPackages(join(folder, "service"), folder)).toEqual(new Set(["fastapi"]))
  })

  it("does not know without one", () => {
    writeFileSync(join(folder, "requirements.txt"), "fastapi==0.115.0\n")
    expect(lockedPackages(folder)).toBeUndefined()
  })
})
