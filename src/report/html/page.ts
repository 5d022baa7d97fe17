/**
 * The checklist as one page that needs nothing else: no network, no fonts, no other files. Everything can be read
 * without scripts; they only filter, and light up what belongs together.
 */
import type { Checklist } from "../checklist/checklist.ts"
import { closing, heading } from "../checklist/words.ts"
import type { AskedQuestion, RuleDescription, Run, UnseenThing } from "../report.ts"
import type { RouteRow } from "../routes.ts"
import { checklistSection } from "./checklist-section.ts"
import { Code } from "./code.ts"
import { findingsSection } from "./findings-section.ts"
import { type Graph, graphSvg } from "./graph.ts"
import { Html, html } from "./html.ts"
import { questionsSection, unseenSection } from "./questions-section.ts"
import { routesSection } from "./routes-section.ts"
import { SCRIPT, SCRIPT_HASH } from "./script.ts"
import { STYLE } from "./style.ts"

export interface Page extends Pick<Run, "source"> {
  version: string
  checklist: Checklist
  rows: RouteRow[]
  graphs: Graph[]
  rules: RuleDescription[]
  unseen: UnseenThing[]
  questions: AskedQuestion[]
}

/** What the browser may do with the page: run our script, and nothing else. */
const POLICY = `default-src 'none'; script-src '${SCRIPT_HASH}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`

export function checklistHtml(page: Page): string {
  const { checklist, version } = page
  const [title, app = "", ...facts] = heading(checklist).split("   ")
  const code = new Code()
  const sections = [
    { id: "checklist", name: "Checklist", size: undefined, body: checklistSection(checklist) },
    { id: "routes", name: "Routes", size: checklist.routes, body: routesSection(page.rows, checklist.findings) },
    { id: "findings", name: "Findings", size: checklist.findings.length, body: findingsSection(checklist, page, code) },
    { id: "map", name: "Map", size: undefined, body: mapSection(page.graphs) },
    { id: "questions", name: "Questions", size: page.questions.length, body: questionsSection(page.questions, code) },
    { id: "unseen", name: "Not understood", size: page.unseen.length, body: unseenSection(page.unseen) },
  ].filter(({ body }) => body !== undefined)
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}: ${app}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<p class="brand">fastlint</p>
<h1>${title}</h1>
<p class="facts"><strong>${app}</strong>${facts.map((fact) => html`<span>${fact}</span>`)}</p>
<p class="sum">${closing(checklist).map((line) => html`<span>${line.replace(/ {2,}/g, " ")}</span>`)}</p>
</header>
<nav aria-label="Sections">${sections.map(({ id, name, size }) => html`<a href="#${id}">${name}${size !== undefined && html` <small>${size}</small>`}</a>`)}<button type="button" id="theme" hidden>Dark</button></nav>
<main>
${sections.map(({ id, name, body }) => html`<section id="${id}"><h2>${name}</h2>${body}</section>`)}
</main>
<footer>Written by fastlint ${version} from the source alone: nothing was run, and nothing left the machine.</footer>
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`
  return document.text
}

function mapSection(graphs: readonly Graph[]): Html | undefined {
  const drawn = graphs.filter(({ nodes }) => nodes.length > 0)
  if (drawn.length === 0) return undefined
  const left = drawn.reduce((sum, graph) => sum + graph.left, 0)
  return html`<p class="hint">Apps and routers at the left, what their routes depend on at the right; the thicker a line, the more routes go that way.${left > 0 && html` ${left} more dependencies, asked for by fewer routes, are left out.`}</p>
<p class="legend"><span class="app">app</span><span class="router">router</span><span class="dependency">dependency</span><span class="auth">asks who is calling</span></p>
${drawn.map((graph) => html`<div class="scroll" tabindex="0" role="region" aria-label="Map">${graphSvg(graph)}</div>`)}`
}
