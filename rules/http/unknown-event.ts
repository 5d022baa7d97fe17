import { knownText, quote, rule } from "#rule"

export default rule({
  summary: "A handler for an event that does not exist",
  why: `
Applications know two events, \`startup\` and \`shutdown\`. For any other name \`on_event\` and \`add_event_handler\` raise an
\`AssertionError\` without a message while the module is imported.
`,
  help: "Write `startup` or `shutdown`, or use `lifespan=`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/events/",
  equivalents: [],
  startup: true,
  exemptions: ["names that are not known", "calls in a `try`"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.on_event("start") # expect: There is no event \`start\`
        def open_pool(): ...
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.on_event("startup")
        def open_pool(): ...
      `,
    },
  ],

  *project({ calls }) {
    for (const { name, positional, keywords, at, isGuarded } of calls) {
      if (isGuarded || !/^fastapi\.(FastAPI|APIRouter)\(\)\.(on_event|add_event_handler)$/.test(name)) continue
      const event = knownText(positional[0] ?? keywords.get("event_type"))
      if (event === undefined || event === "startup" || event === "shutdown") continue
      yield { at, message: `There is no event ${quote(event)}: an AssertionError when the module is imported`, discriminator: event }
    }
  },
})
