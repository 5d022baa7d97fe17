/** A project whose files are named and written to command a build server: what the installed program prints commands nothing. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import AjvDraft04 from "ajv-draft-04"
import addFormats from "ajv-formats"
import { afterAll, describe, expect, test } from "vitest"
import { azureCommands, githubCommands, teamcityCommands } from "../report/servers.ts"
import { install } from "./installed.ts"

const { cli, remove } = install()
const folder = mkdtempSync(join(tmpdir(), "fastlint-hostile-"))
afterAll(() => {
  remove()
  rmSync(folder, { recursive: true })
})

const COMMANDS = [
  "##[error]x",
  "::set-output name=a::b",
  "::error::x",
  "##vso[task.complete]x",
  "##teamcity[buildStop]",
  "\u001b[2J\u001b]0;x\u0007",
  "100%25%0A::error::y",
]
/** Names that a file system takes. */
const NAMES = [
  "a,b=c::d.py",
  "100%25%0A.py",
  "line\nbreak.py",
  "::set-output name=x::y.py",
  "##[error]x.py",
  "esc\u001b[2J.py",
  "\n::error::z.py",
  "back\u202eyp.py",
]

const app = [
  "from fastapi import FastAPI",
  "import time",
  "",
  "app = FastAPI()",
  ...COMMANDS.map((text) => `# ${text.replaceAll("\n", " ")}`),
  ...COMMANDS.flatMap((text, i) => [
    "",
    "",
    `@app.get(${JSON.stringify(`/${i}/${text}`)})`,
    `async def read_${i}() -> str:`,
    `    time.sleep(1)  # ${text}`,
    `    return ${JSON.stringify(text)}`,
  ]),
  "",
].join("\n")
const files: Record<string, string> = { "app/main.py": app, "fastlint.toml": 'select = ["async/blocking-call"]\n' }
for (const name of NAMES)
  files[`app/${name}`] = `${COMMANDS.map((text) => `# ${text}`).join("\n")}\ndef (  # ##[error]x ::error::y\n::error::z\n`
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

function run(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "check", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder, GIT_CEILING_DIRECTORIES: dirname(folder), ...env },
  })
  return { status, stdout, stderr }
}

const obeyed = (text: string) => [...githubCommands(text), ...azureCommands(text), ...teamcityCommands(text)]
const problems = NAMES.length + COMMANDS.length

test("on GitHub: annotations, as many as it keeps, and nothing else", () => {
  const { status, stdout, stderr } = run([], { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: folder })
  expect(status).toBe(1)
  const names = githubCommands(stdout).map(({ name }) => name)
  expect(names.filter((name) => !["stop-commands", "error", "notice"].includes(name))).toEqual([])
  expect(names.filter((name) => name === "error")).toHaveLength(Math.min(10, problems))
  expect(obeyed(stderr)).toEqual([])
})

test("--format github: each file by its own name, as it is shown", () => {
  const { stdout } = run(["--format", "github"])
  const commands = githubCommands(stdout)
  expect(commands.map(({ name }) => name).sort()).toEqual([...Array(10).fill("error"), "notice"])
  for (const { properties } of commands.filter(({ name }) => name === "error")) {
    expect(properties.file).toMatch(/^app\//)
    expect(Object.keys(properties).sort()).toEqual(expect.arrayContaining(["endLine", "file", "line", "title"]))
  }
})

describe.each(["full", "concise", "agent", "json", "jsonl", "sarif", "gitlab", "junit", "rdjson"])("--format %s", (format) => {
  const { status, stdout, stderr } = run(["--format", format])
  test("no server obeys any of it, and no terminal either", () => {
    expect(status).toBe(1)
    expect(obeyed(stdout)).toEqual([])
    expect(obeyed(stderr)).toEqual([])
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
  })
})

test("sarif is valid, and its addresses are", () => {
  const ajv = new AjvDraft04.default({ strict: false, unicodeRegExp: false })
  addFormats.default(ajv as never)
  const isValid = ajv.compile(JSON.parse(readFileSync(new URL("../report/sarif-schema-2.1.0.json", import.meta.url), "utf8")))
  const log = JSON.parse(run(["--format", "sarif"]).stdout)
  expect({ valid: isValid(log), errors: isValid.errors }).toEqual({ valid: true, errors: null })
  const uris: string[] = log.runs[0].results.map((one: any) => one.locations[0].physicalLocation.artifactLocation.uri)
  expect(uris).toHaveLength(problems)
  for (const uri of uris) expect(uri).toMatch(/^(?:[A-Za-z0-9\-._~!'()*/]|%[0-9A-F]{2})+$/)
  expect(new Set(uris.map(decodeURIComponent))).toEqual(new Set(["app/main.py", ...NAMES.map((name) => `app/${name}`)]))
})

test("gitlab: unique fingerprints, and the names as they are", () => {
  const entries: { fingerprint: string; location: { path: string; lines: { begin: number } } }[] = JSON.parse(
    run(["--format", "gitlab"]).stdout,
  )
  expect(new Set(entries.map(({ fingerprint }) => fingerprint)).size).toBe(problems)
  expect(new Set(entries.map(({ location }) => location.path))).toEqual(new Set(["app/main.py", ...NAMES.map((name) => `app/${name}`)]))
  for (const { location } of entries) expect(location.lines.begin).toBeGreaterThan(0)
})

describe("every command that prints what a project says", () => {
  const shout = "##[error]x ::error::y ##vso[task.complete]z ##teamcity[buildStop] \u001b[2J\u202e"
  const settings = ['select = ["async"]', "[per-file-ignores]", `${JSON.stringify(`${shout}/**`)} = ["http"]`]
  const config = join(folder, "hostile.toml")
  writeFileSync(config, `${settings.join("\n")}\n`)
  const wrong = join(folder, "wrong.toml")
  writeFileSync(wrong, `${JSON.stringify(shout)} = 1\nselect = [${JSON.stringify(shout)}]\nedition = ${JSON.stringify(shout)}\n`)

  const told = (...args: string[]) =>
    spawnSync(process.execPath, [cli, ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: folder, GIT_CEILING_DIRECTORIES: dirname(folder) },
    })

  test.each([
    ["routes"],
    ["routes", "--format", "md"],
    ["routes", "--format", "csv"],
    ["routes", "--format", "json"],
    ["routes", "--problems"],
    ["checklist", "--verbose"],
    ["checklist", "--format", "md"],
    ["checklist", "--format", "json"],
    ["checklist", "--format", "junit-checklist"],
    ["questions"],
    ["why", "app/main.py:20"],
    ["config", "--show", "app/main.py"],
    ["check", "--show-settings"],
    ["check", "--show-files"],
    ["check", "--show-fixes", "--format", "concise"],
    ["check", "--ignore-suppressions", "--max-per-rule", "1"],
    ["baseline", "create", "--baseline", "known.json", "--force"],
    ["memory", "--output", "-"],
    ["doctor", "--file", "app/main.py"],
    ["doctor", "--file", "app/main.py", "--with-source"],
    ["config", "upgrade", "--dry-run"],
  ])("%j", (...args) => {
    for (const one of [config, wrong]) {
      const { stdout, stderr } = told(...args, "--config", one)
      expect(stdout + stderr).not.toBe("")
      expect(obeyed(stdout)).toEqual([])
      expect(obeyed(stderr)).toEqual([])
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
      // What programs read keeps every character that is no control.
      if (!args.includes("json") && !args.includes("junit-checklist")) expect(stdout + stderr).not.toContain("\u202e")
    }
  })

  test("--add-ignore with a reason, and a path, that command", () => {
    for (const args of [[`--add-ignore=${shout}`], ["--per-file-ignores", `${shout}:nothing`], ["--edition", shout], [shout]]) {
      const { stdout, stderr } = told("check", ...args, "--diff")
      expect(obeyed(stdout)).toEqual([])
      expect(obeyed(stderr)).toEqual([])
    }
  })
})
