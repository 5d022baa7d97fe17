import { type Checked, crashTitle, VERSION } from "#engine"
import { oneLine } from "#report"

const FRAMES = 3

/** What runs, as bug reports begin. */
export const programText = (): string => `fastlint ${VERSION}, node ${process.version}, ${process.platform} ${process.arch}`

/**
 * Our own bugs, told so that they can be reported: the rule, the error, where in our code, and how to go on. One bug
 * that many files meet is told once.
 */
export function crashText({ projects, summary }: Checked): string[] {
  return projects.flatMap(({ analysis, shown }) => {
    const bugs = new Map<string, { first: (typeof analysis.crashes)[number]; more: number }>()
    for (const crash of analysis.crashes) {
      const key = `${crash.rule}\0${stackOf(crash.error)[0]}`
      const bug = bugs.get(key)
      if (bug) bug.more += 1
      else bugs.set(key, { first: crash, more: 0 })
    }
    return [...bugs.values()].flatMap(({ first, more }) => {
      const [head = "", ...frames] = stackOf(first.error)
      const isRule = first.rule.includes("/")
      const path = first.path === undefined ? undefined : shown(first.path)
      return [
        oneLine(`fastlint: ${crashTitle(first, shown)}${more > 0 ? ` and ${more} more ${more === 1 ? "file" : "files"}` : ""}`),
        "  This is a bug in fastlint, not in your code.",
        oneLine(head).replace(/^/, "  "),
        ...frames.slice(0, FRAMES).map((frame) => `    ${oneLine(frame)}`),
        `    ${programText()}`,
        `  ${isRule ? `The other ${summary.rules - 1} rules were` : "Everything else was"} checked; what they found is above. This run is incomplete.`,
        `  Report:   fastlint doctor${path === undefined ? "" : ` --file ${oneLine(path)}`} prints what a report needs, without your source code`,
        `  Go on:    ${isRule ? `--ignore ${first.rule}` : `--config 'extend-exclude=["${path === undefined ? "" : oneLine(path)}"]'`}`,
      ]
    })
  })
}

/** The program's own failure: no rule's, no file's. */
export function brokenText(error: unknown): string[] {
  const [head = "", ...frames] = stackOf(error)
  return [
    "fastlint: internal error",
    "  This is a bug in fastlint, not in your code.",
    `  ${oneLine(head)}`,
    ...frames.map((frame) => `    ${oneLine(frame)}`),
    `    ${programText()}`,
    "  Nothing was checked.",
    "  Report:   fastlint doctor prints what a report needs, without your source code",
  ]
}

/** The error, then where in our code it came about: files by their names, since where they are installed is nobody's business. */
export function stackOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)]
  const lines = (error.stack ?? "").split("\n")
  const from = lines.findIndex((line) => /^\s+at /.test(line))
  const frames =
    from === -1 ? [] : lines.slice(from).map((line) => line.trim().replace(/(?:file:\/\/)?[^\s()]*[/\\]([^/\\()]+:\d+:\d+)/, "$1"))
  return [`${error.name}: ${error.message}`, ...frames]
}
