import { type Declaration, declarations, isDepends, isField, isNone, type Marker, markerName, placeOf, quote, rule } from "#rule"

export default rule({
  summary: "A parameter with both a default and a default factory",
  why: `
A default is either a value or made by a function. \`Query(5, default_factory=f)\` says both, and Pydantic raises \`TypeError: cannot
specify both default and default_factory\` while the module is imported. Since FastAPI 0.128 a default after \`=\` beside a
\`default_factory\` in \`Annotated\` is refused as well.
`,
  help: "Keep one of the two",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/reference/parameters/",
  equivalents: [],
  startup: true,
  exemptions: ["defaults that are not known", "Pydantic 1"],
  examples: [
    {
      bad: `
        from datetime import date

        from fastapi import FastAPI, Query

        app = FastAPI()

        @app.get("/items")
        def list_items(since: date = Query(None, default_factory=date.today)): # expect: \`since\` has a default and a \`default_factory\`
            return []
      `,
      good: `
        from datetime import date

        from fastapi import FastAPI, Query

        app = FastAPI()

        @app.get("/items")
        def list_items(since: date = Query(default_factory=date.today)):
            return []
      `,
    },
  ],

  *project(project) {
    if (!project.versions.atLeast("pydantic", "2.0.0") || !project.versions.atLeast("fastapi", "0.100.0")) return
    const isRefusedOutside = project.versions.atLeast("fastapi", "0.128.0")
    for (const declaration of declarations(project)) {
      const { name, at, declaredBy, route, asDefault, inAnnotated, plain } = declaration
      const inside = inAnnotated.at(-1)
      const isTwice = [...inAnnotated, ...(asDefault ? [asDefault] : [])].some((marker) => hasFactory(marker) && hasDefault(marker))
      const isOutside = isRefusedOutside && inside !== undefined && hasFactory(inside) && plain !== undefined && isFree(declaration)
      if (isTwice || isOutside) {
        const marker = quote(markerName((isTwice ? (asDefault ?? inside) : inside) as Marker))
        yield {
          at,
          message: `${quote(name)} has a default and a ${quote("default_factory")} in ${marker}: a TypeError when the module is imported`,
          routes: [route],
          scope: declaredBy.id,
          discriminator: name,
        }
      }
    }
  },
})

/** Not in the path, where a default is refused for another reason, and no marker that we do not know. */
const isFree = ({ inPath, hidden }: Declaration): boolean => inPath === "no" && !hidden

const isFactory = (marker: Marker): boolean => !isDepends(marker) && (placeOf(marker) !== undefined || isField(marker))

function hasFactory(marker: Marker): boolean {
  const factory = marker.built.keywords.get("default_factory")
  return isFactory(marker) && factory !== undefined && !isNone(factory) && factory.is !== "unknown" && factory.is !== "either"
}

function hasDefault({ built }: Marker): boolean {
  const value = built.positional[0] ?? built.keywords.get("default")
  return (
    value !== undefined &&
    value.is !== "unknown" &&
    value.is !== "either" &&
    value.is !== "external" &&
    !(value.is === "literal" && value.type === "ellipsis")
  )
}
