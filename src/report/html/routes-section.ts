/** The matrix of routes: who may call what, what comes back, whether a test does it, and what was found. */
import { count } from "../layout.ts"
import type { Reported } from "../report.ts"
import type { RouteRow } from "../routes.ts"
import { type Html, html, prose } from "./html.ts"

export function routesSection(rows: readonly RouteRow[], findings: readonly Reported[]): Html {
  const anchors = new Map(findings.map((finding) => [`${finding.message} [${finding.rule}]`, finding.id]))
  return html`<form class="filters" hidden>
<label class="search"><span>Find</span><input type="search" name="text" placeholder="path, handler, model" autocomplete="off"></label>
<label><span>Method</span><select name="method"><option value="">all</option>${[...new Set(rows.map(({ method }) => method))].sort().map((method) => html`<option>${method}</option>`)}</select></label>
<label><span>Auth</span><select name="auth"><option value="">all</option><option value="yes">asks who is calling</option><option value="no">open</option><option value="unknown">unsure</option></select></label>
<label><span>Tests</span><select name="tested"><option value="">all</option><option value="yes">tested</option><option value="no">not tested</option><option value="unsure">unsure</option></select></label>
<label class="check"><input type="checkbox" name="problems"><span>only with problems</span></label>
<output>${count(rows.length, "row")}</output>
</form>
<table class="routes"><thead><tr><th>Method</th><th>Path</th><th>Auth</th><th>Response</th><th>Status</th><th>Tests</th><th>Problems</th></tr></thead>
<tbody>${rows.map((row) => rowOf(row, anchors))}</tbody></table>
<p class="hint">Tests: calls that the tests make to that method and path. Called, not asserted.</p>`
}

function rowOf(row: RouteRow, anchors: ReadonlyMap<string, string>): Html {
  const { method, path, auth, response, status, tests, handler, problems = [] } = row
  const tested = tests === undefined ? "unsure" : tests > 0 ? "yes" : "no"
  return html`<tr data-method="${method}" data-auth="${auth.answer}" data-tested="${tested}" data-problems="${problems.length}">
<td><span class="method ${/^[A-Z]+$/.test(method) ? method : "OTHER"}">${method}</span></td>
<td class="path"><code>${path}</code><span class="place">${handler}</span></td>
<td data-label="Auth">${authOf(auth)}</td>
<td data-label="Response"><code title="${response}">${short(response)}</code></td>
<td data-label="Status">${status}</td>
<td data-label="Tests">${tests === undefined ? html`<span class="tag unsure">unsure</span>` : tests > 0 ? html`<span class="tag pass">${tests}</span>` : html`<span class="tag fail">none</span>`}</td>
<td data-label="Problems">${problems.length > 0 && html`<details class="problems"><summary>${problems.length}</summary><ul>${problems.map((problem) => problemLine(problem, anchors))}</ul></details>`}</td>
</tr>`
}

function authOf({ answer, text }: RouteRow["auth"]): Html {
  if (answer === "yes") return html`<span class="tag pass" title="${text}">${short(text)}</span>`
  return answer === "no"
    ? html`<span class="tag open">open</span>`
    : html`<span class="tag unsure" title="${text}">unsure</span><span class="why">${prose(text)}</span>`
}

function problemLine(problem: string, anchors: ReadonlyMap<string, string>): Html {
  const id = anchors.get(problem)
  return html`<li>${prose(problem)}${id !== undefined && html` <a href="#f-${id}">show</a>`}</li>`
}

/** Without the modules that names come from: `list[Item]` for `list[app.schemas.Item]`. */
const short = (text: string): string => (text.includes(" ") ? text : text.replace(/[\w.]+[.:](?=\w)/g, ""))
