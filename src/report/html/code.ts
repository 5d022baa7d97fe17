/** Lines of code with their numbers, coloured, the marked parts marked and labelled. */
import { type Frame, type Span, shownLines, spanOf, startsOf } from "../frame.ts"
import { HUES, huesOf } from "../python-colours.ts"
import { linesOf } from "../visible.ts"
import { type Html, html } from "./html.ts"

interface Text {
  lines: string[]
  starts: number[]
  hues: Uint8Array | undefined
}

/** Draws frames; each text is taken apart once. */
export class Code {
  private readonly texts = new Map<string, Text>()

  frame(frame: Frame): Html {
    const text = this.textOf(frame)
    let previous = 0
    const rows = shownLines(text.lines, frame.marks).map((number) => {
      const gap = previous > 0 && number > previous + 1 && html`<span class="gap"></span>`
      previous = number
      return html`${gap}${this.row(text, number, frame)}`
    })
    return html`<pre class="frame">${rows}</pre>`
  }

  /** One line, for questions. */
  line(number: number, source: string): Html {
    return html`<pre class="frame"><span class="row"><b>${number}</b><code>${coloured(source, huesOf(source), [])}</code></span></pre>`
  }

  private row(text: Text, number: number, { marks }: Frame): Html {
    const line = text.lines[number - 1]!
    const start = text.starts[number - 1]!
    const spans = marks.filter(({ range }) => range.start.line === number).map((mark) => spanOf(mark, line))
    const labels = spans.filter(({ mark }) => mark.label).sort((a, b) => a.from - b.from)
    return html`<span class="row"><b>${number}</b><code>${coloured(line, text.hues?.subarray(start, start + line.length), spans)}</code></span>${labels.map(
      ({ mark, from }) =>
        html`<span class="note ${mark.kind}"><b></b><code>${indentTo(line, from)}↑ ${mark.label?.replace(/\s+/g, " ")}</code></span>`,
    )}`
  }

  private textOf({ path, source }: Frame): Text {
    // Texts in which secrets are masked differ from their file.
    const key = `${path}\0${source}`
    let text = this.texts.get(key)
    if (!text) {
      const lines = linesOf(source)
      text = { lines, starts: startsOf(source, lines), hues: path.endsWith(".py") ? huesOf(source) : undefined }
      this.texts.set(key, text)
    }
    return text
  }
}

/** As many blanks as the text before a code point is wide; tabs are four. */
const indentTo = (line: string, codePoint: number): string =>
  [...line]
    .slice(0, codePoint)
    .map((character) => (character === "\t" ? "    " : " "))
    .join("")

/** Neighbours of one hue and one mark are one element. */
function coloured(line: string, hues: Uint8Array | undefined, spans: readonly Span[]): Html[] {
  const pieces: { text: string; look: string }[] = []
  let unit = 0
  for (const [at, character] of [...line].entries()) {
    const inside = spans.filter(({ from, to }) => from <= at && at < to)
    const mark = inside.some(({ mark }) => mark.kind === "primary") ? "primary" : inside.length > 0 ? "secondary" : ""
    const look = [HUES[hues?.[unit] ?? 0], mark].filter(Boolean).join(" ")
    const last = pieces.at(-1)
    if (last && last.look === look) last.text += character
    else pieces.push({ text: character, look })
    unit += character.length
  }
  return pieces.map(({ text, look }) => (look === "" ? html`${text}` : html`<span class="${look}">${text}</span>`))
}
