import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { findFiles } from "../../src/engine/files.ts"
import { projectRoot } from "../../src/engine/root.ts"
import { defaultSettings, type Settings } from "../../src/engine/settings.ts"

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "fastlint-files-")))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), "")
  }
}

const find = (settings: Partial<Settings> = {}, named: string[] = [""]) =>
  findFiles({ root: folder, settings: { ...defaultSettings(folder), ...settings }, named, respectGitignore: true })

/** Both ways of listing must agree. */
describe.each(["git", "walk"])("files by %s", (way) => {
  beforeEach(() => {
    if (way === "git") execFileSync("git", ["init", "-q"], { cwd: folder })
  })

  it("lists Python files, without environments, caches and output folders", () => {
    write(
      "main.py",
      "app/x.py",
      "app/x.txt",
      ".venv/lib/a.py",
      "app/__pycache__/b.py",
      "node_modules/c.py",
      "dist/d.py",
      "app/build/__init__.py",
      "app/build/e.py",
    )
    expect(find()).toEqual(["app/build/__init__.py", "app/build/e.py", "app/x.py", "main.py"])
  })

  it("honours every .gitignore on the way down", () => {
    write("a.py", "gen/b.py", "app/c_pb2.py", "app/keep/c_pb2.py")
    writeFileSync(join(folder, ".gitignore"), "/gen/\n*_pb2.py\n")
    writeFileSync(join(folder, "app/keep/.gitignore"), "!c_pb2.py\n")
    expect(find()).toEqual(["a.py", "app/keep/c_pb2.py"])
  })

  it("reads a file that is named, excluded or not, unless excludes are forced", () => {
    write("a.py", "legacy/b.py", "script")
    expect(find({ extendExclude: ["legacy"] }, ["legacy/b.py", "script"])).toEqual(["a.py", "legacy/b.py", "script"])
    expect(find({ extendExclude: ["legacy"], forceExclude: true }, ["legacy/b.py"])).toEqual(["a.py"])
  })

  it("follows links to files once and links to folders never", () => {
    write("app/a.py")
    symlinkSync("a.py", join(folder, "app/b.py"))
    symlinkSync(".", join(folder, "app/again"))
    symlinkSync("nowhere.py", join(folder, "app/gone.py"))
    expect(find()).toEqual(["app/a.py", "app/gone.py"])
  })

  it("reads a stub only where there is no module", () => {
    write("a.py", "a.pyi", "b.pyi")
    expect(find()).toEqual(["a.py", "b.pyi"])
  })

  it("matches include and exclude patterns as globs, folders and bare names", () => {
    write("app/a.py", "app/migrations/b.py", "scripts/c.py", "tools/d.py")
    expect(find({ extendExclude: ["migrations", "scripts/**", "tools/"] })).toEqual(["app/a.py"])
    expect(find({ include: ["app/**/*.py"] })).toEqual(["app/a.py", "app/migrations/b.py"])
  })

  it("matches patterns of a configuration that stands above the project", () => {
    write("app/a.py", "app/b.py")
    expect(find({ prefix: "services/api/", extendExclude: ["services/*/app/b.py"] })).toEqual(["app/a.py"])
  })
})

describe("git", () => {
  it("is not asked about a folder that it ignores as a whole", () => {
    execFileSync("git", ["init", "-q"], { cwd: folder })
    write("vendor/shop/main.py")
    writeFileSync(join(folder, ".gitignore"), "vendor/\n")
    const root = join(folder, "vendor/shop")
    expect(findFiles({ root, settings: defaultSettings(root), named: [""], respectGitignore: true })).toEqual(["main.py"])
  })

  it("forgets files that are tracked but gone", () => {
    execFileSync("git", ["init", "-q"], { cwd: folder })
    write("a.py", "b.py")
    execFileSync("git", ["add", "."], { cwd: folder })
    rmSync(join(folder, "b.py"))
    expect(find()).toEqual(["a.py"])
  })
})

describe("project root", () => {
  it("is the nearest folder with a project file", () => {
    write("pyproject.toml", "services/api/pyproject.toml", "services/api/app/routes/users.py")
    expect(projectRoot(join(folder, "services/api/app/routes"), folder)).toBe(join(folder, "services/api"))
    expect(projectRoot(join(folder, "services"), folder)).toBe(folder)
  })

  it("never lies above the work tree that one stands in", () => {
    write("pyproject.toml", "shop/app/main.py")
    execFileSync("git", ["init", "-q"], { cwd: join(folder, "shop") })
    expect(projectRoot(join(folder, "shop/app"), join(folder, "shop"))).toBe(join(folder, "shop"))
  })

  it("is found for paths outside the current folder", () => {
    write("here/pyproject.toml", "there/setup.py", "there/app/main.py")
    expect(projectRoot(join(folder, "there/app/main.py"), join(folder, "here"))).toBe(join(folder, "there"))
  })

  it("is where a package's imports start from when there is no project file", () => {
    write("code/app/__init__.py", "code/app/api/__init__.py", "code/app/api/users.py")
    expect(projectRoot(join(folder, "code/app/api/users.py"), folder)).toBe(join(folder, "code"))
    expect(projectRoot(join(folder, "code"), folder)).toBe(join(folder, "code"))
  })
})

it("reads of a lone file's folder only what the file can import", () => {
  write("main.py", "beside.py", "package/__init__.py", "package/x.py", "downloads/other/y.py")
  expect(find({}, ["main.py"])).toEqual(["beside.py", "main.py", "package/__init__.py", "package/x.py"])
  expect(find({}, ["not-saved-yet.py"])).not.toContain("downloads/other/y.py")
  expect(find({}, [""])).toContain("downloads/other/y.py")
  write("requirements.txt")
  expect(find({}, ["main.py"])).toContain("downloads/other/y.py")
})
