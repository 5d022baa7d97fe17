/** Questions for people: what is asked, the code that it is about, what speaks for and against, and the lines that answer it. */
import { disarmed } from "./disarm.ts"
import { type Ink, inkOf } from "./ink.ts"
import { count, cut, hang, pad, widthOf } from "./layout.ts"
import { placeText } from "./phrases.ts"
import { assignment, header } from "./questions-toml.ts"
import type { AskedQuestion, Look, PossibleAnswer } from "./report.ts"
import { oneLine, visible } from "./visible.ts"

const INDENT = "     "
/** Wider lines are hard to read, and what a question decides would be lost at their end. */
const MOST_COLUMNS = 100

/** All questions. `beyond`: routes that are unsure and that no question is about. */
export function questionsText(questions: readonly AskedQuestion[], beyond: number, look: Look): string {
  const ink = inkOf(look)
  const { width } = look
  const left =
    beyond > 0
      ? hang(
          " ",
          `${count(beyond, "more route")} ${beyond === 1 ? "is" : "are"} unsure where an answer is not possible or changes nothing: fastlint routes`,
          width,
        )
      : []
  if (questions.length === 0) return disarmed(`${["No questions: nothing that was found waits for an answer.", ...left].join("\n")}\n`)
  const one = questions.length === 1
  const intro = `${ink.bold(count(questions.length, "question"))}. Until ${one ? "it is" : "they are"} answered the routes below count as "unsure", not as errors.`
  const ways = [`Answer here: ${ink.dim("fastlint questions --ask")}`, `Print the TOML: ${ink.dim("fastlint questions --format toml")}`]
  const outro = widthOf(ways.join("        ")) < width ? [ways.join("        ")] : ways
  const blocks = [
    hang(" ", intro, width),
    ...questions.map((question) => questionLines(question, look)),
    ...(left.length > 0 ? [left] : []),
    outro.flatMap((line) => hang(" ", line, width)),
  ]
  return disarmed(`${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`)
}

/** One question, its first line with what it decides at the right. */
export function questionLines(question: AskedQuestion, look: Look): string[] {
  const ink = inkOf(look)
  const { width, unicode } = look
  const says = Math.max(...question.answers.map((answer) => answer.says.length), 3)
  const word = Math.max(says + 6, "against  ".length)
  const note = (name: string, texts: string[]) =>
    texts.length > 0 ? hang(`${INDENT}${ink.dim(pad(name, word))}`, texts.map((text) => oneLine(text, unicode)).join("; "), width) : []
  return [
    ...title(question, look, ink),
    ...codeLines(question, look, ink),
    ...note("for", question.for),
    ...note("against", question.against),
    ...question.answers.flatMap((answer) => {
      const text = [header(answer), shortened(answer)].filter(Boolean).join(" ")
      return hang(`${INDENT}${pad(`${ink.help(pad(answer.says, says))} ->`, word)}`, visible(text, unicode), width)
    }),
  ]
}

/** A long list is not read here, but taken from `--format toml`. */
const MOST_VALUES = 4
const shortened = (answer: PossibleAnswer): string =>
  answer.values.length <= MOST_VALUES
    ? assignment(answer)
    : `${assignment({ ...answer, values: answer.values.slice(0, MOST_VALUES - 1) }).slice(0, -1)}, ...] # ${answer.values.length} in all: --format toml`

function title({ id, asks, decides }: AskedQuestion, { width, unicode }: Look, ink: Ink): string[] {
  const effect = decides > 0 ? `decides ${count(decides, "route")}` : ""
  const lines = hang(` ${ink.bold(pad(id, INDENT.length - 2))} `, ink.bold(oneLine(asks, unicode)), width)
  const last = lines.at(-1) ?? ""
  const room = Math.min(width, MOST_COLUMNS) - widthOf(last) - widthOf(effect)
  if (effect === "") return lines
  return room >= 2 ? [...lines.slice(0, -1), last + " ".repeat(room) + ink.dim(effect)] : [...lines, `${INDENT}${ink.dim(effect)}`]
}

/** The lines of the first file under its place; those of others each under their own. */
function codeLines({ at, evidence }: AskedQuestion, { width, unicode }: Look, ink: Ink): string[] {
  const out = [`${INDENT}${placeText(at, unicode)}`]
  const digits = Math.max(...evidence.map(({ range }) => String(range.start.line).length), 1)
  let path = at.path
  for (const line of evidence) {
    if (line.path !== path) out.push(`${INDENT}${placeText(line, unicode)}`)
    path = line.path
    const gutter = `${String(line.range.start.line).padStart(digits)} |`
    out.push(cut(`${INDENT}${ink.gutter(gutter)} ${visible(line.text.trimEnd().replaceAll("\t", "    "), unicode)}`, width, ink.signs.more))
  }
  return out
}
