import { readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { describeApp } from "#fastapi"
import { linkFolder } from "./folder.ts"
import { type Judgement, judge, type Recorded } from "./judge.ts"
import { whole } from "./recorded.ts"

/**
 * Our model of each fixture project against what real FastAPI said of it (`routes.json`, recorded by
 * `npm run oracle -- --write`), field by field. What we say is unknown is no difference; that only these few things are
 * unknown is a test of its own.
 */
const fixtures = join(dirname(fileURLToPath(import.meta.url)), "../../fixtures")

/**
 * Where the model and one recorded run differ by nature. Nothing else may differ.
 * `fields`: what may differ; `unseen`: the app builds itself in a way that we say we cannot see.
 */
const EXPECTED: Record<string, { unseen?: true; fields?: RegExp }> = {
  "styles/13-class-based-views": { fields: /^(registered_at|included_at|params.*|tags|name|unique_id|body)$/ }, // the vendored decorator registers again, with a constructor of its own making
  "styles/16-dynamic-discovery": { unseen: true }, // modules found by `glob` and imported by computed names
  "styles/40-include-in-lifespan": { fields: /^routes$/ }, // the recorder does not start the app
  "styles/41-router-class-from-factory": { fields: /^registered_at$/ }, // a route class of the project's own stands in between
  "styles/52-routes-removed": { fields: /^routes$/ }, // one is taken out of `router.routes` again
  "styles/55-controllers-with-methods": { unseen: true }, // `inspect.getmembers` over instances
}

/** Everything that we do not know, and how often: a number that grows is a loss. */
const UNKNOWN = {
  "apps/storefront title": 1, // settings are defaults that a deployment may override
  "styles/09-callable-instance security.auto_error": 2, // schemes with constructors of the project's own
  "styles/09-callable-instance security.refuses": 2,
  "styles/09-callable-instance security.scheme_name": 2,
  "styles/12-decorators-between body": 1, // `__signature__` is set
  "styles/12-decorators-between dependencies": 1,
  "styles/12-decorators-between params": 1,
  "styles/12-decorators-between security": 1,
  "styles/13-class-based-views name": 3,
  "styles/13-class-based-views unique_id": 3,
  "styles/16-dynamic-discovery routes": 1,
  "styles/18-add-api-route description": 1, // facts keep the docstrings of decorated functions only
  "styles/20-conditional-include routes": 1,
  "styles/35-settings-prefix title": 1,
  "styles/41-router-class-from-factory include_in_schema": 2,
  "styles/48-parameter-kinds params.default": 1,
  "styles/52-routes-removed operation_id": 2, // set in a loop over `app.routes`
  "styles/52-routes-removed unique_id": 2,
  "styles/55-controllers-with-methods routes": 1,
}

const projects = ["styles", "apps"]
  .flatMap((kind) => readdirSync(join(fixtures, kind)).map((name) => join(fixtures, kind, name)))
  .filter((folder) => statSync(folder).isDirectory())
  .map((folder) => ({ name: relative(fixtures, folder), folder }))

function judgements(folder: string, app: Recorded & { app: string; path: string }): Judgement[] {
  const { project, lineOf, own } = linkFolder(folder)
  const ours =
    project.apps.find((candidate) => candidate.name === app.app && (app.path === "." || candidate.at.path.startsWith(`${app.path}/`))) ??
    project.apps.find((candidate) => candidate.name?.split(":")[0] === app.app.split(":")[0])
  if (!ours) throw new Error(`${app.app} is not among ${project.apps.map((a) => a.name).join(", ")}`)
  return [...judge("", whole(app), describeApp(ours, lineOf, project), { own })]
}

const spelled = ({ field, where, theirs, ours }: Judgement): string =>
  `${field}${where}: FastAPI ${JSON.stringify(theirs)}, we ${JSON.stringify(ours)}`

describe.each(projects)("$name", ({ name, folder }) => {
  const { apps } = JSON.parse(readFileSync(join(folder, "routes.json"), "utf8")) as { apps: (Recorded & { app: string; path: string })[] }
  const expected = EXPECTED[name] ?? {}

  test.each(apps)("$app is what FastAPI builds", (app) => {
    const all = judgements(folder, app)
    if (expected.unseen) {
      expect(all.find((one) => one.field === "routes")?.answer, "what we could not see must be told").toBe("unknown")
      return
    }
    const differing = all.filter((one) => one.answer === "different" && !expected.fields?.test(one.field))
    expect(differing.map(spelled)).toEqual([])
    expect(all.length).toBeGreaterThan(20)
  })
})

describe("what we say is unknown", () => {
  test("is little, and listed", () => {
    const unknown = new Map<string, number>()
    let total = 0
    for (const { folder, name } of projects) {
      const { apps } = JSON.parse(readFileSync(join(folder, "routes.json"), "utf8")) as {
        apps: (Recorded & { app: string; path: string })[]
      }
      for (const judgement of apps.flatMap((app) => judgements(folder, app))) {
        total++
        if (judgement.answer === "unknown") unknown.set(`${name} ${judgement.field}`, (unknown.get(`${name} ${judgement.field}`) ?? 0) + 1)
      }
    }
    expect(Object.fromEntries(unknown)).toEqual(UNKNOWN)
    expect([...unknown.values()].reduce((a, b) => a + b, 0) / total).toBeLessThan(0.005)
  })
})
