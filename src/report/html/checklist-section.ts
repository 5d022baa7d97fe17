/** The items, each with its bar; opened, with what fails, what is unsure, what was not counted and what no rule can see. */
import type { Answer, CheckedThing, Checklist, ChecklistItem } from "../checklist/checklist.ts"
import { countedText, naReason, resultWord, sharedText, suppressedText, uncheckedText } from "../checklist/words.ts"
import { count } from "../layout.ts"
import { type Html, html, prose } from "./html.ts"

/** How many things are named before the rest is only counted: the findings below have all of them. */
const MOST_NAMED = 60

export function checklistSection({ items, findings }: Checklist): Html {
  const rules: Rules = new Map(findings.map(({ id, rule }) => [id, nameOf(rule)]))
  const numbered = items.filter(({ number }) => number !== undefined)
  const principles = items.filter(({ number }) => number === undefined)
  const unchecked = uncheckedText(items)
  return html`<div class="items">${numbered.map((item) => itemBlock(item, rules))}</div>${principles.length > 0 && html`<h3>Principles</h3><div class="items">${principles.map((item) => itemBlock(item, rules))}</div>`}${unchecked && html`<p class="hint unchecked">No rule looks at: ${unchecked}</p>`}`
}

const CLASSES = { pass: "pass", fail: "fail", unsure: "unsure", "n/a": "na" } as const

/** The name of the rule of each finding, by its id. */
type Rules = ReadonlyMap<string, string>
const nameOf = (rule: string): string => rule.slice(rule.indexOf("/") + 1)

function itemBlock(item: ChecklistItem, rules: Rules): Html {
  const { number, result, pass, fail, unsure, things } = item
  const numbers =
    result === "n/a"
      ? html`<span class="numbers">nothing checked</span>`
      : html`<span class="numbers"><b class="pass">${pass}</b> pass <b class="${fail > 0 && "fail"}">${fail}</b> fail <b class="${unsure > 0 && "unsure"}">${unsure}</b> unsure</span>`
  return html`<details class="item ${CLASSES[result]}"><summary><span class="number">${number ?? "+"}</span><span class="title">${item.item}</span><span class="badge ${CLASSES[result]}">${resultWord(item)}</span>${bar([pass, fail, unsure], things.length)}${numbers}</summary><div class="inside">${[
    sharedText(item) !== "" && html`<p class="hint">${sharedText(item)}</p>`,
    named(item, "fail", "Fails", rules),
    named(item, "unsure", "Unsure", rules),
    html`<dl>${[
      fact("Counted", result === "n/a" ? `nothing: ${naReason(item)}` : countedText(item)),
      item.outside.length > 0 &&
        fact("Not counted", html`${item.outside.map((one) => html`<span class="line">${count(one.count, item.unit)}: ${one.why}</span>`)}`),
      item.suppressed > 0 && fact("Ignored", suppressedText(item)),
      fact("Rules", item.rules.on.length > 0 ? item.rules.on.map(nameOf).join(", ") : "none is on"),
      item.unchecked.length > 0 && fact("No rule looks at", item.unchecked.join(", ")),
      fact("Blind to", item.blind),
    ]}</dl>`,
  ]}</div></details>`
}

const fact = (name: string, text: Html | string): Html => html`<div><dt>${name}</dt><dd>${text}</dd></div>`

/** Shares as widths; what is there at all can be seen. */
function bar([pass, fail, unsure]: [number, number, number], all: number): Html {
  let x = 0
  const piece = (name: string, n: number) => {
    if (n === 0) return false
    const width = Math.max(1, (n / all) * 100)
    const drawn = html`<rect class="${name}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="6"/>`
    x += width
    return drawn
  }
  return html`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${piece("fail", fail)}${piece("unsure", unsure)}${piece("pass", pass)}</svg>`
}

function named({ things }: ChecklistItem, answer: Answer, title: string, rules: Rules): Html | false {
  const chosen = things.filter((thing) => thing.answer === answer)
  const left = chosen.length - MOST_NAMED
  return (
    chosen.length > 0 &&
    html`<h4 class="${answer}">${title}</h4><ul class="things">${chosen.slice(0, MOST_NAMED).map((thing) => thingLine(thing, rules))}${left > 0 && html`<li class="more">and ${left} more</li>`}</ul>`
  )
}

function thingLine({ name, path, line, why, question, findings, kind }: CheckedThing, rules: Rules): Html {
  const links = findings.map((id) => html` <a href="#f-${id}">${rules.get(id) ?? "finding"}</a>`)
  return html`<li><code>${name}</code>${kind === "route" && html` <span class="place">${path}:${line}</span>`}${why !== undefined && html` <span class="why">${question !== undefined && html`<a href="#${question}">${question}</a> `}${prose(why)}</span>`}${links.length > 0 && html` <span class="links">${links}</span>`}</li>`
}
