import { quote, rule } from "#rule"

export default rule({
  summary: "Tags of a router given as text, not as a list",
  why: `
\`APIRouter(tags="users")\` is accepted, but the first route that is added to the router copies the list of tags, and text
has no \`copy\`: an \`AttributeError\` while the module is imported.
`,
  help: 'Write `tags=["users"]`',
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: [],
  startup: true,
  exemptions: ["routers to which no route is added"],
  examples: [
    {
      bad: `
        from fastapi import APIRouter

        router = APIRouter(tags="users") # expect: \`tags\` is text

        @router.get("/users")
        def read_users():
            return []
      `,
      good: `
        from fastapi import APIRouter

        router = APIRouter(tags=["users"])

        @router.get("/users")
        def read_users():
            return []
      `,
    },
  ],

  *project({ routers }) {
    for (const { kind, at, built, entries, name } of routers) {
      if (kind !== "router" || built.keywords.get("tags")?.is !== "text") continue
      const first = entries.find((entry) => entry.is === "route" && entry.route.kind === "api" && !entry.route.maybe)
      if (first?.is !== "route") continue
      yield {
        at,
        message: `${quote("tags")} is text: FastAPI raises an AttributeError when the first route is added`,
        related: [{ at: first.route.at, message: "raises here" }],
        ...(name !== undefined && { scope: name }),
      }
    }
  },
})
