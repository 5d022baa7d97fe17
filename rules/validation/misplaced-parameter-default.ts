import { type Declaration, declarations, isDepends, type Marker, markerName, mayBeAtLeast, placeOf, quote, rule, type Value } from "#rule"

export default rule({
  summary: "A default where the marker of a parameter allows none",
  why: `
In \`Annotated\` the default stands after \`=\`, so FastAPI refuses \`Annotated[int, Query(5)]\`. And what is read from the path is
always there: neither \`Path(5)\` nor \`Annotated[int, Path()] = 5\` is allowed. Each is an \`AssertionError\` while the module is
imported.
`,
  help: "Write the default after `=`; a path parameter has none",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/query-params-str-validations/",
  equivalents: [],
  startup: true,
  exemptions: ["`...`, which says that there is no default", "FastAPI before 0.95"],
  examples: [
    {
      bad: `
        from typing import Annotated

        from fastapi import FastAPI, Path, Query

        app = FastAPI()

        @app.get("/items/{item_id}")
        def read_item(
            limit: Annotated[int, Query(5)], # expect: default of \`limit\` stands in \`Query\`, inside \`Annotated\`
            item_id: Annotated[int, Path()] = 1, # expect: \`item_id\` is read from the path, and has a default
        ):
            return item_id

        @app.get("/users/{user_id}")
        def read_user(user_id: int = Path(None)): # expect: \`user_id\` is read from the path, and has a default
            return user_id
      `,
      good: `
        from typing import Annotated

        from fastapi import FastAPI, Path, Query

        app = FastAPI()

        @app.get("/items/{item_id}")
        def read_item(item_id: Annotated[int, Path(ge=1)], limit: Annotated[int, Query(le=50)] = 5):
            return item_id

        @app.get("/users/{user_id}")
        def read_user(user_id: int = Path(...)):
            return user_id
      `,
    },
  ],

  *project(project) {
    if (!mayBeAtLeast(project.versions, "fastapi", "0.95.0")) return
    for (const declaration of declarations(project)) {
      const { name, at, declaredBy, route } = declaration
      // What stands in `Annotated` was written for a version that reads it; an old default was fine in old versions.
      if (declaration.inAnnotated.length === 0 && !project.versions.atLeast("fastapi", "0.95.0")) continue
      const why = whyMisplaced(declaration)
      if (why)
        yield {
          at,
          message: `${why}: an AssertionError when the module is imported`,
          routes: [route],
          scope: declaredBy.id,
          discriminator: name,
        }
    }
  },
})

function whyMisplaced({ name, inAnnotated, asDefault, plain, inPath, hidden }: Declaration): string | undefined {
  const inside = inAnnotated.at(-1)
  const isPath = (marker: Marker) => placeOf(marker) === "path"
  const ofPath = [...inAnnotated, ...(asDefault ? [asDefault] : [])].find(isPath)
  if (ofPath && defaultIn(ofPath)) return `${quote(name)} is read from the path, and has a default`
  if (!inside || hidden || isDepends(inside)) return undefined
  if (isPath(inside) && plain && inPath === "own") return `${quote(name)} is read from the path, and has a default`
  return defaultIn(inside)
    ? `The default of ${quote(name)} stands in ${quote(markerName(inside))}, inside ${quote("Annotated")}`
    : undefined
}

/** The default that a marker carries, if it certainly carries one. */
function defaultIn({ built }: Marker): Value | undefined {
  const value = built.positional[0] ?? built.keywords.get("default")
  // What a library brings may be its own word for "no default".
  const isOpen = !value || value.is === "unknown" || value.is === "either" || value.is === "external"
  return isOpen || (value.is === "literal" && value.type === "ellipsis") ? undefined : value
}
