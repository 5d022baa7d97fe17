import { expect, test } from "vitest"
import { junit } from "../../src/report/junit.ts"
import { BLOCKING, finding, run, UNFILTERED } from "./sample.ts"
import { readJunit } from "./xml.ts"

test("a suite per file, a failed case per finding", () => {
  const elsewhere = finding({ path: "app/main.py", message: "x" })
  const { attributes, suites, cases } = readJunit(junit(run({ findings: [BLOCKING, UNFILTERED, elsewhere] })))
  expect(attributes).toEqual({ name: "fastlint", tests: "3", failures: "3", errors: "0", time: "1.312" })
  expect(suites.map(({ name, tests, failures }) => [name, tests, failures])).toEqual([
    ["app/api/users.py", "2", "2"],
    ["app/main.py", "1", "1"],
  ])
  expect(cases[0]).toEqual({
    suite: "app/api/users.py",
    attributes: {
      name: `async/blocking-call: ${BLOCKING.message}`,
      classname: "app/api/users.py",
      file: "app/api/users.py",
      line: "19",
      time: "0",
    },
    outcome: {
      kind: "failure",
      message: BLOCKING.message,
      type: "error",
      text: `app/api/users.py:19:15: error: ${BLOCKING.message} [async/blocking-call]
  1 app/api/users.py:19:15 read_profile calls \`ProfileService.load\`
  2 app/services/profile.py:3:16 load calls \`fetch_json\`
  3 app/services/http.py:5:12 fetch_json calls \`requests.get\`, which blocks
Await an async client, or call it with \`run_in_threadpool\``,
    },
  })
})

test("names of cases hold no line, and stay apart where all else is equal", () => {
  const { cases } = readJunit(junit(run({ findings: [finding({ message: "m" }), finding({ message: "m", id: "2" })] })))
  expect(cases.map(({ attributes }) => attributes.name)).toEqual(["async/blocking-call: m", "async/blocking-call: m (2)"])
})

test("a clean run is one case that passed", () => {
  const { suites, cases } = readJunit(junit(run({ findings: [] })))
  expect(suites).toMatchObject([{ name: "fastlint", tests: "1", failures: "0", errors: "0" }])
  expect(cases).toEqual([{ suite: "fastlint", attributes: { name: "no problems", classname: "fastlint", time: "0" } }])
})

test("a run that broke is an error, not a pass", () => {
  const crash = { level: "error", kind: "internal-error", message: "rule `types/loose` failed", path: "app/tree.py" } as const
  const broken = readJunit(junit(run({ findings: [BLOCKING], notifications: [crash], summary: { exitCode: 3 } })))
  expect(broken.attributes).toMatchObject({ tests: "2", failures: "1", errors: "1" })
  expect(broken.cases[1]!.outcome).toMatchObject({
    kind: "error",
    message: "app/tree.py: rule `types/loose` failed",
    type: "internal-error",
  })
  const silent = readJunit(junit(run({ findings: [], summary: { exitCode: 3 } })))
  expect(silent.cases[0]!.outcome).toMatchObject({ kind: "error", message: "this run is incomplete" })
})
