import {
  annotated,
  type External,
  type Finding,
  genericName,
  type Marker,
  markerName,
  members,
  type Param,
  type Project,
  placeOf,
  quote,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A `Header` or `Query` that FastAPI does not see",
  why: `
FastAPI looks for \`Query(...)\`, \`Header(...)\` and their like in the outermost \`Annotated\` of a parameter, and for a default that was made by
calling one. Inside \`Optional\`, a union or a list, and without its parentheses, a marker means nothing: a header is read from
the query, and a default is the function \`Query\` itself.
`,
  help: "Call it, in the outermost `Annotated`: `Annotated[str | None, Header()]`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/header-params/",
  equivalents: [],
  exemptions: ["a marker without an alias that says the place where FastAPI reads it anyway", "`Depends`, which has a rule of its own"],
  examples: [
    {
      bad: `
        from typing import Annotated, Optional
        from fastapi import FastAPI, Header, Query

        app = FastAPI()
        Token = Annotated[str, Header()]

        @app.get("/items")
        def list_items(
            token: Optional[Token] = None, # expect: \`token\` is read from the query: its \`Header\` is not in the outermost \`Annotated\`
            page: int = Query, # expect: \`Query\` is not called: \`page\` is the function itself by default
        ):
            return [token, page]
      `,
      good: `
        from typing import Annotated
        from fastapi import FastAPI, Header, Query

        app = FastAPI()
        Token = Annotated[str | None, Header()]

        @app.get("/items")
        def list_items(token: Token = None, page: int = Query(1)):
            return [token, page]
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      for (const param of route.params) {
        const key = `${param.at.path}:${param.at.start}`
        if (param.in === "dependency" || told.has(key) || param.declaredBy.role !== "app") continue
        const message = faultOf(project, param)
        if (!message) continue
        told.add(key)
        yield { at: param.at, message, routes: [route], scope: param.declaredBy.id, discriminator: param.name } satisfies Finding
      }
    }
  },
})

function faultOf(project: Project, param: Param): string | undefined {
  const declared = param.declaredBy.parameters.find(({ name, at }) => name === param.name && at.start === param.at.start)
  if (!declared) return undefined
  const given = declared.default?.value
  if (given && isUncalled(given)) return `${quote(nameOf(given))} is not called: ${quote(param.name)} is the function itself by default`
  if (!declared.annotation) return undefined
  const { type, metadata } = annotated(project, declared.annotation.value)
  const bare = metadata.find(isUncalled)
  if (bare && PLACES[nameOf(bare)] !== param.in)
    return `${quote(nameOf(bare))} is not called, so ${quote(param.name)} is read from the ${WORDS[param.in] ?? "query"}`
  if (param.marker !== undefined) return undefined
  const hidden = markerWithin(project, type)
  if (!hidden || (placeOf(hidden) === param.in && !hidden.built.keywords.has("alias"))) return undefined
  const word = WORDS[param.in]
  return (
    word && `${quote(param.name)} is read from the ${word}: its ${quote(markerName(hidden))} is not in the outermost ${quote("Annotated")}`
  )
}

const PLACES: Record<string, Param["in"]> = {
  Query: "query",
  Header: "header",
  Cookie: "cookie",
  Path: "path",
  Body: "body",
  Form: "form",
  File: "file",
}

const WORDS: Partial<Record<Param["in"], string>> = { query: "query", body: "body", file: "uploaded files", path: "path" }

const isUncalled = (value: Value): value is External =>
  value.is === "external" && /^fastapi\.(Query|Header|Cookie|Path|Body|Form|File)$/.test(value.name)

const nameOf = (value: Value): string => (value.is === "external" ? value.name.replace("fastapi.", "") : "")

/** A marker in a member of a union or the items of a list, where FastAPI does not look. */
function markerWithin(project: Project, type: Value, depth = 0): Marker | undefined {
  if (depth > 4) return undefined
  const parts =
    type.is === "either"
      ? type.options
      : type.is === "generic" && genericName(type) !== "typing.Annotated"
        ? type.args
        : members(project, type)
  for (const part of parts) {
    if (part === type) continue
    const { type: inner, metadata } = annotated(project, part)
    const found = metadata.findLast((item) => placeOf(item) !== undefined)
    if (found) return found as Marker
    const deeper = inner === type ? undefined : markerWithin(project, inner, depth + 1)
    if (deeper) return deeper
  }
  return undefined
}
