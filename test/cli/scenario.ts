/**
 * A command line session in one text file: what is in the folder, what is typed, what comes out.
 *
 *     Any prose up to the first section says what it shows.
 *     --- file app/main.py          the text of a file; `--- hex x.py` for bytes, `--- link a -> b`, `--- folder a.py`
 *     --- fill big.py 20            a file of so many MB
 *     --- repeat deep.py 5000 ( x ) a file that holds `(` 5000 times, `x`, and `)` 5000 times
 *     --- run fastlint check        the command, perhaps after `cd folder && ` or `NAME=value `
 *     --- stdin                     what it reads
 *     --- exit 2
 *     --- stdout / --- stderr       exactly this; a missing section is empty
 */
import { spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

interface Section {
  head: string
  body: string
}

export interface Step {
  command: string
  stdin: string
  exit: number
  stdout: string
  stderr: string
}

export interface Scenario {
  prose: string
  setup: Section[]
  steps: Step[]
}

/** A diff has lines with three dashes of its own. */
const SECTION = /^--- (?=(?:run|exit|stdin|stdout|stderr|file|hex|folder|link|fill|repeat)\b)/m

export function readScenario(text: string): Scenario {
  const [prose = "", ...pieces] = text.split(SECTION)
  const sections = pieces.map((piece): Section => {
    const end = piece.indexOf("\n")
    return { head: piece.slice(0, end).trim(), body: piece.slice(end + 1) }
  })
  const setup: Section[] = []
  const steps: Step[] = []
  for (const section of sections) {
    const step = steps.at(-1)
    if (section.head.startsWith("run ")) steps.push({ command: section.head.slice(4), stdin: "", exit: 0, stdout: "", stderr: "" })
    else if (!step) setup.push(section)
    else if (section.head.startsWith("exit ")) step.exit = Number(section.head.slice(5))
    else if (section.head === "stdin" || section.head === "stdout" || section.head === "stderr") step[section.head] = section.body.trimEnd()
    else throw new Error(`unknown section: --- ${section.head}`)
  }
  return { prose, setup, steps }
}

export function writeScenario({ prose, setup, steps }: Scenario): string {
  const section = ({ head, body }: Section) => `--- ${head}\n${body}`
  const output = (name: string, text: string) => (text === "" ? "" : `--- ${name}\n${text}\n`)
  return [
    prose,
    ...setup.map(section),
    ...steps.map(
      (step) =>
        `--- run ${step.command}\n${output("stdin", step.stdin)}--- exit ${step.exit}\n${output("stdout", step.stdout)}${output("stderr", step.stderr)}`,
    ),
  ].join("")
}

/** Does what a scenario says, in a folder of its own, and gives back the steps as they really went. */
export async function play(scenario: Scenario, cli: string): Promise<Step[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "fastlint-cli-")))
  try {
    for (const { head, body } of scenario.setup) prepare(folder, head, body)
    const steps: Step[] = []
    for (const step of scenario.steps) {
      const { exit, stdout, stderr } = await type(step, folder, cli)
      steps.push({ ...step, exit, stdout: steady(stdout, folder), stderr: steady(stderr, folder) })
    }
    return steps
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function type(step: Step, folder: string, cli: string): Promise<Pick<Step, "exit" | "stdout" | "stderr">> {
  const place = /^cd (\S+) && /.exec(step.command)
  const command = step.command.slice(place?.[0].length ?? 0)
  const [program, ...args] = words(command)
  const real = program === "fastlint" ? [process.execPath, cli, ...args] : [program as string, ...args]
  return new Promise((resolve, reject) => {
    const child = spawn(real[0] as string, real.slice(1), { cwd: join(folder, place?.[1] ?? ""), env: environment(command) })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
    child.on("error", reject).on("close", (code) => resolve({ exit: code ?? -1, stdout, stderr }))
    // A command that does not read what it is given closes the pipe, which is its right.
    child.stdin.on("error", () => undefined).end(step.stdin === "" ? "" : `${step.stdin}\n`)
  })
}

function prepare(folder: string, head: string, body: string): void {
  const [verb, name = "", ...rest] = head.split(" ")
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  if (verb === "file") writeFileSync(path, body)
  else if (verb === "hex") writeFileSync(path, Buffer.from(body.replace(/\s/g, ""), "hex"))
  else if (verb === "folder") mkdirSync(path, { recursive: true })
  else if (verb === "link") symlinkSync(rest[1] as string, path)
  else if (verb === "fill") writeFileSync(path, `# ${"x".repeat(Number(rest[0]) * 1024 * 1024)}\n`)
  else if (verb === "repeat") writeFileSync(path, `x = ${rest[1]?.repeat(Number(rest[0]))}${rest[2]}${rest[3]?.repeat(Number(rest[0]))}\n`)
  else throw new Error(`unknown section: --- ${head}`)
}

/** No shell: words are split at blanks, quotes keep them together. */
const words = (command: string): string[] =>
  [...command.replace(/^(\w+=\S* )+/, "").matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? "")

/** Only what the scenario sets itself (`NAME=value fastlint ...`), so that it runs alike on every machine. */
function environment(command: string): NodeJS.ProcessEnv {
  const given = [...(/^(?:\w+=\S* )+/.exec(command)?.[0] ?? "").matchAll(/(\w+)=(\S*)/g)].map((match) => [match[1], match[2]])
  return { PATH: process.env.PATH, HOME: tmpdir(), GIT_CEILING_DIRECTORIES: tmpdir(), ...Object.fromEntries(given) }
}

/** Without what differs from run to run: times, the folder, random words, our own version, how many rules there are. */
const steady = (text: string, folder: string): string =>
  text
    .replaceAll(folder, "<folder>")
    .replace(/\b\d+\.\d s\b/g, "0.0 s")
    .replace(/fastlint \d+\.\d+\.\d+/g, "fastlint <version>")
    // A new rule is no news to those who count files.
    .replace(/(\d+ files?, )\d+ rules?,/g, "$1<n> rules,")
    .replace(/\d+\.\d+\.\d+, node v.*/g, "<version>, <node>")
    .replace(/\bbuild [0-9a-f]{16}\b/g, "build <build>")
    .replace(/^\d+\.\d+\.\d+$/gm, "<version>")
    .replace(/^(required-version = )"[^"]*"/gm, '$1"<version>"')
    .replace(/"version": "[^"]*"/g, '"version": "<version>"')
    .replace(/"durationMs": \d+/g, '"durationMs": 0')
    .replace(/ time="\d+\.\d+"/g, ' time="0.000"')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>")
    .replace(/\([0-9a-f]{7}\)/g, "(<commit>)")
    .replace(/[ \t]+$/gm, "")
    .trimEnd()
