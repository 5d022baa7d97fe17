/** The checklist as JUnit XML: a suite for each item, a test for each route or file, so that a CI shows what passes too. */
import { disarmedXml } from "../disarm.ts"
import { document, legal, type Suite, uniqueNames } from "../junit.ts"
import { placeText } from "../phrases.ts"
import type { Reported } from "../report.ts"
import { oneLine, visible } from "../visible.ts"
import type { CheckedThing, Checklist, ChecklistItem } from "./checklist.ts"
import { naReason } from "./words.ts"

export function junitChecklist(checklist: Checklist, run: { durationMs: number }): string {
  const byId = new Map(checklist.findings.map((finding) => [finding.id, finding]))
  return disarmedXml(
    document(
      "fastlint checklist",
      checklist.items.map((item) => suiteOf(item, byId)),
      run.durationMs,
    ),
  )
}

function suiteOf(item: ChecklistItem, findings: ReadonlyMap<string, Reported>): Suite {
  const nameOf = uniqueNames()
  const name = `${item.number === undefined ? "" : `${item.number} `}${item.item}`
  const cases = item.things.map((thing) => caseOf(thing, item, nameOf, findings))
  // An item that counts nothing is said to be skipped: an empty suite would look like a passed one.
  const nothing = {
    "@name": "nothing to check",
    "@classname": item.section,
    "@time": "0",
    skipped: { "@type": "n/a", "@message": naReason(item) },
  }
  return {
    name: legal(name),
    cases: cases.length > 0 ? cases : [nothing],
    failures: item.fail,
    errors: 0,
    skipped: cases.length > 0 ? item.unsure : 1,
  }
}

function caseOf(
  thing: CheckedThing,
  { section }: ChecklistItem,
  nameOf: (name: string) => string,
  findings: ReadonlyMap<string, Reported>,
): Suite["cases"][number] {
  const path = legal(visible(thing.path))
  const head = { "@name": nameOf(legal(oneLine(thing.name))), "@classname": section, "@file": path, "@line": thing.line, "@time": "0" }
  if (thing.answer === "pass") return head
  if (thing.answer === "unsure")
    return { ...head, skipped: { "@type": "unsure", "@message": legal(oneLine([thing.question, thing.why].filter(Boolean).join(": "))) } }
  const found = thing.findings.flatMap((id) => findings.get(id) ?? [])
  const lines = found.map((one) => `${placeText(one)}: ${one.level}: ${oneLine(one.message)} [${one.rule}]`)
  return {
    ...head,
    failure: { "@message": legal(oneLine(found[0]?.message ?? "")), "@type": found[0]?.level ?? "error", "#text": legal(lines.join("\n")) },
  }
}
