import {
  type Declaration,
  declarations,
  type Finding,
  isDepends,
  isField,
  isSpecial,
  type Marker,
  markerName,
  mayBeAtLeast,
  type Project,
  placeOf,
  quote,
  rule,
} from "#rule"

export default rule({
  summary: "Markers of a parameter that contradict each other, its path or its type",
  why: `
A parameter is read from one place. FastAPI refuses two markers that disagree, one in \`Annotated\` and one as the default; a
\`Query\`, \`Header\` or \`Body\` on a name that stands in the path; and a marker on \`Request\`, \`Response\` and the other types that
it fills in itself. Each is an \`AssertionError\` where the route is added.
`,
  help: "Keep one marker, the one in `Annotated`, and let it agree with the path",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/query-params-str-validations/",
  equivalents: ["PYD004"],
  startup: true,
  exemptions: ["markers that are not known as such", "FastAPI before 0.95, which checks little of this and does not read `Annotated`"],
  examples: [
    {
      bad: `
        from typing import Annotated

        from fastapi import Depends, FastAPI, Header, Query, Request

        app = FastAPI()

        def get_user(): ...

        @app.get("/items/{item_id}")
        def read_item(
            item_id: Annotated[int, Query()], # expect: \`item_id\` stands in the path and is marked \`Query\`
            request: Annotated[Request, Query()], # expect: is filled in by FastAPI
            token: Annotated[str, Query()] = Header(), # expect: \`Query\` in \`Annotated\` and \`Header\` as its default
            user: Annotated[str, Depends(get_user)] = Depends(get_user), # expect: \`Depends\` in \`Annotated\` and \`Depends\` as its default
        ):
            return item_id
      `,
      good: `
        from typing import Annotated

        from fastapi import Depends, FastAPI, Header, Path, Request

        app = FastAPI()

        def get_user(): ...

        @app.get("/items/{item_id}")
        def read_item(
            item_id: Annotated[int, Path()],
            request: Request,
            token: Annotated[str, Header()],
            user: Annotated[str, Depends(get_user)],
        ):
            return item_id
      `,
    },
  ],

  *project(project) {
    for (const declaration of declarations(project)) {
      const why = declaration.hidden
        ? undefined
        : (twice(declaration) ?? onSpecial(declaration, project) ?? againstPath(declaration, project))
      if (why) yield found(declaration, why)
    }
  },
})

interface Conflict {
  is: string
  message: string
  isLate?: boolean
}

/** One marker in `Annotated` and another as the default. A field's marker beside `Depends` in `Annotated` is passed over. */
function twice({ name, inAnnotated, asDefault }: Declaration): Conflict | undefined {
  const inside = inAnnotated.at(-1)
  if (!inside || !asDefault || (isDepends(inside) && !isDepends(asDefault))) return undefined
  return {
    is: "twice",
    message: `${quote(name)} has ${quote(markerName(inside))} in ${quote("Annotated")} and ${quote(nameOf(asDefault))} as its default`,
  }
}

/** A marker on what FastAPI fills in itself. `Depends` was refused there from 0.95 to 0.128.1. */
function onSpecial({ name, type, inAnnotated, asDefault }: Declaration, project: Project): Conflict | undefined {
  const marker = asDefault ?? inAnnotated.at(-1)
  if (!mayBeAtLeast(project.versions, "fastapi", "0.95.0")) return undefined
  if (!marker || !type || isSpecial(project, type) !== true) return undefined
  if (isDepends(marker) && (project.versions.fastapi === undefined || project.versions.atLeast("fastapi", "0.128.2"))) return undefined
  return { is: "special", message: `${quote(name)} is filled in by FastAPI itself and marked ${quote(nameOf(marker))}` }
}

/** Another place than the path, for a name that the path holds. */
function againstPath({ name, inPath, inAnnotated, asDefault }: Declaration, { versions }: Project): Conflict | undefined {
  const marker = asDefault ?? inAnnotated.at(-1)
  // Before 0.95 any marker but one of the body was read as `Path`.
  if (marker && !versions.atLeast("fastapi", "0.95.0") && !["body", "form", "file"].includes(placeOf(marker) ?? "")) return undefined
  if (!marker || (inPath !== "own" && inPath !== "prefix") || isDepends(marker) || placeOf(marker) === "path") return undefined
  return {
    is: "path",
    message: `${quote(name)} stands in the path and is marked ${quote(nameOf(marker))}`,
    isLate: inPath === "prefix" && versions.atLeast("fastapi", "0.137.0"),
  }
}

const nameOf = (marker: Marker): string => (isField(marker) ? "Field" : markerName(marker))

const found = ({ name, at, declaredBy, route }: Declaration, { is, message, isLate }: Conflict): Finding => ({
  at,
  message: `${message}: an AssertionError ${isLate ? "on every request that reaches the router" : "when the module is imported"}`,
  routes: [route],
  scope: declaredBy.id,
  discriminator: `${name} ${is}`,
})
