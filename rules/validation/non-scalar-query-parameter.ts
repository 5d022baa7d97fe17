import {
  type Declaration,
  declarations,
  isQueryable,
  isScalar,
  type Marker,
  markerName,
  type Project,
  placeOf,
  quote,
  rule,
  typeOf,
} from "#rule"

export default rule({
  summary: "A query parameter of a type that no query string can hold",
  why: `
A query string holds texts, and lists of texts under one name. \`Query()\` on a dict, a dataclass, a list of models or an optional
model is an \`AssertionError\` where the route is added. A whole Pydantic model can be read from the query since FastAPI 0.115, if
it stands there alone; before that, headers and cookies are checked in the same way.
`,
  help: "Take the fields one by one, or a Pydantic model with `Annotated[Filter, Query()]`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/query-param-models/",
  equivalents: [],
  startup: true,
  exemptions: ["types that are not known, and what stands in `Json[...]`"],
  examples: [
    {
      bad: `
        from typing import Annotated

        from fastapi import FastAPI, Query
        from pydantic import BaseModel

        app = FastAPI()

        class Filter(BaseModel):
            name: str

        @app.get("/items")
        def list_items(
            filters: Annotated[list[Filter], Query()], # expect: no query string holds \`list[main.Filter]\`
            options: dict[str, int] = Query(), # expect: no query string holds \`dict[str, int]\`
        ):
            return []
      `,
      good: `
        from typing import Annotated

        from fastapi import FastAPI, Query
        from pydantic import BaseModel

        app = FastAPI()

        class Filter(BaseModel):
            name: str

        @app.get("/items")
        def list_items(filters: Annotated[Filter, Query()]):
            return []

        @app.get("/users")
        def list_users(ids: list[int] = Query()):
            return []
      `,
    },
  ],

  *project(project) {
    for (const declaration of declarations(project)) {
      const { name, at, declaredBy, type, route, inAnnotated, asDefault, hidden, inPath } = declaration
      const marker = asDefault ?? inAnnotated.at(-1)
      // A name that is in the path is another rule's.
      if (!type || !marker || hidden || inPath !== "no" || fits(project, declaration, marker)) continue
      yield {
        at,
        message: `${quote(name)} is marked ${quote(markerName(marker))}, and no ${PLACES[placeOf(marker) ?? ""]} holds ${quote(typeOf(project, type).text)}: an AssertionError when the module is imported`,
        routes: [route],
        scope: declaredBy.id,
        discriminator: name,
      }
    }
  },
})

const PLACES: Record<string, string> = { query: "query string", header: "header", cookie: "cookie" }

/** Before 0.115 headers and cookies were checked too, no list was let through for a cookie, and no model anywhere. */
function fits(project: Project, { type }: Declaration, marker: Marker): boolean {
  const place = placeOf(marker)
  const isOld = !project.versions.atLeast("fastapi", "0.115.0")
  if (!type || (place !== "query" && !(isOld && (place === "header" || place === "cookie")))) return true
  if (isScalar(project, type) !== false) return true
  return place !== "cookie" && isQueryable(project, type) !== false
}
