import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { lowerBound, pinnedVersions } from "../../src/engine/versions.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fastlint-versions-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

function versions(files: Record<string, string>, root = "") {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return pinnedVersions(join(folder, root), folder)
}

describe("pinned versions", () => {
  it("believes a lock file before a bound", () => {
    expect(
      versions({
        "uv.lock":
          'version = 1\n\n[[package]]\nname = "fastapi"\nversion = "0.115.6"\n\n[[package]]\nname = "SQLAlchemy"\nversion = "2.0.36"\n',
        "pyproject.toml": '[project]\nrequires-python = ">=3.11,<4"\ndependencies = ["fastapi[standard]>=0.100", "pydantic ~= 2.5"]\n',
      }),
    ).toEqual({ fastapi: "0.115.6", sqlalchemy: "2.0.36", pydantic: "2.5", python: "3.11" })
  })

  it("looks into folders of services where the root says nothing, and takes the oldest", () => {
    const services = { "services/a/requirements.txt": "fastapi==0.115.2\npydantic==2.9.0\n", "b/requirements.txt": "fastapi==0.110.0\n" }
    expect(versions(services)).toEqual({ fastapi: "0.110.0" })
    expect(versions({ ...services, "requirements.txt": "fastapi==0.120.0\n" })).toEqual({ fastapi: "0.120.0" })
  })

  it("reads requirements, with extras, comments and markers", () => {
    expect(
      versions({
        "requirements.txt": "# pins\nfastapi[all]==0.95.2 # old\npydantic>=1.10,<2 ; python_version < '3.12'\n-r more.txt\nstarlette\n",
      }),
    ).toEqual({
      fastapi: "0.95.2",
      pydantic: "1.10",
    })
  })

  it("reads Poetry's tables and its lock", () => {
    expect(
      versions({
        "pyproject.toml":
          '[tool.poetry.dependencies]\npython = "^3.10"\nfastapi = { version = "^0.110", extras = ["all"] }\nsqlalchemy = "~2.0.1"\n',
      }),
    ).toEqual({
      python: "3.10",
      fastapi: "0.110",
      sqlalchemy: "2.0.1",
    })
  })

  it("reads Pipenv's lock", () => {
    expect(versions({ "Pipfile.lock": '{"default": {"fastapi": {"version": "==0.103.0"}, "pydantic": {}}}' })).toEqual({
      fastapi: "0.103.0",
    })
  })

  it("looks above for the lock of a workspace, and no further than the top", () => {
    expect(
      versions(
        {
          "uv.lock": '[[package]]\nname = "fastapi"\nversion = "0.120.0"\n',
          "services/api/pyproject.toml": '[project]\ndependencies = ["pydantic>=2"]\n',
        },
        "services/api",
      ),
    ).toEqual({
      pydantic: "2",
      fastapi: "0.120.0",
    })
  })

  it("says nothing of broken manifests", () => {
    expect(versions({ "pyproject.toml": "[project\n", "uv.lock": "][" })).toEqual({})
  })

  it.each([
    [">=0.110,<1", "0.110"],
    ["^0.110", "0.110"],
    ["==0.110.*", "0.110"],
    ["0.95.1", "0.95.1"],
    ["<2", undefined],
    ["!=2.0", undefined],
    ["*", undefined],
    [">=1,>=1.9,<2", "1.9"],
  ])("takes the lower bound of %s", (range, expected) => {
    expect(lowerBound(range)).toBe(expected)
  })
})
