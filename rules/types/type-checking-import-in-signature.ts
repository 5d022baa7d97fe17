import { type Declared, type Finding, isDepends, type Project, quote, type Route, routeName, rule, typeOnlyName } from "#rule"

export default rule({
  summary: "A type in a signature that is imported for type checkers only",
  why: `
FastAPI reads the annotations of endpoints and dependencies while the program runs, and there a name from
\`if TYPE_CHECKING:\` does not exist. The app starts all the same: a parameter becomes a query parameter that every request
must have, its \`Depends\` is forgotten, and a return annotation makes every request a 500. \`/openapi.json\` fails too.
`,
  help: "Import it outside `if TYPE_CHECKING:`",
  concern: "correctness",
  level: "error",
  docs: "https://docs.python.org/3/library/typing.html#typing.TYPE_CHECKING",
  equivalents: [],
  exemptions: [
    "a parameter whose default is `Depends(...)`: its annotation is not needed",
    "a return annotation beside `response_model=`",
    "functions that FastAPI does not read",
  ],
  examples: [
    {
      bad: `
        from __future__ import annotations
        from typing import TYPE_CHECKING
        from fastapi import FastAPI

        if TYPE_CHECKING:
            from fastapi import Request

        app = FastAPI()

        @app.get("/")
        def read_root(
            request: Request, # expect: \`Request\` is imported for type checkers only
        ):
            return {"client": request.client}
      `,
      good: `
        from __future__ import annotations
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.get("/")
        def read_root(request: Request):
            return {"client": request.client}
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const finding of findings(project)) {
      const key = `${finding.at.path}:${finding.at.start}`
      if (!told.has(key) && project.role(finding.at.path) === "app") yield finding
      told.add(key)
    }
  },
})

function* findings({ routes }: Project): Generator<Finding> {
  for (const route of routes) {
    if (route.kind !== "api" && route.kind !== "websocket") continue
    for (const declared of [route.declared, ...route.dependencies.map((dependency) => dependency.declared)].flat()) {
      const name = declared.default && isDepends(declared.default) ? undefined : typeOnlyName(declared.annotation)
      if (name !== undefined) yield { ...unreadParameter(name, declared, route), scope: declared.declaredBy.id, routes: [route] }
    }
    const { endpoint, response } = route
    const returned = endpoint && response.from === "annotation" ? typeOnlyName(response.type?.value) : undefined
    if (endpoint && returned !== undefined)
      yield {
        at: response.at ?? route.at,
        message: `${quote(returned)} is imported for type checkers only, so every request to ${routeName(route)} is a 500`,
        routes: [route],
        scope: endpoint.id,
        discriminator: "return",
      }
  }
}

/** FastAPI knows nothing of the type, and takes the parameter for one of the query; one of the path keeps its place. */
function unreadParameter(name: string, { name: param, at }: Declared, route: Route): Pick<Finding, "at" | "message" | "discriminator"> {
  const place = route.params.find((one) => one.name === param && one.at.start === at.start)?.in
  const outcome =
    place === "query" ? `${quote(param)} becomes a query parameter, which fails whenever it is sent` : `${quote(param)} cannot be read`
  return { at, message: `${quote(name)} is imported for type checkers only, so ${outcome} (${routeName(route)})`, discriminator: param }
}
