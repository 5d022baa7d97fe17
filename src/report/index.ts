/** The door of the room that turns findings into text. Pure: nothing here knows disk, terminal or time. */
import { agent } from "./agent.ts"
import { azure } from "./azure.ts"
import { junitChecklist } from "./checklist/junit.ts"
import { concise } from "./concise.ts"
import { full } from "./full.ts"
import { github } from "./github.ts"
import { gitlab } from "./gitlab.ts"
import { json, jsonl } from "./json.ts"
import { junit } from "./junit.ts"
import { rdjson } from "./rdjson.ts"
import type { Run } from "./report.ts"
import { sarif } from "./sarif.ts"
import { teamcity } from "./teamcity.ts"

/** Every output format by the name that `--format` knows it by. */
export const formats = {
  full,
  concise,
  agent,
  json,
  jsonl,
  sarif: (run: Run) => sarif(run),
  github,
  gitlab,
  junit,
  "junit-checklist": (run: Run) => junitChecklist(run.checklist(), run.summary),
  rdjson,
  azure,
  teamcity,
} satisfies Record<string, (run: Run) => string>
export type Format = keyof typeof formats

export { byRule, countedRules } from "./by-rule.ts"
export { checklistBadge } from "./checklist/badge.ts"
export type * from "./checklist/checklist.ts"
export { checklistJson } from "./checklist/json.ts"
export { checklistMarkdown } from "./checklist/markdown.ts"
export { checklistText } from "./checklist/text.ts"
export { comparedLines } from "./compared.ts"
export { conciseLine } from "./concise.ts"
export { disarmed, disarmedJson } from "./disarm.ts"
export type { Graph, GraphEdge, GraphNode } from "./html/graph.ts"
export { checklistHtml, type Page } from "./html/page.ts"
export { hang } from "./layout.ts"
export { leftText, perRule } from "./per-rule.ts"
export { type Precision, precisionText } from "./precision.ts"
export { type Problem, problemText } from "./problem.ts"
export { questionLines, questionsText } from "./questions.ts"
export { type Answered, questionsJson, questionsToml } from "./questions-toml.ts"
export type * from "./report.ts"
export { diffRoutes, type RouteDiff, routeDiffText } from "./route-diff.ts"
export { type RouteRow, type RoutesTable, routesText } from "./routes.ts"
export { codeLines, explainText, type FoundHere, rulesText } from "./rules.ts"
export { stepSummary } from "./summary.ts"
export { oneLine, visible } from "./visible.ts"
export { whyText } from "./why/text.ts"
export type * from "./why/why.ts"
export { junitChecklist }
