/** Questions for programs, and the lines of configuration that answer them. */
import { disarmedJson } from "./disarm.ts"
import type { AskedQuestion, PossibleAnswer } from "./report.ts"
import { oneLine } from "./visible.ts"

/** `dependencies = ["app.deps.verify_link"]` */
export const assignment = ({ key, values }: Pick<PossibleAnswer, "key" | "values">): string => `${key} = [${values.map(quoted).join(", ")}]`

/** `[tool.fastlint.auth]`; empty at the top of a file. */
export const header = ({ table }: Pick<PossibleAnswer, "table">): string => (table.length > 0 ? `[${table.join(".")}]` : "")

/** A basic string of TOML: what JSON writes, since both escape alike, and DEL besides. */
export const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f")

const lines = (answer: PossibleAnswer): string => [header(answer), assignment(answer)].filter(Boolean).join("\n").concat("\n")

/** One question as a plain object; `candidates` are all possible answers, `answer` is the first of them. */
export function questionJson({ id, kind, asks, evidence, for: pro, against, routes, decides, answers, file }: AskedQuestion): object {
  const candidates = answers.map((answer) => ({ says: answer.says, toml: lines(answer) }))
  return {
    id,
    kind,
    asks,
    evidence: evidence.map(({ path, range, text }) => ({ path, line: range.start.line, text: text.trim() })),
    for: pro,
    against,
    candidates,
    effect: `${decides} ${decides === 1 ? "route" : "routes"}`,
    routes,
    answer: { file, toml: candidates[0]?.toml ?? "" },
  }
}

export const questionsJson = (questions: readonly AskedQuestion[]): string =>
  disarmedJson(`${JSON.stringify(questions.map(questionJson), undefined, 2)}\n`)

/** What each configuration file answers already: `dependencies`, `not-auth` and `public` by the path of the file. */
export type Answered = ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>

/**
 * Tables to put in place of those that are there: what they say already, and every answer as a comment. Nothing is
 * answered until someone takes a `#` away.
 */
export function questionsToml(questions: readonly AskedQuestion[], answered: Answered): string {
  if (questions.length === 0) return "# No questions.\n"
  const out = ["# Take away the `#` before the answers that are true. What a table says already is kept here."]
  for (const file of new Set(questions.map((question) => question.file))) {
    out.push("", `# ${oneLine(file)}`)
    const tables = tablesOf(
      questions.filter((question) => question.file === file),
      answered.get(file) ?? {},
    )
    // A table comes before those below it.
    for (const [name, keys] of [...tables].sort(([a], [b]) => a.length - b.length)) {
      if (name !== "") out.push(name)
      for (const [key, entries] of keys) out.push(`${key} = [`, ...entries, "]")
      out.push("")
    }
    out.pop()
  }
  return `${out.join("\n")}\n`
}

function tablesOf(
  questions: readonly AskedQuestion[],
  answered: Readonly<Record<string, readonly string[]>>,
): Map<string, Map<string, string[]>> {
  const tables = new Map<string, Map<string, string[]>>()
  for (const { id, asks, answers, decides } of questions) {
    for (const answer of answers) {
      const name = header(answer)
      const isAuth = answer.table.at(-1) === "auth"
      const keys = tables.get(name) ?? new Map(isAuth ? Object.entries(answered).flatMap(startOf) : [])
      tables.set(name, keys)
      const entries = keys.get(answer.key) ?? []
      keys.set(answer.key, entries)
      entries.push(`  # ${id} ${answer.says}: ${oneLine(asks)} ${decides} ${decides === 1 ? "route" : "routes"}`)
      entries.push(...answer.values.map((value) => `  # ${quoted(oneLine(value))},`))
    }
  }
  return tables
}

const startOf = ([key, values]: [string, readonly string[]]): [string, string[]][] =>
  values.length > 0 ? [[key, values.map((value) => `  ${quoted(value)},`)]] : []
