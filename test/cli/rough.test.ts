/** Handling that a text file cannot describe: files that may not be read, and a disk that is full. */
import { spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { install } from "./installed.ts"

const { cli, remove } = install()
// `nobody` shall be able to read what was installed.
chmodSync(dirname(dirname(cli)), 0o755)
const folders: string[] = []
afterAll(() => {
  remove()
  for (const folder of folders) {
    spawnSync("chmod", ["-R", "u+rwX", folder])
    rmSync(folder, { recursive: true, force: true })
  }
})

const APP = 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef read_root() -> dict[str, str]:\n    return {}\n'

function project(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "fastlint-rough-"))
  folders.push(folder)
  chmodSync(folder, 0o755)
  for (const [name, text] of Object.entries({ "fastlint.toml": 'preset = "none"\n', "app/main.py": APP, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** As somebody who is not allowed everything. */
function fastlint(cwd: string, args: string[], stdout: number | "pipe" = "pipe") {
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const env = { PATH: process.env.PATH, HOME: cwd, GIT_CEILING_DIRECTORIES: dirname(cwd) }
  const result = spawnSync(process.execPath, [cli, ...args], { cwd, env, ...user, stdio: ["ignore", stdout, "pipe"], encoding: "utf8" })
  return { status: result.status, stdout: result.stdout, stderr: result.stderr }
}

test.each(["without git", "tracked by git", "unknown to git"])("a folder that may not be listed makes the run incomplete: %s", (how) => {
  const folder = project({ "app/closed/routes.py": "x = 1\n" })
  if (how !== "without git") {
    spawnSync("git", ["init", "-q"], { cwd: folder })
    // The user that looks is not the one that made the folder.
    writeFileSync(join(folder, ".gitconfig"), `[safe]\n\tdirectory = ${folder}\n`)
    if (how === "tracked by git") spawnSync("git", ["add", "app"], { cwd: folder })
  }
  chmodSync(join(folder, "app/closed"), 0)
  const { status, stderr } = fastlint(folder, ["check", "--format", "concise"])
  expect(stderr).toMatch(/^error: app\/closed(?:\/routes\.py)?: .*permission denied$/m)
  expect(stderr).not.toContain("internal error")
  expect(status).toBe(3)
})

test.each(["pyproject.toml", "fastlint.toml"])("%s that may not be read: nothing is checked", (name) => {
  const folder = project({ [name]: "" })
  chmodSync(join(folder, name), 0)
  const { status, stdout, stderr } = fastlint(folder, ["check"])
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
  expect(stderr).toBe(`error: cannot read ${name}: permission denied\n`)
})

test.runIf(existsSync("/dev/full"))("a full disk behind stdout", () => {
  const { status, stderr } = fastlint(project({}), ["check"], openSync("/dev/full", "w"))
  expect({ status, stderr }).toEqual({ status: 3, stderr: "error: cannot write to stdout: no space left on the device\n" })
})

test("a patch is shown only of what would be written", () => {
  const folder = project({
    "fastlint.toml": 'select = ["suppression-without-reason"]\n',
    "app/latin.py": "# -*- coding: latin-1 -*-\nx = 1  # fastlint: ignore[http/shadowed-route]\n",
  })
  const { status, stdout, stderr } = fastlint(folder, ["check", "--diff"])
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" })
  expect(stderr).toMatch(/^not fixed: app\/latin\.py: it is written in (?:latin-1|iso-8859-1|windows-1252)\n/)
})
