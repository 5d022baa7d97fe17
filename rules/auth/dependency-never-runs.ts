import {
  annotated,
  type Dependency,
  type Finding,
  isDepends,
  isScheme,
  isSchemeClass,
  members,
  type Param,
  type Project,
  quote,
  type Route,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A dependency that FastAPI does not see, and so never runs",
  why: `
FastAPI calls what stands in \`Depends(...)\` as a default, or in the outermost \`Annotated\` of a parameter. A function
without \`Depends\` around it, and an \`Annotated\` inside \`Optional\`, \`list\` or a union, are silently something else: a
query parameter or a request body, which the client fills as it likes. Nothing fails, and a check of who is calling is gone.
`,
  help: "Put `Depends(...)` in the outermost `Annotated`: `Annotated[User | None, Depends(get_user)]`",
  concern: "security",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/#share-annotated-dependencies",
  equivalents: [],
  cwe: ["CWE-306"],
  exemptions: [
    "functions that are neither a route nor a dependency: there, `Annotated` is only an annotation",
    "a class as a default or in `Annotated` that is used with `Depends` nowhere",
  ],
  examples: [
    {
      bad: `
        from typing import Annotated, Optional
        from fastapi import Depends, FastAPI, Header

        app = FastAPI()

        def get_user(authorization: Annotated[str, Header()]) -> str:
            return authorization

        CurrentUser = Annotated[str, Depends(get_user)]

        @app.get("/profile")
        def read_profile(
            user: Optional[CurrentUser] = None, # expect: \`get_user\` never runs
        ):
            return user

        @app.delete("/profile")
        def delete_profile(
            user: str = get_user, # expect: without \`Depends\`
        ):
            return user
      `,
      good: `
        from typing import Annotated
        from fastapi import Depends, FastAPI, Header

        app = FastAPI()

        def get_user(authorization: Annotated[str | None, Header()] = None) -> str | None:
            return authorization

        CurrentUser = Annotated[str | None, Depends(get_user)]

        @app.get("/profile")
        def read_profile(user: CurrentUser):
            return user

        @app.delete("/profile")
        def delete_profile(user: str = Depends(get_user)):
            return user
      `,
    },
    {
      bad: `
        from fastapi import Depends, FastAPI
        from fastapi.security import HTTPBearer

        app = FastAPI()

        @app.delete("/items/{item_id}")
        def delete_item(
            item_id: int,
            token=Depends(HTTPBearer), # expect: \`Depends(HTTPBearer)\` makes the scheme and never calls it
        ):
            return item_id
      `,
      good: `
        from fastapi import Depends, FastAPI
        from fastapi.security import HTTPBearer

        app = FastAPI()
        bearer = HTTPBearer()

        @app.delete("/items/{item_id}")
        def delete_item(item_id: int, token=Depends(bearer)):
            return item_id
      `,
    },
  ],

  *project(project) {
    const isDependency = usedWithDepends(project)
    const told = new Set<string>()
    for (const finding of findings(project, isDependency)) {
      const { path, start } = finding.at
      if (project.role(path) !== "app" || told.has(`${path}:${start}`)) continue
      told.add(`${path}:${start}`)
      yield finding
    }
  },
})

function* findings(project: Project, isDependency: (value: Value) => boolean): Generator<Finding> {
  for (const route of project.routes) {
    for (const dependency of route.dependencies) if (isSchemeClass(project, dependency.value)) yield schemeFinding(dependency, route)
    for (const param of route.params) {
      const lost = param.in === "dependency" ? undefined : lostIn(project, param, isDependency)
      if (lost) yield { ...lost, at: param.at, scope: param.declaredBy.id, discriminator: param.name, routes: [route] }
    }
  }
}

// ---------------------------------------------------------------------------- parameters

type Lost = Pick<Finding, "message" | "help">

/** What a parameter was meant to depend on. */
function lostIn(project: Project, param: Param, isDependency: (value: Value) => boolean): Lost | undefined {
  const declared = param.declaredBy.parameters.find(({ name, at }) => name === param.name && at.start === param.at.start)
  if (!declared) return undefined
  const given = declared.default?.value
  if (given && (isCallable(given) || isDependency(given) || isScheme(project, given))) return bareDefault(project, param, given)
  if (!declared.annotation) return undefined
  const { type, metadata } = annotated(project, declared.annotation.value)
  const bare = metadata.find((item) => isCallable(item) || isDependency(item) || isScheme(project, item))
  if (bare) {
    const name = quote(nameOf(bare))
    return {
      message: `${name} never runs: it stands in the ${quote("Annotated")} of ${quote(param.name)} without ${quote("Depends")}`,
      help: `Write ${quote(`Depends(${nameOf(bare)})`)}`,
    }
  }
  const inner = isDepends(type) ? type : dependsWithin(project, type)
  if (!inner) return undefined
  const name = nameOf(inner.built.positional[0] ?? inner.built.keywords.get("dependency"))
  const place = PLACES[param.in]
  const instead = place ? `, and ${quote(param.name)} is read from the ${place}` : ""
  return {
    message: `${quote(name)} never runs for ${quote(param.name)}: its ${quote("Depends")} is not in the outermost ${quote("Annotated")}${instead}`,
    help: `Write the whole type inside: ${quote(`Annotated[... | None, Depends(${name})]`)}`,
  }
}

const PLACES: Partial<Record<Param["in"], string>> = {
  path: "path",
  query: "query string",
  header: "headers",
  cookie: "cookies",
  body: "request body",
  form: "form",
  file: "form",
}

function bareDefault(project: Project, param: Param, given: Value): Lost {
  const name = isScheme(project, given) ? "the security scheme" : quote(nameOf(given))
  return {
    message: `${name} never runs: it is the default of ${quote(param.name)}, without ${quote("Depends")}`,
    help: `Write ${quote(`Depends(${isScheme(project, given) ? "..." : nameOf(given)})`)}`,
  }
}

/** A function of the project. As a default or an annotation it has no meaning to FastAPI. */
const isCallable = (value: Value): boolean => value.is === "function" && value.def.kind !== "Lambda"

/** A `Depends(...)` in a part of a type, where FastAPI does not look. */
function dependsWithin(project: Project, type: Value, depth = 0): ReturnType<typeof asDepends> {
  if (depth > 6) return undefined
  for (const part of parts(project, type)) {
    const { type: inner, metadata } = annotated(project, part)
    const found = asDepends(metadata.findLast(isDepends)) ?? dependsWithin(project, inner, depth + 1)
    if (found) return found
  }
  return undefined
}

const asDepends = (value: Value | undefined) => (value && isDepends(value) ? value : undefined)

/** The arguments of a generic, and the options of a union with what they still wear. */
function parts(project: Project, type: Value): Value[] {
  if (type.is === "either") return type.options
  if (type.is === "generic") return type.args
  const all = members(project, type)
  return all.length > 1 ? all : []
}

// ---------------------------------------------------------------------------- elsewhere

function schemeFinding({ value, at, param }: Dependency, route: Route): Finding {
  const name = nameOf(value)
  return {
    at,
    message: `${quote(`Depends(${name})`)} makes the scheme and never calls it: no credential is read, and every caller passes`,
    help: `Give it an object: ${quote(`Depends(${name}(...))`)}`,
    ...(route.endpoint && { scope: route.endpoint.id }),
    discriminator: param ?? name,
    routes: [route],
  }
}

/** Is a class, or what a library brings, used as a dependency somewhere? */
function usedWithDepends(project: Project): (value: Value) => boolean {
  const used = new Set<unknown>()
  for (const route of project.routes)
    for (const { value } of route.dependencies) if (value.is === "class" || value.is === "function") used.add(value.def)
  return (value) => value.is === "class" && used.has(value.def) && !value.body.own("__get_pydantic_core_schema__")
}

function nameOf(value: Value | undefined): string {
  if (value?.is === "function" || value?.is === "class") return value.def.kind === "Lambda" ? "lambda" : value.def.name
  if (value?.is === "instance") return value.of.def.name
  if (value?.is === "external") return value.name.replaceAll("()", "").split(".").at(-1) ?? value.name
  return "the dependency"
}
