import { resolve } from "node:path"
import { writeAddition } from "#engine"
import { type AskedQuestion, disarmed, type Look, questionLines } from "#report"

/** Where questions are put and answers come from. */
export interface Conversation {
  look: Look
  write(text: string): void
  /** The line that a person types. */
  read(prompt: string): Promise<string>
}

/** `fastlint questions --ask`: puts each question and writes each answer at once, so that stopping loses nothing. */
export async function ask(questions: readonly AskedQuestion[], { look, write, read }: Conversation): Promise<void> {
  let written = 0
  for (const question of questions) {
    write(disarmed(`${questionLines(question, look).join("\n")}\n`))
    const choice = await choose(question, read)
    if (choice === "quit") break
    if (choice !== "skip") {
      const { table, key, values } = question.answers[choice] as AskedQuestion["answers"][number]
      writeAddition(resolve(process.cwd(), question.file), { table, key, values })
      written++
      write(disarmed(`     ${question.file}: ${key}\n`))
    }
    write("\n")
  }
  if (questions.length === 0) write("No questions.\n")
  else write(`${written} of ${questions.length} answered. An answer may raise another question: fastlint questions\n`)
}

/** The number of an answer, asked again until it is one. */
async function choose({ answers }: AskedQuestion, read: Conversation["read"]): Promise<number | "skip" | "quit"> {
  const words = [...answers.map(({ says }) => says), "skip", "quit"]
  for (;;) {
    const typed = (await read(`     ${words.join(", ")}? [skip] `)).trim().toLowerCase()
    if (typed === "") return "skip"
    const chosen = words.find((word) => word.startsWith(typed))
    if (chosen === "skip" || chosen === "quit") return chosen
    if (chosen !== undefined) return words.indexOf(chosen)
  }
}
