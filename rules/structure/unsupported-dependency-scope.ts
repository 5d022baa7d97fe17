import { quote, rule } from "#rule"

export default rule({
  summary: "A `Depends(scope=)` in a FastAPI that does not know it",
  why: `
\`Depends(get_db, scope="function")\` exists since FastAPI 0.121. An older one raises \`TypeError: Depends() got an unexpected
keyword argument 'scope'\` while the module is imported.
`,
  help: "Upgrade to FastAPI 0.121 or later, or leave the scope out",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/release-notes/",
  equivalents: [],
  startup: true,
  exemptions: ["projects that do not pin FastAPI"],
  examples: [
    {
      bad: `
        # with: fastapi==0.115.14
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_db():
            yield "session"

        @app.get("/items")
        def list_items(db=Depends(get_db, scope="function")): # expect: FastAPI 0.115.14
            return []
      `,
      good: `
        # with: fastapi==0.121.0
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_db():
            yield "session"

        @app.get("/items")
        def list_items(db=Depends(get_db, scope="function")):
            return []
      `,
    },
  ],

  *project({ routes, versions }) {
    if (versions.fastapi === undefined || versions.atLeast("fastapi", "0.121.0")) return
    for (const route of routes) {
      for (const { asked, at, param } of route.dependencies) {
        if (!asked?.keywords.has("scope")) continue
        yield {
          at,
          message: `${quote("Depends(scope=...)")} is not known to FastAPI ${versions.fastapi}, which the project pins: a TypeError when the module is imported`,
          routes: [route],
          ...(route.endpoint && { scope: route.endpoint.id }),
          discriminator: param ?? "",
        }
      }
    }
  },
})
