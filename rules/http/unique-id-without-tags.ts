import { type Built, isNone, needsTag, quote, rule } from "#rule"

export default rule({
  summary: "A route without tags where its unique id is made from a tag",
  why: `
\`generate_unique_id_function\` is called when a route is added, before its router is included anywhere. One that takes
\`route.tags[0]\` is an \`IndexError\` for a route without tags, even if \`include_router(..., tags=[...])\` would give it some later.
`,
  help: "Give the route, or its router, a tag, or let the function do without",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/generate-clients/#custom-generate-unique-id-function",
  equivalents: [],
  startup: true,
  exemptions: ["functions in which the tag is taken under a condition", "tags that are not known"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.routing import APIRoute

        def unique_id(route: APIRoute):
            return f"{route.tags[0]}-{route.name}"

        app = FastAPI(generate_unique_id_function=unique_id)

        @app.get("/health") # expect: \`read_health\` has no tag
        def read_health(): ...
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.routing import APIRoute

        def unique_id(route: APIRoute):
            return f"{route.tags[0]}-{route.name}"

        app = FastAPI(generate_unique_id_function=unique_id)

        @app.get("/health", tags=["health"])
        def read_health(): ...
      `,
    },
  ],

  *project({ routers }) {
    for (const { built, entries } of routers) {
      const byRouter = built.keywords.get("generate_unique_id_function")
      if (!hasNoTags(built)) continue
      for (const entry of entries) {
        if (entry.is !== "route" || entry.route.kind !== "api") continue
        const { at, endpoint, built: given } = entry.route
        const maker = given.keywords.get("generate_unique_id_function") ?? byRouter
        if (maker?.is !== "function" || given.keywords.has("operation_id") || !hasNoTags(given) || !needsTag(maker)) continue
        yield {
          at,
          message: `${endpoint ? quote(endpoint.name) : "This route"} has no tag, and its unique id is made from one: an IndexError when the module is imported`,
          related: [
            { at: { path: maker.module, start: maker.def.start, end: maker.def.end }, message: "this function takes the first tag" },
          ],
          ...(endpoint && { scope: endpoint.id }),
        }
      }
    }
  },
})

const hasNoTags = ({ keywords, open }: Built): boolean => {
  const tags = keywords.get("tags")
  return tags === undefined ? !open : isNone(tags) || (tags.is === "sequence" && !tags.open && tags.items.length === 0)
}
