import { bare, genericName, mayBeAtLeast, options, quote, type Route, rule, type Versions } from "#rule"

export default rule({
  summary: "An iterator as the response model",
  why: `
A return annotation is the response model, and Pydantic knows no \`Iterator\`, \`AsyncIterator\` or \`AsyncGenerator\`: FastAPI raises at the
decorator. Only since 0.134 does the annotation of a generator endpoint say what is streamed; a function that returns an
iterator is refused all the same.
`,
  help: "Add `response_model=None`, or return a list",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/response-model/",
  equivalents: [],
  startup: true,
  exemptions: [
    "generator endpoints with FastAPI 0.134 or newer",
    "`Iterable` and `Generator`, which Pydantic validates",
    "routes with `response_model=` of their own",
  ],
  examples: [
    {
      bad: `
        # with: fastapi==0.115.0
        from collections.abc import AsyncIterator
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/lines")
        async def read_lines() -> AsyncIterator[str]: # expect: \`AsyncIterator\` is no response model
            yield "one"
      `,
      good: `
        # with: fastapi==0.115.0
        from collections.abc import AsyncIterator
        from fastapi import FastAPI
        from fastapi.responses import StreamingResponse

        app = FastAPI()

        async def lines() -> AsyncIterator[str]:
            yield "one"

        @app.get("/lines")
        async def read_lines() -> StreamingResponse:
            return StreamingResponse(lines())
      `,
    },
  ],

  *project(project) {
    const { versions } = project
    if (!mayBeAtLeast(versions, "fastapi", "0.89.0")) return
    for (const route of project.routes) {
      const name = iteratorOf(project, route)
      const { endpoint } = route
      if (!name || !endpoint?.returns || isStream(versions, route)) continue
      yield {
        at: endpoint.returns.at,
        message: `${quote(name)} is no response model: FastAPI raises ${versions.atLeast("fastapi", "0.100") ? "a FastAPIError" : "a TypeError"} when the module is imported`,
        routes: [route],
        scope: endpoint.id,
      }
    }
  },
})

/** From 0.134 a generator's annotation says what it streams; until 0.140.11 that went for every function. */
const isStream = (versions: Versions, { endpoint }: Route): boolean =>
  versions.atLeast("fastapi", "0.134.0") && (endpoint?.generator === true || !versions.atLeast("fastapi", "0.140.11"))

/** The iterator that the return annotation names, where it is the response model. */
function iteratorOf(project: Parameters<typeof bare>[0], { kind, own, endpoint }: Route): string | undefined {
  if (kind !== "api" || own.built.open || own.built.keywords.has("response_model") || !endpoint?.returns || endpoint.value.wraps)
    return undefined
  const [type, ...others] = options(bare(project, endpoint.returns.value))
  if (others.length > 0) return undefined
  const name = type?.is === "generic" ? genericName(type) : type?.is === "external" ? type.name : undefined
  return /^(?:typing|collections\.abc)\.(Iterator|AsyncIterator|AsyncGenerator|AsyncIterable)$/.exec(name ?? "")?.[1]
}
