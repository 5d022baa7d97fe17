/** What one line of configuration would decide, and what could not be understood at all. */
import { count } from "../layout.ts"
import { assignment, header } from "../questions-toml.ts"
import type { AskedQuestion, UnseenThing } from "../report.ts"
import type { Code } from "./code.ts"
import { type Html, html, prose } from "./html.ts"

export function questionsSection(questions: readonly AskedQuestion[], code: Code): Html | undefined {
  if (questions.length === 0) return undefined
  return html`<p class="hint">Until they are answered, the routes that they decide about count as unsure.</p>${questions.map((question) => questionBlock(question, code))}`
}

function questionBlock({ id, asks, at, evidence, answers, decides, for: pros, against }: AskedQuestion, code: Code): Html {
  const list = (name: string, texts: readonly string[]) =>
    texts.length > 0 && html`<div><dt>${name}</dt><dd>${texts.map((text) => html`<span class="line">${prose(text)}</span>`)}</dd></div>`
  return html`<article class="question" id="${id}"><h3><span class="badge unsure">${id}</span> ${prose(asks)}${decides > 0 && html` <small>decides ${count(decides, "route")}</small>`}</h3>
<p class="place">${at.path}:${at.range.start.line}:${at.range.start.column}</p>${evidence.map(({ text, range }) => code.line(range.start.line, text.trimEnd()))}
<dl>${[list("For", pros), list("Against", against), answers.map((answer) => html`<div><dt>${answer.says} →</dt><dd><code>${[header(answer), assignment(answer)].filter(Boolean).join(" ")}</code></dd></div>`)]}</dl></article>`
}

export function unseenSection(unseen: readonly UnseenThing[]): Html | undefined {
  if (unseen.length === 0) return undefined
  return html`<p class="hint">Not judged, because it could not be understood.</p><ul class="things">${unseen.map(
    ({ path, line, what, why }) => html`<li><span class="tag">${what}</span> <span class="place">${path}:${line}</span> ${prose(why)}</li>`,
  )}</ul>`
}
