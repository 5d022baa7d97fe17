import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { describeApp } from "#fastapi"
import { review } from "#lint"
import { rules } from "#rules"
import { linkFolder } from "./folder.ts"
import { type Judgement, judge, type Recorded } from "./judge.ts"
import { whole } from "./recorded.ts"

/**
 * Code that means one thing to one FastAPI and another to the next: each project of `fixtures/gates` was recorded on
 * both sides of the gate (`npm run oracle -- --gates`), and the model must be right on both.
 */
const fixtures = join(dirname(fileURLToPath(import.meta.url)), "../../fixtures/gates")

interface Recording {
  version: string
  app: Recorded
}

const gates = readdirSync(fixtures)
  .sort()
  .map((name) => ({ name, recordings: recordingsOf(join(fixtures, name)) }))

function recordingsOf(folder: string): Recording[] {
  return readdirSync(folder)
    .filter((file) => /^routes-.*\.json$/.test(file))
    .map((file) => {
      const { fastapi, apps } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { fastapi: string; apps: [Recorded] }
      return { version: fastapi, app: apps[0] }
    })
}

/** Old FastAPIs bring the old Pydantic, as their own requirements say. */
const versionsOf = (fastapi: string) => ({ fastapi, ...(/^0\.\d\d\./.test(fastapi) && { pydantic: "1.10.26" }) })

function judged(name: string, { version, app }: Recording, as = version): Judgement[] {
  const { project, lineOf, own } = linkFolder(join(fixtures, name), versionsOf(as))
  const ours = project.apps.find((one) => one.name === "main:app")
  if (!ours) throw new Error("no app")
  return [...judge("", whole(app), describeApp(ours, lineOf, project), { own })]
}

/** Known to nobody before the gate: what is found depends on the order of the solving. */
const UNKNOWN = /^security-scopes (dependencies\.oauth_scopes|security\.scopes)$/

const spelled = ({ field, where, answer, theirs, ours }: Judgement): string =>
  `${answer} ${field}${where}: FastAPI ${JSON.stringify(theirs)}, we ${JSON.stringify(ours)}`

/** Rules that foresee that an app does not start. */
const foreseen = (name: string, version: string): string[] =>
  review(
    [{ path: "main.py", text: `# with: fastapi==${version}\n${readFileSync(join(fixtures, name, "main.py"), "utf8")}` }],
    rules.filter((rule) => rule.startup),
  ).findings.map(({ rule }) => rule)

describe.each(gates)("$name", ({ name, recordings }) => {
  test.each(recordings)("under FastAPI $version", (recording) => {
    if (recording.app.error) return expect(foreseen(name, recording.version)).not.toEqual([])
    expect(foreseen(name, recording.version)).toEqual([])
    expect(
      judged(name, recording)
        .filter(({ answer, field }) => answer === "different" || (answer === "unknown" && !UNKNOWN.test(`${name} ${field}`)))
        .map(spelled),
    ).toEqual([])
  })

  test("matters: what is right on one side is wrong on the other", () => {
    const [before, after] = recordings
    expect(recordings).toHaveLength(2)
    if (!before || !after || after.app.error) return
    expect(judged(name, before, after.version).filter(({ answer }) => answer === "different")).not.toEqual([])
  })
})
