/** The checklist in a few words for a badge: the JSON that shields.io reads from wherever a project puts it (https://shields.io/badges/endpoint-badge). */
import type { Checklist } from "./checklist.ts"

/** Items of which nothing was counted are no passes, and are left out of both numbers. Nothing of the project is in it. */
export function checklistBadge({ items }: Checklist): string {
  const counted = items.filter(({ result }) => result !== "n/a")
  const number = (word: string) => counted.filter(({ result }) => result === word).length
  const [pass, fail, unsure] = [number("pass"), number("fail"), number("unsure")]
  const parts = [`${pass} of ${counted.length} pass`, ...(unsure > 0 ? [`${unsure} unsure`] : [])]
  const document = {
    schemaVersion: 1,
    label: "production checklist",
    message: counted.length === 0 ? "nothing checked" : parts.join(", "),
    color: counted.length === 0 ? "lightgrey" : fail > 0 ? "orange" : unsure > 0 ? "yellow" : "brightgreen",
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
