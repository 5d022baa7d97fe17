import {
  ancestryOf,
  bare,
  type Declaration,
  declarations,
  type External,
  genericName,
  isModel,
  isNone,
  knownText,
  members,
  type Param,
  type Project,
  quote,
  type Route,
  routeName,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A JSON body beside a form or a file, which no request can send",
  why: `
A request has one body, in one encoding. With a \`Form\` or an \`UploadFile\` among the parameters FastAPI reads the whole
body as a form, where every value is text: a Pydantic model or a dict beside it is a 422 for whatever the client sends. Nothing
is said at start-up.
`,
  help: "Declare the model's fields as `Form`, or take the JSON as text and validate it: `Model.model_validate_json(data)`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/request-forms-and-files/",
  equivalents: [],
  exemptions: [
    "models declared with `Form()`, `Json[...]`, single values and lists of them: a form holds those",
    "models with a validator that runs before the fields are read, which may turn text into one",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, UploadFile
        from pydantic import BaseModel

        app = FastAPI()

        class Photo(BaseModel):
            title: str

        @app.post("/photos")
        def add_photo(photo: Photo, file: UploadFile): # expect: \`photo\` is JSON beside the form field \`file\`
            return photo
      `,
      good: `
        from typing import Annotated
        from fastapi import FastAPI, Form, UploadFile

        app = FastAPI()

        @app.post("/photos")
        def add_photo(title: Annotated[str, Form()], file: UploadFile):
            return title
      `,
    },
  ],

  *project(project) {
    const annotations = new Map([...declarations(project)].map((one) => [key(one), one]))
    const told = new Set<string>()
    for (const route of project.routes) {
      if (route.kind !== "api" || !route.isSignatureKnown) continue
      const field = route.params.find(isFormField)
      if (!field) continue
      for (const param of route.params) {
        if (param.in !== "body" || told.has(key(param)) || param.declaredBy.role !== "app") continue
        if (!isObject(project, annotations.get(key(param)), param)) continue
        told.add(key(param))
        yield finding(param, field, route)
      }
    }
  },
})

const key = ({ at, name }: Pick<Param, "at" | "name">): string => `${at.path}:${at.start}:${name}`

const isFormField = ({ in: place, marker }: Param): boolean => place === "file" || (place === "form" && marker !== undefined)

const finding = (param: Param, field: Param, route: Route) => ({
  at: param.at,
  message: `${quote(param.name)} is JSON beside the form field ${quote(field.name)}: ${
    param.required.known && param.required.value
      ? `every request to ${routeName(route)} is a 422`
      : `a request to ${routeName(route)} that sends it is a 422`
  }`,
  related: [{ at: field.at, message: `${quote(field.name)} makes the body a form` }],
  routes: [route],
  scope: param.declaredBy.id,
  discriminator: param.name,
})

/** Certainly a model or a dict, and nothing that could make one of text. */
function isObject(project: Project, declaration: Declaration | undefined, { type }: Param): boolean {
  if (!declaration || declaration.hidden) return false
  if (declaration.type?.is === "generic" && genericName(declaration.type)?.endsWith(".Json")) return false
  if (!declaration.type || (declaration.annotation && mayConvert(project, declaration.annotation))) return false
  const all = members(project, type.value).filter((member) => !isNone(member))
  return all.length > 0 && all.every((member) => isPlainModel(project, member) || isDict(project, member))
}

/** `Annotated[Model, BeforeValidator(json.loads)]` */
function mayConvert(project: Project, annotation: Value): boolean {
  const value = bare(project, annotation)
  const metadata = annotation.is === "generic" && annotation !== value ? annotation.args.slice(1) : []
  return metadata.some((item) => item.is !== "external" || !/^(fastapi\.\w+|pydantic\.Field)\(\)$/.test(item.name))
}

const DICT = /^(builtins\.dict|typing\.(Dict|Mapping)|collections\.abc\.Mapping)$/

const isDict = (project: Project, type: Value): boolean => {
  const value = bare(project, type)
  const of = value.is === "generic" ? value.of : value
  return of.is === "external" && DICT.test(of.name)
}

function isPlainModel(project: Project, type: Value): boolean {
  const value = bare(project, type)
  if (value.is !== "class" || isModel(project, value) !== true) return false
  const { classes, libraries, complete } = ancestryOf(project, value)
  if (
    !complete ||
    [...libraries].some((name) => !/^(pydantic\.BaseModel|sqlmodel\.SQLModel|typing\.Generic|abc\.ABC|builtins\.object)$/.test(name))
  )
    return false
  return !classes.some((cls) =>
    [...cls.body.entries()].some(([name, member]) => HOOKS.has(name) || (member.is === "function" && member.decorators.some(runsBefore))),
  )
}

const HOOKS = new Set(["__get_validators__", "__get_pydantic_core_schema__"])

/** A validator of the whole model that sees the text first. */
function runsBefore(decorator: Value): boolean {
  if (decorator.is !== "external") return true
  const { name, built } = decorator as External
  if (/^pydantic\.root_validator/.test(name)) return true
  return name.startsWith("pydantic.model_validator") && knownText(built?.keywords.get("mode")) !== "after"
}
