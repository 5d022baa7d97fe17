import { type ClassValue, type Dependency, isModel, modelFields, type Place, type Project, quote, rule, type Value } from "#rule"

export default rule({
  summary: "A part of FastAPI whose package is not installed",
  why: `
Forms, templates, session cookies and \`EmailStr\` need packages that FastAPI does not bring by itself (since 0.112 not even
\`fastapi[standard]\` is the default). Without them the route, the model or the import raises, and the application does not start:
the lock file decides what is there when it is deployed, not what happens to be on the machine of the one who wrote it.
`,
  help: "Add the package to the project's dependencies",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/#dependencies",
  equivalents: [],
  startup: true,
  exemptions: ["projects without a lock file, or whose lock file has no FastAPI"],
  examples: [
    {
      bad: `
        # locked: fastapi starlette pydantic uvicorn
        from fastapi import FastAPI, UploadFile
        from pydantic import BaseModel, EmailStr

        app = FastAPI()

        class User(BaseModel):
            email: EmailStr # expect: \`email\` is an \`EmailStr\`, which needs \`email-validator\`

        @app.post("/files")
        def create_file(file: UploadFile): # expect: \`file\` comes from a form, which needs \`python-multipart\`
            return file.filename
      `,
      good: `
        # locked: fastapi starlette pydantic uvicorn python-multipart email-validator
        from fastapi import FastAPI, UploadFile
        from pydantic import BaseModel, EmailStr

        app = FastAPI()

        class User(BaseModel):
            email: EmailStr

        @app.post("/files")
        def create_file(file: UploadFile):
            return file.filename
      `,
    },
  ],

  *project(project) {
    const { locked } = project
    if (!locked?.has("fastapi")) return
    for (const { at, what, needs, exception } of uses(project)) {
      if (locked.has(needs)) continue
      yield {
        at,
        message: `${what}, which needs ${quote(needs)}, and the lock file does not install it: ${exception} when the module is imported`,
        discriminator: needs,
      }
    }
  },
})

interface Use {
  at: Place
  what: string
  needs: string
  exception: string
}

function* uses(project: Project): Generator<Use> {
  for (const route of project.routes) {
    for (const param of route.params) {
      if (param.in === "form" || param.in === "file") yield form(param.at, `${quote(param.name)} comes from a form`)
      if (isEmail(param.type.value)) yield email(param.at, param.name)
    }
    for (const dependency of route.dependencies)
      if (isLogin(dependency)) yield form(dependency.at, `${quote("OAuth2PasswordRequestForm")} reads a form`)
  }
  for (const cls of project.classes) yield* emailFields(project, cls)
  for (const { name, at, maybe, isGuarded } of project.calls)
    if (name === "starlette.templating.Jinja2Templates" && !maybe && !isGuarded)
      yield { at, what: `${quote("Jinja2Templates")} renders with Jinja`, needs: "jinja2", exception: "an ImportError" }
  for (const app of project.apps)
    for (const { name, at, maybe } of app.middleware)
      if (name === "starlette.middleware.sessions.SessionMiddleware" && !maybe)
        yield { at, what: `${quote("SessionMiddleware")} signs its cookie`, needs: "itsdangerous", exception: "a ModuleNotFoundError" }
}

const form = (at: Place, what: string): Use => ({ at, what, needs: "python-multipart", exception: "FastAPI raises a RuntimeError" })
const email = (at: Place, name: string): Use => ({
  at,
  what: `${quote(name)} is an ${quote("EmailStr")}`,
  needs: "email-validator",
  exception: "an ImportError",
})

const isLogin = ({ name }: Dependency): boolean => /^fastapi\.security\.OAuth2PasswordRequestForm(Strict)?(\(\))?$/.test(name ?? "")

function* emailFields(project: Project, cls: ClassValue): Generator<Use> {
  if (isModel(project, cls) !== true) return
  const fields = modelFields(project, cls)
  for (const field of fields.known ? fields.value : [])
    if (field.owner === cls && isEmail(field.type.value)) yield email(field.at, field.name)
}

const isEmail = (type: Value): boolean =>
  type.is === "external"
    ? type.name === "pydantic.EmailStr"
    : type.is === "either"
      ? type.options.some(isEmail)
      : type.is === "generic" && type.args.some(isEmail)
