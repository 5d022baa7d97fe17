import {
  ancestryOf,
  type Call,
  type ClassValue,
  type Expr,
  enclosingFunction,
  type FileNotes,
  type Finding,
  type Fn,
  functionAt,
  isModel,
  lastName,
  list,
  modelFields,
  options,
  type Project,
  type PyFile,
  quote,
  type Route,
  rightsOf,
  routeNames,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A body that is written to a row whole, with fields that only the server may set",
  why: `
\`User(**body.model_dump())\` writes whatever the model has. When that includes \`is_superuser\` or \`role\`, everyone who may
register can register as an administrator: the form does not show the field, but the API takes it.
`,
  help: "Give clients a model without these fields, or leave them out: `model_dump(exclude={...})`",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/extra-models/",
  equivalents: [],
  cwe: ["CWE-915"],
  exemptions: [
    "`include` or `exclude` is given, or the function sets the field itself",
    "every route that leads there asks for a right: an admin, a role, a scope",
    "fields that the row does not have",
  ],
  files: { roles: ["app"], words: ["model_dump", "dict"] },
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]
            is_admin: Mapped[bool]

        class SignUp(BaseModel):
            name: str
            is_admin: bool = False

        app = FastAPI()

        def get_db() -> Session: ...

        @app.post("/signup")
        def sign_up(body: SignUp, db: Session = Depends(get_db)) -> None:
            db.add(User(**body.model_dump())) # expect: \`POST /signup\` lets the client set \`is_admin\` of \`User\`
            db.commit()
      `,
      good: `
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]
            is_admin: Mapped[bool]

        class SignUp(BaseModel):
            name: str
            is_admin: bool = False

        app = FastAPI()

        def get_db() -> Session: ...

        @app.post("/signup")
        def sign_up(body: SignUp, db: Session = Depends(get_db)) -> None:
            db.add(User(**body.model_dump(exclude={"is_admin"})))
            db.commit()
      `,
    },
  ],

  notes: dumpsIn,

  *project(project, _, notes: FileNotes<Dump[]>[]) {
    for (const { path, notes: own } of notes) {
      for (const dump of own) {
        const fn = functionAt(project, path, dump.inside)
        const found = fn && judge(project, fn, dump)
        if (found) yield found
      }
    }
  },
})

/** A call that is given a whole body: `User(**body.model_dump())`. */
interface Dump {
  start: number
  end: number
  inside: number
  /** The parameter that holds the body. */
  body: string
  /** Fields that the function sets by itself. */
  sets: string[]
}

function dumpsIn(file: PyFile): Dump[] | undefined {
  const found: Dump[] = []
  for (const node of file.all("Call")) {
    const body = node.keywords
      .map(({ arg, value }) => (arg === null || arg === undefined ? dumped(value) : undefined))
      .find((name) => name !== undefined)
    const fn = body === undefined ? undefined : enclosingFunction(node, file)
    if (!fn || body === undefined) continue
    const sets = fn.body.flatMap((statement) =>
      [...file.walk(statement)].flatMap((one) =>
        one.kind === "Assign" ? one.targets.flatMap((target) => (target.kind === "Attribute" ? [target.attr] : [])) : [],
      ),
    )
    found.push({ start: node.start, end: node.end, inside: fn.name_span.start, body, sets: [...sets, ...named(node)] })
  }
  return found.length > 0 ? found : undefined
}

const named = ({ keywords }: Call): string[] => keywords.flatMap(({ arg }) => arg ?? [])

/** `body` of `body.model_dump()`, where nothing is left out. */
function dumped(value: Expr): string | undefined {
  if (value.kind !== "Call" || value.func.kind !== "Attribute" || !/^(?:model_dump|dict)$/.test(value.func.attr)) return undefined
  if (value.keywords.some(({ arg }) => arg === "include" || arg === "exclude" || !arg)) return undefined
  return value.func.value.kind === "Name" ? lastName(value.func.value) : undefined
}

const PRIVILEGED =
  /^(?:is_)?(?:admin|super_?admin|superuser|super_user|staff|moderator|verified|email_verified|approved)$|^(?:user_)?roles?(?:_id)?$|^permissions?$|^scopes?$|^(?:account_)?balance$|^credits?$/i

function judge(project: Project, fn: Fn, { start, end, body, sets }: Dump): Finding | undefined {
  const event = fn.events.find((one) => one.is === "call" && one.at.start === start && one.at.end === end)
  if (event?.is !== "call" || event.callee.is !== "class") return undefined
  const model = modelOf(project, fn.parameters.find(({ name }) => name === body)?.annotation?.value)
  const fields = model && modelFields(project, model)
  if (!model || !fields?.known) return undefined
  const columns = columnsOf(project, event.callee)
  const open = fields.value.map(({ name }) => name).filter((name) => PRIVILEGED.test(name) && columns.has(name) && !sets.includes(name))
  const routes = project.reach.routesTo(fn).filter((route) => takes(project, route, model) && rightsOf(project, route).asked === "no")
  if (open.length === 0 || routes.length === 0) return undefined
  return {
    at: { path: fn.path, start, end },
    message: `${routeNames(routes)} ${routes.length === 1 ? "lets" : "let"} the client set ${list(open.map(quote))} of ${quote(event.callee.def.name)}`,
    related: fields.value
      .filter(({ name }) => open.includes(name))
      .map(({ at, name }) => ({ at, message: `${quote(name)} is taken from the client` })),
    routes,
    scope: fn.id,
    discriminator: open.join(),
  }
}

/** The client sends this very model: not one that the server filled in between. */
const takes = (project: Project, { params }: Route, model: ClassValue): boolean =>
  params.some((param) => param.in === "body" && modelOf(project, param.type.value) === model)

function modelOf(project: Project, annotation: Value | undefined): ClassValue | undefined {
  for (const option of annotation ? options(annotation) : []) {
    if (option.is === "class" && isModel(project, option)) return option
    if (option.is === "instance" && isModel(project, option.of)) return option.of
    if (option.is === "generic" && option.args[0]) return modelOf(project, option.args[0])
  }
  return undefined
}

/** The names of the columns of a table; none for a class that is no table. */
function columnsOf(project: Project, of: ClassValue): Set<string> {
  const { classes, libraries } = ancestryOf(project, of)
  if (![...libraries].some((name) => /^sqlalchemy\.|^tortoise\.|^beanie\./.test(name)) && !of.keywords.has("table")) return new Set()
  return new Set(
    [...classes].flatMap(({ body }) => [...[...body.annotations].map(([name]) => name), ...[...body.entries()].map(([name]) => name)]),
  )
}
