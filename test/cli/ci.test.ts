/** The pieces for build servers, run as they stand: their own shell lines, taken out of their YAML, on a project in a folder. */
import { execFileSync, spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"
import { parse } from "yaml"
import { readJunit } from "../report/xml.ts"
import { install } from "./installed.ts"

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..")
const read = (name: string) => readFileSync(join(root, name), "utf8")
const { version } = JSON.parse(read("package.json"))

const { cli, remove } = install()
const folder = mkdtempSync(join(tmpdir(), "fastlint-ci-"))
const bin = join(folder, "bin")
afterAll(() => {
  remove()
  rmSync(folder, { recursive: true })
})

// `npx` and `fastlint` as a build server has them, except that the package is the one built here.
writeProgram("fastlint", `exec "${process.execPath}" "${cli}" "$@"`)
writeProgram(
  "npx",
  `[ "$1" = --yes ] && [ "$2" = "fastlint@${version}" ] || { echo "npx was asked for $*" >&2; exit 97; }\nshift 2\nexec fastlint "$@"`,
)

function writeProgram(name: string, script: string): void {
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${script}\n`)
  chmodSync(join(bin, name), 0o755)
}

const APP = 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef read_root() -> dict[str, str]:\n    return {}\n'

/** A project of its own for each test, with what is given besides the app. */
function project(files: Record<string, string> = {}): string {
  const place = mkdtempSync(join(folder, "project-"))
  for (const [name, text] of Object.entries({ "fastlint.toml": 'preset = "none"\n', "app/main.py": APP, ...files })) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    writeFileSync(join(place, name), text)
  }
  return place
}

const BROKEN = { "app/broken.py": "def (\n" }

/** As GitHub runs `shell: bash`, and GitLab and pre-commit nearly so: the first command that fails ends it. */
function bash(script: string, cwd: string, env: Record<string, string> = {}) {
  const file = join(mkdtempSync(join(folder, "script-")), "script.sh")
  writeFileSync(file, script)
  const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", file], {
    cwd,
    encoding: "utf8",
    env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder, GIT_CEILING_DIRECTORIES: folder, ...env },
  })
  return { status, stdout, stderr }
}

describe("action.yml", () => {
  const action = parse(read("action.yml"))
  const steps: { id?: string; run?: string; uses?: string; env?: Record<string, string>; "working-directory"?: string }[] =
    action.runs.steps
  const step = (id: string) => steps.find((one) => one.id === id)!

  /** What the runner reads from an event is nothing where no event is. */
  const defaultOf = (name: string) => String(action.inputs[name].default).replace(/\$\{\{.*\}\}/, "")

  /** Runs the step that checks, with inputs as a workflow gives them. */
  function check(cwd: string, inputs: Record<string, string> = {}, env: Record<string, string> = {}) {
    const given = (text: string) => text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => inputs[name] ?? defaultOf(name))
    const job = mkdtempSync(join(folder, "job-"))
    const [output, summary] = [join(job, "output"), join(job, "summary")]
    const { env: wanted = {}, run = "", "working-directory": place = "." } = step("check")
    const result = bash(run, join(cwd, given(place)), {
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: cwd,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: job,
      ...Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, given(value)])),
      ...env,
    })
    const lines = existsSync(output) ? readFileSync(output, "utf8").trimEnd().split("\n") : []
    const outputs: Record<string, string> = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    )
    return { ...result, outputs, summary: existsSync(summary) ? readFileSync(summary, "utf8") : "" }
  }

  test("is pinned, and no input is part of a script", () => {
    expect(action.inputs.version.default).toBe(version)
    expect(action.runs.using).toBe("composite")
    for (const { run, uses } of steps) {
      expect(run ?? "").not.toContain("${{")
      if (uses !== undefined) expect(uses).toMatch(/^[\w/-]+@[0-9a-f]{40}$/)
    }
    for (const { value } of Object.values<{ value: string }>(action.outputs))
      expect(value).toMatch(/^\$\{\{ steps\.check\.outputs\.[\w-]+ \}\}$/)
  })

  test("finds out whether the machine's node will do", () => {
    const output = join(mkdtempSync(join(folder, "job-")), "output")
    expect(bash(step("node").run!, folder, { GITHUB_OUTPUT: output }).status).toBe(0)
    const old = mkdtempSync(join(folder, "old-"))
    writeFileSync(join(old, "node"), "#!/bin/sh\nexit 1\n", { mode: 0o755 })
    expect(bash(step("node").run!, folder, { GITHUB_OUTPUT: output, PATH: `${old}:${process.env.PATH}` }).status).toBe(0)
    expect(readFileSync(output, "utf8")).toBe("found=true\nfound=false\n")
  })

  test("a clean project", () => {
    const { status, outputs, summary } = check(project())
    expect({ status, outputs }).toEqual({ status: 0, outputs: { "exit-code": "0", errors: "0", warnings: "0", new: "0", questions: "0" } })
    expect(summary).toContain("### fastlint: all clear")
  })

  test("problems fail the step, after outputs, annotations, summary and SARIF", () => {
    const place = project(BROKEN)
    const { status, outputs, summary, stdout } = check(place, { "sarif-file": "out/fastlint.sarif" })
    expect({ status, outputs }).toEqual({
      status: 1,
      outputs: { "exit-code": "1", errors: "1", warnings: "0", new: "1", questions: "0", "sarif-file": join(place, "out/fastlint.sarif") },
    })
    expect(stdout).toMatch(/^::stop-commands::/)
    expect(stdout).toContain("::error file=app/broken.py,line=1")
    expect(summary).toContain("### fastlint: 1 error")
    expect(JSON.parse(readFileSync(outputs["sarif-file"]!, "utf8")).runs[0].results).toHaveLength(1)
  })

  test("inputs become arguments", () => {
    const place = project(BROKEN)
    expect(check(place, { "fail-on": "never" })).toMatchObject({ status: 0, outputs: { errors: "1" } })
    expect(check(place, { args: "--exit-zero\n  --format concise" })).toMatchObject({
      status: 0,
      stdout: "app/broken.py:1:1: error: Python cannot read this file: expected `:` [syntax-error]\n",
    })
    expect(check(place, { path: "app/main.py" })).toMatchObject({ status: 0, outputs: { errors: "0" } })
    expect(check(place, { summary: "false" })).toMatchObject({ status: 1, summary: "" })
  })

  test("on a pull request only what its base did not have", () => {
    const place = project(BROKEN)
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", place, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { encoding: "utf8" }).trim()
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    const base = git("rev-parse", "HEAD")
    writeFileSync(join(place, "app/more.py"), "class (\n")
    expect(action.inputs.since.default).toMatch(/^\$\{\{ github\.event\.pull_request\.base\.sha \}\}$/)
    expect(check(place, { since: base })).toMatchObject({ status: 1, outputs: { errors: "1", new: "1" } })
    expect(check(place, { since: "none" })).toMatchObject({ status: 1, outputs: { errors: "2", new: "2" } })
    const shallow = join(folder, "shallow")
    git("add", ".")
    git("commit", "-qm", "second")
    execFileSync("git", ["clone", "-q", "--depth", "1", `file://${place}`, shallow])
    const { status, stderr } = check(shallow, { since: base })
    expect(status).toBe(2)
    expect(stderr).toContain("check out with `fetch-depth: 0`")
  })

  test("below the repository's root, annotations name the whole path", () => {
    const place = project({
      "services/api/main.py": APP,
      "services/api/broken.py": "def (\n",
      "services/api/fastlint.toml": 'preset = "none"\n',
    })
    const server = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "o/r", GITHUB_SHA: "0a1b" }
    const { stdout, summary } = check(place, { "working-directory": "services/api" }, server)
    expect(stdout).toContain("::error file=services/api/broken.py,line=1")
    expect(summary).toContain("[broken.py:1](https://github.com/o/r/blob/0a1b/services/api/broken.py#L1)")
  })

  test("a run that could not start says so, and counts nothing", () => {
    const { status, outputs, stderr } = check(project({ "fastlint.toml": "presett = 1\n" }))
    expect({ status, outputs }).toEqual({ status: 2, outputs: { "exit-code": "2" } })
    expect(stderr).toContain("did you mean `preset`?")
  })

  test("no input is obeyed", () => {
    const place = project()
    const hostile = '$(touch pwned); touch pwned `touch pwned` "; touch pwned; "\n--output-file pwned'
    for (const name of ["path", "args", "fail-on", "since", "version", "sarif-file"]) {
      const { status, outputs } = check(place, {
        [name]: name === "args" ? "$(touch pwned) ; touch pwned && `touch pwned` > pwned" : hostile,
      })
      if (name !== "sarif-file") expect([2, 97]).toContain(status)
      expect(
        Object.keys(outputs).filter((key) => !["exit-code", "errors", "warnings", "new", "questions", "sarif-file"].includes(key)),
      ).toEqual([])
      expect(existsSync(join(place, "pwned"))).toBe(false)
    }
    expect(check(place, { path: "--version" }).stderr).toContain("--version")
  })
})

describe(".pre-commit-hooks.yaml", () => {
  const [hook, ...others] = parse(read(".pre-commit-hooks.yaml"))

  test("one hook that reads the whole project once", () => {
    expect(others).toEqual([])
    expect(hook).toMatchObject({ id: "fastlint", pass_filenames: false, require_serial: true })
  })

  test("passes and fails with what it finds", () => {
    expect(bash(hook.entry, project()).status).toBe(0)
    const failed = bash(hook.entry, project(BROKEN))
    expect(failed.status).toBe(1)
    expect(failed.stdout).toContain("--> app/broken.py:1:1")
  })
})

describe("docs/ci.md", () => {
  const page = read("docs/ci.md")
  const blocks = [...page.matchAll(/^## (.+?)$|^```(\w+)\n(.*?)^```/gms)]
  const titles: string[] = []
  const snippets = blocks.flatMap(([, title, language, text]) => {
    if (title !== undefined) titles.push(title)
    return title === undefined ? [{ section: titles.at(-1)!, language: language!, text: text! }] : []
  })
  const snippet = (section: string, n = 0) => snippets.filter((one) => one.section === section)[n]!.text

  test("speaks of this version, and all of its YAML is YAML", () => {
    for (const [, named] of page.matchAll(/fastlint@v?(\d+\.\d+\.\d+)/g)) expect(named).toBe(version)
    for (const { language, text } of snippets) if (language === "yaml") expect(parse(text)).toBeTypeOf("object")
  })

  test("GitLab: both reports are there, and the job fails with what it finds", () => {
    const { script, artifacts } = parse(snippet("GitLab")).fastlint
    const reports: Record<string, string> = artifacts.reports
    const clean = project()
    expect(bash(script, clean).status).toBe(0)
    expect(JSON.parse(readFileSync(join(clean, reports.codequality!), "utf8"))).toEqual([])
    expect(readJunit(readFileSync(join(clean, reports.junit!), "utf8")).cases).toHaveLength(1)
    const broken = project(BROKEN)
    expect(bash(script, broken).status).toBe(1)
    expect(JSON.parse(readFileSync(join(broken, reports.codequality!), "utf8"))).toMatchObject([{ check_name: "syntax-error" }])
    expect(readJunit(readFileSync(join(broken, reports.junit!), "utf8")).attributes).toMatchObject({ failures: "1" })
  })

  test("only what is new: the list is made, and what is not in it fails; and so with a revision", () => {
    const place = project({ "app/main.py": APP, "fastlint.toml": 'select = ["async/blocking-call"]\n' })
    const blocking = `import time\n${APP}\n\n@app.get("/slow")\nasync def read_slow() -> str:\n    time.sleep(1)\n    return ""\n`
    writeFileSync(join(place, "app/main.py"), blocking)
    expect(bash(snippet("Only what is new"), place).status).toBe(0)
    expect(JSON.parse(readFileSync(join(place, "fastlint-baseline.json"), "utf8")).entries).toHaveLength(1)
    const since = snippet("Only what is new", 1).replace("origin/main", "HEAD")
    expect(bash(since, place).status).toBe(2)
    rmSync(join(place, "fastlint-baseline.json"))
    execFileSync("git", ["-C", place, "init", "-q"])
    execFileSync("git", ["-C", place, "add", "."])
    execFileSync("git", ["-C", place, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first"])
    expect(bash(since, place).status).toBe(0)
    writeFileSync(
      join(place, "app/main.py"),
      blocking.replace("return {}", 'return {"a": str(1)}').replace("/slow", "/slower").replace("read_slow", "read_slower"),
    )
    expect(bash(since, place).status).toBe(1)
  })

  test("GitHub: the step of the plain workflow", () => {
    const { run } = parse(snippet("GitHub Actions")).jobs.fastlint.steps.at(-1)
    expect(bash(run, project()).status).toBe(0)
    expect(bash(run, project(BROKEN), { GITHUB_ACTIONS: "true" })).toMatchObject({ status: 1 })
  })

  test("pre-commit: the hook that needs no installed fastlint says the same as ours", () => {
    const [local] = parse(snippet("pre-commit", 1)).repos[0].hooks
    const [ours] = parse(read(".pre-commit-hooks.yaml"))
    for (const key of ["entry", "types_or", "pass_filenames", "require_serial"]) expect(local[key]).toEqual(ours[key])
  })

  test("Azure and JUnit: the report is written, whatever the exit code", () => {
    for (const script of [
      parse(snippet("Azure Pipelines and TeamCity")).steps[0].script,
      snippet("Jenkins, and everything that reads JUnit"),
    ]) {
      const broken = project(BROKEN)
      expect(bash(script, broken).status).toBe(1)
      expect(readJunit(readFileSync(join(broken, "fastlint.xml"), "utf8")).attributes).toMatchObject({ failures: "1" })
    }
  })

  test("reviewdog: gets one document", () => {
    const got = join(folder, "reviewdog-got.json")
    writeProgram("reviewdog", `[ "$1" = -f=rdjson ] && cat > "${got}"`)
    expect(bash(snippet("reviewdog"), project(BROKEN)).status).toBe(0)
    expect(JSON.parse(readFileSync(got, "utf8")).diagnostics).toHaveLength(1)
  })
})

test("the snippets' shell is not special: it runs in a plain sh, too", () => {
  const { script } = parse(/^## GitLab\n+```yaml\n(.*?)^```/ms.exec(read("docs/ci.md"))![1]!).fastlint
  const place = project()
  execFileSync("sh", ["-e", "-c", script], { cwd: place, env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder } })
  expect(existsSync(join(place, "fastlint.xml"))).toBe(true)
})
