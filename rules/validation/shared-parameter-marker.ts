import { declarations, hasPydantic2, isInFunction, isNone, list, type Marker, markerName, placeOf, quote, rule } from "#rule"

export default rule({
  summary: "One `Query()` that is the default of parameters with different names",
  why: `
FastAPI keeps the name that a client sends in the \`Query\`, \`Header\` or \`Body\` object itself, and does not copy an object that
stands as a default. Two parameters that share one are both read under the name that came first: the other name is in the
documentation of nobody, and what a client sends under it is ignored.
`,
  help: "Make the object anew for each parameter, or put it into an `Annotated` type, which FastAPI copies",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/query-params-str-validations/",
  equivalents: [],
  exemptions: ["one name for all of them", "objects with an `alias`", "a function that makes a new object at every call"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Query

        app = FastAPI()
        PAGE = Query(10, le=100) # expect: \`Query\` is the default of \`limit\` and \`size\`

        @app.get("/items")
        def list_items(limit: int = PAGE):
            return limit

        @app.get("/users")
        def list_users(size: int = PAGE):
            return size
      `,
      good: `
        from typing import Annotated
        from fastapi import FastAPI, Query

        app = FastAPI()
        PageSize = Annotated[int, Query(le=100)]

        @app.get("/items")
        def list_items(limit: PageSize = 10):
            return limit

        @app.get("/users")
        def list_users(size: PageSize = 10):
            return size
      `,
    },
  ],

  *project(project) {
    if (!hasPydantic2(project.versions)) return
    const users = new Map<Marker, { name: string; at: Marker["built"]["at"] }[]>()
    // By identity, and not by what they say: two objects that were made alike do not share their name.
    for (const { asDefault, name, at } of declarations(project)) {
      if (!asDefault || placeOf(asDefault) === undefined || hasName(asDefault)) continue
      users.set(asDefault, [...(users.get(asDefault) ?? []), { name, at }])
    }
    for (const [marker, uses] of users) {
      const { at } = marker.built
      const names = [...new Set(uses.map(({ name }) => name))]
      if (names.length < 2 || project.role(at.path) !== "app" || isInFunction(project, at)) continue
      yield {
        at,
        message: `One ${quote(markerName(marker))} is the default of ${list(names.map(quote))}, and FastAPI reads ${names.length > 2 ? "all of them" : "both"} under the name that comes first`,
        related: uses.slice(0, 4).map((use) => ({ at: use.at, message: `the default of ${quote(use.name)}` })),
        scope: at.path,
        discriminator: names.join(),
      }
    }
  },
})

/** Is the name that a client sends said, or may it be? */
const hasName = ({ built: { keywords, open } }: Marker): boolean =>
  open || ["alias", "validation_alias"].some((key) => keywords.has(key) && !isNone(keywords.get(key)))
