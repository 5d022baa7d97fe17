import {
  type AsyncFunctionDef,
  enclosingFunction,
  type FileNotes,
  type Finding,
  type FunctionDef,
  lastName,
  type PyFile,
  quote,
  rule,
} from "#rule"

export default rule({
  summary: "A dependency override that outlives its test",
  why: `
\`dependency_overrides\` belongs to the app, and the app to the module: what one test puts there, all later ones get. They
pass or fail by the order in which they run, and one that should have met the real dependency never does.
`,
  help: "Set it in a fixture and take it away after `yield` (`app.dependency_overrides.clear()`), or use `monkeypatch.setitem`",
  concern: "maintainability",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/testing-dependencies/",
  equivalents: [],
  exemptions: [
    "it is taken away: in the function, in a fixture that the test uses, in one for all tests, in a teardown",
    "an app that the function makes or is given",
    "overrides at the top of a file, which are meant for all of it",
  ],
  files: { roles: ["test"] },
  examples: [
    {
      bad: `
        # file: tests/test_items.py
        from fastapi.testclient import TestClient
        from app.main import app, get_user

        def test_read_items():
            app.dependency_overrides[get_user] = lambda: "admin" # expect: The override of \`get_user\` outlives \`test_read_items\`
            assert TestClient(app).get("/items").status_code == 200

        # file: app/main.py
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_user() -> str:
            return "guest"

        @app.get("/items")
        def read_items(user: str = Depends(get_user)) -> str:
            return user
      `,
      good: `
        # file: tests/test_items.py
        import pytest
        from fastapi.testclient import TestClient
        from app.main import app, get_user

        @pytest.fixture
        def as_admin():
            app.dependency_overrides[get_user] = lambda: "admin"
            yield
            app.dependency_overrides.clear()

        def test_read_items(as_admin):
            assert TestClient(app).get("/items").status_code == 200

        # file: app/main.py
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_user() -> str:
            return "guest"

        @app.get("/items")
        def read_items(user: str = Depends(get_user)) -> str:
            return user
      `,
    },
  ],

  notes: (file) => (file.text.includes("dependency_overrides") ? read(file) : undefined),

  *project(_project, _, notes: FileNotes<Overrides>[]) {
    const clearing = new Set(notes.flatMap(({ notes: own }) => own.clearing))
    if (notes.some(({ path, notes: own }) => own.isClearedForAll && CONFTEST.test(path))) return
    for (const { path, notes: own } of notes) {
      if (own.isClearedForAll) continue
      const told = new Set<string>()
      for (const { start, end, key, inside, uses } of own.set) {
        if (uses.some((name) => clearing.has(name)) || told.has(inside)) continue
        told.add(inside)
        yield {
          at: { path, start, end },
          message: `The override of ${quote(key)} outlives ${quote(inside)}`,
          level: CONFTEST.test(path) ? "info" : "warning",
          scope: inside,
          discriminator: key,
        } satisfies Finding
      }
    }
  },
})

/** What every test of the folder uses is put there again each time. */
const CONFTEST = /(?:^|\/)conftest\.py$/

interface Overrides {
  set: { start: number; end: number; key: string; inside: string; uses: string[] }[]
  /** Functions that take overrides away. */
  clearing: string[]
  /** A fixture for every test does, or a teardown. */
  isClearedForAll: boolean
}

const CLEARS =
  /dependency_overrides(?:\.(?:clear|pop|update)\b|\s*=[^=])|\bdel\s[^\n]*dependency_overrides|(?:monkeypatch|mocker|patch)\b[^\n]*dependency_overrides|dependency_overrides\.copy/

function read(file: PyFile): Overrides {
  const found: Overrides = { set: [], clearing: [], isClearedForAll: false }
  for (const node of file.walk()) {
    if (node.kind === "FunctionDef" || node.kind === "AsyncFunctionDef") {
      if (!CLEARS.test(file.source(node))) continue
      found.clearing.push(node.name)
      const isForAll = node.decorator_list.some((decorator) => /autouse\s*=\s*True/.test(file.source(decorator)))
      if (isForAll || /^(?:tear_?down|set_?up|asyncSetUp|asyncTearDown)/i.test(node.name)) found.isClearedForAll = true
    }
    if (node.kind !== "Assign") continue
    const [target] = node.targets
    if (target?.kind !== "Subscript" || target.value.kind !== "Attribute" || target.value.attr !== "dependency_overrides") continue
    const fn = enclosingFunction(node, file)
    const root = target.value.value
    if (!fn || !isTestOrFixture(file, fn) || (root.kind === "Name" && isOwn(file, fn, root.id))) continue
    const uses = [fn.name, ...parametersOf(fn)]
    found.set.push({ start: node.start, end: node.end, key: lastName(target.slice) || file.source(target.slice), inside: fn.name, uses })
  }
  return found
}

const parametersOf = ({ args }: FunctionDef | AsyncFunctionDef): string[] =>
  [...args.posonlyargs, ...args.args, ...args.kwonlyargs].map(({ arg }) => arg)

const isTestOrFixture = (file: PyFile, fn: FunctionDef | AsyncFunctionDef): boolean =>
  fn.name.startsWith("test") || fn.decorator_list.some((decorator) => /\bfixture\b/.test(file.source(decorator)))

/** The function makes the app, or is given it by a fixture that may make one for each test. */
const isOwn = (file: PyFile, fn: FunctionDef | AsyncFunctionDef, name: string): boolean =>
  parametersOf(fn).includes(name) ||
  fn.body.some((statement) =>
    [...file.walk(statement)].some((node) => node.kind === "Assign" && node.targets.some((target) => lastName(target) === name)),
  )
