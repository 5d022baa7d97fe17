import { type Param, quote, routeName, rule } from "#rule"

export default rule({
  summary: "Two parameters for the same `Request`, `Response` or `BackgroundTasks`",
  why: `
FastAPI keeps one name for each of these in a signature. Of two parameters only the last is passed, and the call fails for
want of the first: every request is a 500.
`,
  help: "Keep one of them",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/using-request-directly/",
  equivalents: [],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.get("/")
        def read_root(request: Request, req: Request): # expect: \`request\` is not passed
            return {"client": req.client, "path": request.url.path}
      `,
      good: `
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.get("/")
        def read_root(request: Request):
            return {"client": request.client, "path": request.url.path}
      `,
    },
  ],

  *project({ routes }) {
    const told = new Set<string>()
    for (const route of routes) {
      for (const [first, second] of repeated(route.params)) {
        const { at, declaredBy, name, type } = first
        const key = `${at.path}:${at.start}`
        if (told.has(key) || declaredBy.role !== "app") continue
        told.add(key)
        yield {
          at,
          message: `${quote(name)} is not passed, because ${quote(second.name)} is a ${quote(type.text.split(".").at(-1) ?? "")} too: every request to ${routeName(route)} is a 500`,
          related: [{ at: second.at, message: "this one is passed" }],
          routes: [route],
          scope: declaredBy.id,
          discriminator: name,
        }
      }
    }
  },
})

/** Each parameter that a later one of the same signature takes the place of. */
function* repeated(params: readonly Param[]): Generator<[Param, Param]> {
  for (const [i, first] of params.entries()) {
    if (first.in !== "special" || first.default) continue
    const second = params
      .slice(i + 1)
      .find((one) => one.in === "special" && one.declaredBy === first.declaredBy && one.type.text === first.type.text)
    if (second && second.name !== first.name) yield [first, second]
  }
}
