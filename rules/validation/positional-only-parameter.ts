import { type Fn, isAsWritten, list, type Parameter, quote, type Route, routeName, routeNames, rule } from "#rule"

export default rule({
  summary: "A parameter that FastAPI fills by name and that takes no name",
  why: `
FastAPI calls an endpoint and its dependencies with keyword arguments. A parameter before \`/\` takes its value by position only,
so the call is a \`TypeError\` and every request is answered with a 500, whatever the client sends. The schema shows nothing of it.
`,
  help: "Leave out the `/`",
  concern: "correctness",
  level: "error",
  docs: "https://docs.python.org/3/glossary.html#positional-only-parameter",
  equivalents: ["FAST003"],
  exemptions: ["functions that a decorator stands on, which may call them otherwise", "the `self` of a method"],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI

        app = FastAPI()

        def get_word(word: str = "", /): # expect: \`get_word\` takes \`word\` by position only, so every request to \`GET /words\` is a 500
            return word

        @app.get("/books/{author}/{title}")
        def read_book(author: str, title: str, /): # expect: \`read_book\` takes \`author\` and \`title\` by position only
            return [author, title]

        @app.get("/words")
        def read_words(word: str = Depends(get_word)):
            return word
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        def joined(*words: str, sep: str = " "):
            return sep.join(words)

        def halved(size: int, /):
            return size // 2

        @app.get("/books/{author}/{title}")
        def read_book(author: str, title: str):
            return [joined(author, title), halved(7)]
      `,
    },
  ],

  *project(project) {
    const filled = new Map<Fn, { parameters: Set<Parameter>; routes: Set<Route> }>()
    for (const route of project.routes) {
      if (route.kind !== "api" && route.kind !== "websocket") continue
      // What a `partial` has filled by position is not declared any more.
      for (const { declaredBy: fn, name } of [route, ...route.dependencies].flatMap(({ declared }) => declared)) {
        const parameter = fn.parameters.find((one) => one.name === name)
        if (parameter?.kind !== "positional-only" || fn.role !== "app" || !isAsWritten(fn)) continue
        const known = filled.get(fn) ?? { parameters: new Set(), routes: new Set() }
        filled.set(fn, known)
        known.parameters.add(parameter)
        known.routes.add(route)
      }
    }
    for (const [fn, { parameters, routes }] of filled) {
      const [first] = parameters
      const [route] = routes
      if (!first || !route) continue
      const names = [...parameters].map(({ name }) => quote(name))
      yield {
        at: first.at,
        message: `${quote(fn.name)} takes ${list(names)} by position only, so every request to ${routeNames([...routes])} is a 500`,
        related: [{ at: route.at, message: `${routeName(route)} has it called by name` }],
        routes: [...routes],
        scope: fn.id,
        discriminator: names.join(),
      }
    }
  },
})
