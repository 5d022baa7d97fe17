/** All findings, by item: each with its code, how it comes about, why it matters and what to do. */
import type { Checklist } from "../checklist/checklist.ts"
import { causeFrame, hasWay, mainFrame } from "../finding-frames.ts"
import { count } from "../layout.ts"
import type { Reported, Run } from "../report.ts"
import type { Code } from "./code.ts"
import { type Html, html, prose } from "./html.ts"

const LEVELS = ["error", "warning", "info"] as const
const weight = ({ level }: Reported): number => LEVELS.indexOf(level)

export function findingsSection({ items, findings }: Checklist, run: Pick<Run, "source">, code: Code): Html {
  if (findings.length === 0) return html`<p class="clear">Nothing was found.</p>`
  const sections = new Set(items.map(({ section }) => section))
  const groups = [
    ...items.map(({ item, section }) => ({ title: item, found: findings.filter(({ rule }) => rule.startsWith(`${section}/`)) })),
    { title: "Files and comments", found: findings.filter(({ rule }) => !sections.has(rule.slice(0, Math.max(0, rule.indexOf("/"))))) },
  ]
  return html`${groups.map(
    ({ title, found }) =>
      found.length > 0 &&
      html`<h3>${title} <small>${found.length}</small></h3>${found.toSorted((a, b) => weight(a) - weight(b)).map((finding) => findingBlock(finding, run, code))}`,
  )}`
}

function findingBlock(finding: Reported, run: Pick<Run, "source">, code: Code): Html {
  const { id, level, message, rule, path, range, routes, alsoRoutes = 0 } = finding
  const frames = [mainFrame(finding, run), hasWay(finding) ? causeFrame(finding, run) : undefined]
  const [main, cause] = frames.map((frame) => frame && code.frame(frame))
  return html`<details class="finding ${level}" id="f-${id}"><summary><span class="badge ${level}">${level}</span><span class="message">${prose(message)}</span><span class="place">${path}:${range.start.line}:${range.start.column}</span></summary><div class="inside">${[
    main,
    hasWay(finding) && traceList(finding),
    cause && html`<p class="place">${finding.trace.at(-1)?.path}</p>${cause}`,
    html`<dl>${[
      fact(
        "Why",
        finding.why.trim() !== "" &&
          html`${finding.why
            .trim()
            .split(/\n\s*\n/)
            .map((text) => html`<span class="line">${prose(text)}</span>`)}`,
      ),
      fact("Fix", finding.help !== "" && prose(finding.help)),
      fact("See", finding.related.some((place) => place.path !== path) && relatedList(finding)),
      fact("Routes", routes.length > 0 && routeList(routes, alsoRoutes)),
      fact(
        "Rule",
        html`<code>${rule}</code>${/^https:\/\//.test(finding.docs) && html` <a href="${finding.docs}" rel="noreferrer noopener">documentation</a>`}`,
      ),
      fact("Weakness", finding.cwe.join(", ")),
    ]}</dl>`,
  ]}</div></details>`
}

const fact = (name: string, text: Html | string | false): Html | false =>
  text !== false && text !== "" && html`<div><dt>${name}</dt><dd>${text}</dd></div>`

const traceList = ({ trace }: Reported): Html =>
  html`<ol class="trace">${trace.map(({ path, range, symbol, message }) => html`<li><span class="place">${path}:${range.start.line}:${range.start.column}</span> ${symbol !== undefined && html`<code>${symbol}</code> `}${prose(message)}</li>`)}</ol>`

const relatedList = ({ related, path }: Reported): Html =>
  html`${related
    .filter((place) => place.path !== path)
    .map(
      (place) => html`<span class="line"><span class="place">${place.path}:${place.range.start.line}</span> ${prose(place.message)}</span>`,
    )}`

/** How many routes are named before the rest is only counted. */
const MOST_ROUTES = 12

function routeList(routes: readonly string[], also: number): Html {
  const left = Math.max(0, routes.length - MOST_ROUTES) + also
  return html`${routes.slice(0, MOST_ROUTES).map((route) => html`<code class="route">${route}</code> `)}${left > 0 && html`and ${count(left, "more route")}`}`
}
