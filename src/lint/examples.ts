/**
 * Examples and fixtures: Python with the expectation on the line.
 *
 *     # file: app/main.py           begins a file; without it the text is `main.py`
 *     # with: pydantic==1.10.2      the project pins this version; `>=`: this one or a later one
 *     # locked: fastapi jinja2      what the lock file installs
 *     # option: max = 3             an option of the rule, as JSON
 *     time.sleep(1)  # expect: `time.sleep` runs on the event loop
 *
 * `# expect` says that exactly one finding starts on its line; the text after the colon stands in its message. On a
 * line of its own it speaks of the next line.
 */

import { link } from "#fastapi"
import { distil, readFile, roleOf } from "#python"
import { applyEdits } from "./edit.ts"
import { type OptionsByRule, type RuleCrash, runFileRules, runProjectRules, settle } from "./judge.ts"
import type { Edit, Example, FileNotes, Rule, Verdict } from "./rule.ts"

export interface SourceFile {
  path: string
  text: string
}

/** A line that a finding is expected on. */
export interface Mark {
  path: string
  /** From 1. */
  line: number
  /** Must stand in the message. */
  says?: string
}

/** How a rule did on an example. */
export interface Outcome {
  /** We were silent where we had to speak. */
  missing: Mark[]
  /** We spoke out of turn. */
  noisy: (Verdict & { line: number })[]
  findings: Verdict[]
  crashes: RuleCrash[]
  /** The files after all fixes, as one text with its `# file:` lines. Absent when nothing was fixed. */
  fixed?: string
}

/** The files of an example. */
export function filesOf(example: string): SourceFile[] {
  const pieces = dedent(example).split(/^# file:[ \t]*(\S+)[ \t]*\r?\n/m)
  const [head = "", ...rest] = pieces
  if (rest.length === 0) return [{ path: "main.py", text: head }]
  const files: SourceFile[] = []
  for (let i = 0; i < rest.length; i += 2) files.push({ path: rest[i]!, text: rest[i + 1] ?? "" })
  // What stands above the first file is for all of them: `# with:`, `# locked:` and `# option:`.
  files[0]!.text = head.trim() === "" ? files[0]!.text : `${head}${files[0]!.text}`
  return files
}

/** Runs one rule on an example and compares. `good` expects silence, whatever is marked. */
export function verify(rule: Rule, example: Example, kind: "bad" | "good"): Outcome {
  return compare(rule, filesOf(example[kind]))
}

/** Runs one rule on files and compares with their marks. */
export function compare(rule: Rule, files: readonly SourceFile[]): Outcome {
  const { findings, crashes } = review(files, [rule])
  const outcome: Outcome = { ...against(files, findings), findings, crashes }
  const edits = findings.flatMap((finding) => finding.fix?.edits ?? [])
  return edits.length > 0 ? { ...outcome, fixed: afterEdits(files, edits) } : outcome
}

/** All findings of some rules on a project that is given as texts. */
export function review(files: readonly SourceFile[], rules: readonly Rule[]): { findings: Verdict[]; crashes: RuleCrash[] } {
  const settings = settingsOf(files)
  const optionsByRule: OptionsByRule = Object.fromEntries(rules.map((rule) => [rule.id, settings.options]))
  const findings: Verdict[] = []
  const crashes: RuleCrash[] = []
  const notes: Record<string, FileNotes<unknown>[]> = {}
  const modules = files.map(({ path, text }) => {
    const file = readFile(path, text)
    const judged = runFileRules(file, rules, optionsByRule)
    findings.push(...judged.findings)
    crashes.push(...judged.crashes)
    for (const [id, left] of Object.entries(judged.notes)) notes[id] = [...(notes[id] ?? []), { path, notes: left }]
    return distil(file)
  })
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const project = link({
    modules,
    versions: settings.versions,
    ...(settings.locked && { locked: settings.locked }),
    role: (path) => roleOf(path, texts.get(path)),
  })
  const whole = runProjectRules(project, rules, notes, optionsByRule)
  return {
    findings: settle([...findings, ...whole.findings], rules, (path) => project.role(path)),
    crashes: [...crashes, ...whole.crashes],
  }
}

/** The marks of some files, in the order of the text. */
export function marksOf(files: readonly SourceFile[]): Mark[] {
  return files.flatMap(({ path, text }) =>
    text.split(/\r\n|\r|\n/).flatMap((source, index) =>
      [...source.matchAll(/# expect(?::[ \t]*(.*?))?(?=\s*# expect|\s*$)/g)].map((match) => {
        const isOwnLine = source.trimStart().startsWith("# expect")
        return { path, line: index + (isOwnLine ? 2 : 1), ...(match[1] ? { says: match[1] } : {}) }
      }),
    ),
  )
}

/** Findings without a mark, and marks without a finding. */
export function against(files: readonly SourceFile[], findings: readonly Verdict[]): Pick<Outcome, "missing" | "noisy"> {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const noisy = findings.map((finding) => ({ ...finding, line: lineAt(texts.get(finding.at.path) ?? "", finding.at.start) }))
  const missing = marksOf(files).filter((mark) => {
    const met = noisy.findIndex(({ at, line, message }) => at.path === mark.path && line === mark.line && message.includes(mark.says ?? ""))
    if (met >= 0) noisy.splice(met, 1)
    return met < 0
  })
  return { missing, noisy }
}

/** One line per deviation, for people: "missing  main.py:4  never reached". */
export function describe({ missing, noisy, crashes }: Pick<Outcome, "missing" | "noisy" | "crashes">): string[] {
  return [
    ...missing.map(({ path, line, says = "" }) => `missing  ${path}:${line}  ${says}`.trimEnd()),
    ...noisy.map(({ at, line, message }) => `noisy    ${at.path}:${line}  ${message}`),
    ...crashes.map(
      ({ rule, path, error }) =>
        `crash    ${path ?? "project"}  ${rule}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ),
  ]
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split(/\r\n|\r|\n/).length

function afterEdits(files: readonly SourceFile[], edits: readonly Edit[]): string {
  const fixed = files.map(({ path, text }) => ({
    path,
    text: applyEdits(
      text,
      edits.filter((edit) => edit.path === path),
    ),
  }))
  return fixed.length === 1 ? fixed[0]!.text : fixed.map(({ path, text }) => `# file: ${path}\n${text}`).join("")
}

/** `# with: name==version`, `# locked: name name` and `# option: name = json`. */
function settingsOf(files: readonly SourceFile[]): {
  versions: Record<string, string> & { loose?: string[] }
  locked?: Set<string>
  options: Record<string, unknown>
} {
  const versions: Record<string, string> = {}
  const options: Record<string, unknown> = {}
  const loose: string[] = []
  const locked = files.flatMap(({ text }) =>
    [...text.matchAll(/^# locked:[ \t]*(.+)$/gm)].flatMap((match) => match[1]!.trim().split(/\s+/)),
  )
  for (const { text } of files) {
    for (const match of text.matchAll(/^# with:[ \t]*(\w+)([=>]=)(\S+)/gm)) {
      versions[match[1]!] = match[3]!
      if (match[2] === ">=") loose.push(match[1]!)
    }
    for (const match of text.matchAll(/^# option:[ \t]*([\w-]+)[ \t]*=[ \t]*(.+)$/gm)) options[match[1]!] = JSON.parse(match[2]!)
  }
  return {
    versions: Object.assign(versions, loose.length > 0 && { loose }),
    ...(locked.length > 0 && { locked: new Set(locked) }),
    options,
  }
}

/** Takes away the blank first line and the indentation that a template string brings. */
export function dedent(text: string): string {
  const lines = text
    .replace(/^[ \t]*\r?\n/, "")
    .replace(/[ \t]+$/, "")
    .split("\n")
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length)
  const least = indents.length > 0 ? Math.min(...indents) : 0
  return lines.map((line) => line.slice(Math.min(least, line.length))).join("\n")
}
