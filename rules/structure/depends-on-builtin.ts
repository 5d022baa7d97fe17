import { isNone, quote, rule } from "#rule"

export default rule({
  summary: "A `Depends()` on a builtin type",
  why: `
\`Depends()\` without an argument takes the type of the parameter for what is to be called. \`int\`, \`str\`, \`bytes\` and \`dict\` have no
signature that FastAPI can read: \`ValueError: no signature found for builtin type\`, and the application does not start.
`,
  help: "Name the dependency: `Depends(get_limit)`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/classes-as-dependencies/#shortcut",
  equivalents: [],
  startup: true,
  exemptions: ["builtin types that have a signature in some versions of Python"],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI

        app = FastAPI()

        @app.get("/items")
        def list_items(limit: int = Depends()): # expect: \`limit\` depends on \`int\`
            return []
      `,
      good: `
        from fastapi import Depends, FastAPI

        app = FastAPI()

        class Page:
            def __init__(self, limit: int = 10):
                self.limit = limit

        @app.get("/items")
        def list_items(page: Page = Depends()):
            return []
      `,
    },
  ],

  *project(project) {
    for (const route of project.routes) {
      for (const { asked, value, param, at } of route.dependencies) {
        if (!asked || asked.open || param === undefined || value.is !== "external" || !NO_SIGNATURE.has(value.name)) continue
        const given = asked.positional[0] ?? asked.keywords.get("dependency")
        if (given && !isNone(given)) continue
        yield {
          at,
          message: `${quote(param)} depends on ${quote(value.name.replace("builtins.", ""))}, which has no signature: a ValueError when the module is imported`,
          routes: [route],
          ...(route.endpoint && { scope: route.endpoint.id }),
          discriminator: param,
        }
      }
    }
  },
})

const NO_SIGNATURE = new Set(["builtins.int", "builtins.str", "builtins.bytes", "builtins.dict"])
