import { quote, rule, type Value } from "#rule"

export default rule({
  summary: "A route whose endpoint cannot be called",
  why: `
\`add_api_route\` wants a function, or an object that can be called. Given text, a number or a list, FastAPI raises when the
module is imported: a \`TypeError\` before 0.137, an \`AssertionError\` since.
`,
  help: "Give it the function itself",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/reference/apirouter/",
  equivalents: [],
  startup: true,
  exemptions: ["endpoints that are not known"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        def read_items():
            return []

        app.add_api_route("/items", "read_items") # expect: text
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        def read_items():
            return []

        app.add_api_route("/items", read_items)
      `,
    },
  ],

  *project({ routers, versions }) {
    const exception = versions.atLeast("fastapi", "0.137") ? "an AssertionError" : "a TypeError"
    for (const { entries } of routers) {
      for (const entry of entries) {
        if (entry.is !== "route" || (entry.route.kind !== "api" && entry.route.kind !== "websocket")) continue
        const { at, endpointValue, path } = entry.route
        const what = plainThing(endpointValue)
        if (!what) continue
        yield {
          at,
          message: `The endpoint${path.known ? ` of ${quote(path.value)}` : ""} is ${what}, not a function: FastAPI raises ${exception} when the module is imported`,
        }
      }
    }
  },
})

/** What a value is that certainly cannot be called. */
function plainThing(value: Value): string | undefined {
  switch (value.is) {
    case "text":
      return "text"
    case "literal":
      return value.type === "NoneType" ? "`None`" : value.type === "ellipsis" ? undefined : `\`${value.type}\``
    case "sequence":
      return `a ${value.type}`
    case "mapping":
      return "a dict"
    default:
      return undefined
  }
}
