import {
  ancestryOf,
  bare,
  type ClassValue,
  type Declaration,
  declarations,
  type Fn,
  isDepends,
  isNone,
  type Marker,
  members,
  type Project,
  quote,
  rule,
  typeOf,
  type Value,
} from "#rule"

export default rule({
  summary: "A dependency that is declared to be of another type than it returns",
  why: `
FastAPI does not look at the type beside a \`Depends\`, and type checkers do not see that a function stands behind it. When the
two disagree, the editor and the checker believe the wrong one, and the first attribute that is not there is a 500.
`,
  help: "Write the type that the dependency returns",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/#share-annotated-dependencies",
  equivalents: [],
  exemptions: [
    "types that are not known, protocols, and a class that derives from the other",
    "`User` for a dependency that returns `User | None`",
  ],
  examples: [
    {
      bad: `
        from typing import Annotated
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class User(BaseModel):
            name: str

        def get_user() -> dict:
            return {"name": "Ada"}

        @app.get("/me")
        def read_me(user: Annotated[User, Depends(get_user)]): # expect: \`user\` is declared as \`User\`, and \`get_user\` returns \`dict\`
            return user.name
      `,
      good: `
        from typing import Annotated
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class User(BaseModel):
            name: str

        def get_user() -> User:
            return User(name="Ada")

        @app.get("/me")
        def read_me(user: Annotated[User, Depends(get_user)]):
            return user.name
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const declaration of declarations(project)) {
      const { at, name, type, declaredBy, route } = declaration
      const fn = dependencyOf(project, declaration)
      const given = fn?.returns && givenBy(project, fn, fn.returns.value)
      const key = `${at.path}:${at.start}`
      if (!fn || !given || !type || declaredBy.role !== "app" || told.has(key) || !differ(project, type, given)) continue
      told.add(key)
      yield {
        at,
        message: `${quote(name)} is declared as ${quote(shortText(project, type))}, and ${quote(fn.name)} ${fn.generator ? "yields" : "returns"} ${quote(shortText(project, given))}`,
        related: [{ at: fn.returns?.at ?? fn.at, message: `${quote(fn.name)} says so here` }],
        routes: [route],
        scope: declaredBy.id,
        discriminator: name,
      }
    }
  },
})

/** The function of the project that gives a parameter its value, if its signature is as it is written. */
function dependencyOf(project: Project, { inAnnotated, asDefault }: Declaration): Fn | undefined {
  const marker: Marker | undefined = asDefault && isDepends(asDefault) ? asDefault : inAnnotated.at(-1)
  if (!marker || !isDepends(marker)) return undefined
  const target = marker.built.positional[0] ?? marker.built.keywords.get("dependency")
  const fn = target?.is === "function" ? project.functionOf(target) : undefined
  return fn && fn.decorators.length === 0 && !fn.value.wraps ? fn : undefined
}

const ITERATORS = /^(typing|collections\.abc)\.(Async)?(Iterator|Iterable|Generator)$/

/** What FastAPI passes on: what is returned, or the one thing that is yielded. */
function givenBy(project: Project, fn: Fn, returns: Value): Value | undefined {
  if (!fn.generator) return returns
  const type = bare(project, returns)
  return type.is === "generic" && type.of.is === "external" && ITERATORS.test(type.of.name) ? type.args[0] : undefined
}

/** Certainly different: nothing that is given may be any of what is wanted. */
function differ(project: Project, wanted: Value, given: Value): boolean {
  const all = members(project, given).filter((one) => !isNone(one))
  const wants = members(project, wanted).filter((one) => !isNone(one))
  return all.length > 0 && wants.length > 0 && all.every((one) => wants.every((want) => areUnrelated(project, classOf(one), classOf(want))))
}

const classOf = (type: Value): Value => (type.is === "generic" ? type.of : type)

const BUILTIN = /^builtins\.(str|int|float|bool|bytes|dict|list|tuple|set)$/
const SESSIONS = ["sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession"]

function areUnrelated(project: Project, a: Value, b: Value): boolean {
  if (a.is === "class" && b.is === "class")
    return !derives(project, a, b) && !derives(project, b, a) && isPlain(project, a) && isPlain(project, b)
  if (a.is === "class" && b.is === "external") return BUILTIN.test(b.name) && isPlain(project, a)
  if (a.is === "external" && b.is === "class") return areUnrelated(project, b, a)
  if (a.is !== "external" || b.is !== "external" || a.name === b.name) return false
  if (SESSIONS.includes(a.name) && SESSIONS.includes(b.name)) return true
  const numbers = [a.name, b.name].every((name) => /\.(int|float|bool)$/.test(name))
  return BUILTIN.test(a.name) && BUILTIN.test(b.name) && !numbers
}

const derives = (project: Project, of: ClassValue, from: ClassValue): boolean =>
  ancestryOf(project, of).classes.some(({ def }) => def === from.def)

/** A class of which all is known, and that stands for itself only. */
function isPlain(project: Project, of: ClassValue): boolean {
  const { libraries, complete } = ancestryOf(project, of)
  return (
    complete &&
    [...libraries].every(
      (name) => !/^typing\.(Protocol|TypedDict|NamedTuple)|^builtins\.(str|int|float|dict|list|tuple|set|bytes)$|^enum\./.test(name),
    )
  )
}

const shortText = (project: Project, type: Value): string => typeOf(project, type).text.replace(/[\w.]+\.(\w+)/g, "$1")
