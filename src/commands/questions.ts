import { createInterface } from "node:readline/promises"
import { run } from "#engine"
import { type Answered, type AskedQuestion, disarmed, oneLine, questionsJson, questionsText, questionsToml } from "#report"
import { ask } from "./ask.ts"
import { lookOf } from "./look.ts"
import { misuse } from "./problems.ts"
import { type ConfigFlags, type ReadingFlags, runRequest } from "./requests.ts"

export interface QuestionsFlags extends ConfigFlags, ReadingFlags {
  format: "text" | "json" | "toml"
  ask?: boolean
  allowEmpty?: boolean
}

/** `fastlint questions`: what could not be decided, and the lines of configuration that decide it. */
export async function questions(path: string, flags: QuestionsFlags): Promise<void> {
  if (flags.ask && !(process.stdin.isTTY && process.stdout.isTTY))
    throw misuse("--ask needs a terminal", "fastlint questions --format toml prints what to put into the configuration")
  const checked = await run(runRequest([path], flags))
  const asked = checked.questions
  for (const { kind, level, message, path: file, line } of checked.notifications) {
    if (kind === "configuration")
      process.stderr.write(disarmed(`${oneLine(`${level}: ${file === undefined ? "" : `${file}:${line}: `}${message}`)}\n`))
  }
  const look = lookOf(process.stdout)
  if (flags.ask) {
    const reader = createInterface({ input: process.stdin, output: process.stdout })
    // Ctrl-D ends the questions as `q` does.
    const closed = new Promise<string>((resolve) => reader.once("close", () => resolve("q")))
    await ask(asked, {
      look,
      write: (text) => void process.stdout.write(text),
      read: (prompt) => Promise.race([reader.question(prompt), closed]),
    }).finally(() => reader.close())
  } else if (flags.format === "json") process.stdout.write(questionsJson(asked))
  else if (flags.format === "toml") process.stdout.write(questionsToml(asked, answeredIn(checked.projects, asked)))
  else process.stdout.write(questionsText(asked, beyondAnswers(checked.projects), look))
}

type Projects = Awaited<ReturnType<typeof run>>["projects"]

/** Routes whose answer is unknown and that no question decides. */
function beyondAnswers(projects: Projects): number {
  return projects.reduce((sum, { analysis: { project } }) => {
    const asked = new Set(project.questions.flatMap(({ decides }) => decides))
    const unsure = project.routes.filter(
      ({ app, auth, at }) => app && auth.answer === "unknown" && !auth.isSaidPublic && project.role(at.path) === "app",
    )
    return sum + unsure.filter((route) => !asked.has(route)).length
  }, 0)
}

/** What the file that an answer belongs into says already. */
function answeredIn(projects: Projects, asked: readonly AskedQuestion[]): Answered {
  const [first] = projects
  const { dependencies = [], notAuth = [], public: open = [] } = first?.settings.auth ?? {}
  return new Map(projects.length === 1 ? asked.map(({ file }) => [file, { dependencies, "not-auth": notAuth, public: open }]) : [])
}
