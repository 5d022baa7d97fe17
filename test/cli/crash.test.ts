/** Bugs of our own, planted into an installed copy: what users see, what they are asked to send, and how the run ends. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { install } from "./installed.ts"

const folder = mkdtempSync(join(tmpdir(), "fastlint-crash-"))
const removals: (() => void)[] = []
afterAll(() => {
  for (const remove of removals) remove()
  rmSync(folder, { recursive: true })
})

beforeAll(() => {
  mkdirSync(join(folder, "app"))
  writeFileSync(join(folder, "fastlint.toml"), 'select = ["async", "errors"]\n')
  writeFileSync(join(folder, "requirements.txt"), "fastapi==0.115.0\n")
  writeFileSync(
    join(folder, "app", "main.py"),
    'import time\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/secret-word")\nasync def read() -> None:\n    time.sleep(1)\n',
  )
  writeFileSync(join(folder, "app", "other.py"), "x = 1\n")
})

/** An installed copy in whose code something is replaced. */
function broken(pattern: RegExp, replacement: string): string {
  const { cli, remove } = install()
  removals.push(remove)
  let places = 0
  for (const name of readdirSync(dirname(cli))) {
    if (!name.endsWith(".js")) continue
    const path = join(dirname(cli), name)
    const text = readFileSync(path, "utf8")
    if (!pattern.test(text)) continue
    places += 1
    writeFileSync(path, text.replace(pattern, replacement))
  }
  expect(places).toBeGreaterThan(0)
  return cli
}

function run(cli: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder, GIT_CEILING_DIRECTORIES: dirname(folder) },
  })
  return {
    status,
    stdout,
    stderr: stderr
      .replace(/The other \d+ rules/, "The other <n> rules")
      .replace(/\S+\.js:\d+:\d+/g, "<place>")
      .replace(/fastlint [\d.]+, node \S+, .*/, "fastlint <version>"),
  }
}

const FAULT = "throw new TypeError(\"Cannot read properties of undefined (reading 'kind')\");"

describe("a rule that breaks", () => {
  let cli = ""
  beforeAll(() => {
    cli = broken(/(summary:"A broad `except` that swallows an `HTTPException`"[\s\S]*?\*(?:project|file)\([^)]*\)\{)/, `$1${FAULT}`)
  })

  test("the others are heard, and the run ends with 3", () => {
    const { status, stdout, stderr } = run(cli, "check", "--format", "concise")
    expect(status).toBe(3)
    expect(stdout).toBe("app/main.py:10:5: error: `time.sleep` runs on the event loop of `GET /secret-word` [async/blocking-call]\n")
    expect(stderr.split("\n").filter((line) => !line.startsWith("    at "))).toEqual([
      "fastlint: internal error in rule `errors/httpexception-swallowed` on the project",
      "  This is a bug in fastlint, not in your code.",
      "  TypeError: Cannot read properties of undefined (reading 'kind')",
      "    fastlint <version>",
      "  The other <n> rules were checked; what they found is above. This run is incomplete.",
      "  Report:   fastlint doctor prints what a report needs, without your source code",
      "  Go on:    --ignore errors/httpexception-swallowed",
      "",
    ])
    expect(stderr.match(/^ {4}at .*<place>\)$/gm)).toHaveLength(2)
  })

  test("without it the run is whole again", () => {
    expect(run(cli, "check", "-q", "--ignore", "errors/httpexception-swallowed").status).toBe(1)
  })

  test.each(["json", "sarif", "gitlab", "junit"])("--format %s is a whole document", (format) => {
    const { status, stdout } = run(cli, "check", "--format", format)
    expect(status).toBe(3)
    if (format === "junit") expect(stdout).toMatch(/<error [^>]*internal error in rule/)
    else expect(() => JSON.parse(stdout)).not.toThrow()
  })

  test("no silence hides it", () => {
    expect(run(cli, "check", "--silent")).toMatchObject({
      status: 3,
      stdout: "",
      stderr: expect.stringContaining("internal error in rule"),
    })
    expect(run(cli, "check", "--exit-zero").status).toBe(3)
  })

  test("doctor tells it, and nothing of the code", () => {
    const { status, stdout } = run(cli, "doctor", "--file", "app/main.py")
    expect(status).toBe(3)
    expect(stdout).toMatch(/^crashes +errors\/httpexception-swallowed\n +TypeError: Cannot read properties/m)
    expect(stdout).not.toContain(folder)
    expect(stdout).not.toContain("secret-word")
    expect(stdout).toMatch(/^nodes .*AsyncFunctionDef 1/m)
    expect(run(cli, "doctor", "--file", "app/main.py", "--with-source").stdout).toContain('   8  @app.get("/secret-word")')
  })
})

test("a file that cannot be read: the others are, and it can be left out", () => {
  const cli = broken(/(onStep\?\.\("file rules"\))[;,]/, `$1;${FAULT}`)
  const { status, stderr } = run(cli, "check", "--allow-empty", "--no-cache")
  expect(status).toBe(3)
  expect(stderr).toContain("fastlint: internal error while reading app/main.py and 1 more file\n")
  expect(stderr).toContain(`  Report:   fastlint doctor --file app/main.py prints`)
  expect(stderr).toContain(`  Go on:    --config 'extend-exclude=["app/main.py"]'\n`)
  expect(stderr).not.toContain("--ignore")
})

test("the program that breaks: no result, 3, and what to send", () => {
  const cli = broken(/(function link\(input\)\{)/, `$1${FAULT}`)
  const { status, stdout, stderr } = run(cli, "check")
  expect(status).toBe(3)
  expect(stdout).toBe("")
  expect(stderr).toMatch(/^fastlint: internal error\n {2}This is a bug in fastlint, not in your code\.\n {2}TypeError: /)
  expect(stderr).toContain("  Nothing was checked.\n  Report:   fastlint doctor prints what a report needs, without your source code\n")
  const report = run(cli, "doctor")
  expect(report.status).toBe(3)
  expect(report.stdout).toMatch(/^broken +TypeError: Cannot read/m)
})
