import { knownText, type LibraryCall, quote, rule } from "#rule"

export default rule({
  summary: "A prefix without a leading slash, or with a trailing one",
  why: `
The paths of the routes begin with a slash, so a prefix must begin with one and must not end with one. FastAPI asserts both
where the router is made or included, and the application does not start. \`prefix="/"\` is refused too: leave it out.
`,
  help: "Write the prefix as `/items`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: [],
  startup: true,
  exemptions: ["prefixes that are not known to the last letter, or come from a setting"],
  examples: [
    {
      bad: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        items = APIRouter(prefix="/items/") # expect: \`/items/\` ends with a slash
        users = APIRouter()
        app.include_router(users, prefix="users") # expect: \`users\` does not begin with a slash
      `,
      good: `
        from fastapi import APIRouter, FastAPI

        app = FastAPI()
        items = APIRouter(prefix="/items")
        users = APIRouter(prefix="")
        app.include_router(users, prefix="/users")
      `,
    },
  ],

  *project({ calls }) {
    for (const call of calls) {
      if (!TAKES_PREFIX.test(call.name) || call.isGuarded) continue
      const prefix = prefixIn(call)
      if (!prefix || (prefix.startsWith("/") && !prefix.endsWith("/"))) continue
      const why = prefix.startsWith("/") ? "ends with a slash" : "does not begin with a slash"
      yield {
        at: call.at,
        message: `The prefix ${quote(prefix)} ${why}: an AssertionError when the module is imported`,
        discriminator: "prefix",
      }
    }
  },
})

const TAKES_PREFIX = /^fastapi\.(APIRouter(\(\)\.__init__)?|(APIRouter|FastAPI)\(\)\.include_router)$/

function prefixIn({ keywords }: LibraryCall): string | undefined {
  const prefix = keywords.get("prefix")
  return prefix?.is === "text" && prefix.assumed ? undefined : knownText(prefix)
}
