import {
  type Event,
  type FileNotes,
  type Finding,
  type Fn,
  isNone,
  notedStarts,
  type Place,
  type Project,
  type PyFile,
  plural,
  quote,
  rule,
} from "#rule"

export default rule({
  summary: "A test that sends a request and checks nothing",
  why: `
An answer that nobody looks at may be a 500: the test client turns most errors into answers, and a test without a check
is green for all of them. It counts as coverage, which makes it worse than none.
`,
  help: "Check the status and what is in the body",
  concern: "maintainability",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/testing/",
  equivalents: ["S2699"],
  exemptions: [
    "anything that may check: `assert`, `raises`, `raise_for_status`, `assert_called`, snapshots, helpers that do so or are named so",
    "helpers and fixtures; load tests",
  ],
  files: { roles: ["test"] },
  examples: [
    {
      bad: `
        # file: tests/test_items.py
        from fastapi import FastAPI
        from fastapi.testclient import TestClient

        app = FastAPI()

        @app.get("/items")
        def read_items() -> list[int]:
            return []

        client = TestClient(app)

        def test_items(): # expect: \`test_items\` sends 1 request and checks nothing
            client.get("/items")
      `,
      good: `
        # file: tests/test_items.py
        from fastapi import FastAPI
        from fastapi.testclient import TestClient

        app = FastAPI()

        @app.get("/items")
        def read_items() -> list[int]:
            return []

        client = TestClient(app)

        def test_items():
            assert client.get("/items").json() == []

        def test_status():
            expect_ok("/items")

        def expect_ok(path: str):
            assert client.get(path).status_code == 200
      `,
    },
  ],

  notes: checksIn,

  *project(project, _, notes: FileNotes<number[]>[]) {
    const checks = notedStarts(notes)
    const byFile = new Map<string, typeof project.requests>()
    for (const request of project.requests) {
      const others = byFile.get(request.at.path)
      if (others) others.push(request)
      else byFile.set(request.at.path, [request])
    }
    const checked = checkingFixtures(project, checks)
    for (const fn of project.functions) {
      if (fn.role !== "test" || !fn.name.startsWith("test") || /locust|load|bench/i.test(fn.path) || fn.qualname.includes("<locals>"))
        continue
      // Nearly every test checks something by itself, so this is asked first.
      if (mayCheck(fn, checks, checked)) continue
      if (fn.decorators.some(({ name }) => /fixture|skip/.test(name ?? "")) || fn.events.some(givesSomething)) continue
      const { def } = fn.value
      const sent = new Set(
        (byFile.get(fn.path) ?? [])
          .filter(({ at }) => def.start <= at.start && at.end <= def.end && !isNested(fn, at))
          .map(({ at }) => at.start),
      ).size
      if (sent === 0) continue
      yield { at: fn.at, message: `${quote(fn.name)} sends ${plural(sent, "request")} and checks nothing`, scope: fn.id } satisfies Finding
    }
  },
})

/** What answers is called by something that may look at it. */
const givesSomething = (event: Event): boolean =>
  event.is === "return" && !isNone(event.value) && event.within.every(({ is }) => is !== "nested")

/** In a function or a class of the test's own, which may never run. */
const isNested = ({ events }: Fn, { start, end }: Place): boolean =>
  !events.some(
    (event) => event.is === "call" && event.at.start <= start && end <= event.at.end && event.within.every(({ is }) => is !== "nested"),
  )

/** The functions of a test file that check something, by where their name starts. */
function checksIn(file: PyFile): number[] | undefined {
  const found: number[] = []
  for (const node of file.all("FunctionDef", "AsyncFunctionDef")) {
    const text = file.source(node)
    // Nearly every test says the word, which is found at once.
    if (/\bassert\b/.test(text) || CHECKS.test(text)) found.push(node.name_span.start)
  }
  return found.length > 0 ? found : undefined
}

const CHECKS =
  /\bassert\b|\bassert\w*\(|\.assert\w*\(|raises|\bwith expected\w*:|raise_for_status|\bfail\w*\(|snapshot|\bexpect\w*\(|\bcheck\w*\(|\bverify\w*\(|\bvalidate\w*\(|\bshould\w*|\bensure\w*\(|benchmark|raise \w|\b\w*(assert|check|expect|verif)\w*\((?!\))/i

/** Is the function whose name stands there one that checks something? */
type Checks = ReturnType<typeof notedStarts>

/** The names of generators of tests that check: as a fixture, each may check after the test. */
const checkingFixtures = ({ functions }: Project, checks: Checks): Set<string> =>
  new Set(functions.filter((fn) => fn.role === "test" && checks(fn.at) && fn.generator).map(({ name }) => name))

function mayCheck(fn: Fn, checks: Checks, fixtures: ReadonlySet<string>): boolean {
  const seen = new Set([fn])
  for (const one of seen) {
    if (checks(one.at)) return true
    for (const event of one.events) if (event.is === "call" && event.fn && seen.size < 50) seen.add(event.fn)
  }
  return fn.parameters.some(({ name }) => fixtures.has(name))
}
