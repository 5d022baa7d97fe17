import { type Dependency, type Finding, isSameCallable, quote, rule, type Value } from "#rule"

export default rule({
  summary: "An override of a dependency that no route has",
  why: `
\`app.dependency_overrides[f]\` replaces exactly the object \`f\`. Where routes depend on another function of that name, on
a wrapper of it, or on the result of calling it, nothing is replaced and nothing says so: the test runs against the real
database, the real mail server, the real user.
`,
  help: "Use the very object that the routes depend on as the key",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/testing-dependencies/",
  equivalents: [],
  exemptions: [
    "keys that are not known, and apps of which a dependency or a route is not known",
    "dependencies of dependencies count, and those of routers that no app in sight includes",
  ],
  examples: [
    {
      bad: `
        # file: app/main.py
        from fastapi import Depends, FastAPI

        def get_settings() -> int:
            return 1

        def get_db(url: str = "real") -> str:
            return url

        app = FastAPI()

        @app.get("/items")
        def read_items(db: str = Depends(get_db)) -> str:
            return db

        # file: tests/test_items.py
        from fastapi.testclient import TestClient
        from app.main import app, get_db, get_settings

        app.dependency_overrides[get_db] = lambda: "fake"
        app.dependency_overrides[get_settings] = lambda: 2 # expect: No route depends on \`get_settings\`, so this override does nothing

        def test_read_items():
            assert TestClient(app).get("/items").json() == "fake"
      `,
      good: `
        # file: app/main.py
        from fastapi import Depends, FastAPI

        def get_settings() -> str:
            return "real"

        def get_db(url: str = Depends(get_settings)) -> str:
            return url

        app = FastAPI()

        @app.get("/items")
        def read_items(db: str = Depends(get_db)) -> str:
            return db

        # file: tests/test_items.py
        from fastapi.testclient import TestClient
        from app.main import app, get_settings

        app.dependency_overrides[get_settings] = lambda: "fake"

        def test_read_items():
            assert TestClient(app).get("/items").json() == "fake"
      `,
    },
  ],

  *project(project) {
    if (project.unseen.some(({ what, at }) => /^(?:app|route|include|dependency)$/.test(what) && project.role(at.path) === "app")) return
    const used = project.routes.flatMap(({ dependencies }) => dependencies.flatMap(all))
    const isUnknown = used.some(
      ({ value, call, at }) =>
        project.role(at.path) === "app" && !call && value.is !== "class" && value.is !== "external" && value.is !== "instance",
    )
    if (
      isUnknown ||
      project.routes.some(({ isSignatureKnown, endpoint, at }) => project.role(at.path) === "app" && (!isSignatureKnown || !endpoint))
    )
      return
    // What a function overrides is known once it has been played.
    for (const fn of project.functions)
      if (fn.role === "test" && project.modules.get(fn.path)?.mentions.includes("dependency_overrides")) void fn.events
    const told = new Set<string>()
    for (const app of project.apps) {
      if (app.routes.length === 0) continue
      for (const { of, at } of app.overrides) {
        const name = nameOf(of)
        const key = `${at.path}:${name}`
        if (name === undefined || told.has(key) || used.some((dependency) => isIt(dependency, of))) continue
        told.add(key)
        const namesake = used.find((dependency) => nameOf(dependency.value) === name || dependency.call?.name === name)
        yield {
          at,
          message: `No route depends on ${quote(name)}, so this override does nothing${namesake ? ": what they depend on is another object of that name" : ""}`,
          ...(namesake && { related: [{ at: namesake.at, message: "is what routes depend on" }] }),
          // Nothing depends on the like of it: a line that was left behind.
          ...(!namesake && { level: "warning" as const }),
          scope: app.name ?? "app",
          discriminator: name,
        } satisfies Finding
      }
    }
  },
})

const all = (dependency: Dependency): Dependency[] => [dependency, ...dependency.dependencies.flatMap(all)]

/** The same object; or one that may be: made by the same function, a method of the same class. */
const isIt = ({ value, call }: Dependency, of: Value): boolean =>
  isSameCallable(value, of) ||
  (of.is === "function" && ((value.is === "function" && value.def === of.def) || call?.value.def === of.def)) ||
  (of.is === "class" && value.is === "class" && value.def === of.def) ||
  (of.is === "instance" && value.is === "instance" && value.of === of.of) ||
  (of.is === "external" && value.is === "external" && value.name === of.name)

const nameOf = (of: Value): string | undefined =>
  of.is === "function" ? (of.def.kind === "Lambda" ? undefined : of.def.name) : of.is === "class" ? of.def.name : undefined
