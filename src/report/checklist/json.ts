/** The checklist for scripts. The shape is documented in `docs/checklist.schema.json`: keys are added, never removed. */
import { disarmedJson } from "../disarm.ts"
import type { Checklist, ChecklistItem } from "./checklist.ts"

export function checklistJson(checklist: Checklist, run: { version: string; exitCode: number }): string {
  const { apps, routes, files, edition, items, findings, others, waiting } = checklist
  const document = {
    schemaVersion: 1,
    tool: { name: "fastlint", version: run.version },
    exitCode: run.exitCode,
    project: { apps, routes, files, ...(edition !== undefined && { edition }) },
    summary: {
      items: items.length,
      pass: items.filter(({ result }) => result === "pass").length,
      fail: items.filter(({ result }) => result === "fail").length,
      unsure: items.filter(({ result }) => result === "unsure").length,
      notApplicable: items.filter(({ result }) => result === "n/a").length,
      routesWaiting: waiting,
      otherFindings: others.length,
    },
    items: items.map(itemJson),
    findings: findings.map(({ id, rule, level, message, path, range }) => ({
      id,
      rule,
      level,
      message,
      path,
      line: range.start.line,
      column: range.start.column,
    })),
  }
  return disarmedJson(`${JSON.stringify(document, null, 2)}\n`)
}

const itemJson = ({ number, things, first, question, title: _, ...item }: ChecklistItem) => ({
  ...(number !== undefined && { number }),
  ...item,
  checked: things.length,
  ...(first && { first }),
  ...(question !== undefined && { question }),
  things,
})
